import Contracts
import TestSupport
import Testing

@testable import Points

private let rider = Actor(personId: "rider-1", roles: ["rider"])

@Test func `nothing is taken before the window is over, and then once`() async throws {
    let bench = try await FairnessBench()
    let award = try await bench.award(10, as: "award-1")

    #expect(try await bench.give(bench.notice(about: award)).outcome == "applied")
    #expect(try await bench.give(bench.notice(about: award)).outcome == "applied")
    #expect(try await bench.give(bench.answer(.uphold)).outcome == "window-open")
    let until = try #require(try await bench.notices().first?.objectionUntil)
    bench.wait(until.milliseconds - bench.now.milliseconds - 1)
    try await bench.wake()
    #expect(try await bench.available("rider-1") == 10)
    bench.wait(1)
    try await bench.wake()
    try await bench.wake()

    #expect(try await bench.notices().map(\.step) == [.given, .lapsed])
    #expect(try await bench.notices().map(\.taken) == [nil, 10])
    #expect(try await bench.available("rider-1") == 0)
    #expect(try await bench.moved().filter { $0.step == .clawedBack }.count == 1)
    #expect(try await bench.give(bench.answer(.dismiss)).outcome == "notice-ended")
    #expect(try await bench.give(bench.notice("notice-2", about: award)).outcome == "already-noticed")
}

@Test func `after an objection another person decides, however long it takes`() async throws {
    let bench = try await FairnessBench()
    let award = try await bench.award(10, as: "award-1")
    try await bench.give(bench.notice(about: award))

    #expect(
        try await bench.give(bench.answer(.object, by: Actor(personId: "rider-2", roles: []))).outcome == "not-allowed")
    #expect(try await bench.give(bench.answer(.object, by: rider, reason: "是新垃圾")).outcome == "applied")
    bench.wait(30 * FairnessBench.day)
    try await bench.wake()
    #expect(try await bench.available("rider-1") == 10)
    #expect(try await bench.give(bench.answer(.uphold, by: FairnessBench.desk)).outcome == "own-notice")
    #expect(try await bench.give(bench.answer(.uphold)).outcome == "applied")
    #expect(try await bench.give(bench.answer(.uphold)).outcome == "applied")

    #expect(try await bench.notices().map(\.step) == [.given, .objected, .upheld])
    #expect(try await bench.available("rider-1") == 0)
    #expect(try await bench.balance("issued:nanchang") == 100_000)
}

@Test func `a dismissed notice takes nothing, and the award may be looked at anew`() async throws {
    let bench = try await FairnessBench()
    let award = try await bench.award(10, as: "award-1")
    try await bench.give(bench.notice(about: award))
    try await bench.give(bench.answer(.dismiss))
    bench.wait(3 * FairnessBench.day)
    try await bench.wake()

    #expect(try await bench.available("rider-1") == 10)
    #expect(try await bench.notices().map(\.step) == [.given, .dismissed])
    #expect(try await bench.give(bench.notice(about: award)).outcome == "applied")
    #expect(try await bench.notices().count == 2)
    #expect(try await bench.give(bench.notice("notice-2", about: award)).outcome == "applied")
}

@Test func `a promise that a notice was about goes back, and its case cannot make it spendable`() async throws {
    let bench = try await FairnessBench()
    try await bench.earn("case-1", by: "rider-1", closing: false)
    let promise = try #require(try await bench.moved().last { $0.step == .pended })
    try await bench.give(bench.notice(about: promise.transferId))
    bench.wait(3 * FairnessBench.day)
    try await bench.wake()
    _ = try await bench.observe(.step(.closed, of: "case-1", reporter: "rider-1", at: bench.now, id: 2))

    #expect(try await bench.notices().last?.taken == 10)
    #expect(try await bench.balance("pending:nanchang:rider-1") == 0)
    #expect(try await bench.available("rider-1") == 0)
    let voided = try #require(try await bench.moved().last { $0.step == .voided })
    #expect(voided.caseNumber == "GX-case-1" && voided.explanation.contains("申诉期满"))
}

@Test func `a promise that became spendable meanwhile is taken from what it became`() async throws {
    let bench = try await FairnessBench()
    try await bench.earn("case-1", by: "rider-1", closing: false)
    let promise = try #require(try await bench.moved().last { $0.step == .pended })
    try await bench.give(bench.notice(about: promise.transferId))
    _ = try await bench.observe(.step(.closed, of: "case-1", reporter: "rider-1", at: bench.now, id: 2))
    _ = try await bench.award(3, as: "other")
    let released = try #require(try await bench.moved().last { $0.step == .released })
    #expect(try await bench.give(bench.notice("notice-2", about: released.transferId)).outcome == "already-noticed")
    bench.wait(3 * FairnessBench.day)
    try await bench.wake()

    #expect(try await bench.notices().last?.taken == 10)
    #expect(try await bench.available("rider-1") == 3)
}

@Test func `what is not there any more is said, and no account falls below zero`() async throws {
    let bench = try await FairnessBench()
    let award = try await bench.award(10, as: "award-1")
    _ = try await bench.award(2, as: "other")
    #expect(try await bench.spend(8, as: "spent") == "applied")
    try await bench.give(bench.notice(about: award))
    bench.wait(3 * FairnessBench.day)
    try await bench.wake()

    let lapsed = try #require(try await bench.notices().last)
    #expect(lapsed.taken == 4 && lapsed.points == 10)
    #expect(lapsed.reason?.contains("其余 6 分已用去或过期") == true)
    #expect(try await bench.available("rider-1") == 0)
    #expect(try await bench.give(bench.notice("notice-2", about: "no-such")).outcome == "not-an-award")
}

@Test func `points that went back otherwise are not taken once more`() async throws {
    let bench = try await FairnessBench()
    try await bench.give(bench.hours("hours-1"))
    let award = try #require(try await bench.hours().first?.transferId)
    _ = try await bench.award(30, as: "other")
    try await bench.give(bench.notice(about: award))
    try await bench.give(bench.hours("hours-2", reverses: "hours-1"))
    bench.wait(3 * FairnessBench.day)
    try await bench.wake()

    #expect(try await bench.notices().last?.taken == 0)
    #expect(try await bench.available("rider-1") == 30)
    #expect(try await bench.give(bench.notice("notice-2", about: "hours-1")).outcome == "not-an-award")
}

@Test func `points that a notice took are not taken by a correction, nor with the hours`() async throws {
    let bench = try await FairnessBench()
    try await bench.give(bench.hours("hours-1"))
    let award = try #require(try await bench.hours().first?.transferId)
    try await bench.give(bench.notice(about: award))
    bench.wait(3 * FairnessBench.day)
    try await bench.wake()
    _ = try await bench.award(30, as: "other")

    let correction = CorrectTransfer(
        transferId: "correction", ledgerId: "nanchang", corrects: award, reason: "误发", actor: FairnessBench.admin)
    #expect(try await bench.give(correction).outcome == "already-corrected")
    #expect(try await bench.give(bench.hours("hours-2", reverses: "hours-1")).outcome == "applied")
    #expect(try await bench.available("rider-1") == 30)
}

@Test func `an id stands for one notice, and a notice is about a signal of the person or none`() async throws {
    let bench = try await FairnessBench()
    let award = try await bench.award(10, as: "award-1")

    #expect(try await bench.give(bench.notice(about: award, signal: "nothing")).outcome == "no-signal")
    #expect(try await bench.give(bench.notice(about: award)).outcome == "applied")
    #expect(try await bench.give(bench.notice(about: award, by: FairnessBench.admin)).outcome == "conflict")
    #expect(try await bench.give(bench.answer(.object, "notice-9", by: rider)).outcome == "not-found")
}
