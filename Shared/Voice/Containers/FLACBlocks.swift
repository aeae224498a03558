/// The metadata blocks at the head of a FLAC file (RFC 9639, section 8).
enum FLACBlocks {
    private static let streamInfoLength = 34

    /// The file with nothing before its sound but the block that says how to read it.
    static func essence(of bytes: [UInt8]) throws(VoiceError) -> [UInt8] {
        var position = 4
        while let head = bytes.bigEndian(at: position, bytes: 4) {
            let (isLast, kind, length) = (head >> 31 == 1, head >> 24 & 0x7F, head & 0xFF_FFFF)
            let end = position + 4 + length
            // It stands first, and only there.
            guard (kind == 0) == (position == 4), kind != 0 || length == streamInfoLength, end <= bytes.count else {
                throw .damaged
            }
            if isLast {
                var file = Array("fLaC".utf8) + [0x80, 0, 0, UInt8(streamInfoLength)]
                file += bytes[8..<8 + streamInfoLength]
                file += bytes[end...]
                return file
            }
            position = end
        }
        throw .damaged
    }
}
