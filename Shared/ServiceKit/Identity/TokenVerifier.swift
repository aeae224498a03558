package import Foundation
import JWTKit

/// Where the keys come from that tokens are checked with.
package enum JWTVerification: Sendable {
    /// HS256 with the key of the data folder: one machine, no other party.
    case dataFolder(DataFolderKey)
    /// The public keys of an identity provider, RFC 7517. `fetch` reads the document, from a file or a URL, and is
    /// called at the first token, every `refreshEvery`, and when a token names a key that is not known yet.
    case jwks(refreshEvery: Duration, fetch: @Sendable () async throws -> [UInt8])

    /// The public keys in a file, read again every minute.
    package static func jwks(file: URL) -> JWTVerification {
        .jwks(refreshEvery: .seconds(60)) { Array(try Data(contentsOf: file)) }
    }
}

/// Why a token is not believed.
package enum TokenRefusal: Error, Equatable, Sendable {
    case malformed
    case wrongSignature
    case expired
    case fromTheFuture
    case wrongIssuer
    /// The keys could not be read, so nothing can be said.
    case keysUnavailable
}

/// Checks tokens and says who bears them.
package actor TokenVerifier {
    /// The `iss` of the tokens that this system makes itself.
    package static let ownIssuer = "suishoupai"
    /// How far another clock may go wrong.
    private static let leeway: TimeInterval = 60
    private static let longestToken = 8_192
    private static let shortestRefresh: TimeInterval = 10
    private static let shortestRetry: TimeInterval = 1

    private let source: JWTVerification
    private let issuer: String?
    private let now: @Sendable () -> Date
    private var keys: JWTKeyCollection?
    private var keysReadAt = Date.distantPast
    private var failedAt = Date.distantPast

    /// - Parameter issuer: what `iss` must be; nil accepts any issuer whose key is known.
    package init(_ source: JWTVerification, issuer: String?, now: @escaping @Sendable () -> Date) {
        self.source = source
        self.issuer = issuer
        self.now = now
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
        guard isPlain(claims.sub) else { throw .malformed }
        guard time < claims.exp + Self.leeway else { throw .expired }
        guard (claims.iat ?? time) <= time + Self.leeway else { throw .fromTheFuture }
        if let issuer, claims.iss != issuer { throw .wrongIssuer }
    }

    /// A subject travels in events, keys and logs: 1 to 128 visible characters of ASCII.
    private func isPlain(_ subject: String) -> Bool {
        (1...128).contains(subject.utf8.count) && subject.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private func claims(of token: String) async throws(TokenRefusal) -> TokenClaims {
        do {
            return try await verify(token, with: try await currentKeys())
        } catch .wrongSignature where mayRefresh {
            return try await verify(token, with: try await readKeys())
        }
    }

    private func verify(_ token: String, with keys: JWTKeyCollection) async throws(TokenRefusal) -> TokenClaims {
        do {
            return try await keys.verify(token)
        } catch let error as JWTError where error.errorType == .malformedToken {
            throw .malformed
        } catch {
            throw .wrongSignature
        }
    }

    /// Only keys of others change; and whoever sends rubbish must not make us ask for them each time.
    private var mayRefresh: Bool {
        guard case .jwks = source else { return false }
        return now().timeIntervalSince(keysReadAt) >= Self.shortestRefresh
    }

    private func currentKeys() async throws(TokenRefusal) -> JWTKeyCollection {
        guard let keys else {
            guard now().timeIntervalSince(failedAt) >= Self.shortestRetry else { throw .keysUnavailable }
            return try await readKeys()
        }
        if case .jwks(let refreshEvery, _) = source,
            now().timeIntervalSince(keysReadAt) >= Double(refreshEvery.components.seconds), mayRefresh
        {
            return try await readKeys()
        }
        return keys
    }

    /// Reads the keys; when that fails the old ones go on being good.
    private func readKeys() async throws(TokenRefusal) -> JWTKeyCollection {
        let fresh = JWTKeyCollection()
        keysReadAt = now()
        do {
            switch source {
            case .dataFolder(let key):
                await fresh.add(hmac: HMACKey(from: key.bytes), digestAlgorithm: .sha256)
            case .jwks(_, let fetch):
                try await fresh.add(jwksJSON: String(decoding: try await fetch(), as: UTF8.self))
            }
        } catch {
            failedAt = now()
            guard let keys else { throw .keysUnavailable }
            return keys
        }
        keys = fresh
        return fresh
    }
}
