package import Foundation
import JWTKit

/// Makes tokens with the key of the data folder.
package struct TokenIssuer: Sendable {
    private let keys: JWTKeyCollection
    private let issuer: String
    private let now: @Sendable () -> Date

    /// Takes the key; `issuer` becomes the claim `iss`.
    package init(
        key: DataFolderKey, issuer: String = TokenVerifier.ownIssuer, now: @escaping @Sendable () -> Date
    ) async {
        keys = JWTKeyCollection()
        await keys.add(hmac: HMACKey(from: key.bytes), digestAlgorithm: .sha256)
        self.issuer = issuer
        self.now = now
    }

    /// A token that is good from now on for `lifetime`.
    package func issue(subject: String, roles: Set<Role>, lifetime: Duration) async throws -> String {
        let start = now().timeIntervalSince1970.rounded(.down)
        let claims = TokenClaims(
            sub: subject, roles: roles.map(\.rawValue).sorted(), exp: start + Double(lifetime.components.seconds),
            iat: start, iss: issuer)
        return try await keys.sign(claims)
    }
}
