import Crypto
package import Foundation

/// Says which platform wrote a record: the header `platform-signature`, `<key id>:<HMAC-SHA256 of the value in hex>`.
///
/// The secret of the HMAC is the SHA-256 of the platform's key in lower-case hex, as text: a platform computes it from
/// its key, and intake keeps no more of the key than that. So the key itself never travels.
package struct PlatformSignature: Sendable, CustomStringConvertible {
    package let keyId: String
    private let code: [UInt8]

    /// Reads a header; nil where it has another form.
    package init?(_ text: String) {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")), colon > text.startIndex,
            let code = Self.bytes(ofHex: text[text.utf8.index(after: colon)...]), code.count == SHA256.byteCount
        else { return nil }
        keyId = String(text[..<colon])
        self.code = code
    }

    /// Signs a record's value.
    ///
    /// - Parameter secret: ``PlatformKey/hash(of:)`` of the platform's key.
    package init(of value: some DataProtocol, keyId: String, secret: String) {
        self.keyId = keyId
        code = Array(HMAC<SHA256>.authenticationCode(for: value, using: Self.key(secret)))
    }

    /// Whether whoever knows the secret signed exactly these bytes; takes the same time wherever they differ.
    package func isValid(for value: some DataProtocol, secret: String) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: value, using: Self.key(secret))
    }

    package var description: String {
        let digits = code.map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }
        return "\(keyId):\(digits.joined())"
    }

    private static func key(_ secret: String) -> SymmetricKey { SymmetricKey(data: Data(secret.utf8)) }

    private static func bytes(ofHex text: Substring) -> [UInt8]? {
        let digits = text.utf8.map { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
            default: nil
            }
        }
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for position in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[position], let low = digits[position + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
