import Contracts
import EventProcessing
import Foundation
import GRDB
import TestSupport
import Testing

@Suite struct DeterminismTests {
    @Test(arguments: 1...5)
    func `the same log gives the same bytes and the same digest, however it is cut into batches`(
        round: Int
    ) async throws {
        var generator = SeededGenerator("determinism \(round)")
        let log = try Self.randomLog(of: 120, using: &generator)
        let whole = try await StoreUnderTest(TallyProcessor())
        let cut = try await StoreUnderTest(TallyProcessor())

        try await whole.applyBatch(log)
        var rest = log[...]
        while !rest.isEmpty {
            let size = Int.random(in: 1...max(1, rest.count / 2), using: &generator)
            try await cut.applyBatch(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }

        #expect(try await whole.messages() == cut.messages())
        #expect(try await whole.store.digest() == cut.store.digest())
    }

    @Test func `a replay of the kept records makes the same store`() async throws {
        var generator = SeededGenerator()
        let subject = try await StoreUnderTest(TallyProcessor())
        try await subject.applyBatch(try Self.randomLog(of: 200, using: &generator))

        let report = try await Self.replay(subject)

        #expect(report.isEqual)
        #expect(report.records == 200)
    }

    @Test func `a replay finds a table that was changed by hand`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())
        try await subject.apply(RegisterReport.sample(1), at: 1)
        try await subject.store.queue.write { db in try db.execute(sql: "UPDATE tally SET count = 2") }

        let report = try await Self.replay(subject)

        #expect(!report.isEqual)
        #expect(report.digest != report.replayedDigest)
    }

    @Test func `a replay finds an output that was changed by hand`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())
        try await subject.apply(RegisterReport.sample(1), at: 1)
        try await subject.apply(RegisterReport.sample(2), at: 2)
        try await subject.store.queue.write { db in
            try db.execute(sql: "UPDATE outbox SET value = x'00' WHERE number = 2")
        }

        #expect(try await Self.replay(subject).firstDifference == 2)
    }

    @Test func `the digest sees the clock, the inbox and the outbox`() async throws {
        let one = try await StoreUnderTest(TallyProcessor())
        let other = try await StoreUnderTest(TallyProcessor())
        #expect(try await one.store.digest() == other.store.digest())

        try await one.apply(
            MarkRead(messageId: "m", actor: Actor(personId: "p", roles: [])), id: .sample(1), source: "/x", at: 1)
        try await other.apply(
            MarkRead(messageId: "m", actor: Actor(personId: "p", roles: [])), id: .sample(1), source: "/x", at: 2)

        #expect(try await one.store.digest() != other.store.digest())
    }

    private static func replay(_ subject: StoreUnderTest) async throws -> ReplayReport {
        let url = PartitionStore.url(dataFolder: subject.url, processor: "case-routing", partition: 0)
        return try await ReplayCheck.run(TallyProcessor(), partition: 0, store: url)
    }

    private static func randomLog(
        of count: Int, using generator: inout SeededGenerator
    ) throws -> [(value: Data, milliseconds: Int64)] {
        let what = ["count", "count", "count", "refuse", "throw", "timer", "deliver", "send on", "break a constraint"]
        var log: [(value: Data, milliseconds: Int64)] = []
        var stamp: Int64 = 1_000
        for number in 0..<count {
            stamp += Int64.random(in: -3...20, using: &generator)
            let description = what.randomElement(using: &generator) ?? "count"
            // Some commands come twice, some records cannot be read.
            let id = MessageID.sample(Int.random(in: 0...100, using: &generator) < 10 ? number / 2 : number)
            let community = CommunityID("c\(Int.random(in: 0...4, using: &generator))")
            let value =
                Int.random(in: 0...100, using: &generator) < 3
                ? Data("rubbish".utf8)
                : try Envelope(
                    RegisterReport.sample(number, description, community: community), id: id, source: "/portal/1",
                    time: Timestamp(milliseconds: stamp)
                ).value()
            log.append((value, stamp))
        }
        return log
    }
}
