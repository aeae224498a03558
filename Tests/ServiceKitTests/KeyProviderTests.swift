import Foundation
import Hummingbird
import HummingbirdTesting
import ServiceKit
import ServiceLifecycle
import TestSupport
import Testing

/// Keys of a provider that is asked over HTTP.
private func provider(_ port: Int, _ path: String = "keys", timeout: Duration = .seconds(5)) throws -> KeyProvider {
    let url = try #require(URL(string: "http://127.0.0.1:\(port)/\(path)"))
    return try #require(KeyProvider(url, timeout: timeout))
}

private func verifier(
    _ port: Int, timeout: Duration = .seconds(5), clock: MovableClock = MovableClock()
) throws -> TokenVerifier {
    TokenVerifier(.jwks(try provider(port, timeout: timeout)), issuer: nil, now: { clock.now })
}

@Test func `tokens are checked with the keys that a provider publishes, elliptic and RSA`() async throws {
    let (elliptic, rsa) = (try await SigningKey.es256("ec"), try await SigningKey.rs256("rsa"))
    let stranger = try await SigningKey.es256("ec")
    let identity = IdentityProvider(.document(SigningKey.set(elliptic, rsa)))
    try await identity.stand { port in
        let verifier = try verifier(port)

        #expect(await verifier.principal(of: try await elliptic.token()) == bearer)
        #expect(await verifier.principal(of: try await rsa.token()) == bearer)
        #expect(await verifier.principal(of: try await stranger.token()) == .failure(.wrongSignature))
        #expect(identity.asked == 1)
    }
}

@Test func `an unknown key makes the verifier ask again, but not each time`() async throws {
    let (old, new) = (try await SigningKey.es256("old"), try await SigningKey.es256("new"))
    let identity = IdentityProvider(.document(SigningKey.set(old)))
    try await identity.stand { port in
        let clock = MovableClock()
        let verifier = try verifier(port, clock: clock)
        #expect(await verifier.principal(of: try await old.token()) == bearer)

        identity.become(.document(SigningKey.set(new)))
        #expect(await verifier.principal(of: try await new.token()) == .failure(.wrongSignature))
        #expect(identity.asked == 1, "asked a moment ago")
        clock.advance(11)
        #expect(await verifier.principal(of: try await new.token()) == bearer)
        #expect(identity.asked == 2)
        #expect(await verifier.principal(of: try await old.token()) == .failure(.wrongSignature), "taken back")
    }
}

@Test func `what else a provider publishes is passed over`() async throws {
    let key = try await SigningKey.es256("sign")
    let published = try await SigningKey.rs256("rsa").json.object ?? [:]
    func rsa(_ members: [String: JSONValue]) -> JSONValue {
        .object(published.merging(members) { $1 })
    }
    let others: [JSONValue] = [
        rsa(["kid": "encrypt", "use": "enc", "alg": "RSA-OAEP-256"]), rsa(["kid": "wrap", "alg": "RSA-OAEP"]),
        rsa(["kid": "sign", "key_ops": ["encrypt"]]), rsa(["kid": "short", "n": "AQAB"]),
        ["kty": "oct", "kid": "sign", "k": "c2VjcmV0"], ["kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"],
        ["kty": "EC", "crv": "P-256", "kid": "off", "x": "AA", "y": "AA"], ["kty": "AKP", "alg": "ML-DSA-44"], "no key",
    ]
    let identity = IdentityProvider(.document(SigningKey.set(key, besides: others)))
    try await identity.stand { port in
        let verifier = try verifier(port)

        #expect(await verifier.principal(of: try await key.token()) == bearer)
    }
    for document in [SigningKey.set(besides: others), Array("{}".utf8), Array("<html>".utf8), []] {
        identity.become(.document(document))
        try await identity.stand { port in
            let answer = try await verifier(port).principal(of: try await key.token())
            #expect(answer == .failure(.keysUnavailable))
        }
    }
}

@Test func `while a provider is away the old keys stay good; with none the answer is 503, and it heals`() async throws {
    let key = try await SigningKey.es256("a")
    let identity = IdentityProvider(.document(SigningKey.set(key)))
    try await identity.stand { _ in }
    let port = identity.port
    let clock = MovableClock()
    let verifier = try verifier(port, clock: clock)
    let program = TestProgram(verifier: verifier)
    program.health.check("token-keys") { await verifier.health }
    program.router.group(context: AuthenticatedRequestContext.self).get("/me") { _, context in context.principal.subject
    }
    let token = try await key.token()
    let application = program.application
    @Sendable func ask(_ uri: String) async throws -> TestResponse {
        try await application.test(.router) { client in
            try await client.execute(uri: uri, method: .get, headers: [.authorization: "Bearer \(token)"], body: nil)
        }
    }

    let away = try await ask("/me")
    #expect(away.status == .serviceUnavailable)
    #expect(try away.json()["type"] == "urn:suishoupai:problem:keys-unavailable")
    #expect(try away.json()["title"] == "Keys unavailable")
    #expect(away.headers[.retryAfter] == "10")
    let sick = try await ask("/health/ready")
    #expect(sick.status == .serviceUnavailable)
    #expect(sick.text.contains("keys unavailable: the provider cannot be reached"))
    #expect(!sick.text.contains("127.0.0.1"), "no address for everybody")

    clock.advance(2)
    try await identity.stand(at: port) { _ in
        let back = try await ask("/me")
        #expect(back.text == "p-9")
        #expect(try await ask("/health/ready").status == .ok)
    }
    clock.advance(600)
    #expect(await verifier.principal(of: try await SigningKey.es256("b").token()) == .failure(.wrongSignature))
    #expect(await verifier.principal(of: token) == .failure(.expired), "checked, with the old keys")
    let old = try await ask("/health/ready")
    #expect(old.status == .ok)
    #expect(old.text.contains("the old ones stay good: the provider cannot be reached"))
}

@Test func `keys change and heal by themselves, without a token that asks`() async throws {
    let (old, new) = (try await SigningKey.es256("old"), try await SigningKey.es256("new"))
    let token = try await old.token()
    let identity = IdentityProvider(.fails)
    try await identity.stand { port in
        let source = try provider(port)
        let verifier = TokenVerifier(
            .jwks(refreshEvery: .milliseconds(20)) { try await source.document() }, issuer: nil, now: { noon })
        let group = ServiceGroup(configuration: .init(services: [verifier], logger: TestProgram().logger))
        #expect(await verifier.health == .failing("keys not read yet"))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await eventually("the failure is known") {
                await verifier.health == .failing("keys unavailable: the provider answered 500")
            }
            identity.become(.document(SigningKey.set(old)))
            try await eventually("keys are there") { await verifier.health == .ok() }
            #expect(await verifier.principal(of: token) == bearer)
            identity.become(.document(SigningKey.set(new)))
            try await eventually("the new key is good") {
                await verifier.principal(of: try await new.token()) == bearer
            }
            #expect(await verifier.principal(of: token) == .failure(.wrongSignature), "though it was good before")
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

@Test func `a crowd of first tokens asks the provider once`() async throws {
    let key = try await SigningKey.es256("a")
    let identity = IdentityProvider(.document(SigningKey.set(key)))
    try await identity.stand { port in
        let verifier = try verifier(port)
        let token = try await key.token()

        let answers = await withTaskGroup(of: Result<Principal, TokenRefusal>.self) { group in
            for _ in 0..<40 { group.addTask { await verifier.principal(of: token) } }
            return await group.reduce(into: []) { $0.append($1) }
        }

        #expect(answers.count == 40 && answers.allSatisfy { $0 == bearer })
        #expect(identity.asked == 1)
    }
}

@Test(arguments: [IdentityProvider.Behaviour.silent, .endless])
func `a slow provider is given up, and holds up nobody who has a known key`(
    behaviour: IdentityProvider.Behaviour
) async throws {
    let key = try await SigningKey.es256("a")
    let identity = IdentityProvider(behaviour)
    try await identity.stand { port in
        await #expect(throws: KeyProviderError.noAnswerInTime(.milliseconds(100))) {
            try await provider(port, timeout: .milliseconds(100)).document()
        }
        identity.become(.document(SigningKey.set(key)))
        let clock = MovableClock()
        let verifier = try verifier(port, timeout: .seconds(600), clock: clock)
        #expect(await verifier.principal(of: try await key.token()) == bearer)

        identity.become(behaviour)
        clock.advance(20)
        let asked = identity.asked
        let stranger = try await SigningKey.es256("b").token()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await verifier.principal(of: stranger) }
            do {
                try await eventually("the provider is asked") { identity.asked > asked }
                #expect(await verifier.principal(of: try await key.token()) == bearer, "while it is waited for")
            } catch {
                Issue.record(error)
            }
            group.cancelAll()
        }
    }
}

@Test func `a document of more than 256 KB is not read`() async throws {
    let key = try await SigningKey.es256("a")
    @Sendable func document(_ size: Int) -> [UInt8] {
        let set = SigningKey.set(key)
        return set + Array(repeating: UInt8(ascii: " "), count: size - set.count)
    }
    let identity = IdentityProvider(.document(document(KeyProvider.largestDocument)))
    try await identity.stand { port in
        let whole = try await provider(port).document()
        #expect(whole.count == 262_144)
        identity.become(.document(document(KeyProvider.largestDocument + 1)))
        await #expect(throws: KeyProviderError.tooLarge(262_144)) { try await provider(port).document() }
    }
}

@Test func `a redirect is followed within the origin only`() async throws {
    let identity = IdentityProvider(.redirects(to: "/moved"))
    let other = IdentityProvider(.document([]))
    try await identity.stand { port in
        let moved = try await provider(port).document()
        #expect(moved.isEmpty)
        #expect(identity.asked == 2)
        try await other.stand { elsewhere in
            for place in [
                "http://127.0.0.1:\(elsewhere)/keys", "http://localhost:\(port)/moved", "//id.example/keys",
                "https://127.0.0.1:\(port)/moved", "file:///etc/passwd",
            ] {
                identity.become(.redirects(to: place))
                await #expect(throws: KeyProviderError.redirectsElsewhere, "\(place)") {
                    try await provider(port).document()
                }
            }
            #expect(other.asked == 0)
        }
    }
}

@Test func `plain http reaches this machine only`() throws {
    func allows(_ text: String) -> Bool { URL(string: text).flatMap { KeyProvider($0) } != nil }

    for good in [
        "https://id.example/keys", "HTTPS://id.example:8443/keys", "http://127.0.0.1:8080/keys", "http://127.9.9.9/",
        "http://localhost/keys", "http://[::1]:80/keys",
    ] { #expect(allows(good), "\(good)") }
    for bad in [
        "http://id.example/keys", "http://127.0.0.1.id.example/", "http://10.0.0.1/", "http://0.0.0.0/",
        "http://127.0.0.1@id.example/", "https://user:secret@id.example/", "https:///keys", "ftp://127.0.0.1/",
        "file:///etc/keys.json", "http://localhost.id.example/",
    ] { #expect(!allows(bad), "\(bad)") }
}
