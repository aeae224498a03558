/// How the letters of a text are made alike before words are sought in it.
///
/// Bytes in, bytes out: no locale and no table of Unicode has a say, so every machine finds the same words.
package enum Folding {
    /// The letters A to Z count as a to z, full-width signs such as Ａ１！ as A1!, and the wide space as a space.
    package static func bytes(of text: String) -> [UInt8] {
        var text = text
        return text.withUTF8(narrowed)
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// U+FF01...U+FF5E are the visible signs of ASCII once more, U+3000 is the space; each has three bytes in UTF-8.
    private static func narrowed(_ utf8: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(utf8.count)
        var position = 0
        while position < utf8.count {
            let byte = utf8[position]
            if byte == 0xEF || byte == 0xE3, position + 2 < utf8.count,
                let ascii = narrow(byte, utf8[position + 1], utf8[position + 2])
            {
                result.append(lowered(ascii))
                position += 3
            } else {
                result.append(lowered(byte))
                position += 1
            }
        }
        return result
    }

    private static func narrow(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> UInt8? {
        switch (first, second, third) {
        case (0xEF, 0xBC, 0x81...0xBF): third - 0x60
        case (0xEF, 0xBD, 0x80...0x9E): third - 0x20
        case (0xE3, 0x80, 0x80): 0x20
        default: nil
        }
    }
}
