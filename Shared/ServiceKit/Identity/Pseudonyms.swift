import Crypto
import Foundation

/// Names that follow from others by a secret: whoever has it gets the same name again, and nobody else gets back.
package struct Pseudonyms: Sendable {
    /// Begun with the key once: that is half of the work for a name.
    private let keyed: HMAC<SHA256>

    package init(_ key: DataFolderKey) {
        keyed = HMAC(key: SymmetricKey(data: key.bytes))
    }

    /// The name of a person in all that they report confidentially 保密.
    package func confidentialName(of subject: String) -> String { "conf:\(code(of: subject, for: "confidential"))" }

    /// 32 hexadecimal digits for a name in a purpose (HMAC-SHA-256, RFC 2104, cut to 128 bits).
    ///
    /// The same name has another code in each purpose, and codes of two purposes cannot be joined.
    package func code(of name: String, for purpose: String) -> String {
        bytes(of: name, for: purpose).map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }

    /// The same as 16 bytes.
    package func bytes(of name: String, for purpose: String) -> [UInt8] {
        var code = keyed
        code.update(data: Data("\(purpose)\n\(name)".utf8))
        return Array(code.finalize().prefix(16))
    }
}
