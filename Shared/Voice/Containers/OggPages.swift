/// The pages of an Ogg file (RFC 3533), which here may hold one stream of Opus (RFC 7845) and nothing else.
///
/// Vorbis is not taken: its files bring the decoder's own tables along, and one of 200 bytes can ask for so large a table
/// that libvorbis 1.3.7 overruns its stack.
enum OggPages {
    private static let headLength = 27

    /// Looks at every page: whole, of one stream, and that one Opus.
    static func check(_ bytes: [UInt8]) throws(VoiceError) {
        let stream = bytes.littleEndian(at: 14, bytes: 4)
        var position = 0
        while position < bytes.count {
            guard bytes.has("OggS", at: position), let segments = bytes.littleEndian(at: position + 26, bytes: 1)
            else { throw .damaged }
            let table = position + headLength..<position + headLength + segments
            guard table.upperBound <= bytes.count else { throw .damaged }
            let body = table.upperBound..<table.upperBound + bytes[table].reduce(0) { $0 + Int($1) }
            guard body.upperBound <= bytes.count else { throw .damaged }
            let beginsStream = bytes[position + 5] & 2 != 0
            guard beginsStream == (position == 0), bytes.littleEndian(at: position + 14, bytes: 4) == stream else {
                throw .unreadable("Ogg with more than one stream")
            }
            if position == 0 { try checkHead(bytes, body) }
            position = body.upperBound
        }
    }

    private static func checkHead(_ bytes: [UInt8], _ body: Range<Int>) throws(VoiceError) {
        guard bytes.has("OpusHead", at: body.lowerBound) else {
            let isVorbis = bytes.has("\u{1}vorbis", at: body.lowerBound)
            throw .unreadable(isVorbis ? "Ogg Vorbis" : "Ogg without Opus")
        }
        guard body.count >= 19 else { throw .damaged }
        let channels = Int(bytes[body.lowerBound + 9])
        guard (1...2).contains(channels) else { throw .channels(channels) }
        // Other families arrange loudspeakers.
        guard bytes[body.lowerBound + 18] == 0 else { throw .unreadable("Opus of several loudspeakers") }
    }
}
