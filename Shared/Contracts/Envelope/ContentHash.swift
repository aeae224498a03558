import Crypto
package import Foundation

/// Names bytes by what they are.
package enum ContentHash {
    /// SHA-256 in lower-case hex.
    package static func sha256(_ bytes: some DataProtocol) -> String {
        hex(SHA256.hash(data: bytes))
    }

    /// SHA-256 as its 32 bytes.
    package static func digest(_ bytes: some DataProtocol) -> Data { Data(SHA256.hash(data: bytes)) }

    /// A hash's 32 bytes in lower-case hex.
    package static func hex(_ hash: some Sequence<UInt8>) -> String {
        let digits: StaticString = "0123456789abcdef"
        // In place: each event of a case is hashed twice, and an array for each byte would cost more than the hash.
        return String(unsafeUninitializedCapacity: 2 * SHA256.byteCount) { text in
            for (position, byte) in hash.enumerated() {
                text[2 * position] = digits.utf8Start[Int(byte >> 4)]
                text[2 * position + 1] = digits.utf8Start[Int(byte & 15)]
            }
            return 2 * SHA256.byteCount
        }
    }

    /// The bytes that lower-case hex stands for; nil for any other text.
    package static func bytes(hex: String) -> Data? {
        let digits = Array(hex.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes = Data(capacity: digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(of: digits[index]), let low = value(of: digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
