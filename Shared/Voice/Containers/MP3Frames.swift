/// Where an MP3 begins, behind what players show of it (ID3v2).
enum MP3Frames {
    /// The place of its first frame; nil where the bytes are no MP3.
    static func start(in bytes: [UInt8]) -> Int? {
        var position = 0
        while bytes.has("ID3", at: position) {
            guard let length = tagLength(bytes, at: position) else { return nil }
            position += length
        }
        // Writers leave room behind a tag.
        if position > 0 {
            while position < bytes.count, bytes[position] == 0 { position += 1 }
        }
        return isFrame(bytes, at: position) ? position : nil
    }

    private static func tagLength(_ bytes: [UInt8], at tag: Int) -> Int? {
        guard tag + 10 <= bytes.count else { return nil }
        let size = bytes[tag + 6..<tag + 10].reduce(0) { $0 << 7 | Int($1 & 0x7F) }
        let hasFooter = bytes[tag + 5] & 0x10 != 0
        return size + (hasFooter ? 20 : 10)
    }

    /// Whether a frame's header of layer III stands there, with a rate and a bit rate that exist.
    private static func isFrame(_ bytes: [UInt8], at position: Int) -> Bool {
        guard let head = bytes.bigEndian(at: position, bytes: 4) else { return false }
        let (sync, version, layer) = (head >> 21, head >> 19 & 3, head >> 17 & 3)
        return sync == 0x7FF && version != 1 && layer == 1 && head >> 12 & 15 != 15 && head >> 10 & 3 != 3
    }
}
