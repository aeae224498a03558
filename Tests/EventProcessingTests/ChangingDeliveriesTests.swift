import Contracts
import Foundation
import GRDB
import TestSupport
import Testing

@testable import EventProcessing

/// What a decision changes of a delivery that was planned: plan it anew, give it up, forget it.
@Suite struct ChangingDeliveriesTests {
    private let subject: StoreUnderTest

    init() async throws {
        subject = try await StoreUnderTest(TallyProcessor())
        try await subject.apply(RegisterReport.sample(1, "deliver lane 9000"), at: 1_000)
    }

    private func say(_ number: Int, _ words: String, at moment: Int64) async throws -> String? {
        try await subject.apply(RegisterReport.sample(number, words), at: moment)
        return try await subject.store.queue.read { db in
            try String.fetchOne(db, sql: "SELECT text FROM note WHERE id = ?", arguments: ["r-\(number)"])
        }
    }

    private func start(attempt: Int, at moment: Int64) async throws {
        try await subject.apply(
            DeliveryStarted(deliveryId: "r-1", attempt: attempt, ownerId: "owner"), at: moment)
    }

    private func report(_ outcome: DeliveryReported.Outcome, attempt: Int, at moment: Int64) async throws {
        try await subject.apply(
            DeliveryReported(
                deliveryId: "r-1", attempt: attempt, outcome: outcome, canRetry: outcome == .failed,
                reason: "for the test"),
            at: moment)
    }

    private func row() async throws -> PlannedDelivery {
        try #require(try await subject.store.deliveries(["r-1"]).first)
    }

    private func nextInLane() async throws -> Int64? {
        try await subject.store.queue.read { db in
            try Int64.fetchOne(db, sql: "SELECT nextAt FROM deliveryLane WHERE lane = 'lane'")
        }
    }

    @Test func `one that waits is planned anew, with other words and moments, and its lane knows`() async throws {
        #expect(try await say(2, "replan r-1 changed 500 700", at: 2_000) == "true")

        let row = try await row()
        #expect(row.state == .planned && row.payload == Data("changed".utf8) && row.tries == 0)
        #expect(row.notBefore.milliseconds == 2_500 && row.notAfter?.milliseconds == 2_700)
        #expect(try await nextInLane() == 2_500)
    }

    @Test func `without other words the same is sent again, and its last moment holds no more`() async throws {
        try await start(attempt: 1, at: 1_000)
        try await report(.gone, attempt: 1, at: 1_100)
        #expect(try await say(2, "replan r-1", at: 2_000) == "true")

        let row = try await row()
        #expect(row.state == .planned && row.payload == Data("hello".utf8) && row.reason == nil)
        #expect(row.notAfter == nil && row.attempt == 1 && row.tries == 0)
    }

    @Test func `one that is being sent is not planned anew`() async throws {
        try await start(attempt: 1, at: 1_000)

        #expect(try await say(2, "replan r-1 changed", at: 1_050) == "false")
        let row = try await row()
        #expect(row.state == .started && row.payload == Data("hello".utf8))
    }

    @Test func `one that waits is given up with a reason, once, and no start of it takes effect`() async throws {
        #expect(try await say(2, "end r-1", at: 1_100) == "r-1")
        #expect(try await say(3, "end r-1", at: 1_200) == "nothing")
        #expect(try await say(4, "end r-99", at: 1_200) == "nothing")
        try await start(attempt: 1, at: 1_300)

        let row = try await row()
        #expect(row.state == .failed && row.reason == "nobody wants it" && row.attempt == 0)
        #expect(try await nextInLane() == nil)
    }

    @Test func `one that is being sent ends as it does, and is not tried again where it failed`() async throws {
        try await start(attempt: 1, at: 1_000)
        #expect(try await say(2, "end r-1", at: 1_100) == "nothing")
        #expect(try await row().state == .started)
        try await report(.failed, attempt: 1, at: 1_200)

        #expect(try await row().state == .failed)
    }

    @Test func `one that is being sent and arrives has arrived, though it was given up`() async throws {
        try await start(attempt: 1, at: 1_000)
        #expect(try await say(2, "end r-1", at: 1_100) == "nothing")
        try await report(.delivered, attempt: 1, at: 1_200)

        #expect(try await row().state == .delivered)
    }

    @Test func `what has ended is forgotten, with its words and its reason`() async throws {
        try await start(attempt: 1, at: 1_000)
        try await report(.gone, attempt: 1, at: 1_100)
        _ = try await say(2, "forget r-1", at: 1_200)

        let row = try await row()
        #expect(row.state == .gone && row.payload.isEmpty && row.reason == nil)
    }

    @Test func `what waits or is being sent is not forgotten`() async throws {
        _ = try await say(2, "forget r-1", at: 1_000)
        #expect(try await row().payload == Data("hello".utf8))
        try await start(attempt: 1, at: 1_100)
        _ = try await say(3, "forget r-1", at: 1_200)
        #expect(try await row().payload == Data("hello".utf8))
    }
}
