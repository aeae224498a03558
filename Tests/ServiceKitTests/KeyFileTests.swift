import Foundation
import Testing

@testable import ServiceKit

private let day: TimeInterval = 86_400

private func key(_ number: UInt8) -> DataFolderKey { DataFolderKey(bytes: [UInt8](repeating: number, count: 32)) }

private func later(_ seconds: TimeInterval) -> Date { noon.addingTimeInterval(seconds) }

@Test func `a file of one line is what it was, and a rotated one reads as it was written`() throws {
    let plain = try KeyFile(text: Base64URL.text(key(1).bytes) + "\n", path: "k")
    #expect(plain == KeyFile(key(1)))

    let rotated = plain.rotated(to: key(2), at: noon, lead: 60, grace: day)
    #expect(try KeyFile(text: rotated.text, path: "k") == rotated)
    #expect(rotated.text.split(separator: "\n").count == 2)
}

@Test(arguments: [
    "", "AAAA", "\(Base64URL.text(key(1).bytes)) from", "\(Base64URL.text(key(1).bytes)) until tomorrow",
    "\(Base64URL.text(key(1).bytes)) since 2026-11-27T12:00:00Z", "\(Base64URL.text(key(1).bytes))\nrubbish",
])
func `a file with a line that is no key is refused as a whole`(_ text: String) {
    #expect(throws: DataFolderKeyError.self) { try KeyFile(text: text, path: "k") }
}

@Test func `a new key signs at once, and the former is believed until the grace is over`() {
    let file = KeyFile(key(1)).rotated(to: key(2), at: noon, lead: 0, grace: day)

    #expect(file.choice(at: noon) == KeyFile.Choice(signing: key(2), others: [key(1)]))
    #expect(file.choice(at: later(day - 1)) == KeyFile.Choice(signing: key(2), others: [key(1)]))
    #expect(file.choice(at: later(day)) == KeyFile.Choice(signing: key(2), others: []))
    // A machine whose clock is behind has a key, too.
    #expect(file.choice(at: later(-day))?.signing == key(2))
    let leaked = KeyFile(key(1)).rotated(to: key(2), at: noon, lead: 0, grace: 0)
    #expect(leaked == KeyFile(key(2)))
}

@Test func `with a lead the former goes on signing while the new one is believed already`() {
    let file = KeyFile(key(1)).rotated(to: key(2), at: noon, lead: 60, grace: day)

    #expect(file.choice(at: noon) == KeyFile.Choice(signing: key(1), others: [key(2)]))
    #expect(file.startsLater(than: noon) == later(60))
    #expect(file.choice(at: later(60)) == KeyFile.Choice(signing: key(2), others: [key(1)]))
    #expect(file.startsLater(than: later(60)) == nil)
    #expect(file.choice(at: later(60 + day)) == KeyFile.Choice(signing: key(2), others: []))
    #expect(file.retired(at: later(60)) == KeyFile(key(2)))
}

@Test func `rotated twice, all three are believed, none for longer than it was promised`() {
    let once = KeyFile(key(1)).rotated(to: key(2), at: noon, lead: 60, grace: 600)
    let twice = once.rotated(to: key(3), at: later(120), lead: 0, grace: day)

    #expect(twice.choice(at: later(120)) == KeyFile.Choice(signing: key(3), others: [key(2), key(1)]))
    #expect(twice.choice(at: later(660)) == KeyFile.Choice(signing: key(3), others: [key(2)]))
    #expect(twice.choice(at: later(120 + day)) == KeyFile.Choice(signing: key(3), others: []))
    let thrice = twice.rotated(to: key(4), at: later(700), lead: 0, grace: day)
    #expect(thrice.entries.map(\.key) == [key(4), key(3), key(2)], "the first is over, and goes")
}

// MARK: - On the disk

@Test func `what a killed exchange left is read by nobody and goes with the next one; mode and links stay`()
    async throws
{
    try await withTemporaryFolder { folder in
        let former = try DataFolderKey.load(.sessions, in: folder)
        let file = KeyFile.url(of: .sessions, in: folder)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path())
        let draft = file.deletingLastPathComponent().appending(path: ".sessions.key.new")
        try Data("half a k".utf8).write(to: draft)
        let link = folder.appending(path: "host-1", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: link, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: link.appending(path: "keys"), withDestinationURL: file.deletingLastPathComponent())
        #expect(try DataFolderKey.load(.sessions, in: folder) == former)

        try KeyFile(former).rotated(to: key(2), at: Date(), lead: 0, grace: day).replace(
            KeyFile.url(of: .sessions, in: link))

        #expect(try DataFolderKey.load(.sessions, in: folder) == key(2))
        let names = try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path())
        #expect(names == ["sessions.key"])
        let mode = try FileManager.default.attributesOfItem(atPath: file.path())[.posixPermissions] as? NSNumber
        #expect(mode == 0o640)
    }
}

@Test func `an exchange that cannot be written changes nothing`() async throws {
    try await withTemporaryFolder { folder in
        let former = try DataFolderKey.load(.sessions, in: folder)
        let file = KeyFile.url(of: .sessions, in: folder)
        // Somebody's folder lies where the draft goes.
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent().appending(path: ".sessions.key.new"),
            withIntermediateDirectories: true)

        #expect(throws: DataFolderKeyError.self) { try KeyFile(key(2)).replace(file) }
        #expect(try DataFolderKey.load(.sessions, in: folder) == former)
    }
}

/// Puts a new key in the place of that of a folder, as `suishoupai keys rotate` does.
func rotate(_ name: DataFolderKey.Name, in folder: URL, at moment: Date, grace: TimeInterval = day) throws {
    let file = KeyFile.url(of: name, in: folder)
    try #require(try KeyFile.read(file)).rotated(to: .random(), at: moment, lead: 0, grace: grace).replace(file)
}

/// Ends the time of the former ones, as `suishoupai keys retire` does.
func retire(_ name: DataFolderKey.Name, in folder: URL, at moment: Date) throws {
    let file = KeyFile.url(of: name, in: folder)
    try #require(try KeyFile.read(file)).retired(at: moment).replace(file)
}

@Test func `tokens from before a rotation are believed until the former key is retired, or its time is over`()
    async throws
{
    try await withTemporaryFolder { folder in
        let clock = MovableClock()
        let keys = try DataFolderKeys(.jwt, in: folder, now: { clock.now })
        let verifier = TokenVerifier(.dataFolder(keys), issuer: TokenVerifier.ownIssuer, now: { clock.now })
        func token(_ subject: String) async throws -> String {
            try await TokenIssuer(key: keys.signing, now: { clock.now }).issue(
                subject: subject, roles: [], lifetime: .seconds(30 * day))
        }
        func subject(_ token: String) async -> String? {
            if case .success(let principal) = await verifier.principal(of: token) { principal.subject } else { nil }
        }
        let first = try await token("first")
        #expect(await subject(first) == "first")

        try rotate(.jwt, in: folder, at: clock.now)
        let second = try await token("second")
        #expect(await subject(second) == "second")
        #expect(await subject(first) == "first")
        #expect(await subject(first) == "first", "also by what is remembered of it")

        try retire(.jwt, in: folder, at: clock.now)
        #expect(await verifier.principal(of: first) == .failure(.wrongSignature))
        #expect(await subject(second) == "second")

        try rotate(.jwt, in: folder, at: clock.now)
        clock.advance(day - 1)
        #expect(await subject(second) == "second")
        clock.advance(1)
        #expect(await verifier.principal(of: second) == .failure(.wrongSignature))
    }
}

@Test func `a program goes on with the keys that it read when the file is gone or spoiled, and takes the next one`()
    async throws
{
    try await withTemporaryFolder { folder in
        let keys = try DataFolderKeys(.captures, in: folder)
        let former = keys.signing
        let file = KeyFile.url(of: .captures, in: folder)
        for spoil in [
            { try FileManager.default.removeItem(at: file) }, { try Data("rubbish".utf8).write(to: file) },
        ] {
            try spoil()
            #expect(keys.accepted == [former])
        }
        try FileManager.default.removeItem(at: file)
        let next = try DataFolderKey.load(.captures, in: folder)
        #expect(next != former && keys.accepted == [next])
    }
}

@Test func `what portal signs with a new key is believed at once by who read the former one`() async throws {
    try await withTemporaryFolder { folder in
        let intake = ForwardedIdentity(try DataFolderKeys(.forwarding, in: folder, now: { noon }), now: { noon })
        let portal = ForwardedIdentity(try DataFolderKeys(.forwarding, in: folder, now: { noon }), now: { noon })
        let person = Principal(subject: "r-1", roles: [.rider])
        func isBelieved(_ header: String) async throws -> Bool {
            let word = try #require(header.split(separator: " ").last)
            return await intake.verifier.principal(of: String(word)) == .success(person)
        }
        let before = try await portal.header(for: person)
        #expect(try await isBelieved(before))
        try rotate(.forwarding, in: folder, at: noon)
        let after = try await portal.header(for: person)
        #expect(try await isBelieved(after))
        #expect(try await isBelieved(before))
        try retire(.forwarding, in: folder, at: noon)
        #expect(try await !isBelieved(before))
        #expect(try await isBelieved(after))
    }
}
