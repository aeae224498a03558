import Contracts
import EventProcessing
import Foundation
import GRDB
import TestSupport
import Testing

@Suite struct PartitionStoreTests {
    @Test func `a commit survives a power cut: synchronous reads 2`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())

        let mode = try await subject.store.queue.read { db in try Int.fetchOne(db, sql: "PRAGMA synchronous") }
        let journal = try await subject.store.queue.read { db in try String.fetchOne(db, sql: "PRAGMA journal_mode") }

        #expect(mode == 2)
        #expect(journal == "wal")
    }

    @Test func `a pool opened by an edge is as safe`() throws {
        let folder = try TemporaryFolder()
        let pool = try StoreFile.open(folder.url.appendingPathComponent("edge.sqlite")) { EdgeOutbox.migrate(&$0) }

        let mode = try pool.writeWithoutTransaction { db in try Int.fetchOne(db, sql: "PRAGMA synchronous") }
        #expect(mode == 2)
    }

    @Test func `a second process is refused by name`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())
        let url = PartitionStore.url(dataFolder: subject.url, processor: "case-routing", partition: 0)

        #expect(throws: StoreError.locked(path: url.appendingPathExtension("lock").path)) {
            _ = try PartitionStore(TallyProcessor(), partition: 0, at: url, keepsAppliedRecords: true)
        }
    }

    @Test func `a store of a newer program is refused untouched`() async throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appendingPathComponent("0.sqlite")
        let newer = try StoreFile.openAlone(url) { migrator in
            migrator.registerMigration("from the future") { db in try db.execute(sql: "CREATE TABLE future (x)") }
        }
        try newer.close()

        #expect(throws: StoreError.newer(path: url.path)) {
            _ = try PartitionStore(TallyProcessor(), partition: 0, at: url, keepsAppliedRecords: true)
        }
        let tables = try await DatabaseQueue(path: url.path).read { db in
            try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        }
        #expect(tables == ["future", "grdb_migrations"])
    }

    @Test func `whoever waits is answered, also where only a state was changed`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())

        let told = try await subject.apply(RegisterReport.sample(1), id: .sample(1), at: 1)
        let quiet = try await subject.apply(RegisterReport.sample(2, "state alone"), id: .sample(2), at: 2)
        let nobody = try await subject.apply(
            RegisterReport.sample(3, "state alone"), id: .sample(3), source: "/case-routing/translator", at: 3)

        #expect(told.map(\.topic) == [TopicCatalogue.caseEvents.name])
        #expect(quiet.map(\.topic) == [TopicCatalogue.cases.name, TopicCatalogue.caseEvents.name])
        #expect(try quiet.last?.read(CommandApplied.self).commandId == .sample(2))
        #expect(nobody.map(\.topic) == [TopicCatalogue.cases.name])
    }

    @Test func `the same command twice is applied once`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())

        let first = try await subject.apply(RegisterReport.sample(1), id: .sample(1), at: 1)
        let second = try await subject.apply(RegisterReport.sample(1), id: .sample(1), at: 2)

        #expect(first.count == 1)
        #expect(second.isEmpty)
        #expect(try await subject.tally("mingdu") == 1)
    }

    @Test func `a refusal takes back what was written and tells the sender`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())

        let said = try await subject.apply(RegisterReport.sample(1, "refuse"), id: .sample(1), at: 1)

        #expect(said.map(\.attributes.type) == [CommandRefused.type])
        #expect(said.first?.attributes.causationID == .sample(1))
        #expect(try said.first?.read(CommandRefused.self).reason == "refused for the test")
        #expect(try await subject.tally("mingdu") == nil)
    }

    @Test(arguments: ["throw", "break a constraint", "too large"])
    func `what cannot be processed is put aside with its bytes and answered`(fault: String) async throws {
        let subject = try await StoreUnderTest(TallyProcessor())

        let said = try await subject.apply(RegisterReport.sample(1, fault), id: .sample(1), at: 1)
        let after = try await subject.apply(RegisterReport.sample(2), id: .sample(2), at: 2)

        #expect(said.map(\.attributes.type) == ["dead-letter", CommandFailed.type])
        #expect(try MessageAttributes(value: said[0].value).id == .sample(1))
        #expect(after.count == 1)
        #expect(try await subject.tally("mingdu") == 1)
    }

    @Test(arguments: [Data("no json".utf8), Data(), nil])
    func `a record that nobody can read is put aside and the log goes on`(value: Data?) async throws {
        let subject = try await StoreUnderTest(TallyProcessor())

        let said = try await subject.apply(value: value, at: 1)
        try await subject.apply(RegisterReport.sample(2), at: 2)

        #expect(said.map(\.topic) == ["case-routing-dead-letters.v1"])
        #expect(await subject.store.position.offset == 2)
    }

    @Test func `a newer version of a known command stops the batch and changes nothing`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())
        let value = try Envelope(RegisterReport.sample(1), id: .sample(1), source: "/t", time: .init(milliseconds: 1))
            .value()
        let newer = String(decoding: value, as: UTF8.self).replacing(
            "urn:suishoupai:schema:case.register-report:1", with: "urn:suishoupai:schema:case.register-report:2")

        await #expect(throws: ContractError.newerVersion(type: RegisterReport.type, found: 2, known: 1)) {
            try await subject.apply(value: Data(newer.utf8), at: 1)
        }
        #expect(await subject.store.position.offset == 0)
    }

    @Test func `records that come again after a rebalance are passed over`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())
        let value = try Envelope(RegisterReport.sample(1), id: .sample(1), source: "/t", time: .init(milliseconds: 1))
            .value()
        let record = InputRecord(log: "log-a", offset: 0, stamp: .init(milliseconds: 1), value: value)

        _ = try await subject.store.apply([record])
        let again = try await subject.store.apply([record])

        #expect(again.isEmpty)
        #expect(await subject.store.position.applied == 1)
    }

    @Test func `a new log is read from its beginning and what was said before is announced`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())
        try await subject.apply(RegisterReport.sample(1), at: 1)

        let announced = try await subject.store.enter(log: "log-b")

        #expect(announced == [], "nothing was published yet, so there is nothing to announce")
        #expect(await subject.store.position.log == "log-b")
        #expect(await subject.store.position.offset == 0)
        #expect(try await subject.tally("mingdu") == 1)
    }

    @Test func `rows of each stream are numbered without gaps, also around refusals and dead letters`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())
        for (number, what) in ["count", "refuse", "throw", "send on", "count"].enumerated() {
            try await subject.apply(RegisterReport.sample(number, what), id: .sample(number), at: Int64(number))
        }

        let rows = try subject.store.queue.read { db in
            try Row.fetchAll(db, sql: "SELECT topic, partition, \"row\" FROM outbox ORDER BY number")
        }
        let streams = Dictionary(grouping: rows) { "\($0["topic"] as String)/\($0["partition"] as Int)" }

        for (stream, rows) in streams {
            #expect(rows.map { $0["row"] as Int } == Array(1...rows.count), "\(stream)")
        }
        #expect(streams.count >= 3)
    }

    @Test func `a timer takes effect when it is read back and the clock has reached it`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())
        try await subject.apply(RegisterReport.sample(1, "timer"), at: 100)
        let due = TimerDue(timerId: "t|r-1", kind: "test", about: "r-1", dueAt: Timestamp(milliseconds: 101))

        try await subject.apply(due, source: "/owner", at: 100)
        #expect(try await subject.note("r-1") == nil, "the clock stands before the timer")

        try await subject.apply(due, source: "/owner", at: 101)
        try await subject.apply(due, source: "/owner", at: 102)
        #expect(try await subject.note("r-1") == Timestamp(milliseconds: 101).description)
    }

    @Test func `a record that ends the process three times is known by its offset`() async throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appendingPathComponent("0.sqlite.attempt")
        for end in 1...3 {
            let store = try PartitionStore(
                TallyProcessor(), partition: 0, at: folder.url.appendingPathComponent("0.sqlite"),
                keepsAppliedRecords: true)
            #expect(await store.suspectOffset == nil)
            // What a process leaves behind that died while it applied record 7 for the end-th time.
            var words: [Int64] = [7, Int64(end - 1)]
            try words.withUnsafeMutableBytes { try Data($0).write(to: url) }
            try await store.close()
        }
        let store = try PartitionStore(
            TallyProcessor(), partition: 0, at: folder.url.appendingPathComponent("0.sqlite"),
            keepsAppliedRecords: true)

        #expect(await store.suspectOffset == 7)
    }
}

extension StoreUnderTest {
    func tally(_ community: String) async throws -> Int? {
        try await store.queue.read { db in
            try Int.fetchOne(db, sql: "SELECT count FROM tally WHERE community = ?", arguments: [community])
        }
    }

    func note(_ id: String) async throws -> String? {
        try await store.queue.read { db in
            try String.fetchOne(db, sql: "SELECT text FROM note WHERE id = ?", arguments: [id])
        }
    }
}
