import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let hour: Int64 = 3_600_000
/// Four working hours after Monday 09:00: an hour of rest lies between.
private let deadline = CitySample.moment("2026-11-23T14:00:00.000+08:00")
private let sweeper = CitySample.actor("sweeper", "worker")

/// A case after acts, each so many minutes after Monday 09:00.
private func walk(_ acts: (ActOnCase, Int64)..., from found: Case? = nil) throws -> Case {
    try acts.reduce(try found ?? Sample.case(.dispatched)) { found, step in
        try Sample.decided(step.0, on: found, in: Sample.later(step.1 * 60_000)).case
    }
}

private func dispatch(_ unit: UnitID) -> ActOnCase { Sample.act(.dispatch, by: CitySample.desk, unitId: unit) }

@Test func `however often a case is handed to and fro, each unit has its time once`() throws {
    var found = try Sample.case(.dispatched)
    // Ten minutes each, six times: half an hour of the four hours is used up by both.
    for turn in 1...6 {
        let unit = turn % 2 == 1 ? CitySample.sanitation : CitySample.property
        found = try walk((dispatch(unit), Int64(turn) * 10), from: found)
    }
    #expect(found.stage.owner?.unitId == CitySample.property)
    #expect(found.state.deadline == deadline.adding(milliseconds: 1_800_000))

    let away = try walk((dispatch(CitySample.sanitation), 10), (dispatch(CitySample.property), 10))
    #expect(away.state.deadline == deadline)
}

@Test func `a unit that was late is late when the case comes back`() throws {
    let overdue = try #require(try Sample.case(.dispatched).ring(.deadline, in: Sample.later(6 * hour))).case
    let away = try walk((dispatch(CitySample.sanitation), 400), from: overdue)
    #expect(!away.state.isOverdue)

    let back = try Sample.decided(dispatch(CitySample.property), on: away, in: Sample.later(7 * hour))

    #expect(back.told == ["case.dispatched", "case.overdue"])
    #expect(back.case.state.isOverdue && back.case.state.deadline == deadline)
}

@Test func `work to be done again has a new time, and so has a case that is opened once more`() throws {
    let again = try walk(
        (dispatch(CitySample.sanitation), 10), (Sample.act(.handle, by: sweeper), 20),
        (Sample.act(.verify, by: CitySample.checker, agrees: false), 30), (dispatch(CitySample.property), 60))

    #expect(again.state.deadline == deadline.adding(milliseconds: hour))
}

// MARK: - 首接负责

@Test func `what a unit gave back is its own until another takes it on, and its clock goes on`() throws {
    let returned = try walk((Sample.act(.return, by: Sample.worker), 30))
    #expect(returned.state.course?.keptBy == CitySample.property)
    #expect(returned.state.course?.keptDeadline == deadline)
    #expect(returned.alarms == [.kept: deadline.adding(milliseconds: 1)])
    #expect(try returned.ring(.kept, in: Sample.circumstances(at: deadline)) == nil)

    let late = try #require(
        try returned.ring(.kept, in: Sample.circumstances(at: deadline.adding(milliseconds: 1))))
    #expect(late.told == ["case.kept-overdue"])
    let step = try #require(late.steps(.keptOverdue).first)
    #expect(step.deadline == deadline && step.actorId == nil)
    #expect(step.details == StepDetails { $0.unitIds = [CitySample.property] })
    #expect(late.case.alarms.isEmpty && !late.case.state.isOverdue)

    // Another has it and did not take it on: still the first one's.
    let moved = try walk((dispatch(CitySample.sanitation), 60), from: returned)
    #expect(moved.alarms[.kept] == deadline.adding(milliseconds: 1))
    #expect(moved.state.deadline == deadline.adding(milliseconds: hour))
    let taken = try walk((Sample.act(.accept, by: sweeper), 90), from: moved)
    #expect(taken.state.course?.keptBy == nil && taken.alarms[.kept] == nil)
    #expect(taken.state.course?.keptDeadline == nil)
    // Work that comes after the keeper's time is told as that first.
    let after = Sample.circumstances(at: deadline.adding(milliseconds: 60_000))
    #expect(
        try Sample.decided(Sample.act(.accept, by: sweeper), on: moved, in: after).told
            == ["case.kept-overdue", "case.accepted"])
}

@Test func `a unit that gets back what it gave back has no new time, and has what was left after another had it`()
    throws
{
    let returned = try walk((Sample.act(.return, by: Sample.worker), 30))
    #expect(try walk((dispatch(CitySample.property), 60), from: returned).state.deadline == deadline)

    let elsewhere = try walk(
        (dispatch(CitySample.sanitation), 60), (Sample.act(.accept, by: sweeper), 70),
        (Sample.act(.return, by: sweeper), 100), from: returned)
    #expect(elsewhere.returns == 2 && elsewhere.state.course?.keptBy == CitySample.sanitation)
    // Half an hour with another that had taken it on does not count against the first.
    let back = try walk((dispatch(CitySample.property), 100), from: elsewhere)
    #expect(back.state.deadline == deadline.adding(milliseconds: hour / 2))
}

@Test func `while a returned case waits for its reporter the keeper's clock stands still`() throws {
    let asked = try walk((Sample.act(.return, by: Sample.worker), 30), (Sample.act(.askReporter), 60))
    #expect(asked.state.course?.keptDeadline == nil && asked.alarms[.kept] == nil)

    let answered = try walk((Sample.act(.reply, by: Sample.rider), 90), from: asked)

    #expect(answered.stage.name == .filed)
    #expect(answered.state.course?.keptDeadline == deadline.adding(milliseconds: hour / 2))
    let blind = try Sample.decided(
        Sample.act(.reply, by: Sample.rider), on: asked, in: Sample.later(hour * 2, table: nil)
    ).case
    #expect(blind.flagged?.contains("时限无法计算") == true)
}

@Test func `another category counts for the keeper as well`() throws {
    let table = RoutingTable(
        CitySample.pack(
            categories: CitySample.categories.map {
                $0.code == "P0101" ? CitySample.category("P0101", limit: "8w", keywords: []) : $0
            }))
    let returned = try walk((Sample.act(.return, by: Sample.worker), 30))

    let changed = try Sample.decided(
        Sample.act(.reclassify, category: "P0101"), on: returned, in: Sample.later(hour, table: table)
    ).case

    #expect(changed.state.course?.keptDeadline == CitySample.moment("2026-11-23T18:00:00.000+08:00"))
}
