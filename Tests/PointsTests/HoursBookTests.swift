import Contracts
import TestSupport
import Testing

@testable import Points

@Test func `hours are entered, earn points once, and are told with the person's total`() async throws {
    let bench = try await FairnessBench()
    let first = bench.hours("hours-1")

    #expect(try await bench.give(first).outcome == "applied")
    #expect(try await bench.give(first).outcome == "applied")
    let second = bench.hours("hours-2", minutes: 59, at: Timestamp.morning.adding(milliseconds: -4 * 3_600_000))
    #expect(try await bench.give(second).outcome == "applied")

    let told = try await bench.hours()
    #expect(told.map(\.recordId) == ["hours-1", "hours-2"])
    #expect(told.map(\.total) == [120, 179])
    #expect(try await bench.available("rider-1") == 10)
    let award = try #require(try await bench.moved().last)
    #expect(award.step == .awarded && award.transferId == told.first?.transferId)
    #expect(award.explanation.contains("夜间巡查"))
    #expect(told.map { $0.transferId == nil } == [false, true])
}

@Test func `an id stands for one entry, and no minute is entered twice`() async throws {
    let bench = try await FairnessBench()
    try await bench.give(bench.hours("hours-1"))

    #expect(try await bench.give(bench.hours("hours-1", minutes: 90)).outcome == "conflict")
    #expect(try await bench.give(bench.hours("hours-2", minutes: 90)).outcome == "overlaps")
    #expect(try await bench.give(bench.hours("hours-2", of: "rider-2", minutes: 90)).outcome == "applied")
    #expect(try await bench.give(bench.hours("hours-3", of: "desk")).outcome == "not-allowed")
    #expect(try await bench.give(bench.hours("hours-4", at: bench.now)).outcome == "not-yet-served")
    #expect(try await bench.hours().count == 2)
}

@Test func `an entry that is taken back gives its award back once, and its minutes are free again`() async throws {
    let bench = try await FairnessBench()
    try await bench.give(bench.hours("hours-1"))

    #expect(try await bench.give(bench.hours("hours-2", minutes: 60, reverses: "hours-1")).outcome == "differs")
    #expect(try await bench.give(bench.hours("hours-2", reverses: "hours-1")).outcome == "applied")
    #expect(try await bench.give(bench.hours("hours-2", reverses: "hours-1")).outcome == "applied")
    #expect(try await bench.give(bench.hours("hours-3", reverses: "hours-1")).outcome == "already-taken-back")
    #expect(try await bench.give(bench.hours("hours-3", reverses: "hours-2")).outcome == "not-found")

    let told = try await bench.hours()
    #expect(told.map(\.minutes) == [120, -120])
    #expect(told.map(\.total) == [120, 0])
    #expect(try await bench.available("rider-1") == 0)
    #expect(try await bench.moved().map(\.step) == [.funded, .awarded, .corrected])
    #expect(try await bench.moved().last?.correctsTransferId == told.first?.transferId)
    #expect(try await bench.give(bench.hours("hours-4", minutes: 60)).outcome == "applied")
    #expect(try await bench.available("rider-1") == 5)
}

@Test func `what of an award was spent is not asked back`() async throws {
    let bench = try await FairnessBench()
    try await bench.give(bench.hours("hours-1"))
    #expect(try await bench.spend(7, as: "spent") == "applied")
    _ = try await bench.award(50, as: "other")

    try await bench.give(bench.hours("hours-2", reverses: "hours-1"))

    #expect(try await bench.available("rider-1") == 50)
    let back = try #require(try await bench.moved().last)
    #expect(back.points == 3 && back.explanation.contains("其余已用去或过期"))
    #expect(try await bench.hours().map(\.total) == [120, 0])
}

@Test func `an award that was corrected is not taken back once more`() async throws {
    let bench = try await FairnessBench()
    try await bench.give(bench.hours("hours-1"))
    let award = try #require(try await bench.hours().first?.transferId)
    let correction = CorrectTransfer(
        transferId: "correction", ledgerId: "nanchang", corrects: award, reason: "误发", actor: FairnessBench.admin)
    #expect(try await bench.give(correction).outcome == "applied")
    _ = try await bench.award(50, as: "other")

    try await bench.give(bench.hours("hours-2", reverses: "hours-1"))

    #expect(try await bench.available("rider-1") == 50)
    #expect(try await bench.hours().last?.transferId == nil)
}

@Test func `a short budget is said, and the hours count all the same`() async throws {
    let bench = try await FairnessBench(.fair(budget: 7))
    try await bench.give(bench.hours("hours-1"))
    try await bench.give(bench.hours("hours-2", of: "rider-2"))

    let moved = try await bench.moved()
    #expect(moved.map(\.step) == [.funded, .awarded, .capped])
    #expect(moved.map(\.points) == [7, 7, 10])
    #expect(moved.dropFirst().first?.explanation.contains("预算只余 7 分") == true)
    #expect(moved.last?.postings.isEmpty == true && moved.last?.explanation.contains("预算只余 0 分") == true)
    #expect(try await bench.hours().map(\.total) == [120, 120])
    #expect(try await bench.hours().last?.transferId == nil)
}
