import Crypto
package import Foundation

/// Names bytes by what they are.
package enum ContentHash {
    /// SHA-256 in lower-case hex.
    package static func sha256(_ bytes: some DataProtocol) -> String {
        let digits: StaticString = "0123456789abcdef"
        let hash = SHA256.hash(data: bytes)
        // In place: each event of a case is hashed twice, and an array for each byte would cost more than the hash.
        return String(unsafeUninitializedCapacity: 2 * SHA256.byteCount) { text in
            for (position, byte) in hash.enumerated() {
                text[2 * position] = digits.utf8Start[Int(byte >> 4)]
                text[2 * position + 1] = digits.utf8Start[Int(byte & 15)]
            }
            return 2 * SHA256.byteCount
        }
    }
}
