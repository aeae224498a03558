import ArgumentParser
import Contracts
import Foundation
import Kafka
import Logging
import ServiceKit
import TestSupport
import Testing

@testable import Suishoupai

@Suite(.timeLimit(.minutes(2))) struct KeysCommandTests {
    private static let noon = Timestamp(milliseconds: 1_790_000_000_000)

    private static func desk(_ folder: URL) -> KeyDesk {
        KeyDesk(folder: DataFolder(folder.path(percentEncoded: false)), logger: Logger(label: "test"))
    }

    @Test func `a key is shown once, and only its hash is kept`() async throws {
        let folder = try TemporaryFolder()
        let made = try await Self.desk(folder.url).create(for: "meituan", perMinute: 600, at: Self.noon)
        let book = try await Self.desk(folder.url).book()

        #expect(made.key.wholeMatch(of: /ssp_[0-9a-f]{64}/) != nil)
        #expect(!made.published)
        #expect(book.key(made.keyId)?.hash == PlatformKey.hash(of: made.key))
        #expect(
            book.entries == [
                .init(
                    keyId: made.keyId, platform: "meituan", perMinute: 600, grantedAt: Self.noon, revokedFrom: nil)
            ])
        let file = try String(contentsOf: folder.url.appending(path: "platform-keys.json"), encoding: .utf8)
        #expect(!file.contains(made.key))
        _ = try await Self.desk(folder.url).create(for: "eleme", perMinute: nil, at: Self.noon)
        let path = folder.url.appending(path: "platform-keys.json").path(percentEncoded: false)
        let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(permissions == 0o600, "whoever has a hash can sign in the platform's name")
    }

    @Test func `a key that is replaced stays good for a while`() async throws {
        let folder = try TemporaryFolder()
        let desk = Self.desk(folder.url)
        let old = try await desk.create(for: "meituan", perMinute: 600, at: Self.noon)
        let new = try await desk.rotate(old.keyId, graceHours: 48, at: Self.noon)
        let book = try await desk.book()

        #expect(new.platform == "meituan" && new.key != old.key)
        #expect(book.key(new.keyId)?.perMinute == 600)
        #expect(book.revokedFrom(old.keyId) == Self.noon.adding(milliseconds: 48 * 3_600_000))
        #expect(book.revokedFrom(new.keyId) == nil)
    }

    @Test func `a key that is not there is named, one that was taken back stays so from its first moment`() async throws
    {
        let folder = try TemporaryFolder()
        let desk = Self.desk(folder.url)
        await #expect(throws: ValidationError.self) { try await desk.revoke("k-none", at: Self.noon) }
        let made = try await desk.create(for: "meituan", perMinute: nil, at: Self.noon)
        #expect(try await desk.revoke(made.keyId, at: Self.noon) == false)
        _ = try await desk.revoke(made.keyId, at: Self.noon.adding(milliseconds: 5))
        #expect(try await desk.book().revokedFrom(made.keyId) == Self.noon)
        #expect(try await desk.book().revoked.count == 1)
        await #expect(throws: ValidationError.self) { try await desk.rotate(made.keyId, graceHours: 1, at: Self.noon) }
    }

    @Test func `a log that lacks keys is told them, once`() async throws {
        let folder = try TemporaryFolder()
        let desk = Self.desk(folder.url)
        let made = try await desk.create(for: "meituan", perMinute: nil, at: Self.noon)
        _ = try await desk.revoke(made.keyId, at: Self.noon)
        let broker = try await BrokerUnderTest()
        let session = try await DeploymentBroker.embedded(DataFolder(broker.data.path(percentEncoded: false)))
            .session(logger: Logger(label: "test"))
        let book = try PlatformKeyBook.kept(in: desk.folder)
        for _ in 0..<2 { try await book.publish(on: session, logger: Logger(label: "test")) }

        #expect(try await broker.records(of: TopicCatalogue.reference).count == 2)
        #expect(try await PlatformKeyBook.read(session, logger: Logger(label: "test")) == book)
        await broker.close()
    }

    @Test(arguments: [
        (
            ["keys", "create", "--data", "d", "--platform", "a b"],
            "--platform must be 1 to 128 visible ASCII characters."
        ),
        (
            ["keys", "create", "--data", "d", "--platform", "p", "--per-minute", "0"],
            "--per-minute must be a whole number from 1 to 1000000."
        ),
        (
            ["keys", "rotate", "k-1", "--data", "d", "--grace-hours", "9000"],
            "--grace-hours must be a whole number from 0 to 8760."
        ),
        (
            ["keys", "rotate", "sessions", "--data", "d", "--lead-minutes", "43201"],
            "--lead-minutes must be a whole number from 0 to 43200."
        ),
    ])
    func `what makes no sense is refused in a sentence`(_ arguments: [String], _ sentence: String) {
        let error = #expect(throws: (any Error).self) { try SuishoupaiCommand.parseAsRoot(arguments) }

        #expect(
            error.map { SuishoupaiCommand.message(for: $0) }?.contains(sentence) == true, "\(String(describing: error))"
        )
    }

    @Test func `with --json the key is read by a program`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.url.path(percentEncoded: false)
        let made = try await Program.run("keys", "create", "--data", data, "--platform", "meituan", "--json")
        #expect(made.status == 0, "\(made.output)")
        let json = try JSONDecoder().decode([String: JSONValue].self, from: Data(made.output.utf8))
        #expect(json["key"]?.string?.hasPrefix("ssp_") == true)

        let listed = try await Program.run("keys", "list", "--data", data)
        #expect(listed.output.contains("meituan  no limit"), "\(listed.output)")
        #expect(!listed.output.contains("ssp_"))
    }
}
