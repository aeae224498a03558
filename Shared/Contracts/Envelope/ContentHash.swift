import Crypto
package import Foundation

/// Names bytes by what they are.
package enum ContentHash {
    /// SHA-256 in lower-case hex.
    package static func sha256(_ bytes: some DataProtocol) -> String {
        SHA256.hash(data: bytes).map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }.joined()
    }
}
