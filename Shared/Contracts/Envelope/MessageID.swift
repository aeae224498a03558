import Crypto
package import Foundation

/// The id of one message: a UUID, written in lower case.
///
/// Ids that follow from others are UUIDv5 (RFC 9562, section 5.5), so that whoever computes one again gets the same.
package struct MessageID: Hashable, Sendable, Comparable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    private init(bytes: some Sequence<UInt8>) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (position, byte) in bytes.prefix(16).enumerated() {
            if position < 8 {
                high = high << 8 | UInt64(byte)
            } else {
                low = low << 8 | UInt64(byte)
            }
        }
        self.high = high
        self.low = low
    }

    /// Names `name` within `namespace` (UUIDv5: SHA-1 of both).
    package init(namespace: MessageID, name: String) {
        var hash = Insecure.SHA1()
        hash.update(data: namespace.data)
        hash.update(data: Data(name.utf8))
        var bytes = Array(hash.finalize().prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        self.init(bytes: bytes)
    }

    /// Reads the 36 characters of a UUID in either case; nil for anything else.
    package init?(_ text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        var pending: UInt8?
        var position = 0
        for character in text.utf8 {
            defer { position += 1 }
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard character == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Self.value(ofHexDigit: character) else { return nil }
            if let first = pending {
                bytes.append(first << 4 | digit)
                pending = nil
            } else {
                pending = digit
            }
        }
        guard position == 36, bytes.count == 16 else { return nil }
        self.init(bytes: bytes)
    }

    /// Reads the 16 bytes that `data` gives; nil for any other count.
    package init?(data: Data) {
        guard data.count == 16 else { return nil }
        self.init(bytes: data)
    }

    /// A new id that nobody guesses (UUIDv7, RFC 9562 section 5.7): 74 random bits behind the milliseconds of its making.
    ///
    /// New ones lie side by side in an index, so a commit of many writes few of its pages. Only edges call it: a processor
    /// derives its ids.
    package static func random() -> MessageID {
        var generator = SystemRandomNumberGenerator()
        let milliseconds = UInt64(Date.now.timeIntervalSince1970 * 1_000)
        let high = milliseconds << 16 | 0x7000 | generator.next() & 0x0FFF
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return MessageID(high: high, low: low)
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The 16 bytes, most significant first.
    package var data: Data {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Data($0) }
    }

    package var description: String {
        String(unsafeUninitializedCapacity: 36) { text in
            var position = 0
            for word in [high, low] {
                for shift in stride(from: 60, through: 0, by: -4) {
                    if position == 8 || position == 13 || position == 18 || position == 23 {
                        text[position] = UInt8(ascii: "-")
                        position += 1
                    }
                    text[position] = Self.hexDigit(UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 0xF)
                    position += 1
                }
            }
            return position
        }
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    private static func value(ofHexDigit character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension MessageID: PlainTextCodable {
    package var codedText: String { description }

    package init(codedText: String, at path: [any CodingKey]) throws {
        guard let id = MessageID(codedText) else {
            throw DecodingError.dataCorrupted(.init(codingPath: path, debugDescription: "'\(codedText)' is no UUID"))
        }
        self = id
    }
}

extension MessageID {
    /// The namespace of all ids that this system derives from names.
    package static let suishoupai = MessageID(high: 0x6b1f_0c52_8a3e_4d17, low: 0x9c41_5a77_e2d0_3bf6)
}
