import Crypto
import Foundation
import ServiceKit

/// Seals what a browser keeps for us, so that it can neither be read nor changed there (AES-256-GCM).
///
/// Every instance of portal that shares the key opens it.
struct CookieSeal: Sendable {
    private let key: SymmetricKey

    init(_ key: DataFolderKey) {
        self.key = SymmetricKey(data: SHA256.hash(data: Data("suishoupai cookies\n".utf8) + key.bytes))
    }

    /// - Parameter purpose: what is sealed for one purpose cannot be opened for another.
    func seal(_ value: some Encodable, for purpose: String) throws -> String {
        let box = try AES.GCM.seal(try JSONEncoder().encode(value), using: key, authenticating: Data(purpose.utf8))
        guard let bytes = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return Base64URL.text(bytes)
    }

    /// Nil for anything that was not sealed here for this purpose.
    func open<Value: Decodable>(_ text: String, for purpose: String, as type: Value.Type) -> Value? {
        guard text.utf8.count <= 4_096, let bytes = Base64URL.bytes(text) else { return nil }
        do {
            let box = try AES.GCM.SealedBox(combined: bytes)
            let plain = try AES.GCM.open(box, using: key, authenticating: Data(purpose.utf8))
            return try JSONDecoder().decode(Value.self, from: plain)
        } catch {
            return nil
        }
    }

    /// A code that follows from a text and nobody else can make (HMAC-SHA-256).
    func code(of text: String, for purpose: String) -> String {
        Base64URL.text(HMAC<SHA256>.authenticationCode(for: Data("\(purpose)\n\(text)".utf8), using: key))
    }

    func isCode(_ code: String, of text: String, for purpose: String) -> Bool {
        guard let bytes = Base64URL.bytes(code) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            bytes, authenticating: Data("\(purpose)\n\(text)".utf8), using: key)
    }
}
