import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

/// Monday 10:00: an hour of the four is used, so that after a rest three are left.
private let anHourLater = CitySample.monday.adding(milliseconds: 3_600_000)
private let tuesday = CitySample.moment("2026-11-24T10:00:00.000+08:00")

private let aside: [(action: CaseAction, stage: CaseStage, step: String)] = [
    (.park, .parked, "case.parked"), (.askReporter, .waiting, "case.information-asked"),
    (.refer, .referred, "case.referred"),
]

@Test(arguments: aside)
func `while a case is put aside its clock stands still, and runs on from there`(
    action: CaseAction, stage: CaseStage, step: String
) throws {
    let found = try Sample.case(.dispatched)
    let rest = try Sample.decided(Sample.act(action), on: found, in: Sample.circumstances(at: anHourLater))
    let back = try Sample.decided(
        Sample.act(action == .askReporter ? .reply : .resume), on: rest.case, in: Sample.circumstances(at: tuesday))

    #expect(rest.told == [step])
    #expect(rest.case.stage.name == stage)
    #expect(rest.case.state.deadline == nil)
    #expect(rest.case.watchedDeadline == nil && rest.case.alarms[.nearDue] == nil)
    #expect(rest.case.stage.owner == Sample.owner)
    #expect(back.told == [action == .askReporter ? "case.information-given" : "case.resumed"])
    #expect(back.case.stage.name == .dispatched)
    // Three working hours after Tuesday 10:00, an hour of rest between.
    #expect(back.case.watchedDeadline == CitySample.moment("2026-11-24T14:00:00.000+08:00"))
    guard case .changed(let change)? = back.events.last else { return }
    #expect(change.deadline == back.case.watchedDeadline && change.actorId == "boss")
}

@Test(arguments: [CaseAction.park, .askReporter])
func `a rest ends by itself at its time, and no earlier`(action: CaseAction) throws {
    let found = try Sample.decided(
        Sample.act(action), on: Sample.case(.dispatched), in: Sample.circumstances(at: anHourLater)
    ).case

    #expect(found.alarms == [.rest: Sample.friday])
    #expect(found.state.course?.restsUntil == Sample.friday)
    #expect(try found.ring(.rest, in: Sample.circumstances(at: Sample.friday.adding(milliseconds: -1))) == nil)
    let back = try #require(try found.ring(.rest, in: Sample.circumstances(at: Sample.friday)))
    #expect(back.told == ["case.resumed"])
    #expect(back.case.stage.name == .dispatched)
    #expect(back.case.state.course?.restsUntil == nil)
    guard case .changed(let change)? = back.events.last else { return }
    #expect(change.actorId == nil && change.reason != nil)
    #expect(change.deadline == CitySample.moment("2026-11-27T12:00:00.000+08:00"))
}

@Test(arguments: [(nil, "2026-11-26T23:59:59.999+08:00"), ("4w", "2026-11-23T14:00:00.000+08:00")])
func `a reporter who is asked has as long to answer as the pack says`(limit: String?, end: String) throws {
    let table = RoutingTable(CitySample.pack(loop: PackLoop(replyLimit: limit)))
    let decision = try Sample.decided(
        Sample.act(.askReporter, details: nil), on: Sample.case(.opened), in: Sample.circumstances(table: table))

    #expect(decision.case.stage.restsUntil == CitySample.moment(end))
    let refusal = try Sample.refused(
        Sample.act(.askReporter, details: nil), on: Sample.case(.opened), in: Sample.circumstances(table: nil))
    #expect(refusal?.code == .noPack)
}

@Test(arguments: [CaseStage.opened, .filed], [CaseAction.askReporter, .refer])
func `before the dispatch a case goes back to where it stood, with its proposed owner`(
    stage: CaseStage, action: CaseAction
) throws {
    let found = try Sample.case(stage)
    let rest = try Sample.decided(Sample.act(action), on: found).case
    let back = try Sample.decided(Sample.act(action == .refer ? .resume : .reply), on: rest).case

    #expect(rest.stage.owner == Sample.owner)
    #expect(back.stage == found.stage)
}

@Test func `what is overdue already stays overdue, whatever it rests for`() throws {
    let late = CitySample.moment("2026-11-23T14:00:00.001+08:00")
    let parked = try Sample.decided(
        Sample.act(.park), on: Sample.case(.dispatched), in: Sample.circumstances(at: late))

    #expect(parked.told == ["case.overdue", "case.parked"])
    #expect(parked.case.state.isOverdue)
    #expect(parked.case.state.deadline == CitySample.moment("2026-11-23T14:00:00.000+08:00"))
    let back = try Sample.decided(Sample.act(.resume), on: parked.case, in: Sample.circumstances(at: tuesday)).case
    #expect(back.state.isOverdue && back.state.deadline == parked.case.state.deadline)
    #expect(back.alarms.isEmpty)
}

@Test func `the deadline's own millisecond is still on time for a rest`() throws {
    let deadline = CitySample.moment("2026-11-23T14:00:00.000+08:00")
    let parked = try Sample.decided(
        Sample.act(.park), on: Sample.case(.dispatched), in: Sample.circumstances(at: deadline))

    #expect(parked.told == ["case.parked"])
    #expect(parked.case.state.deadline == nil && !parked.case.state.isOverdue)
}

@Test func `what the reporter adds is the answer that the case waited for`() throws {
    let waiting = try Sample.case(.waiting)
    let answer = try Sample.amended(waiting, by: CitySample.amendment(.added, text: "在 3 栋后面"))
    let status = try Sample.amended(waiting, by: CitySample.amendment(.added, text: nil, externalStatus: "OPEN"))

    #expect(answer.told == ["case.report-amended", "case.information-given"])
    #expect(answer.case.stage.name == .dispatched)
    #expect(answer.case.version == waiting.version + 1)
    guard case .changed(let change)? = answer.events.last else { return }
    #expect(change.actorId == "rider-1" && change.reason == "在 3 栋后面" && change.deadline != nil)
    #expect(status.told == ["case.report-amended"])
    #expect(status.case.stage.name == .waiting)
}

@Test func `a report can be taken back while its reporter is asked before filing, not after`() throws {
    let asked = try Sample.decided(Sample.act(.askReporter), on: Sample.case(.opened)).case

    #expect(try Sample.amended(asked, by: CitySample.amendment(.withdrawn)).case.stage.name == .cancelled)
    #expect(throws: Sample.Unexpected.self) {
        try Sample.amended(Sample.case(.waiting), by: CitySample.amendment(.withdrawn))
    }
}

@Test func `a rest that ends under a faulty pack leaves the deadline open and calls the dispatcher`() throws {
    let parked = try Sample.case(.parked)
    let broken = Sample.circumstances(at: Sample.friday, table: RoutingTable(CitySample.pack(workingMinutes: [])))
    let back = try #require(try parked.ring(.rest, in: broken)).case

    #expect(back.stage.name == .dispatched)
    #expect(back.state.deadline == nil)
    #expect(back.flagged?.contains("时限无法计算") == true)
}

@Test func `an assignment at rest is never read with its time running`() throws {
    let running = try #require(try Sample.case(.dispatched).stage.assignment)
    let resting = try #require(try Sample.case(.parked).stage.assignment)

    #expect(throws: DecodingError.self) {
        try ContractCoding.decode(RestingAssignment.self, from: ContractCoding.encode(running))
    }
    let read = try ContractCoding.decode(RestingAssignment.self, from: ContractCoding.encode(resting))
    #expect(read.record == resting)
}
