import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JWTKit
import ServiceKit
import Testing

/// The claims of an id token; each can be wrong or missing.
private struct IDClaims: JWTPayload {
    var iss: String? = "https://id.example"
    var sub: String? = "p-9"
    var aud: [String]? = ["portal"]
    var azp: String?
    var exp: Double? = noon.timeIntervalSince1970 + 300
    var iat: Double? = noon.timeIntervalSince1970 - 1
    var nonce: String? = "n-1"
    var roles: [String]? = ["rider", "king"]
    var groups: [String]?

    func verify(using algorithm: some JWTAlgorithm) async throws {}
}

private func outcome(
    _ claims: IDClaims, signedBy other: ES256PrivateKey? = nil, rolesClaim: String = "roles"
) async throws -> Result<Principal, IDTokenRefusal> {
    let key = ES256PrivateKey()
    let point = try #require(key.publicKey.parameters)
    let set: JSONValue = [
        "keys": [
            [
                "kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "k", "x": .string(point.x), "y": .string(point.y),
            ]
        ]
    ]
    let bytes = set.bytes()
    let token = try await JWTKeyCollection().add(ecdsa: other ?? key, kid: "k").sign(claims, kid: "k")
    let verifier = IDTokenVerifier(
        .jwks(refreshEvery: .seconds(60)) { bytes }, issuer: "https://id.example", clientID: "portal",
        rolesClaim: rolesClaim, now: { noon })
    do throws(IDTokenRefusal) {
        return .success(try await verifier.principal(of: token, nonce: "n-1"))
    } catch {
        return .failure(error)
    }
}

@Test func `an id token names who signed in, and the roles that are known here`() async throws {
    let found = try await outcome(IDClaims())
    #expect(found == .success(Principal(subject: "p-9", roles: [.rider])))
    var claims = IDClaims()
    claims.groups = ["verifier"]
    let grouped = try await outcome(claims, rolesClaim: "groups")
    #expect(grouped == .success(Principal(subject: "p-9", roles: [.verifier])))
}

@Test func `an id token with anything wrong in it names nobody`() async throws {
    func refusal(_ change: (inout IDClaims) -> Void) async throws -> IDTokenRefusal? {
        var claims = IDClaims()
        change(&claims)
        guard case .failure(let refusal) = try await outcome(claims) else { return nil }
        return refusal
    }
    let time = noon.timeIntervalSince1970
    let wrong: [(IDTokenRefusal, (inout IDClaims) -> Void)] = [
        (.wrongIssuer, { $0.iss = "https://id.example/" }), (.wrongIssuer, { $0.iss = nil }),
        (.wrongAudience, { $0.aud = ["other"] }), (.wrongAudience, { $0.aud = nil }),
        (.wrongAudience, { $0.aud = ["portal", "other"] }), (.wrongAudience, { $0.azp = "other" }),
        (.expired, { $0.exp = time - 61 }), (.malformed, { $0.exp = nil }),
        (.fromTheFuture, { $0.iat = time + 61 }), (.malformed, { $0.iat = nil }),
        (.wrongNonce, { $0.nonce = "n-2" }), (.wrongNonce, { $0.nonce = nil }),
        (.malformed, { $0.sub = nil }), (.malformed, { $0.sub = "two words" }),
    ]
    for (index, (expected, change)) in wrong.enumerated() {
        let found = try await refusal(change)
        #expect(found == expected, "case \(index)")
    }
    let forTwo = try await refusal {
        $0.aud = ["portal", "other"]
        $0.azp = "portal"
    }
    #expect(forTwo == nil)
}

@Test func `an id token of another signer, or of none, is not believed`() async throws {
    let forged = try await outcome(IDClaims(), signedBy: ES256PrivateKey())
    #expect(forged == .failure(.wrongSignature))
    let verifier = IDTokenVerifier(
        .jwks(refreshEvery: .seconds(60)) { try await SigningKey.set(.es256("k")) }, issuer: "https://id.example",
        clientID: "portal", rolesClaim: "roles", now: { noon })
    let unsigned = "\(Base64URL.text("{\"alg\":\"none\"}".utf8)).\(Base64URL.text("{\"sub\":\"p-9\"}".utf8))."
    for token in [unsigned, "", "a.b", "a.b.c"] {
        await #expect(throws: IDTokenRefusal.self) { try await verifier.principal(of: token, nonce: "n-1") }
    }
}

@Test func `what portal says of who asks is believed where it is awaited, for a minute, and no token passes for it`()
    async throws
{
    try await withTemporaryFolder { folder in
        let tokens = try DataFolderKeys(.jwt, in: folder)
        let forwarding = try DataFolderKeys(.forwarding, in: folder)
        let header = try await ForwardedIdentity(forwarding, now: { noon }).header(
            for: Principal(subject: "r-1", roles: [.rider]))
        func answer(_ header: String, at moment: Date = noon, awaited: Bool = true) async throws -> Int {
            let program = TestProgram(
                verifier: TokenVerifier(.dataFolder(tokens), issuer: nil, now: { moment }),
                forwarded: awaited ? ForwardedIdentity(forwarding, now: { moment }) : nil)
            program.router.group("who", context: AuthenticatedRequestContext.self).get { $1.principal.subject }
            return try await program.ask(.get, "/who", headers: [.authorization: header]).status.code
        }
        #expect(try await answer(header) == 200)
        #expect(try await answer(header, awaited: false) == 401)
        #expect(try await answer(header, at: noon.addingTimeInterval(121)) == 401)
        let word = try #require(header.split(separator: " ").last)
        #expect(try await answer("Bearer \(word)") == 401)
        let token = try await TokenIssuer(key: tokens.signing, now: { noon }).issue(
            subject: "r-1", roles: [.admin], lifetime: .seconds(60))
        #expect(try await answer("\(ForwardedIdentity.scheme) \(token)") == 401)
        #expect(try await answer("Bearer \(token)") == 200)
    }
}
