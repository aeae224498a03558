import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let worker = CitySample.actor("worker-a", "worker")
/// Four working hours after Monday 09:00: an hour of rest lies between.
private let deadline = CitySample.moment("2026-11-23T14:00:00.000+08:00")

private func event(
    _ step: CaseChanged.Step, of found: Case, by actorId: PersonID?, reason: String? = "现场情况", agrees: Bool? = nil,
    deadline: Timestamp? = nil, reworks: Int? = nil, at now: Timestamp = CitySample.monday
) -> CaseEvent {
    .changed(
        CaseChanged(
            step: step, case: found.reference, at: now, actorId: actorId, reason: reason, agrees: agrees,
            deadline: deadline, reworks: reworks))
}

@Test func `a report opens a case with its owner and the reason for it`() throws {
    let decision = try Sample.opening()

    let opened = CaseOpened(
        caseId: "case-1", caseNumber: "MD-20261123-0001", reportId: "report-1", communityId: "mingdu",
        ledgerId: "gaoxin", category: "E0102", kind: .snapshot, reporterId: "rider-1", ownerUnitId: "mingdu-property",
        handlerId: "worker-a", location: CitySample.townHall, submittedAt: CitySample.monday.adding(milliseconds: -500),
        openedAt: CitySample.monday, routing: Sample.trace, flagged: nil,
        made: ReportMade(CitySample.report()))
    #expect(decision.events == [.opened(opened)])
    #expect(
        decision.case.state
            == CaseState(
                caseId: "case-1", version: 1, caseNumber: "MD-20261123-0001", communityId: "mingdu",
                ledgerId: "gaoxin", kind: .snapshot, category: "E0102", stage: .opened, description: "楼下一堆垃圾",
                address: "3 栋门口", location: CitySample.townHall, reportIds: ["report-1"], reporterIds: ["rider-1"],
                ownerUnitId: "mingdu-property", handlerId: "worker-a",
                submittedAt: CitySample.monday.adding(milliseconds: -500), openedAt: CitySample.monday, deadline: nil,
                isOverdue: false, closedAt: nil, reworks: 0, returns: 0, reopens: 0, flagged: nil, ended: false,
                course: CaseCourse { $0.filingDeadline = CitySample.moment("2026-11-23T11:00:00.000+08:00") }))
}

@Test func `a second report joins, and each person is named once`() throws {
    let second = try Sample.opening().case.join(
        Sample.arriving(CitySample.report("report-2", from: "rider-2")), distance: 800)
    let third = second.case.join(Sample.arriving(CitySample.report("report-3", from: "rider-1")), distance: 0)

    #expect(third.case.version == 3)
    #expect(third.case.state.reportIds == ["report-1", "report-2", "report-3"])
    #expect(third.case.reporterIds == ["rider-1", "rider-2"])
    #expect(
        second.events == [
            .reportJoined(
                ReportJoined(
                    case: second.case.reference, reportId: "report-2", reporterId: "rider-2", distance: 800,
                    made: ReportMade(CitySample.report("report-2", from: "rider-2"))))
        ])
}

@Test func `a full case takes no further report, so that it does not grow without bound`() throws {
    var found = try Sample.opening().case
    while found.reports.count < Case.mostReports {
        #expect(found.takesReports)
        let report = CitySample.report(ReportID("joining-\(found.reports.count)"))
        found = found.join(Sample.arriving(report), distance: 0).case
    }

    #expect(!found.takesReports)
    #expect(found.isOpen)
}

@Test func `filing keeps the proposed owner`() throws {
    let decision = try Sample.decided(Sample.act(.file, by: CitySample.desk, reason: nil), on: Sample.case(.opened))

    #expect(decision.case.stage == .filed(proposed: Sample.owner))
    #expect(decision.case.version == 2)
    #expect(decision.events == [event(.filed, of: decision.case, by: "desk", reason: nil)])
}

@Test func `dispatching starts the clock in working time`() throws {
    let decision = try Sample.decided(Sample.act(.dispatch, by: CitySample.desk, reason: nil), on: Sample.case(.filed))

    let assignment = Assignment(owner: Sample.owner, dispatchedAt: CitySample.monday, time: try Sample.time("4w"))
    #expect(decision.case.stage == .dispatched(assignment))
    #expect(decision.case.watchedDeadline == deadline)
    #expect(
        decision.events == [
            event(.dispatched, of: decision.case, by: "desk", reason: nil, deadline: deadline, reworks: 0)
        ])
}

@Test func `the dispatcher may name another unit or handler, and gets the least busy where they name none`() throws {
    let found = try Sample.case(.filed)
    func owner(_ act: ActOnCase, load: [PersonID: Int] = [:]) throws -> Owner? {
        try Sample.decided(act, on: found, in: Sample.circumstances(load: load)).case.stage.owner
    }

    #expect(
        try owner(Sample.act(.dispatch, unitId: CitySample.sanitation))
            == Owner(unitId: CitySample.sanitation, handlerId: "sweeper"))
    #expect(
        try owner(Sample.act(.dispatch, handlerId: "worker-c"))
            == Owner(unitId: CitySample.property, handlerId: "worker-c"))
    #expect(try Sample.refused(Sample.act(.dispatch, unitId: "nobody"), on: found)?.code == .unknownUnit)
    #expect(try Sample.refused(Sample.act(.dispatch, handlerId: "sweeper"), on: found)?.code == .unknownHandler)
}

@Test func `a dispatch without any owner asks for one`() throws {
    let orphan = Sample.arriving(CitySample.report(category: CitySample.parking))
    let filed = try Sample.decided(Sample.act(.file), on: Sample.opening(orphan).case).case

    #expect(filed.flagged == "没有责任单位 / no unit answers for it")
    #expect(try Sample.refused(Sample.act(.dispatch), on: filed)?.code == .unitNeeded)
    let dispatched = try Sample.decided(Sample.act(.dispatch, unitId: CitySample.sanitation), on: filed).case
    #expect(dispatched.flagged == nil)
}

// A colleague goes on with the unit's time: a dispatcher who hands a case on within a unit gives it no more of that.
@Test func `a colleague goes on with the unit's clock, and dispatching to the same people is refused`() throws {
    let found = try Sample.case(.dispatched)
    let later = Sample.circumstances(at: CitySample.monday.adding(milliseconds: 3_600_000))

    #expect(try Sample.refused(Sample.act(.dispatch), on: found, in: later)?.code == .nothingChanges)
    let moved = try Sample.decided(Sample.act(.dispatch, handlerId: "worker-b"), on: found, in: later)
    #expect(moved.case.stage.owner?.handlerId == "worker-b")
    #expect(moved.case.watchedDeadline == deadline)
    #expect(moved.steps(.dispatched).first?.deadline == deadline)
}

@Test func `a unit gives a case back with its reason`() throws {
    let decision = try Sample.decided(Sample.act(.return, by: worker), on: Sample.case(.dispatched))

    #expect(decision.case.stage == .filed(proposed: Sample.owner))
    #expect(decision.case.returns == 1)
    #expect(decision.case.watchedDeadline == nil)
    #expect(decision.events == [event(.returned, of: decision.case, by: "worker-a")])
}

@Test func `a check that agrees closes the case in one go`() throws {
    let handled = try Sample.case(.handled)
    let decision = try Sample.decided(
        Sample.act(.verify, by: CitySample.checker, reason: nil, agrees: true), on: handled)

    guard case .closed(let closing) = decision.case.stage else {
        Issue.record("the case is \(decision.case.stage.name)")
        return
    }
    #expect(closing.verifiedBy == "checker")
    #expect(closing.handling.handledBy == "worker-a")
    #expect(decision.case.version == handled.version + 1)
    #expect(
        decision.events == [
            event(.verified, of: decision.case, by: "checker", reason: nil, agrees: true, reworks: 0),
            event(.closed, of: decision.case, by: "checker", reason: nil),
        ])
    #expect(decision.case.state.closedAt == CitySample.monday)
}

@Test func `a check that finds it not done sends it back to the same handler with a new clock`() throws {
    let now = CitySample.monday.adding(milliseconds: 3_600_000)
    let handled = try Sample.case(.handled)
    let verify = Sample.act(.verify, by: CitySample.checker, agrees: false)
    let decision = try Sample.decided(verify, on: handled, in: Sample.circumstances(at: now))

    let due = deadline.adding(milliseconds: 3_600_000)
    let assignment = Assignment(owner: Sample.owner, dispatchedAt: now, time: try Sample.time("4w", from: now))
    #expect(decision.case.stage == .dispatched(assignment))
    #expect(decision.case.reworks == 1)
    #expect(
        decision.events == [
            event(.verified, of: decision.case, by: "checker", agrees: false, reworks: 1, at: now),
            event(.dispatched, of: decision.case, by: "checker", reason: nil, deadline: due, reworks: 1, at: now),
        ])
    #expect(try Sample.refused(Sample.act(.verify, reason: nil, agrees: false), on: handled)?.code == .reasonNeeded)
    #expect(try Sample.refused(Sample.act(.verify, agrees: nil), on: handled)?.code == .verdictNeeded)
}

@Test func `a closed case is opened once more within fifteen days`() throws {
    let closed = try Sample.case(.closed)
    let rider = CitySample.actor("rider-1", "rider")
    let end = CitySample.monday.adding(milliseconds: Case.reopenWindow)

    let decision = try Sample.decided(
        Sample.act(.reopen, by: rider), on: closed, in: Sample.circumstances(at: end))
    #expect(decision.told == ["case.reopened", "case.dispatched"])
    #expect(decision.case.stage.owner == Sample.owner)
    #expect(decision.case.stage.name == .dispatched)
    #expect(decision.case.reopens == 1)
    #expect(decision.case.state.closedAt == nil)

    let late = Sample.circumstances(at: end.adding(milliseconds: 1))
    #expect(try Sample.refused(Sample.act(.reopen, by: rider), on: closed, in: late)?.code == .reopenWindowOver)
}

@Test func `a reopened case whose owner left the pack waits for the dispatcher`() throws {
    let closed = try Sample.case(.closed)

    let withoutPack = try Sample.decided(Sample.act(.reopen), on: closed, in: Sample.circumstances(table: nil))
    #expect(withoutPack.case.stage == .filed(proposed: Sample.owner))
    #expect(withoutPack.told == ["case.reopened"])

    let others = RoutingTable(CitySample.pack(people: [CitySample.worker("worker-b", of: "mingdu-property", in: [])]))
    let inherited = try Sample.decided(Sample.act(.reopen), on: closed, in: Sample.circumstances(table: others))
    #expect(inherited.case.stage.owner == Owner(unitId: CitySample.property, handlerId: "worker-b"))
}

@Test func `a transfer ends the case here and names its reports`() throws {
    let found = try Sample.case(.dispatched)
    let decision = try Sample.decided(Sample.act(.transfer, by: CitySample.desk, to: "nowhere"), on: found)

    #expect(decision.case.stage == .transferred(Departure(owner: Sample.owner, toCommunityId: "nowhere")))
    #expect(decision.case.watchedDeadline == nil)
    #expect(
        decision.events == [
            .transferred(
                CaseTransferred(
                    case: decision.case.reference, toCommunityId: "nowhere", reportIds: ["report-1"],
                    at: CitySample.monday, actorId: "desk", reason: "现场情况"))
        ])
    #expect(try Sample.refused(Sample.act(.transfer, to: nil), on: found)?.code == .targetNeeded)
    #expect(try Sample.refused(Sample.act(.transfer, to: CitySample.mingdu), on: found)?.code == .sameCommunity)
}
