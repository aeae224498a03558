import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let hour: Int64 = 3_600_000
private let sweeper = CitySample.actor("sweeper", "worker")
private let worker = CitySample.actor("worker-a", "worker")
private let both = Sample.asking(CitySample.property, CitySample.sanitation, until: hour)

/// A dispatched case that the property company and the sanitation are called to until 10:00.
private func whistled() throws -> Case {
    try Sample.decided(Sample.act(.whistle, by: CitySample.desk, details: both), on: Sample.case(.dispatched)).case
}

private func checkIn(_ unit: UnitID, by actor: Actor) -> ActOnCase {
    Sample.act(.checkIn, by: actor, reason: nil, details: Sample.asking(unit))
}

@Test func `a whistle calls units to the spot and leaves the deadline alone`() throws {
    let before = try Sample.case(.dispatched)
    let decision = try Sample.decided(Sample.act(.whistle, by: CitySample.desk, details: both), on: before)

    #expect(decision.told == ["case.whistled"])
    let step = try #require(decision.steps(.whistled).first)
    #expect(step.details == both)
    #expect(step.actorId == "desk")
    #expect(step.reason == "现场情况")
    #expect(
        decision.case.state.course?.whistle
            == CaseCourse.Whistle(
                at: CitySample.monday, until: CitySample.monday.adding(milliseconds: hour),
                called: [CitySample.property, CitySample.sanitation], present: [], ended: false))
    #expect(decision.case.state.deadline == before.state.deadline)
    #expect(decision.case.alarms[.whistle] == CitySample.monday.adding(milliseconds: hour + 1))
}

@Test func `when all are there the whistle is over, and nobody is missing`() throws {
    let first = try Sample.decided(
        checkIn(CitySample.sanitation, by: sweeper), on: whistled(), in: Sample.later(60_000))
    #expect(first.told == ["case.checked-in"])
    #expect(first.steps(.checkedIn).first?.details == Sample.asking(CitySample.sanitation))
    #expect(first.case.state.course?.whistle?.present == [CitySample.sanitation])

    // On time to the millisecond.
    let second = try Sample.decided(checkIn(CitySample.property, by: worker), on: first.case, in: Sample.later(hour))
    #expect(second.told == ["case.checked-in", "case.whistle-ended"])
    #expect(second.steps(.whistleEnded).first?.details == nil)
    #expect(second.case.state.course?.whistle?.ended == true)
    #expect(second.case.alarms[.whistle] == nil)
}

@Test func `when the time is over the missing units are named, once`() throws {
    let found = try Sample.decided(checkIn(CitySample.sanitation, by: sweeper), on: whistled()).case

    #expect(try found.ring(.whistle, in: Sample.later(hour)) == nil)
    let ended = try #require(try found.ring(.whistle, in: Sample.later(hour + 1)))
    #expect(ended.told == ["case.whistle-ended"])
    #expect(ended.steps(.whistleEnded).first?.details == Sample.asking(CitySample.property))
    #expect(ended.steps(.whistleEnded).first?.actorId == nil)
    #expect(try ended.case.ring(.whistle, in: Sample.later(2 * hour)) == nil)
    let refusal = try Sample.refused(checkIn(CitySample.property, by: worker), on: ended.case)
    #expect(refusal?.code == .whistleOver)
    #expect(refusal?.allowed == [.whistle])
    #expect(refusal?.reason.contains("The whistle is over") == true)

    let again = try Sample.decided(
        Sample.act(.whistle, details: Sample.asking(CitySample.sanitation, until: 3 * hour)), on: ended.case,
        in: Sample.later(2 * hour))
    #expect(again.case.state.course?.whistle?.present == [])
}

@Test func `who comes before the clock was read, and too late, is not let in`() throws {
    let refusal = try Sample.refused(
        checkIn(CitySample.property, by: worker), on: whistled(), in: Sample.later(hour + 1))

    #expect(refusal?.code == .whistleOver)
}

@Test(arguments: [CaseAction.handle, .return, .refuse, .transfer])
func `a case that leaves its handler calls nobody any more, and blames nobody`(action: CaseAction) throws {
    let taken = try Sample.decided(Sample.act(action), on: whistled(), in: Sample.later(60_000))

    #expect(taken.told.last == "case.whistle-ended")
    let step = try #require(taken.steps(.whistleEnded).first)
    #expect(step.details == nil)
    #expect(step.reason?.contains(taken.case.stage.name.chinese) == true)
    #expect(taken.case.alarms[.whistle] == nil)
    #expect(taken.case.version == (try whistled().version) + 1)
}

@Test func `another dispatch leaves the whistle as it is`() throws {
    let moved = try Sample.decided(Sample.act(.dispatch, handlerId: "worker-b"), on: whistled())

    #expect(moved.told == ["case.dispatched"])
    #expect(moved.case.alarms[.whistle] != nil)
}

@Test func `a whistle that cannot be is refused with what it needs`() throws {
    let found = try Sample.case(.dispatched)
    func code(_ details: StepDetails?, reason: String? = "联合执法", on found: Case = found) throws -> CaseRefusal.Code? {
        try Sample.refused(Sample.act(.whistle, reason: reason, details: details), on: found)?.code
    }
    let month = 30 * 24 * hour
    let many = StepDetails {
        $0.unitIds = (0...20).map { UnitID("unit-\($0)") }
        $0.until = CitySample.monday.adding(milliseconds: hour)
    }

    #expect(try code(both, reason: " ") == .reasonNeeded)
    #expect(try code(nil) == .unitNeeded)
    #expect(try code(StepDetails { $0.until = CitySample.monday.adding(milliseconds: hour) }) == .unitNeeded)
    #expect(try code(Sample.asking(CitySample.property, CitySample.property, until: hour)) == .unitNeeded)
    #expect(try code(many) == .unitNeeded)
    #expect(try code(Sample.asking("nobody", until: hour)) == .unknownUnit)
    #expect(try code(Sample.asking(CitySample.property)) == .whistleTime)
    #expect(try code(Sample.asking(CitySample.property, until: 0)) == .whistleTime)
    #expect(try code(Sample.asking(CitySample.property, until: month + 1)) == .whistleTime)
    #expect(try code(Sample.asking(CitySample.property, until: month)) == nil)
    #expect(try code(both, on: whistled()) == .whistleRuns)
    #expect(
        try Sample.refused(Sample.act(.whistle, details: both), on: found, in: Sample.circumstances(table: nil))?.code
            == .noPack)
}

@Test func `a check-in that cannot be is refused with who was called`() throws {
    let boss = CitySample.boss
    let only = try Sample.decided(
        Sample.act(.whistle, details: Sample.asking(CitySample.sanitation, "mingdu-property", until: hour)),
        on: Sample.case(.dispatched)
    ).case
    func refusal(_ details: StepDetails?, on found: Case = only) throws -> CaseRefusal? {
        try Sample.refused(Sample.act(.checkIn, by: boss, details: details), on: found)
    }

    #expect(try refusal(Sample.asking(CitySample.property), on: Sample.case(.dispatched))?.code == .noWhistle)
    #expect(try refusal(nil)?.code == .unitNeeded)
    #expect(try refusal(Sample.asking(CitySample.property, CitySample.sanitation))?.code == .unitNeeded)
    #expect(try refusal(Sample.asking("fire-rescue"))?.code == .notCalled)
    #expect(try refusal(Sample.asking("fire-rescue"))?.reason.contains("sanitation, mingdu-property") == true)
    let there = try Sample.decided(checkIn(CitySample.sanitation, by: sweeper), on: only).case
    #expect(try refusal(Sample.asking(CitySample.sanitation), on: there)?.code == .thereAlready)
}
