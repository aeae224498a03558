package import Foundation

/// What portal says of who asks, where it hands a request on to another program of the deployment.
///
/// Portal knows people by their sessions, which the other program does not; it signs for them with a key of the data
/// folder that is used for nothing else: where tokens come from an identity provider, nobody else can make one.
package struct ForwardedIdentity: Sendable {
    /// Stands in `Authorization` before the word, so that it is never taken for a token.
    package static let scheme: StaticString = "suishoupai-forwarded"
    private static let issuer = "suishoupai-portal"
    private static let lifetime = Duration.seconds(60)

    private let keys: DataFolderKeys
    private let now: @Sendable () -> Date
    let verifier: TokenVerifier

    package init(_ keys: DataFolderKeys, now: @escaping @Sendable () -> Date) {
        self.keys = keys
        self.now = now
        verifier = TokenVerifier(.dataFolder(keys), issuer: Self.issuer, now: now)
    }

    /// The value of `Authorization` for a request of this person, good for a minute.
    package func header(for principal: Principal) async throws -> String {
        let issuer = await TokenIssuer(key: keys.signing, issuer: Self.issuer, now: now)
        let word = try await issuer.issue(
            subject: principal.subject, roles: principal.roles, lifetime: Self.lifetime)
        return "\(Self.scheme) \(word)"
    }
}
