import Crypto
package import Foundation

/// Says to push services who sends, and to browsers whose pushes they may take (VAPID, RFC 8292).
///
/// It follows from a key of the data folder: with another one every subscription is lost, so it belongs to each backup.
package struct VAPIDKey: Sendable {
    /// How long one signature serves; push services refuse more than 24 hours (RFC 8292 section 2).
    package static let lifetime: TimeInterval = 12 * 3_600

    private let key: P256.Signing.PrivateKey

    /// - Parameter key: `DataFolderKey.Name.vapid`.
    /// - Throws: ``VAPIDKeyError``, which nobody will ever see: one of 2^32 keys has to be derived anew, none 8 times.
    package init(_ key: DataFolderKey) throws {
        self.key = try Self.derived(from: key)
    }

    private static func derived(from key: DataFolderKey) throws -> P256.Signing.PrivateKey {
        for attempt in 0..<8 {
            let scalar = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: key.bytes), info: Data("suishoupai vapid \(attempt)".utf8),
                outputByteCount: 32)
            do {
                return try scalar.withUnsafeBytes { try P256.Signing.PrivateKey(rawRepresentation: Data($0)) }
            } catch is CryptoKitError {
                continue  // Not a number below the order of the curve.
            }
        }
        throw VAPIDKeyError()
    }

    /// `applicationServerKey` of browsers: the uncompressed point as base64url.
    package var publicKey: String { Base64URL.text(key.publicKey.x963Representation) }

    /// The value of the header `Authorization`.
    ///
    /// - Parameters:
    ///   - audience: the origin of the push service, such as `https://fcm.googleapis.com`.
    ///   - subject: whom the push service may write to: a `mailto:` or `https:` address.
    package func authorization(audience: String, subject: String, now: Date) throws -> String {
        let expires = Int64(now.addingTimeInterval(Self.lifetime).timeIntervalSince1970)
        let claims: JSONValue = [
            "aud": .string(audience), "exp": .integer(expires), "sub": .string(subject),
        ]
        let head = Base64URL.text(#"{"typ":"JWT","alg":"ES256"}"#.utf8)
        let signed = "\(head).\(Base64URL.text(claims.text().utf8))"
        let signature = try key.signature(for: Data(signed.utf8)).rawRepresentation
        return "vapid t=\(signed).\(Base64URL.text(signature)), k=\(publicKey)"
    }
}

/// No VAPID key follows from the data folder's.
package struct VAPIDKeyError: Error, CustomStringConvertible {
    package var description: String { "The key file vapid.key gives no key: take it away, and a new one is made." }
}
