import Contracts
import Foundation
import GRDB
import TestSupport
import Testing

@testable import EventProcessing

/// A processor whose `decide` changes: the log says from which record on.
@Suite struct LogicTests {
    private func tally(_ store: PartitionStore) async throws -> Int {
        try await store.queue.read { db in try Int.fetchOne(db, sql: "SELECT SUM(count) FROM tally") ?? 0 }
    }

    @Test func `records before the mark are decided by the old logic, whoever applies them`() async throws {
        let old = try await StoreUnderTest(TallyProcessor(logic: 1))
        let new = try await StoreUnderTest(TallyProcessor(logic: 2))
        for under in [old, new] {
            for number in 1...3 {
                try await under.apply(
                    RegisterReport.sample(number), id: .sample(number), at: 1_000)
            }
        }

        #expect(try await new.store.digest() == old.store.digest())
        #expect(try await new.store.allOutputs().map(\.value) == old.store.allOutputs().map(\.value))
        try await new.apply(LogicActivated(processor: "case-routing", logic: 2), id: .sample(10), at: 1_001)
        #expect(await new.store.logic == 2)
        try await new.apply(RegisterReport.sample(4), id: .sample(4), at: 1_002)
        #expect(try await tally(new.store) == 13)
    }

    @Test func `a program that does not know the new logic stops at the mark and changes nothing behind it`()
        async throws
    {
        let old = try await StoreUnderTest(TallyProcessor(logic: 1))
        try await old.apply(RegisterReport.sample(1), id: .sample(1), at: 1_000)
        let position = await old.store.position

        await #expect(throws: LogicError.self) {
            try await old.apply(LogicActivated(processor: "case-routing", logic: 2), id: .sample(10), at: 1_001)
        }
        #expect(await old.store.position == position)
        #expect(try await tally(old.store) == 1)
    }

    @Test func `a lower mark that comes late changes nothing`() async throws {
        let under = try await StoreUnderTest(TallyProcessor(logic: 3))
        for (number, logic) in [2, 3, 2].enumerated() {
            try await under.apply(
                LogicActivated(processor: "case-routing", logic: logic), id: .sample(number), at: 1_000)
        }
        #expect(await under.store.logic == 3)
    }
}
