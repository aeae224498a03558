import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JWTKit
import Synchronization
import Testing

@testable import ServiceKit

/// A clock that a test moves.
final class MovableClock: Sendable {
    private let moment = Mutex(noon)
    var now: Date { moment.withLock { $0 } }
    func advance(_ seconds: TimeInterval) { moment.withLock { $0 += seconds } }
}

private func ownKeys() async throws -> DataFolderKeys {
    try await withTemporaryFolder { try DataFolderKeys(.jwt, in: $0) }
}

@Test func `a token says who bears it until it is too old`() async throws {
    let keys = try await ownKeys()
    let clock = MovableClock()
    let issuer = await TokenIssuer(key: keys.signing, now: { clock.now })
    let verifier = TokenVerifier(.dataFolder(keys), issuer: TokenVerifier.ownIssuer, now: { clock.now })

    let token = try await issuer.issue(subject: "r-1", roles: [.rider, .verifier], lifetime: .seconds(3_600))

    #expect(await verifier.principal(of: token) == .success(Principal(subject: "r-1", roles: [.rider, .verifier])))
    clock.advance(3_600 + 59)
    #expect(try await verifier.principal(of: token).get().subject == "r-1")
    clock.advance(1)
    #expect(await verifier.principal(of: token) == .failure(.expired))
    clock.advance(-10_000)
    #expect(await verifier.principal(of: token) == .failure(.fromTheFuture))
}

@Test func `a token of another key, another system or nobody is not believed`() async throws {
    let ours = try await ownKeys()
    let theirs = try await ownKeys()
    let verifier = TokenVerifier(.dataFolder(ours), issuer: "suishoupai", now: { noon })
    let foreign = await TokenIssuer(key: theirs.signing, now: { noon })
    let elsewhere = await TokenIssuer(key: ours.signing, issuer: "elsewhere", now: { noon })

    let stolen = try await foreign.issue(subject: "a", roles: [.admin], lifetime: .seconds(60))
    #expect(await verifier.principal(of: stolen) == .failure(.wrongSignature))
    let other = try await elsewhere.issue(subject: "a", roles: [.admin], lifetime: .seconds(60))
    #expect(await verifier.principal(of: other) == .failure(.wrongIssuer))
    let unsigned =
        [#"{"alg":"none","typ":"JWT"}"#, #"{"sub":"a","roles":["admin"],"exp":9999999999,"iss":"suishoupai"}"#]
        .map { Base64URL.text($0.utf8) }.joined(separator: ".") + "."
    #expect(await verifier.principal(of: unsigned) == .failure(.wrongSignature))
    for rubbish in ["", "a.b", "a.b.c", String(repeating: "x", count: 9_000)] {
        #expect(await verifier.principal(of: rubbish) == .failure(.malformed))
    }
    let nameless = await TokenIssuer(key: ours.signing, now: { noon })
    for subject in ["", "a b", "张三", String(repeating: "x", count: 129)] {
        let token = try await nameless.issue(subject: subject, roles: [], lifetime: .seconds(60))
        #expect(await verifier.principal(of: token) == .failure(.malformed))
    }
}

@Test func `keys that cannot be read say so instead of blaming the token`() async throws {
    let clock = MovableClock()
    let verifier = TokenVerifier(
        .jwks(file: URL(filePath: "/nonexistent/keys.json")), issuer: nil, now: { clock.now })
    let token = try await TokenIssuer(key: ownKeys().signing, now: { noon }).issue(
        subject: "a", roles: [], lifetime: .seconds(60))
    #expect(await verifier.principal(of: token) == .failure(.keysUnavailable))
    clock.advance(5)
    #expect(await verifier.principal(of: token) == .failure(.keysUnavailable))
}

@Test func `the public key of a set is no secret that a token could be signed with`() async throws {
    let set = SigningKey.set(try await SigningKey.es256("old"))
    let verifier = TokenVerifier(.jwks(refreshEvery: .seconds(9), fetch: { set }), issuer: nil, now: { noon })
    let forger = JWTKeyCollection()
    await forger.add(hmac: HMACKey(from: set), digestAlgorithm: .sha256, kid: "old")
    let forged = try await forger.sign(ProviderClaims(), kid: "old")
    #expect(await verifier.principal(of: forged) == .failure(.wrongSignature))
}

@Test func `everyone who starts at once gets the same key, readable by its owner only`() async throws {
    try await withTemporaryFolder { folder in
        let keys = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<16 { group.addTask { try DataFolderKey.load(.jwt, in: folder).bytes } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }

        #expect(keys.count == 1)
        #expect(keys.first?.count == 32)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "keys").path())
        #expect(names == ["jwt-hs256.key"])
        let attributes = try FileManager.default.attributesOfItem(
            atPath: folder.appending(path: "keys/jwt-hs256.key").path())
        #expect(attributes[.posixPermissions] as? NSNumber == 0o600)
        #expect(try DataFolderKey.load(.webhook, in: folder).bytes != keys.first)
    }
}

@Test func `a broken key file is named, and never replaced`() async throws {
    try await withTemporaryFolder { folder in
        let file = folder.appending(path: "keys/jwt-hs256.key")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("short".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path())
        let error = try #require(throws: DataFolderKeyError.self) { try DataFolderKey.load(.jwt, in: folder) }
        #expect(error.description.contains("jwt-hs256.key must hold at least 32 bytes"))
        #expect(try Data(contentsOf: file) == Data("short".utf8))
    }
}

@Test(arguments: [(0o600, true), (0o440, true), (0o640, true), (0o644, false), (0o602, false)])
func `a key that every user of the machine can get at is refused`(mode: Int, isTaken: Bool) async throws {
    try await withTemporaryFolder { folder in
        let made = try DataFolderKey.load(.jwt, in: folder).bytes
        let file = folder.appending(path: "keys/jwt-hs256.key").path()
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        if isTaken {
            #expect(try DataFolderKey.load(.jwt, in: folder).bytes == made)
        } else {
            let error = try #require(throws: DataFolderKeyError.self) { try DataFolderKey.load(.jwt, in: folder) }
            #expect(error.description.contains("jwt-hs256.key is open to every user of this machine: chmod 600 it"))
        }
    }
}

private func guarded() async throws -> (TestProgram, TokenIssuer) {
    let keys = try await ownKeys()
    let program = TestProgram(verifier: TokenVerifier(.dataFolder(keys), issuer: nil, now: { noon }), cookie: "session")
    let people = program.router.group(context: AuthenticatedRequestContext.self)
    people.get("/me") { _, context in context.principal.subject }
    people.get("/desk") { _, context in
        try context.requireRole(.dispatcher, .admin)
        return "desk"
    }
    people.group("/admin").add(middleware: RoleMiddleware(.admin)).get("/all") { _, _ in "all" }
    program.router.get("/open") { _, context in
        if case .anonymous = context.identity { "anonymous" } else { "known" }
    }
    return (program, await TokenIssuer(key: keys.signing, now: { noon }))
}

@Test func `a handler for people is reached only with a good token`() async throws {
    let (program, issuer) = try await guarded()
    let token = try await issuer.issue(subject: "r-1", roles: [.rider], lifetime: .seconds(60))

    let missing = try await program.ask(.get, "/me")
    #expect(missing.status == .unauthorized)
    #expect(missing.headers[.wwwAuthenticate] == #"Bearer realm="suishoupai""#)
    #expect(try missing.json()["detail"]?.string?.contains("Authorization: Bearer") == true)
    let bad = try await program.ask(.get, "/me", headers: [.authorization: "Bearer \(token)x"])
    #expect(bad.status == .unauthorized)
    #expect(bad.headers[.wwwAuthenticate]?.contains(#"error="invalid_token""#) == true)
    #expect(try await program.ask(.get, "/me", headers: [.authorization: "Basic abc"]).status == .unauthorized)
    #expect(try await program.ask(.get, "/me", headers: [.authorization: "bearer \(token)"]).text == "r-1")
    #expect(try await program.ask(.get, "/me", headers: [.cookie: "session=\(token)"]).text == "r-1")
    #expect(try await program.ask(.get, "/me", headers: [.cookie: "other=\(token)"]).status == .unauthorized)
    #expect(try await program.ask(.get, "/open").text == "anonymous")
}

@Test func `a role that is missing is named`() async throws {
    let (program, issuer) = try await guarded()
    func ask(_ path: String, _ roles: Set<Role>) async throws -> TestResponse {
        let token = try await issuer.issue(subject: "x", roles: roles, lifetime: .seconds(60))
        return try await program.ask(.get, path, headers: [.authorization: "Bearer \(token)"])
    }

    let refused = try await ask("/desk", [.rider])
    #expect(refused.status == .forbidden)
    #expect(try refused.json()["detail"]?.string?.contains("admin or dispatcher") == true)
    #expect(try await ask("/desk", [.dispatcher]).text == "desk")
    #expect(try await ask("/admin/all", [.dispatcher]).status == .forbidden)
    #expect(try await ask("/admin/all", [.admin]).text == "all")
}

@Test func `only so many tokens are remembered, and none beyond the keys that it was checked with`() {
    let tokens = VerifiedTokens(most: 2)
    let claims = TokenClaims(sub: "p-9", roles: nil, exp: 1, iat: nil, iss: nil)
    for token in ["a", "b", "c", "d", "e"] { tokens.note(token, claims, keys: 1) }

    #expect(tokens.claims(of: "a", keys: 1) == nil)
    #expect(tokens.claims(of: "e", keys: 1)?.sub == "p-9")
    #expect(tokens.claims(of: "e", keys: 2) == nil)
    tokens.note("f", claims, keys: 2)
    tokens.note("g", claims, keys: 1)
    #expect(tokens.claims(of: "f", keys: 2) != nil)
    #expect(tokens.claims(of: "g", keys: 1) == nil)
}
