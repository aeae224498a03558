import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import ServiceKit

// OpenIDFault
//   unreachable   the provider did not answer, or not as the standard says; trying again may help
//   refused       it did not take the code: it was used before, or belongs to another sign-in
//   token         its id token is not believed

/// Why a sign-in by a provider did not come to its end.
enum OpenIDFault: Error, Equatable {
    case unreachable(String)
    case refused
    case token(IDTokenRefusal)
}

/// An OpenID Connect provider: where its doors are, by its own word, and whom its tokens name.
actor OpenIDProvider {
    /// What it says of itself (OpenID Connect Discovery 1.0).
    private struct Doors: Sendable {
        let authorization: String
        let token: String
        let verifier: IDTokenVerifier
        let takesBasic: Bool
        let readAt: Date
    }

    private static let goodFor: TimeInterval = 3_600
    private static let longestAnswer = 256 * 1_024

    nonisolated let settings: SignInSettings.Provider
    private let now: @Sendable () -> Date
    private var known: Doors?

    init(_ settings: SignInSettings.Provider, now: @escaping @Sendable () -> Date) {
        self.settings = settings
        self.now = now
    }

    /// Where the browser goes to sign in.
    func address(for attempt: SignInAttempt) async throws -> String {
        let doors = try await doors()
        let query = [
            ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", settings.redirectURI),
            ("scope", settings.scope), ("state", attempt.state), ("nonce", attempt.nonce),
            ("code_challenge", attempt.challenge), ("code_challenge_method", "S256"),
        ]
        return doors.authorization + (doors.authorization.contains("?") ? "&" : "?") + Self.form(query)
    }

    /// Exchanges the code that the browser brought back, and says who signed in.
    ///
    /// - Throws: ``OpenIDFault``.
    func principal(for code: String, of attempt: SignInAttempt) async throws -> Principal {
        let doors = try await doors()
        let token = try await idToken(for: code, of: attempt, at: doors)
        do throws(IDTokenRefusal) {
            let principal = try await doors.verifier.principal(of: token, nonce: attempt.nonce)
            guard principal.roles.isEmpty, let role = settings.defaultRole else { return principal }
            return Principal(subject: principal.subject, roles: [role])
        } catch {
            throw OpenIDFault.token(error)
        }
    }

    private func doors() async throws -> Doors {
        if let known, now().timeIntervalSince(known.readAt) < Self.goodFor { return known }
        let doors: Doors
        do {
            doors = try read(try JSONValue(parsing: try await settings.discovery.document()))
        } catch let fault as OpenIDFault {
            throw fault
        } catch {
            throw OpenIDFault.unreachable("\(error)")
        }
        known = doors
        return doors
    }

    private func read(_ document: JSONValue) throws -> Doors {
        // Or another provider could speak for it.
        guard document["issuer"]?.string == settings.issuer else {
            throw OpenIDFault.unreachable("its document names another issuer")
        }
        guard let authorization = document["authorization_endpoint"]?.string,
            let token = document["token_endpoint"]?.string,
            let keys = document["jwks_uri"]?.string.flatMap({ URL(string: $0) }).flatMap({ KeyProvider($0) }),
            [authorization, token].allSatisfy({ URL(string: $0).map(KeyProvider.allows) == true })
        else { throw OpenIDFault.unreachable("its document lacks an address, or has one without https") }
        let methods = document["token_endpoint_auth_methods_supported"]?.array?.compactMap(\.string)
        return Doors(
            authorization: authorization, token: token,
            verifier: IDTokenVerifier(
                .jwks(keys), issuer: settings.issuer, clientID: settings.clientID, rolesClaim: settings.rolesClaim,
                now: now), takesBasic: methods?.contains("client_secret_basic") ?? true, readAt: now())
    }

    private func idToken(for code: String, of attempt: SignInAttempt, at doors: Doors) async throws -> String {
        var fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", settings.redirectURI),
            ("client_id", settings.clientID), ("code_verifier", attempt.verifier),
        ]
        var request = HTTPClientRequest(url: doors.token)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "accept", value: "application/json")
        if let secret = settings.clientSecret {
            if doors.takesBasic {
                let pair = "\(settings.clientID.inAddress):\(secret.inAddress)"
                request.headers.add(
                    name: "authorization", value: "Basic \(Data(pair.utf8).base64EncodedString())")
            } else {
                fields.append(("client_secret", secret))
            }
        }
        request.body = .bytes(ByteBuffer(string: Self.form(fields)))
        return try await send(request)
    }

    private func send(_ request: HTTPClientRequest) async throws -> String {
        let (status, body): (UInt, ByteBuffer)
        do {
            (status, body) = try await HTTPClient.withHTTPClient(configuration: Self.plainly) { client in
                let response = try await client.execute(request, timeout: .seconds(5))
                return (response.status.code, try await response.body.collect(upTo: Self.longestAnswer))
            }
        } catch {
            throw OpenIDFault.unreachable("\(error)")
        }
        guard status == 200 else {
            guard (400..<500).contains(status) else { throw OpenIDFault.unreachable("it answered \(status)") }
            throw OpenIDFault.refused
        }
        guard let token = Self.json(body)?["id_token"]?.string else {
            throw OpenIDFault.unreachable("its answer has no id token")
        }
        return token
    }

    /// A redirect would hand the code on.
    private static var plainly: HTTPClient.Configuration {
        HTTPClient.Configuration(redirectConfiguration: .disallow)
    }

    private static func json(_ body: ByteBuffer) -> JSONValue? {
        do { return try JSONValue(parsing: body.readableBytesView) } catch { return nil }
    }

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0)=\($1.inAddress)" }.joined(separator: "&")
    }
}
