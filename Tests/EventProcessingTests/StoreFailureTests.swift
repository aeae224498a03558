import Contracts
import Foundation
import GRDB
import Logging
import TestSupport
import Testing

@testable import EventProcessing

/// What becomes of a store when its disk, its file, its clock or one of its records is not as it should be.
@Suite struct StoreFailureTests {
    @Test func `a full disk changes nothing, says so, and the store goes on once there is room`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())
        try await subject.apply(RegisterReport.sample(1), id: .sample(1), at: 1)
        try await limit(subject, pages: 1)
        let before = await subject.store.position

        let path = subject.store.url.path(percentEncoded: false)
        await #expect(throws: StoreError.diskFull(path: path)) { try await subject.fill(2...400) }

        #expect(await subject.store.position == before)
        #expect(StoreError.diskFull(path: path).description.contains("the disk is full: make room"))
        try await limit(subject, pages: 1_000_000)
        try await subject.fill(2...400)
        #expect(try await subject.tally("mingdu") == 400)
    }

    @Test func `a disk that is full at every start makes no suspect of the record that it met`() async throws {
        let folder = try TemporaryFolder()
        for _ in 1...5 {
            let store = try Self.store(in: folder)
            _ = try await store.enter(log: "log-a")
            try await store.queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = 1") }
            await #expect(throws: StoreError.self) { try await store.apply(Self.records(0..<400)) }
            try await store.queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA max_page_count = 100000")
            }
            try await store.close()
        }
        let store = try Self.store(in: folder)

        #expect(await store.suspectOffset == nil)
        _ = try await store.apply(Self.records(0..<400))
        #expect(await store.position.offset == 400)
    }

    @Test func `an error does not acquit a record that ended the process before`() async throws {
        let folder = try TemporaryFolder()
        let newer = try Self.newerVersion()
        // As two ends of the process left it: the first is counted when the second begins.
        try Self.mark(offset: 0, attempts: 1, in: folder)
        let store = try Self.store(in: folder)
        await #expect(throws: ContractError.self) { try await store.apply([newer]) }
        try await store.close()

        let left = try Data(contentsOf: folder.url.appending(path: "0.sqlite.attempt"))
        #expect(left.withUnsafeBytes { Array($0.bindMemory(to: Int64.self)) } == [0, 1])
    }

    @Test func `a suspect is forgotten with the log that it lay in`() async throws {
        let folder = try TemporaryFolder()
        do {
            let store = try Self.store(in: folder)
            _ = try await store.enter(log: "log-a")
            try await store.close()
        }
        try Self.mark(offset: 7, attempts: 2, in: folder)
        do {
            let store = try Self.store(in: folder)
            #expect(await store.suspectOffset == 7)

            _ = try await store.enter(log: "log-b")

            #expect(await store.suspectOffset == nil)
            try await store.close()
        }
        #expect(try await Self.store(in: folder).suspectOffset == nil)
    }

    @Test func `a clock that jumps back a day does not take the machine's clock with it`() async throws {
        let day: Int64 = 86_400_000
        let subject = try await StoreUnderTest(TallyProcessor())
        try await subject.apply(RegisterReport.sample(1), id: .sample(1), at: 2 * day)

        let said = try await subject.apply(RegisterReport.sample(2), id: .sample(2), at: day)

        #expect(await subject.store.position.clock == Timestamp(milliseconds: 2 * day))
        #expect(said.map(\.attributes.time) == [Timestamp(milliseconds: 2 * day)])
    }

    @Test func `a pack without one of its parts is refused with the count, and comes in force when it is sent again`()
        async throws
    {
        let subject = try await StoreUnderTest(TallyProcessor())
        let (parts, activation) = try PackTransport.messages(for: CitySample.pack())

        let refused = try await subject.apply(activation, id: .sample(1), source: "/suishoupai", at: 1)
        #expect(refused.map(\.attributes.type) == [CommandRefused.type])
        let reason = try #require(try refused.first?.read(CommandRefused.self))
        #expect(reason.code == "pack.incomplete")
        #expect(reason.reason.hasPrefix("0 of \(parts.count) parts of pack \(activation.packHash) have come"))

        for part in parts { try await subject.apply(part, source: "/suishoupai", at: 2) }
        let answer = try await subject.apply(activation, id: .sample(2), source: "/suishoupai", at: 2)
        #expect(answer.map(\.attributes.type) == [PackTookEffect.type])
    }

    @Test func `a skipped record decides nothing, its sender hears of it, and sent once more it does no harm`()
        async throws
    {
        let subject = try await StoreUnderTest(TallyProcessor())
        try await subject.apply(RegisterReport.sample(1), id: .sample(1), at: 1)
        let poison = try Envelope(
            RegisterReport.sample(2), id: .sample(2), source: "/portal/1", time: Timestamp(milliseconds: 1)
        ).value()
        let before = try await subject.messages().count

        _ = try await subject.store.apply([
            InputRecord(
                log: "log-a", offset: 1, stamp: Timestamp(milliseconds: 0), value: poison, isSkipped: true)
        ])
        let said = try await subject.messages(after: before)
        let again = try await subject.apply(value: poison, at: 2)

        #expect(said.map(\.attributes.type) == ["dead-letter", CommandFailed.type])
        #expect(said.first?.value == poison)
        #expect(try said.last?.read(CommandFailed.self).reason == "an operator skipped it")
        #expect(again.isEmpty)
        #expect(try await subject.tally("mingdu") == 1)
        let replay = try await ReplayCheck.run(TallyProcessor(), partition: 0, store: subject.store.url)
        #expect(replay.isEqual)
    }

    // MARK: - Parts

    private func limit(_ subject: StoreUnderTest, pages: Int) async throws {
        try await subject.store.queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
    }

    private static func store(in folder: TemporaryFolder) throws -> PartitionStore {
        try PartitionStore(
            TallyProcessor(), partition: 0, at: folder.url.appending(path: "0.sqlite"), keepsAppliedRecords: true)
    }

    /// What processes leave behind that died while they applied a record, so many times before the last.
    private static func mark(offset: Int64, attempts: Int64, in folder: TemporaryFolder) throws {
        var words: [Int64] = [offset, attempts]
        try words.withUnsafeMutableBytes { try Data($0).write(to: folder.url.appending(path: "0.sqlite.attempt")) }
    }

    private static func records(_ numbers: Range<Int64>) throws -> [InputRecord] {
        try numbers.map { number in
            let value = try Envelope(
                RegisterReport.sample(Int(number)), id: .sample(Int(number)), source: "/t",
                time: Timestamp(milliseconds: 1)
            ).value()
            return InputRecord(log: "log-a", offset: number, stamp: Timestamp(milliseconds: 1), value: value)
        }
    }

    private static func newerVersion() throws -> InputRecord {
        let value = try #require(try records(0..<1).first?.value)
        let text = String(decoding: value, as: UTF8.self).replacing(
            "urn:suishoupai:schema:case.register-report:1", with: "urn:suishoupai:schema:case.register-report:2")
        return InputRecord(log: "", offset: 0, stamp: Timestamp(milliseconds: 1), value: Data(text.utf8))
    }
}

extension StoreUnderTest {
    /// Applies many reports in one batch.
    fileprivate func fill(_ numbers: ClosedRange<Int>) async throws {
        try await applyBatch(
            numbers.map { number in
                let envelope = Envelope(
                    RegisterReport.sample(number), id: .sample(number), source: "/t", time: Timestamp(milliseconds: 1))
                return (value: try envelope.value(), milliseconds: Int64(1))
            })
    }
}
