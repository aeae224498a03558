import Foundation
import ServiceKit
import TestSupport
import Testing

private let now = Date(timeIntervalSince1970: 1_795_392_900)
private let pass = PickUpPass(
    order: "order-1", station: "mingdu-station", lines: [PickUpPass.Line(prize: "helmet", count: 2)],
    expiresAt: now.addingTimeInterval(3_600))

private func pickUpSecret(in folder: TemporaryFolder) throws -> PickUpSecret {
    PickUpSecret(try DataFolderKeys(.pickUp, in: folder.url))
}

@Test func `a code is eight plain letters that follow from the order and the secret`() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    let first = try pickUpSecret(in: folder)
    let again = try pickUpSecret(in: folder)
    let foreign = try pickUpSecret(in: other)

    let codes = (0..<2_000).map { first.code(of: "order-\($0)") }
    #expect(Set(codes).count == codes.count)
    #expect(codes.allSatisfy { $0.count == 8 && $0.allSatisfy { "ABCDEFGHJKLMNPQRSTUVWXYZ".contains($0) } })
    #expect(again.code(of: "order-7") == codes[7])
    #expect(foreign.code(of: "order-7") != codes[7])
    // Every letter comes about as often as any other.
    let counts = codes.joined().reduce(into: [Character: Int]()) { $0[$1, default: 0] += 1 }
    #expect(counts.count == 24 && counts.values.allSatisfy { (500...850).contains($0) }, "\(counts)")
}

@Test func `a typed code is read as it is written`() {
    #expect(PickUpSecret.code(typed: "abcd-efgh") == "ABCDEFGH")
    #expect(PickUpSecret.code(typed: " ABCD EFGH ") == "ABCDEFGH")
    #expect(PickUpSecret.code(typed: "ABCDEFG") == nil)
    #expect(PickUpSecret.code(typed: "ABCDEFG1") == nil)
    #expect(PickUpSecret.code(typed: "ABCDEFGI") == nil)
}

@Test func `a pass is read with nothing but the public key, at its station, until its time is over`() async throws {
    let folder = try TemporaryFolder()
    let secret = try pickUpSecret(in: folder)
    let keys = try secret.publicKeys().bytes()
    let token = try await secret.token(of: pass)

    #expect(try await PickUpPass.read(token, keys: keys, at: "mingdu-station", now: now) == pass)
    #expect(try await PickUpPass.read(token, keys: keys, at: nil, now: now) == pass)
    await #expect(throws: PickUpPassFault.otherStation("mingdu-station")) {
        try await PickUpPass.read(token, keys: keys, at: "longjiang-station", now: now)
    }
    await #expect(throws: PickUpPassFault.expired(pass.expiresAt)) {
        try await PickUpPass.read(token, keys: keys, at: "mingdu-station", now: pass.expiresAt)
    }
    let key = try secret.publicKeys()["keys"]?.array?.first
    #expect(key?["crv"] == "Ed25519" && key?["d"] == nil && key?["x"] != nil)
}

@Test func `no character of a pass can be changed, and no other system's pass is taken`() async throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    let secret = try pickUpSecret(in: folder)
    let keys = try secret.publicKeys().bytes()
    let token = Array(try await secret.token(of: pass))

    for index in token.indices {
        var changed = token
        changed[index] = token[index] == "A" ? "B" : "A"
        await #expect(throws: PickUpPassFault.self, "character \(index)") {
            try await PickUpPass.read(String(changed), keys: keys, at: nil, now: now)
        }
    }
    let foreign = try await pickUpSecret(in: other).token(of: pass)
    await #expect(throws: PickUpPassFault.wrongSignature) {
        try await PickUpPass.read(foreign, keys: keys, at: nil, now: now)
    }
    await #expect(throws: PickUpPassFault.malformed) {
        try await PickUpPass.read("ABCDEFGH", keys: keys, at: nil, now: now)
    }
    // A pass opens no other door, and a token of a person is no pass.
    let login = await TokenIssuer(key: try DataFolderKey.load(.jwt, in: folder.url), now: { now })
    let person = try await login.issue(subject: "rider-1", roles: [.rider], lifetime: .seconds(60))
    await #expect(throws: PickUpPassFault.self) { try await PickUpPass.read(person, keys: keys, at: nil, now: now) }
    let verifier = TokenVerifier(
        .dataFolder(try DataFolderKeys(.jwt, in: folder.url)), issuer: TokenVerifier.ownIssuer, now: { now })
    let bearer = await verifier.principal(of: String(token))
    #expect(throws: TokenRefusal.self) { try bearer.get() }
}

@Test func `codes and passes from before a rotation are good until the former key is retired`() async throws {
    let folder = try TemporaryFolder()
    let secret = try pickUpSecret(in: folder)
    let (code, token) = (secret.code(of: "order-1"), try await secret.token(of: pass))
    func read(_ token: String) async throws -> PickUpPass {
        try await PickUpPass.read(token, keys: secret.publicKeys().bytes(), at: nil, now: now)
    }

    try rotate(.pickUp, in: folder.url, at: Date())
    let (newCode, newToken) = (secret.code(of: "order-1"), try await secret.token(of: pass))
    #expect(newCode != code)
    #expect(secret.isCode(code, of: "order-1") && secret.isCode(newCode, of: "order-1"))
    #expect(!secret.isCode(code, of: "order-2"))
    let keys = try secret.publicKeys()
    #expect(keys["keys"]?.array?.count == 2)
    #expect(try await read(token) == pass)
    #expect(try await read(newToken) == pass)

    try retire(.pickUp, in: folder.url, at: Date())
    #expect(!secret.isCode(code, of: "order-1") && secret.isCode(newCode, of: "order-1"))
    await #expect(throws: PickUpPassFault.wrongSignature) { try await read(token) }
    #expect(try await read(newToken) == pass)
    // A station that fetched the keys meanwhile reads both.
    #expect(try await PickUpPass.read(token, keys: keys.bytes(), at: nil, now: now) == pass)
}
