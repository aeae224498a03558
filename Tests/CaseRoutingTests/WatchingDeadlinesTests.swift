import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

@testable import CaseRouting

private func dispatched(in desk: Desk) async throws -> (id: CaseID, due: Timestamp) {
    let id = try await desk.register(CitySample.report()).state().caseId
    try await desk.act(.file, on: id)
    try await desk.act(.dispatch, on: id)
    return (id, try #require(try await desk.timer(of: id)))
}

@Test func `a deadline that passes makes the case overdue, once`() async throws {
    let desk = try await Desk()
    let (id, due) = try await dispatched(in: desk)

    #expect(try await desk.wake(id, due: due, at: due.adding(milliseconds: -1)).isEmpty)
    let overdue = try await desk.wake(id, due: due, at: due)
    #expect(overdue.types == ["case.overdue", "case.state"])
    #expect(try overdue.state().isOverdue)
    #expect(try await desk.timer(of: id) == nil)
    #expect(try await desk.wake(id, due: due, at: due.adding(milliseconds: 10_000)).isEmpty)
}

@Test func `a timer that overtakes its own cancelling says nothing`() async throws {
    let desk = try await Desk()
    let (id, due) = try await dispatched(in: desk)
    try await desk.act(.handle, on: id)

    #expect(try await desk.wake(id, due: due, at: due).isEmpty)
}

@Test(arguments: [CaseAction.handle, .return, .refuse, .transfer])
func `whatever takes the case from its handler stops the clock`(action: CaseAction) async throws {
    let desk = try await Desk()
    let (id, _) = try await dispatched(in: desk)

    try await desk.act(action, on: id, to: CitySample.longjiang)

    #expect(try await desk.timer(of: id) == nil)
}

@Test func `another unit has a timer of its own, and a colleague the unit's`() async throws {
    let desk = try await Desk()
    let (id, due) = try await dispatched(in: desk)

    try await desk.act(.dispatch, on: id, unitId: CitySample.sanitation, after: 600_000)

    #expect(try await desk.timer(of: id) == due.adding(milliseconds: 600_000))
    // Back with the first, for whom ten minutes are used up and none while it was elsewhere.
    try await desk.act(.dispatch, on: id, unitId: CitySample.property, after: 900_000)
    #expect(try await desk.timer(of: id) == due.adding(milliseconds: 300_000))
    try await desk.act(.dispatch, on: id, handlerId: "worker-b", after: 1_200_000)
    #expect(try await desk.timer(of: id) == due.adding(milliseconds: 300_000))
}

@Test func `the unit that gave a case back is watched until another takes it on`() async throws {
    let desk = try await Desk()
    let (id, due) = try await dispatched(in: desk)

    let returned = try await desk.act(.return, on: id, after: 600_000)
    #expect(try returned.state().course?.keptDeadline == due.adding(milliseconds: -1))
    // That somebody is to dispatch it is a clock beside the unit's own.
    #expect(Set(try await desk.timers(of: id).keys) == ["kept", "dispatch"])
    #expect(try await desk.timer(of: id, kind: "kept") == due)
    try await desk.act(.dispatch, on: id, unitId: CitySample.sanitation, after: 900_000)
    #expect(try await desk.timer(of: id, kind: "kept") == due)

    let late = try await desk.ring(.kept, of: id, at: due)
    #expect(late.types == ["case.kept-overdue", "case.state"])
    #expect(try late[0].read(CaseChanged.self).details == StepDetails { $0.unitIds = [CitySample.property] })
    #expect(try await desk.timer(of: id, kind: "kept") == nil)
    #expect(try await desk.ring(.kept, of: id, at: due.adding(milliseconds: 1)).isEmpty)
}

@Test func `a case that rests until a date goes on when its timer comes back, and its clock with it`() async throws {
    let desk = try await Desk()
    let (id, _) = try await dispatched(in: desk)
    let until = CitySample.monday.adding(milliseconds: 7_200_000)

    try await desk.act(.park, on: id, details: StepDetails { $0.until = until })
    #expect(try await desk.timer(of: id) == nil)
    #expect(try await desk.timer(of: id, kind: "near-due") == nil)
    #expect(try await desk.timer(of: id, kind: "rest") == until)

    let resumed = try await desk.wake(id, kind: "rest", due: until, at: until)
    #expect(resumed.types == ["case.resumed", "case.state"])
    #expect(try resumed.state().stage == .dispatched)
    // Parked at once, so that all four hours are left at 11:00.
    #expect(try await desk.timer(of: id) == CitySample.moment("2026-11-23T16:00:00.001+08:00"))
    #expect(try await desk.timer(of: id, kind: "rest") == nil)
}

@Test func `a handler is warned once before the deadline`() async throws {
    let desk = try await Desk()
    let (id, _) = try await dispatched(in: desk)
    let due = try #require(try await desk.timer(of: id, kind: "near-due"))

    let warned = try await desk.wake(id, kind: "near-due", due: due, at: due)
    #expect(warned.types == ["case.near-due", "case.state"])
    #expect(try await desk.timer(of: id, kind: "near-due") == nil)
    #expect(try await desk.wake(id, kind: "near-due", due: due, at: due.adding(milliseconds: 9)).isEmpty)
}

@Test func `a case that nobody dispatches and work that nobody verifies ring by their own timers`() async throws {
    let desk = try await Desk()
    let id = try await desk.register(CitySample.report()).state().caseId
    try await desk.act(.file, on: id)
    #expect(try await desk.timer(of: id, kind: "file") == nil)
    let due = try #require(try await desk.timer(of: id, kind: "dispatch"))

    let overdue = try await desk.wake(id, kind: "dispatch", due: due, at: due)

    #expect(overdue.types == ["case.dispatch-overdue", "case.state"])
    #expect(try overdue.state().course?.dispatchOverdueAt == due)
    #expect(try await desk.timer(of: id, kind: "dispatch") == nil)
    try await desk.act(.dispatch, on: id, after: 3_600_000)
    try await desk.act(.handle, on: id, after: 3_600_000)
    let look = try #require(try await desk.timer(of: id, kind: "verify"))
    #expect(
        try await desk.wake(id, kind: "verify", due: look, at: look).types == [
            "case.verification-overdue", "case.state",
        ])
}
