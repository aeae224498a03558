package import Foundation
import JWTKit
package import Logging

/// Why an id token of OpenID Connect is not believed.
package enum IDTokenRefusal: Error, Equatable, Sendable {
    case malformed
    case wrongSignature
    /// Another provider made it.
    case wrongIssuer
    /// It was made for another client.
    case wrongAudience
    case expired
    case fromTheFuture
    /// It belongs to another sign-in.
    case wrongNonce
    case keysUnavailable
}

/// Checks id tokens as OpenID Connect Core 1.0 section 3.1.3.7 asks.
package struct IDTokenVerifier: Sendable {
    /// How far another clock may go wrong, in seconds.
    private static let leeway: TimeInterval = 60
    private static let longestToken = 16_384

    private let keys: KeyRing
    private let issuer: String
    private let clientID: String
    private let rolesClaim: String
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - source: where the provider's keys come from.
    ///   - rolesClaim: the claim that lists what a person may do.
    package init(
        _ source: JWTVerification, issuer: String, clientID: String, rolesClaim: String, logger: Logger? = nil,
        now: @escaping @Sendable () -> Date
    ) {
        keys = KeyRing(source, logger: logger, now: now)
        self.issuer = issuer
        self.clientID = clientID
        self.rolesClaim = rolesClaim
        self.now = now
    }

    /// Who signed in, by a token that was made for this client and this sign-in.
    ///
    /// - Throws: ``IDTokenRefusal``.
    package func principal(of token: String, nonce: String) async throws(IDTokenRefusal) -> Principal {
        guard token.utf8.count <= Self.longestToken else { throw .malformed }
        try await checkSignature(of: token)
        let claims = try Self.claims(of: token)
        guard claims["iss"]?.string == issuer else { throw .wrongIssuer }
        try checkAudience(claims)
        try checkTimes(claims)
        guard claims["nonce"]?.string == nonce else { throw .wrongNonce }
        guard let subject = claims["sub"]?.string, TokenVerifier.isPlain(subject) else { throw .malformed }
        let names = claims[rolesClaim]?.array?.compactMap(\.string) ?? []
        return Principal(subject: subject, roles: Set(names.compactMap(Role.init(rawValue:))))
    }

    private func checkAudience(_ claims: JSONValue) throws(IDTokenRefusal) {
        let audience = claims["aud"]?.array?.compactMap(\.string) ?? [claims["aud"]?.string].compactMap(\.self)
        guard audience.contains(clientID) else { throw .wrongAudience }
        let party = claims["azp"]?.string
        guard party == nil ? audience.count == 1 : party == clientID else { throw .wrongAudience }
    }

    private func checkTimes(_ claims: JSONValue) throws(IDTokenRefusal) {
        let time = now().timeIntervalSince1970
        guard let end = claims["exp"]?.number, let start = claims["iat"]?.number else { throw .malformed }
        guard time < end + Self.leeway else { throw .expired }
        guard start <= time + Self.leeway else { throw .fromTheFuture }
    }

    private func checkSignature(of token: String) async throws(IDTokenRefusal) {
        do throws(TokenRefusal) {
            do throws(TokenRefusal) {
                try await verify(token, with: try await keys.current())
            } catch .wrongSignature {
                guard let renewed = await keys.renewed() else { throw .wrongSignature }
                try await verify(token, with: renewed)
            }
        } catch {
            switch error {
            case .keysUnavailable: throw .keysUnavailable
            case .malformed: throw .malformed
            default: throw .wrongSignature
            }
        }
    }

    private func verify(_ token: String, with keys: JWTKeyCollection) async throws(TokenRefusal) {
        do {
            _ = try await keys.verify(token, as: AnyClaims.self)
        } catch let error as JWTError where error.errorType == .malformedToken {
            throw .malformed
        } catch {
            throw .wrongSignature
        }
    }

    /// The claims are looked at by themselves: which one holds the roles is a setting.
    private struct AnyClaims: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    private static func claims(of token: String) throws(IDTokenRefusal) -> JSONValue {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64URL.bytes(String(parts[1])) else { throw .malformed }
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            throw .malformed
        }
    }
}
