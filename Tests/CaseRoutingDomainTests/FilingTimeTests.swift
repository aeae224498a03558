import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

/// Two working hours after Monday 09:00.
private let due = CitySample.moment("2026-11-23T11:00:00.000+08:00")

@Test func `a report that nobody judges in time is told once and flagged, and its own millisecond is on time`() throws {
    let found = try Sample.opening().case
    #expect(found.alarms == [.filing: due.adding(milliseconds: 1)])
    #expect(found.course?.filingDeadline == due)
    #expect(try found.ring(.filing, in: Sample.circumstances(at: due)) == nil)

    let late = due.adding(milliseconds: 1)
    let overdue = try #require(try found.ring(.filing, in: Sample.circumstances(at: late)))

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
    #expect(punctual.case.alarms.isEmpty && punctual.case.course?.filingDeadline == nil)
}

@Test func `while the reporter is asked nobody can judge, so the clock stands still`() throws {
    let found = try Sample.opening().case
    let asked = try taken(Sample.act(.askReporter, reason: "哪一栋？"), on: found, at: CitySample.monday)
    #expect(asked.alarms[.filing] == nil)
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
