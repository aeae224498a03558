import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

/// Two working hours after Monday 09:00.
private let due = CitySample.moment("2026-11-23T11:00:00.000+08:00")

@Test func `a report that nobody judges in time is told once and flagged, and its own millisecond is on time`() throws {
    let found = try Sample.opening().case
    #expect(found.alarms == [.step(.file): due.adding(milliseconds: 1)])
    #expect(found.course?.filingDeadline == due)
    #expect(try found.ring(.step(.file), in: Sample.circumstances(at: due)) == nil)

    let late = due.adding(milliseconds: 1)
    let overdue = try #require(try found.ring(.step(.file), in: Sample.circumstances(at: late)))

    #expect(overdue.told == ["case.filing-overdue"])
    let change = try #require(overdue.steps(.filingOverdue).first)
    #expect(change.deadline == due && change.actorId == nil)
    #expect(overdue.case.course?.filingOverdueAt == late && overdue.case.flagged?.contains("立案超时") == true)
    #expect(overdue.case.alarms.isEmpty)
}

@Test func `a dispatcher who comes late hears of it first, and one who comes in time ends the clock`() throws {
    let found = try Sample.opening().case
    func filed(at now: Timestamp) throws -> CaseDecision? {
        guard
            case .decided(let decision) = try answer(
                Sample.act(.file), about: found, in: Sample.circumstances(at: now))
        else { return nil }
        return decision
    }

    let late = try #require(try filed(at: due.adding(milliseconds: 60_000)))
    #expect(late.told == ["case.filing-overdue", "case.filed"])
    let punctual = try #require(try filed(at: due))
    #expect(punctual.told == ["case.filed"])
    #expect(punctual.case.alarms[.step(.file)] == nil && punctual.case.course?.filingDeadline == nil)
}

@Test func `while the reporter is asked nobody can judge, so the clock stands still`() throws {
    let found = try Sample.opening().case
    let asked = try taken(Sample.act(.askReporter, reason: "哪一栋？"), on: found, at: CitySample.monday)
    #expect(asked.alarms[.step(.file)] == nil)
    let hour: Int64 = 3_600_000

    let answered = try taken(
        Sample.act(.reply, by: Sample.rider, reason: "3 栋"), on: asked, at: CitySample.monday.adding(milliseconds: hour)
    )

    // All of the two hours are left at ten, and the rest from noon to one does not count.
    #expect(answered.course?.filingDeadline == due.adding(milliseconds: hour))
}

@Test func `an answer under a pack that cannot count leaves no deadline and flags the case`() throws {
    let asked = try taken(Sample.act(.askReporter, reason: "哪一栋？"), on: Sample.opening().case, at: CitySample.monday)
    let reply = Sample.act(.reply, by: Sample.rider, reason: "3 栋")

    let answered = try Sample.decided(reply, on: asked, in: Sample.later(1, table: nil)).case

    #expect(answered.stage.name == .opened && answered.course?.filingDeadline == nil)
    #expect(answered.flagged?.contains("时限无法计算") == true)
    #expect(try Sample.decided(reply, on: asked, in: Sample.later(1)).case.flagged == nil)
}

private func taken(_ act: ActOnCase, on found: Case, at now: Timestamp) throws -> Case {
    guard case .decided(let decision) = try answer(act, about: found, in: Sample.circumstances(at: now)) else {
        throw CancellationError()
    }
    return decision.case
}

// MARK: - Dispatching and verifying

private let monday = CitySample.monday
private let minute: Int64 = 60_000
private let hour: Int64 = 3_600_000

@Test
func `a filed case that nobody dispatches is told once after half a working hour, and flagged until somebody does`()
    throws
{
    let filed = try Sample.case(.filed)
    let due = monday.adding(milliseconds: 30 * minute)
    #expect(filed.alarms == [.step(.dispatch): due.adding(milliseconds: 1)])
    #expect(filed.course?.dispatchDeadline == due && filed.course?.filingDeadline == nil)
    #expect(try filed.ring(.step(.dispatch), in: Sample.circumstances(at: due)) == nil)

    let late = due.adding(milliseconds: 1)
    let overdue = try #require(try filed.ring(.step(.dispatch), in: Sample.circumstances(at: late)))

    #expect(overdue.told == ["case.dispatch-overdue"])
    #expect(overdue.steps(.dispatchOverdue).first?.deadline == due)
    #expect(overdue.case.flagged == "派遣超时 / not dispatched in time")
    #expect(overdue.case.course?.dispatchOverdueAt == late && overdue.case.alarms.isEmpty)

    let dispatched = try taken(Sample.act(.dispatch), on: overdue.case, at: late)
    #expect(dispatched.flagged == nil)
    // The record of the breach stays; its deadline is over.
    #expect(dispatched.course?.dispatchOverdueAt == late && dispatched.course?.dispatchDeadline == nil)
    #expect(dispatched.stage.assignment?.isOverdue == false)
}

@Test func `work that nobody looks at is told once after four working hours, and the flag goes with the look`() throws {
    let handled = try Sample.case(.handled)
    // Three hours before noon, one after it.
    let due = CitySample.moment("2026-11-23T14:00:00.000+08:00")
    #expect(handled.course?.verificationDeadline == due)
    let late = due.adding(milliseconds: 1)

    let overdue = try #require(try handled.ring(.step(.verify), in: Sample.circumstances(at: late)))

    #expect(overdue.told == ["case.verification-overdue"])
    #expect(overdue.steps(.verificationOverdue).first?.deadline == due)
    #expect(overdue.case.flagged == "核查超时 / not verified in time")
    // The handler did their part: their clock and their rates know nothing of it.
    #expect(overdue.case.stage.assignment == handled.stage.assignment)
    #expect(!overdue.case.state.isOverdue)
    let closed = try taken(Sample.act(.verify, by: CitySample.checker), on: overdue.case, at: late)
    #expect(closed.stage.name == .closed && closed.flagged == nil)
    #expect(closed.course?.verificationOverdueAt == late && closed.alarms.isEmpty)
}

@Test func `whoever comes after the time is told of it first`() throws {
    let late = monday.adding(milliseconds: 30 * minute + 1)
    let dispatched = try Sample.decided(
        Sample.act(.dispatch), on: Sample.case(.filed), in: Sample.circumstances(at: late))
    #expect(dispatched.told == ["case.dispatch-overdue", "case.dispatched"])

    let verified = try Sample.decided(
        Sample.act(.verify, by: CitySample.checker), on: Sample.case(.handled), in: Sample.later(8 * hour))
    #expect(verified.told == ["case.verification-overdue", "case.verified", "case.closed"])
}

@Test func `each time that a case waits again its clock begins anew`() throws {
    let back = try taken(
        Sample.act(.return, by: Sample.worker), on: Sample.case(.dispatched), at: monday.adding(milliseconds: hour))
    #expect(back.course?.dispatchDeadline == monday.adding(milliseconds: hour + 30 * minute))

    let failed = try taken(
        Sample.act(.verify, by: CitySample.checker, agrees: false), on: Sample.case(.handled),
        at: monday.adding(milliseconds: hour))
    #expect(failed.course?.verificationDeadline == nil)
    let again = try taken(
        Sample.act(.handle, by: Sample.worker), on: failed, at: monday.adding(milliseconds: 2 * hour))
    #expect(again.course?.verificationDeadline == CitySample.moment("2026-11-23T16:00:00.000+08:00"))
}

@Test(arguments: [CaseAction.askReporter, .refer])
func `a filed case that is put aside waits for nobody to dispatch it`(action: CaseAction) throws {
    let aside = try taken(
        Sample.act(action), on: Sample.case(.filed), at: monday.adding(milliseconds: 10 * minute))
    #expect(aside.alarms[.step(.dispatch)] == nil && aside.course?.dispatchDeadline == nil)

    let back = try taken(
        Sample.act(action == .refer ? .resume : .reply), on: aside, at: monday.adding(milliseconds: hour))

    // Twenty minutes are left at ten.
    #expect(back.course?.dispatchDeadline == monday.adding(milliseconds: hour + 20 * minute))
}

@Test func `a pack's own limits count, those of a category before those of the loop`() throws {
    var quick = CitySample.category(CitySample.garbage, limit: "4w", keywords: [])
    let loop = PackLoop(dispatchLimit: "2e", verifyLimit: "1d")
    func deadlines(_ category: PackCategory) throws -> [Timestamp?] {
        let table = RoutingTable(CitySample.pack(categories: [category], loop: loop))
        let now = Sample.circumstances(at: monday, table: table)
        let filed = try Sample.decided(Sample.act(.file), on: Sample.opening(by: table).case, in: now).case
        let handled = try [Sample.act(.dispatch), Sample.act(.handle, by: Sample.worker)].reduce(filed) {
            try Sample.decided($1, on: $0, in: now).case
        }
        return [filed.course?.dispatchDeadline, handled.course?.verificationDeadline]
    }

    #expect(
        try deadlines(quick) == [
            monday.adding(milliseconds: 2 * hour), CitySample.moment("2026-11-24T18:00:00.000+08:00"),
        ])
    quick = CitySample.category(
        CitySample.garbage, limit: "4w", keywords: [], dispatchLimit: "0.25e", verifyLimit: "1e")
    #expect(
        try deadlines(quick) == [monday.adding(milliseconds: 15 * minute), monday.adding(milliseconds: hour)])
}

@Test func `by a category that allows more a filed case was never late`() throws {
    let slow = CitySample.category(CitySample.parking, limit: "2w", keywords: [], dispatchLimit: "2w")
    let table = RoutingTable(
        CitySample.pack(categories: [CitySample.category(CitySample.garbage, limit: "4w", keywords: []), slow]))
    let circumstances = Sample.circumstances(at: monday.adding(milliseconds: hour), table: table)
    let late = try #require(try Sample.case(.filed).ring(.step(.dispatch), in: circumstances)).case
    #expect(late.flagged != nil)

    let corrected = try Sample.decided(Sample.act(.reclassify), on: late, in: circumstances).case

    #expect(corrected.course?.dispatchDeadline == monday.adding(milliseconds: 2 * hour))
    #expect(corrected.course?.dispatchOverdueAt == nil)
    // Its own concern is gone; that no rule names an owner for it is another.
    #expect(corrected.flagged?.contains("派遣超时") != true)
    #expect(corrected.alarms[.step(.dispatch)] == monday.adding(milliseconds: 2 * hour + 1))

    // By one that allows as little it stays late, and flagged.
    let same = CitySample.category(CitySample.parking, limit: "2w", keywords: [])
    let strict = RoutingTable(
        CitySample.pack(categories: [CitySample.category(CitySample.garbage, limit: "4w", keywords: []), same]))
    let kept = try Sample.decided(
        Sample.act(.reclassify), on: late,
        in: Sample.circumstances(at: monday.adding(milliseconds: hour), table: strict)
    ).case
    #expect(kept.course?.dispatchOverdueAt != nil && kept.flagged?.contains("派遣超时") == true)
}

@Test func `a case that was merged and taken out again waits as before`() throws {
    let filed = try Sample.case(.filed)
    let merged = try Sample.decided(
        Sample.act(.merge, details: StepDetails { $0.otherCaseId = Sample.other }), on: filed)
    #expect(merged.case.alarms.isEmpty && merged.case.course?.dispatchDeadline == nil)
}
