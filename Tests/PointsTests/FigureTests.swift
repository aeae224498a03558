import Contracts
import EventProcessing
import GRDB
import TestSupport
import Testing

@testable import Points

@Suite struct FigureTests {
    @Test func `points outstanding are what people hold, with what is set aside, until they are spent`() async throws {
        let counter = try await CounterUnderTest()
        func outstanding() async throws -> Int? {
            try await counter.store.store.values(of: PointsProcessor().figures)["points_outstanding"]
        }
        #expect(try await outstanding() == 0)

        try await counter.award(200)
        #expect(try await outstanding() == 200)
        try await counter.deliver(2)
        try await counter.give(counter.place())
        #expect(try await outstanding() == 200)
        try await counter.give(counter.act(.handOver))
        #expect(try await outstanding() == 120)
    }

    @Test func `it comes from the few accounts that are nobody's`() async throws {
        let counter = try await CounterUnderTest()
        let plan = try await counter.store.store.queue.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    EXPLAIN QUERY PLAN SELECT -COALESCE(SUM(balance), 0) FROM account
                    WHERE kind IN ('funder', 'issued', 'expired', 'prizes')
                    """
            ).map { $0["detail"] as String }.joined(separator: "; ")
        }
        #expect(plan.contains("COVERING INDEX accountOfHouse"), "\(plan)")
    }
}
