package import Foundation
import JWTKit
package import Logging
import ServiceLifecycle

/// Where the keys come from that tokens are checked with.
package enum JWTVerification: Sendable {
    /// HS256 with the keys of the data folder: one machine, no other party.
    case dataFolder(DataFolderKeys)
    /// The public keys of an identity provider, RFC 7517. `fetch` reads the document, from a file or a URL, and is
    /// called at the start, every `refreshEvery`, and when a token names a key that is not known yet.
    case jwks(refreshEvery: Duration, fetch: @Sendable () async throws -> [UInt8])

    /// The public keys in a file, read again every minute.
    package static func jwks(file: URL) -> JWTVerification {
        .jwks(refreshEvery: .seconds(60)) { Array(try Data(contentsOf: file)) }
    }

    /// The public keys of a provider, read again every five minutes.
    package static func jwks(_ provider: KeyProvider) -> JWTVerification {
        .jwks(refreshEvery: .seconds(300)) { try await provider.document() }
    }
}

/// Why a token is not believed.
package enum TokenRefusal: Error, Equatable, Sendable {
    case malformed
    case wrongSignature
    case expired
    case fromTheFuture
    case wrongIssuer
    /// It is the key of a platform that nobody has, or not any more.
    case unknownKey
    /// The keys could not be read, so nothing can be said.
    case keysUnavailable
}

/// Checks tokens and says who bears them.
///
/// Run it beside the HTTP that asks it: it keeps the keys of others fresh.
package struct TokenVerifier: Service {
    /// The `iss` of the tokens that this system makes itself.
    package static let ownIssuer = "suishoupai"
    /// How far another clock may go wrong.
    private static let leeway: TimeInterval = 60
    private static let longestToken = 8_192

    private let keys: KeyRing
    private let verified = VerifiedTokens()
    private let issuer: String?
    private let now: @Sendable () -> Date

    /// - Parameter issuer: what `iss` must be; nil accepts any issuer whose key is known.
    package init(
        _ source: JWTVerification, issuer: String?, logger: Logger? = nil, now: @escaping @Sendable () -> Date
    ) {
        keys = KeyRing(source, logger: logger, now: now)
        self.issuer = issuer
        self.now = now
    }

    package func run() async throws { try await keys.keepFresh() }

    /// Failing while there are no keys at all; with old ones tokens go on being checked.
    package var health: HealthStatus {
        get async { await keys.health }
    }

    /// Who bears the token.
    package func principal(of token: String) async -> Result<Principal, TokenRefusal> {
        guard token.utf8.count <= Self.longestToken else { return .failure(.malformed) }
        do throws(TokenRefusal) {
            let claims = try await claims(of: token)
            try judge(claims)
            return .success(claims.principal)
        } catch {
            return .failure(error)
        }
    }

    private func judge(_ claims: TokenClaims) throws(TokenRefusal) {
        let time = now().timeIntervalSince1970
        guard Self.isPlain(claims.sub) else { throw .malformed }
        guard time < claims.exp + Self.leeway else { throw .expired }
        guard (claims.iat ?? time) <= time + Self.leeway else { throw .fromTheFuture }
        if let issuer, claims.iss != issuer { throw .wrongIssuer }
    }

    /// A subject travels in events, keys and logs: 1 to 128 visible characters of ASCII.
    static func isPlain(_ subject: String) -> Bool {
        (1...128).contains(subject.utf8.count) && subject.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private func claims(of token: String) async throws(TokenRefusal) -> TokenClaims {
        let readings = keys.readingCount
        if let known = verified.claims(of: token, keys: readings) { return known }
        let claims = try await checkedClaims(of: token)
        // Noted under the count from before: keys that were read meanwhile check it anew.
        verified.note(token, claims, keys: readings)
        return claims
    }

    private func checkedClaims(of token: String) async throws(TokenRefusal) -> TokenClaims {
        do {
            return try await verify(token, with: try await keys.current())
        } catch .wrongSignature {
            guard let renewed = await keys.renewed() else { throw .wrongSignature }
            return try await verify(token, with: renewed)
        }
    }

    private func verify(_ token: String, with keys: JWTKeyCollection) async throws(TokenRefusal) -> TokenClaims {
        do {
            return try await keys.verify(token, iteratingKeys: self.keys.areNameless)
        } catch let error as JWTError where error.errorType == .malformedToken {
            throw .malformed
        } catch {
            throw .wrongSignature
        }
    }
}
