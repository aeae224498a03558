import Crypto
import Foundation
import ServiceKit

/// Seals what a browser keeps for us, so that it can neither be read nor changed there (AES-256-GCM).
///
/// Every instance of portal that shares the keys opens it; what was sealed with a former one, for as long as that is
/// believed.
struct CookieSeal: Sendable {
    private let keys: DataFolderKeys

    init(_ keys: DataFolderKeys) { self.keys = keys }

    private static func derived(_ key: DataFolderKey) -> SymmetricKey {
        SymmetricKey(data: SHA256.hash(data: Data("suishoupai cookies\n".utf8) + key.bytes))
    }

    /// - Parameter purpose: what is sealed for one purpose cannot be opened for another.
    func seal(_ value: some Encodable, for purpose: String) throws -> String {
        let box = try AES.GCM.seal(
            try JSONEncoder().encode(value), using: Self.derived(keys.signing), authenticating: Data(purpose.utf8))
        guard let bytes = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return Base64URL.text(bytes)
    }

    /// Nil for anything that was not sealed here for this purpose.
    func open<Value: Decodable>(_ text: String, for purpose: String, as type: Value.Type) -> Value? {
        guard text.utf8.count <= 4_096, let bytes = Base64URL.bytes(text) else { return nil }
        for key in keys.accepted {
            do {
                let box = try AES.GCM.SealedBox(combined: bytes)
                let plain = try AES.GCM.open(box, using: Self.derived(key), authenticating: Data(purpose.utf8))
                return try JSONDecoder().decode(Value.self, from: plain)
            } catch {
                continue
            }
        }
        return nil
    }

    /// A code that follows from a text and nobody else can make (HMAC-SHA-256).
    func code(of text: String, for purpose: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(purpose)\n\(text)".utf8), using: Self.derived(keys.signing))
        return Base64URL.text(code)
    }

    func isCode(_ code: String, of text: String, for purpose: String) -> Bool {
        guard let bytes = Base64URL.bytes(code) else { return false }
        return keys.accepted.contains { key in
            HMAC<SHA256>.isValidAuthenticationCode(
                bytes, authenticating: Data("\(purpose)\n\(text)".utf8), using: Self.derived(key))
        }
    }
}
