package import Crypto
import Foundation

/// Encrypts what only the browser reads: aes128gcm (RFC 8188) with keys by Web Push (RFC 8291).
package enum PushEncryption {
    /// What fits into the 4,096 bytes that every push service takes (RFC 8030 section 7.2), less the header of 86 bytes,
    /// the tag of 16 and the mark of the last record.
    package static let longestText = 4_096 - 86 - 16 - 1
    private static let recordSize: UInt32 = 4_096

    /// The body of a request.
    ///
    /// - Parameters:
    ///   - key: of this message alone; its public half travels along.
    ///   - salt: 16 random bytes.
    package static func body(
        _ text: [UInt8], for receiver: P256.KeyAgreement.PublicKey, authSecret: [UInt8],
        key: P256.KeyAgreement.PrivateKey = P256.KeyAgreement.PrivateKey(),
        salt: [UInt8] = (0..<16).map { _ in .random(in: .min ... .max) }
    ) throws -> [UInt8] {
        let ours = key.publicKey.x963Representation
        let shared = try key.sharedSecretFromKeyAgreement(with: receiver)
        let info = Data("WebPush: info\0".utf8) + receiver.x963Representation + ours
        let material = shared.hkdfDerivedSymmetricKey(
            using: SHA256.self, salt: Data(authSecret), sharedInfo: info, outputByteCount: 32)
        let contentKey = derived(material, salt: salt, info: "Content-Encoding: aes128gcm\0", count: 16)
        let nonce = derived(material, salt: salt, info: "Content-Encoding: nonce\0", count: 12)
        let box = try AES.GCM.seal(
            Data(text + [2]), using: contentKey, nonce: try nonce.withUnsafeBytes { try AES.GCM.Nonce(data: $0) })
        let size = withUnsafeBytes(of: recordSize.bigEndian) { Array($0) }
        return salt + size + [UInt8(ours.count)] + Array(ours) + Array(box.ciphertext) + Array(box.tag)
    }

    private static func derived(_ key: SymmetricKey, salt: [UInt8], info: String, count: Int) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, salt: Data(salt), info: Data(info.utf8), outputByteCount: count)
    }
}
