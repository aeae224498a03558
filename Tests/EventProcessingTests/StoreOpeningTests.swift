import Contracts
import Foundation
import GRDB
import Kafka
import Logging
import TestSupport
import Testing

@testable import EventProcessing

/// Stores of other versions of the program, and disks that take no files.
@Suite struct StoreOpeningTests {
    private let folder: TemporaryFolder
    private let url: URL

    init() throws {
        folder = try TemporaryFolder()
        url = PartitionStore.url(dataFolder: folder.url, processor: "case-routing", partition: 0)
    }

    @Test func `an older store gains what is new and keeps what it has`() async throws {
        do {
            let store = try open()
            _ = try await store.enter(log: "log-a")
            _ = try await store.apply([try record(0)])
            try await store.close()
        }
        // As a program left it that knew the first two migrations of the runtime.
        try await change(
            """
            DROP TABLE machineLogic;
            ALTER TABLE localApplied DROP COLUMN skipped;
            DELETE FROM grdb_migrations WHERE identifier LIKE 'runtime 3%' OR identifier LIKE 'runtime 4%';
            """)

        let opened = try open()
        _ = try await opened.apply([try record(1)])

        #expect(await opened.position.applied == 2)
        #expect(await opened.logic == 1)
        let tally = try await opened.queue.read { db in try Int.fetchOne(db, sql: "SELECT SUM(count) FROM tally") }
        #expect(tally == 2)
        let replay = try await ReplayCheck.run(TallyProcessor(), partition: 0, store: url)
        #expect(replay.isEqual)
    }

    @Test func `a store of a newer program is refused in a sentence, and not a byte of it changes`() async throws {
        try await open().close()
        try await change("INSERT INTO grdb_migrations (identifier) VALUES ('runtime 99: from the future')")
        let before = try Data(contentsOf: url)

        let refusal = StoreError.newer(path: url.path)
        #expect(throws: refusal) { try open() }
        await #expect(throws: refusal) { try await taking.take(0) }

        #expect(try Data(contentsOf: url) == before)
        #expect(refusal.description.contains("was written by a newer version of this program: start that version"))
    }

    @Test func `a store begun with another number of partitions is refused in a sentence`() async throws {
        try await open().close()
        try await change("UPDATE localInput SET partitions = 16")

        let refusal = StoreError.partitionCountChanged(topic: "case-commands.v1", known: 16, found: 4)
        #expect(throws: refusal) { try open() }
        #expect(refusal.description.contains("had 16 partitions when this data was begun and now has 4"))
    }

    @Test func `a closed store is free, though somebody still refers to it`() async throws {
        let store = try open()
        #expect(throws: StoreError.self) { try open() }
        try await store.close()
        try await open().close()
        #expect(store.partition == 0)
    }

    @Test func `a folder that cannot be made is named`() throws {
        let file = folder.url.appending(path: "file")
        try Data().write(to: file)
        let error = #expect(throws: StoreError.self) {
            try LockFile(file.appending(path: "case-routing/0.sqlite.lock"))
        }

        #expect(error?.description.hasPrefix("'\(file.path(percentEncoded: false))/case-routing") == true)
        #expect(error?.description.contains("cannot be written") == true)
    }

    @Test(.enabled(if: SmallDisk.isAllowed, "mounting a disk takes root"))
    func `a disk that is read-only is named`() async throws {
        let disk = try SmallDisk(at: folder.url.appending(path: "disk"), size: "4m")
        defer { disk.remove() }
        let url = PartitionStore.url(dataFolder: disk.url, processor: "case-routing", partition: 0)
        try await PartitionStore(TallyProcessor(), partition: 0, at: url, keepsAppliedRecords: true).close()
        try disk.makeReadOnly()

        let error = #expect(throws: StoreError.self) { try PartitionStore.lock(url) }

        #expect(
            error?.description
                == "'\(url.path(percentEncoded: false)).lock' cannot be written (Read-only file system): "
                + "give the program a folder that it may write to")
    }

    @Test func `an edge with a full disk says so and goes on by itself once there is room`() async throws {
        let seen = Conditions()
        let queue = try DatabaseQueue(path: folder.url.appending(path: "edge.sqlite").path(percentEncoded: false))
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "CREATE TABLE line (text BLOB); PRAGMA max_page_count = 3")
        }
        let disk = FullDisk(signals: seen.signals, logger: Logger(label: "test"))
        var tries = 0
        try await disk.wait {
            tries += 1
            if tries == 2 {
                try await queue.writeWithoutTransaction { db in
                    try db.execute(sql: "PRAGMA max_page_count = 1000")
                }
            }
            try await queue.write { db in try db.execute(sql: "INSERT INTO line VALUES (zeroblob(100000))") }
        }

        #expect(tries == 2)
        #expect(seen.texts == ["the disk is full: make room, nothing is lost meanwhile"])
    }

    // MARK: - Parts

    private func open() throws -> PartitionStore {
        try PartitionStore(TallyProcessor(), partition: 0, at: url, keepsAppliedRecords: true)
    }

    private func change(_ sql: String) async throws {
        let queue = try DatabaseQueue(path: url.path(percentEncoded: false))
        try await queue.write { db in try db.execute(sql: sql) }
        try queue.close()
    }

    private var taking: PartitionTaking {
        let settings = KafkaSettings(bootstrapServers: "nowhere:1", clientID: "test")
        return PartitionTaking(
            processor: TallyProcessor(),
            configuration: RuntimeConfiguration(
                service: "case-routing", dataFolder: folder.url, broker: .settings(settings), replica: "1",
                keepsAppliedRecords: true),
            session: BrokerSession(settings: settings, log: "log-a", isEmbedded: true, isFirst: true),
            logger: Logger(label: "test"))
    }

    private func record(_ number: Int) throws -> InputRecord {
        let value = try Envelope(
            RegisterReport.sample(number), id: .sample(number), source: "/t", time: Timestamp(milliseconds: 1)
        ).value()
        return InputRecord(log: "log-a", offset: Int64(number), stamp: Timestamp(milliseconds: 1), value: value)
    }
}
