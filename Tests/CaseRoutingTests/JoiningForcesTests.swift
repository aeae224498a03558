import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

@testable import CaseRouting

private let loop = PackLoop(ladder: [
    PackLevel(name: "单位负责人", englishName: "unit head", after: "2w", unitId: nil),
    PackLevel(name: "街道", englishName: "street", after: "1e", unitId: CitySample.sanitation),
])
private let sweeper = CitySample.actor("sweeper", "worker")

private func dispatched(in desk: Desk) async throws -> CaseID {
    let id = try await desk.register(CitySample.report()).state().caseId
    try await desk.act(.file, on: id)
    try await desk.act(.dispatch, on: id)
    return id
}

private func asking(until milliseconds: Int64? = nil, limit: String? = nil) -> StepDetails {
    StepDetails {
        $0.unitIds = [CitySample.sanitation]
        $0.until = milliseconds.map { CitySample.monday.adding(milliseconds: $0) }
        $0.limit = limit
    }
}

@Test func `one timer after the other leads an overdue case up the ladder`() async throws {
    let desk = try await Desk(pack: CitySample.pack(loop: loop))
    let id = try await dispatched(in: desk)

    var levels: [Int?] = []
    for kind in ["deadline", "escalation", "escalation"] {
        let timers = try await desk.timers(of: id)
        #expect(Set(timers.keys).subtracting(["near-due"]) == [kind])
        let due = try #require(timers[kind])
        let alarm = try #require(Alarm(name: kind))
        #expect(try await desk.ring(alarm, of: id, at: due.adding(milliseconds: -1)).isEmpty)
        levels.append(try await desk.ring(alarm, of: id, at: due).state().course?.level)
    }

    #expect(levels == [nil, 1, 2])
    #expect(try await desk.timers(of: id).isEmpty)
    let state = try await desk.act(.handle, on: id, after: 900_000_000).state()
    #expect(state.course?.level == 2)
}

@Test func `handling an overdue case cancels the next level`() async throws {
    let desk = try await Desk(pack: CitySample.pack(loop: loop))
    let id = try await dispatched(in: desk)
    let due = try #require(try await desk.timers(of: id)["deadline"])
    try await desk.ring(.deadline, of: id, at: due)

    try await desk.act(.handle, on: id, after: due.milliseconds - Desk.start + 1)

    #expect(Set(try await desk.timers(of: id).keys) == ["verify"])
    #expect(try await desk.ring(.escalation, of: id, at: due.adding(milliseconds: 900_000_000)).isEmpty)
}

@Test func `a whistle ends by its timer, and by everybody's coming`() async throws {
    let desk = try await Desk()
    let id = try await dispatched(in: desk)

    let whistled = try await desk.act(.whistle, on: id, by: CitySample.desk, details: asking(until: 60_000), after: 1)
    #expect(whistled.types == ["case.whistled", "case.state"])
    let due = CitySample.monday.adding(milliseconds: 60_001)
    #expect(try await desk.timers(of: id)["whistle"] == due)
    let ended = try await desk.ring(.whistle, of: id, at: due)
    #expect(ended.types == ["case.whistle-ended", "case.state"])
    #expect(try ended[0].read(CaseChanged.self).details?.unitIds == [CitySample.sanitation])
    let refused = try await desk.act(.checkIn, on: id, by: sweeper, details: asking(), after: 60_002)
    #expect(try refused.refusal().code == "whistle-over")
    #expect(try refused.refusal().allowed == ["whistle"])

    try await desk.act(.whistle, on: id, details: asking(until: 120_000), after: 70_000)
    let there = try await desk.act(.checkIn, on: id, by: sweeper, details: asking(), after: 80_000)
    #expect(there.types == ["case.checked-in", "case.whistle-ended", "case.state"])
    #expect(try await desk.timers(of: id)["whistle"] == nil)
    #expect(try there.state().course?.whistle?.present == [CitySample.sanitation])
}

@Test func `a co-owner's timer runs beside the case's own`() async throws {
    let desk = try await Desk()
    let id = try await dispatched(in: desk)

    try await desk.act(.addCoOwner, on: id, details: asking(limit: "1e"))
    let timers = try await desk.timers(of: id)
    let due = CitySample.monday.adding(milliseconds: 3_600_001)
    #expect(Set(timers.keys) == ["deadline", "near-due", "co-owner:sanitation"])
    #expect(timers["co-owner:sanitation"] == due)
    let overdue = try await desk.ring(.coOwner(CitySample.sanitation), of: id, at: due)
    #expect(overdue.types == ["case.co-owner-overdue", "case.state"])
    #expect(try await desk.act(.handle, on: id, after: 3_700_000).refusal().code == "parts-open")
    let done = try await desk.act(.coHandle, on: id, by: sweeper, details: asking(), after: 3_700_000)
    #expect(done.types == ["case.co-owner-handled", "case.state"])
    #expect(try await desk.act(.handle, on: id, after: 3_700_001).types == ["case.handled", "case.state"])
    #expect(Set(try await desk.timers(of: id).keys) == ["verify"])
}
