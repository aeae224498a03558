import Contracts
import Foundation
import GRDB
import TestSupport
import Testing

@testable import EventProcessing

/// What becomes of a delivery in the store, record by record.
@Suite struct DeliveryRowTests {
    private static let owner = "owner-1"

    private func start(_ subject: StoreUnderTest, _ number: Int, attempt: Int, at moment: Int64) async throws {
        try await subject.apply(
            DeliveryStarted(deliveryId: DeliveryID("r-\(number)"), attempt: attempt, ownerId: Self.owner), at: moment)
    }

    private func report(
        _ subject: StoreUnderTest, _ number: Int, attempt: Int, _ outcome: DeliveryReported.Outcome,
        canRetry: Bool = true, retryAfter: Int64? = nil, at moment: Int64
    ) async throws {
        try await subject.apply(
            DeliveryReported(
                deliveryId: DeliveryID("r-\(number)"), attempt: attempt, outcome: outcome, canRetry: canRetry,
                retryAfter: retryAfter, reason: "for the test"), at: moment)
    }

    private func find(_ subject: StoreUnderTest, _ number: Int) async throws -> PlannedDelivery? {
        try await subject.store.deliveries([DeliveryID("r-\(number)")]).first
    }

    private func row(_ subject: StoreUnderTest, _ number: Int) async throws -> PlannedDelivery {
        try #require(try await find(subject, number))
    }

    private func note(_ subject: StoreUnderTest, _ number: Int) async throws -> String? {
        try await subject.store.queue.read { db in
            try String.fetchOne(db, sql: "SELECT text FROM note WHERE id = ?", arguments: ["r-\(number)"])
        }
    }

    private func planned(_ words: String = "deliver lane") async throws -> StoreUnderTest {
        let subject = try await StoreUnderTest(TallyProcessor())
        try await subject.apply(RegisterReport.sample(1, words), at: 1_000)
        return subject
    }

    @Test func `a delivery that fails is tried ten times by the schedule of Standard Webhooks, and then given up`()
        async throws
    {
        let subject = try await planned()
        let seconds: [Int64] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
        var moment: Int64 = 1_000

        for (index, pause) in seconds.enumerated() {
            try await start(subject, 1, attempt: index + 1, at: moment)
            try await report(subject, 1, attempt: index + 1, .failed, at: moment)
            let row = try await row(subject, 1)
            #expect(row.state == .planned)
            let waits = row.notBefore.milliseconds - moment
            #expect((pause * 1_000...pause * 1_200).contains(waits), "attempt \(index + 1) waits \(waits) ms")
            moment = row.notBefore.milliseconds
        }
        try await start(subject, 1, attempt: 10, at: moment)
        try await report(subject, 1, attempt: 10, .failed, at: moment)

        #expect(try await row(subject, 1).state == .failed)
        #expect(try await note(subject, 1) == "failed after 10")
    }

    @Test func `those that failed together come back apart, the same on every machine`() async throws {
        func waits() async throws -> [Int64] {
            let subject = try await StoreUnderTest(TallyProcessor())
            var waits: [Int64] = []
            for number in 1...40 {
                try await subject.apply(RegisterReport.sample(number, "deliver lane"), at: 1_000)
                try await start(subject, number, attempt: 1, at: 1_000)
                try await report(subject, number, attempt: 1, .failed, at: 1_000)
                waits.append(try await row(subject, number).notBefore.milliseconds - 1_000)
            }
            return waits
        }
        let one = try await waits()

        #expect(try await waits() == one)
        #expect(Set(one).count > 30)
        #expect(one.allSatisfy { (5_000...6_000).contains($0) })
        #expect(one.contains { $0 < 5_300 } && one.contains { $0 > 5_700 })
    }

    @Test(arguments: [
        (Int64(60_000), Int64(60_000)...72_000), (1, 5_000...6_000), (Int64.max, 86_400_000...103_680_000),
    ])
    func `a provider's word makes the pause longer, up to a day, and never shorter`(
        retryAfter: Int64, expected: ClosedRange<Int64>
    ) async throws {
        let subject = try await planned()
        try await start(subject, 1, attempt: 1, at: 1_000)
        try await report(subject, 1, attempt: 1, .failed, retryAfter: retryAfter, at: 1_000)

        let waits = try await row(subject, 1).notBefore.milliseconds - 1_000
        #expect(expected.contains(waits), "\(waits)")
    }

    @Test func `nothing is tried after the last moment`() async throws {
        let subject = try await planned("deliver lane 4000")
        try await start(subject, 1, attempt: 1, at: 1_000)
        try await report(subject, 1, attempt: 1, .failed, at: 1_100)
        #expect(try await note(subject, 1) == "failed after 1")

        let other = try await planned("deliver lane 4000")
        try await report(other, 1, attempt: 0, .failed, canRetry: false, at: 5_000)
        #expect(try await row(other, 1).state == .planned, "the last moment has not passed")
        try await report(other, 1, attempt: 0, .delivered, at: 5_001)
        #expect(try await row(other, 1).state == .planned, "it was never started")
        try await report(other, 1, attempt: 0, .failed, canRetry: false, at: 5_001)
        #expect(try await note(other, 1) == "failed after 0")
    }

    @Test func `what was postponed counts as no attempt`() async throws {
        let subject = try await planned()
        for attempt in 1...20 {
            let moment = Int64(attempt) * 10_000
            try await start(subject, 1, attempt: attempt, at: moment)
            try await report(subject, 1, attempt: attempt, .postponed, retryAfter: 7_000, at: moment)
            #expect(try await row(subject, 1).notBefore.milliseconds == moment + 7_000)
        }
        try await start(subject, 1, attempt: 21, at: 300_000)
        try await report(subject, 1, attempt: 21, .delivered, at: 300_000)

        #expect(try await note(subject, 1) == "delivered after 1")
    }

    @Test(arguments: [DeliveryReported.Outcome.gone, .unknown, .delivered])
    func `a delivery ends once, whoever reports again`(outcome: DeliveryReported.Outcome) async throws {
        let subject = try await planned()
        try await start(subject, 1, attempt: 1, at: 1_000)
        try await report(subject, 1, attempt: 1, outcome, at: 1_100)
        for late in DeliveryReported.Outcome.allCases { try await report(subject, 1, attempt: 1, late, at: 1_200) }

        #expect(try await note(subject, 1) == "\(outcome.rawValue) after 1")
        #expect(try await row(subject, 1).state.rawValue == outcome.rawValue)
    }

    @Test func `a start counts where it is the next one, and its time has come`() async throws {
        let subject = try await planned("hold lane 500")
        try await start(subject, 1, attempt: 1, at: 1_499)
        #expect(try await row(subject, 1).state == .planned)
        try await start(subject, 1, attempt: 2, at: 1_500)
        #expect(try await row(subject, 1).state == .planned)
        try await start(subject, 1, attempt: 1, at: 1_500)
        #expect(try await row(subject, 1).ownerId == Self.owner)
        try await subject.apply(DeliveryStarted(deliveryId: "r-1", attempt: 1, ownerId: "zombie"), at: 1_600)

        let row = try await row(subject, 1)
        #expect(row.state == .started && row.attempt == 1 && row.ownerId == Self.owner)
    }

    @Test func `an operator's replay sends the same delivery again, and counts from the first attempt`() async throws {
        let subject = try await planned("deliver lane 9000")
        try await start(subject, 1, attempt: 1, at: 1_000)
        try await subject.apply(RegisterReport.sample(2, "replan r-1"), at: 1_050)
        #expect(try await note(subject, 2) == "false", "it is just being sent")
        try await report(subject, 1, attempt: 1, .delivered, at: 1_100)
        try await subject.apply(RegisterReport.sample(3, "replan r-1"), at: 50_000)
        try await start(subject, 1, attempt: 2, at: 50_000)
        try await report(subject, 1, attempt: 2, .failed, at: 50_000)

        let row = try await row(subject, 1)
        #expect(try await note(subject, 3) == "true")
        #expect(row.state == .planned && row.tries == 1 && row.notAfter == nil)
        #expect((55_000...56_000).contains(row.notBefore.milliseconds))
        try await subject.apply(RegisterReport.sample(4, "replan r-99"), at: 50_000)
        #expect(try await note(subject, 4) == "false")
    }

    @Test func `a lane that is gone gives up what waits in it, and what fails there afterwards`() async throws {
        let subject = try await planned()
        for (number, words) in [(2, "hold lane 90"), (3, "hold lane 10"), (4, "deliver other")] {
            try await subject.apply(RegisterReport.sample(number, words), at: 1_000)
        }
        try await start(subject, 1, attempt: 1, at: 1_000)
        try await subject.apply(RegisterReport.sample(9, "end-lane lane"), at: 1_001)
        try await report(subject, 1, attempt: 1, .failed, at: 1_002)

        #expect(try await note(subject, 9) == "r-3 r-2")
        #expect(try await note(subject, 1) == "failed after 1")
        #expect(try await row(subject, 2).reason == "the lane is gone")
        #expect(try await [row(subject, 3).state, row(subject, 4).state] == [.failed, .planned])
    }

    @Test func `what waits can be changed until it was started once`() async throws {
        let subject = try await planned("hold lane 500")
        try await subject.apply(RegisterReport.sample(2, "update r-1 merged"), at: 1_200)
        #expect(try await note(subject, 2) == "true")
        let changed = try await row(subject, 1)
        #expect(changed.payload == Data("merged".utf8) && changed.notBefore.milliseconds == 1_200)

        try await start(subject, 1, attempt: 1, at: 1_300)
        try await subject.apply(RegisterReport.sample(3, "update r-1 late"), at: 1_400)
        try await report(subject, 1, attempt: 1, .failed, at: 1_500)
        try await subject.apply(RegisterReport.sample(4, "update r-1 later"), at: 1_600)

        #expect(try await [note(subject, 3), note(subject, 4)] == ["false", "false"])
        #expect(try await row(subject, 1).payload == Data("merged".utf8))
    }

    @Test(arguments: 1...4)
    func `whatever happens to deliveries, each lane knows its next one, and a replay says the same`(
        round: Int
    ) async throws {
        var generator = SeededGenerator("deliveries \(round)")
        let subject = try await StoreUnderTest(TallyProcessor())
        let verbs = [
            "deliver a", "deliver b 3000", "hold a 500", "hold c 9000", "end-lane a", "replan", "update", "end",
            "forget",
        ]
        for number in 1...300 {
            let moment = Int64(number) * 40
            let some = Int.random(in: 1...number, using: &generator)
            if Bool.random(using: &generator) {
                let verb = verbs.randomElement(using: &generator) ?? "deliver a"
                let words = ["replan", "update", "end", "forget"].contains(verb) ? "\(verb) r-\(some) text" : verb
                try await subject.apply(RegisterReport.sample(number, words), at: moment)
            } else if let known = try await find(subject, some) {
                let outcome = DeliveryReported.Outcome.allCases.randomElement(using: &generator) ?? .failed
                try await start(subject, some, attempt: known.attempt + 1, at: moment)
                try await report(
                    subject, some, attempt: known.attempt + Int.random(in: 0...1, using: &generator), outcome,
                    canRetry: Bool.random(using: &generator), at: moment)
            }
            try await expectLanes(subject)
        }

        let url = PartitionStore.url(dataFolder: subject.url, processor: "case-routing", partition: 0)
        #expect(try await ReplayCheck.run(TallyProcessor(), partition: 0, store: url).isEqual)
    }

    private func expectLanes(_ subject: StoreUnderTest) async throws {
        let kept = try await lanes(subject, "SELECT lane, nextAt FROM deliveryLane ORDER BY lane")
        let counted = try await lanes(
            subject,
            """
            SELECT lane, MIN(notBefore) AS nextAt FROM delivery WHERE state = 'planned' GROUP BY lane ORDER BY lane
            """)
        #expect(kept == counted)
    }

    private func lanes(_ subject: StoreUnderTest, _ sql: String) async throws -> [String: Int64] {
        try await subject.store.queue.read { db in
            try Row.fetchAll(db, sql: sql).reduce(into: [:]) { $0[$1["lane"] as String] = $1["nextAt"] as Int64 }
        }
    }
}
