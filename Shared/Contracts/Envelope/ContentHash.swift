import Crypto
package import Foundation

/// Names bytes by what they are.
package enum ContentHash {
    /// SHA-256 in lower-case hex.
    package static func sha256(_ bytes: some DataProtocol) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
