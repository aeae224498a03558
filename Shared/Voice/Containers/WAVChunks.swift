/// The chunks of a WAV (RIFF) file.
enum WAVChunks {
    /// What recorders write as a length that they do not know.
    private static let unknown = 0xFFFF_FFFF
    private static let extensible = 0xFFFE

    /// The file made anew of nothing but its form and its samples: what else a stranger put in, nobody has to read.
    static func essence(of bytes: [UInt8]) throws(VoiceError) -> [UInt8] {
        var form: [UInt8]?
        var position = 12
        while let length = bytes.littleEndian(at: position + 4, bytes: 4) {
            let body = position + 8
            if bytes.has("data", at: position) {
                let end = length == unknown ? bytes.count : body + length
                guard let form, end <= bytes.count else { throw .damaged }
                guard end > body else { throw .empty }
                return file(form, bytes[body..<end])
            }
            if bytes.has("fmt ", at: position) {
                guard (16...64).contains(length), body + length <= bytes.count else { throw .damaged }
                form = Array(bytes[body..<body + length])
                guard isReadable(bytes, at: body, length) else { throw .wavCoding }
            }
            position = body + length + length % 2
        }
        throw .damaged
    }

    /// Plain numbers and the two codings of telephones: decoders of all others are seldom used, and seldom looked at.
    private static func isReadable(_ bytes: [UInt8], at form: Int, _ length: Int) -> Bool {
        var coding = bytes.littleEndian(at: form, bytes: 2)
        if coding == extensible, length >= 40 { coding = bytes.littleEndian(at: form + 24, bytes: 2) }
        let bits = bytes.littleEndian(at: form + 14, bytes: 2)
        return switch (coding, bits) {
        case (1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64), (6, 8), (7, 8): true
        default: false
        }
    }

    private static func file(_ form: [UInt8], _ samples: ArraySlice<UInt8>) -> [UInt8] {
        let (form, samples) = (chunk("fmt ", form[...]), chunk("data", samples))
        var file = Array("RIFF".utf8)
        file += [UInt8].littleEndian(4 + form.count + samples.count)
        file += Array("WAVE".utf8)
        file += form
        file += samples
        return file
    }

    private static func chunk(_ name: String, _ body: ArraySlice<UInt8>) -> [UInt8] {
        var chunk = Array(name.utf8)
        chunk += [UInt8].littleEndian(body.count)
        chunk += body
        if body.count % 2 == 1 { chunk.append(0) }
        return chunk
    }
}
