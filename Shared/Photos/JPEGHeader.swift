/// What the header of a JPEG says of the memory that reading it takes.
enum JPEGHeader {
    /// Whether its rows can be read one after another, so that it can be made smaller while it is read.
    ///
    /// So it is only with one scan that holds every colour of a sequential frame (ITU-T T.81 sections 4.5 and 4.8). Of a
    /// progressive one, and of one that tells its colours one after another, the decoder keeps every coefficient at full
    /// size until the last scan is there, however small the picture is to become. A header that is odd, which the decoder
    /// may read in another way than this does, counts among those.
    static func readsInRows(_ jpeg: [UInt8]) -> Bool {
        var position = 2
        var colours: UInt8?
        while position + 4 < jpeg.count, jpeg[position] == 0xFF {
            let marker = jpeg[position + 1]
            let length = Int(jpeg[position + 2]) << 8 | Int(jpeg[position + 3])
            switch marker {
            case 0xC0, 0xC1:
                // After length, precision, and two sides of two bytes each.
                guard colours == nil, position + 9 < jpeg.count else { return false }
                colours = jpeg[position + 9]
            case 0xDA: return colours == jpeg[position + 4]
            // Tables, restart interval, what applications and people say.
            case 0xC4, 0xDB, 0xDD, 0xE0...0xEF, 0xFE: break
            default: return false
            }
            guard length >= 2 else { return false }
            position += 2 + length
        }
        return false
    }
}
