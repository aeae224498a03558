import Contracts
import Foundation
import GRDB
import TestSupport
import Testing

@testable import EventProcessing

/// Which deliveries an owner begins next.
@Suite struct DueDeliveriesTests {
    private static let moment = Timestamp(milliseconds: 50_000)

    private func book(places: Int = 100, lanePlaces: Int = 4, fast lanes: [String] = []) -> LaneBook {
        var settings = DeliverySettings()
        settings.places = places
        settings.lanePlaces = lanePlaces
        var book = LaneBook(settings)
        for lane in lanes {
            book.take("once before", in: lane, at: .now)
            book.end("once before", in: lane, with: .delivered, after: .zero, at: .now)
        }
        return book
    }

    /// A store with so many deliveries in one lane, and behind them others with one each.
    private func store(crowd: Int, others: Int) async throws -> StoreUnderTest {
        let subject = try await StoreUnderTest(TallyProcessor())
        let words = (1...crowd).map { _ in "deliver crowd" } + (0..<others).map { "deliver lane-\(100 + $0)" }
        try await subject.applyBatch(
            try words.enumerated().map { number, words in
                let command = Envelope(
                    RegisterReport.sample(number, words), id: .sample(number), source: "/portal/1",
                    time: Self.moment)
                return (try command.value(), Int64(1_000 + number))
            })
        return subject
    }

    private func due(
        _ subject: StoreUnderTest, _ book: LaneBook, besides begun: Set<DeliveryID> = []
    ) async throws -> [String] {
        try await subject.store.dueDeliveries(at: Self.moment, besides: begun, places: book).due.map(\.lane)
    }

    @Test func `a crowded lane has its places, and hides no other`() async throws {
        let subject = try await store(crowd: 200, others: 30)

        #expect(try await due(subject, book()) == ["crowd"] + (0..<30).map { "lane-\(100 + $0)" })
        #expect(try await due(subject, book(fast: ["crowd"])).filter { $0 == "crowd" }.count == 4)
    }

    @Test func `the lane that waits longest is first, where places are few`() async throws {
        let subject = try await store(crowd: 5, others: 30)

        #expect(try await due(subject, book(places: 3)) == ["crowd", "lane-100", "lane-101"])
        var full = book(places: 3)
        full.take("another", in: "crowd", at: .now)
        #expect(try await due(subject, full) == ["lane-100", "lane-101"])
    }

    @Test func `it is not overlooked that something comes, or that its time does, once nothing was due`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())
        func due(_ milliseconds: Int64) async throws -> [DeliveryID] {
            try await subject.store.dueDeliveries(
                at: Timestamp(milliseconds: milliseconds), besides: [], places: book()
            ).due.map(\.id)
        }
        func late(_ milliseconds: Int64) async throws -> [DeliveryID] {
            try await subject.store.lateDeliveries(at: Timestamp(milliseconds: milliseconds)).map(\.id)
        }
        #expect(try await due(40_000).isEmpty)
        #expect(try await late(40_000).isEmpty)

        try await subject.apply(RegisterReport.sample(11, "hold later 49000"), at: 2_000)
        #expect(try await due(50_999).isEmpty)
        #expect(try await due(51_000) == ["r-11"])
        try await subject.apply(RegisterReport.sample(12, "deliver late 3000"), at: 2_000)
        #expect(try await due(2_500) == ["r-12"])
        #expect(try await late(5_000).isEmpty)
        #expect(try await late(5_001) == ["r-12"])
    }

    @Test func `what is on its way into the log is not begun again, and what is late or not due is left`() async throws
    {
        let subject = try await store(crowd: 3, others: 0)
        for (number, words) in [(11, "hold later 49000"), (12, "deliver late 2000")] {
            try await subject.apply(RegisterReport.sample(number, words), at: 2_000)
        }

        let taken = try await subject.store.dueDeliveries(
            at: Self.moment, besides: ["r-0"], places: book(fast: ["crowd"]))
        #expect(taken.due.map(\.id) == ["r-1", "r-2"])
        #expect(taken.book.taken == 2 && taken.book.holds("r-1"))
        #expect(try await subject.store.lateDeliveries(at: Self.moment).map(\.id) == ["r-12"])
        #expect(try await subject.store.nextDelivery() == Timestamp(milliseconds: 1_000))
    }

    /// So that thousands of due deliveries are not gone through in each round.
    @Test func `lanes and their deliveries are found by indexes alone, nothing is sorted`() async throws {
        let subject = try await StoreUnderTest(TallyProcessor())
        let plans = try await subject.store.queue.read { db in
            try DeliverySQL.all.map { sql in
                let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
                statement.setUncheckedArguments([])
                return try Row.fetchAll(statement).map { $0["detail"] as String }
            }
        }

        #expect(plans.count == 5)
        for plan in plans {
            #expect(plan.count == 1 && plan[0].contains("INDEX delivery"), "\(plan)")
        }
    }
}
