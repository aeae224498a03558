import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private func said(satisfied: Bool? = nil, solved: Bool? = nil) -> StepDetails {
    StepDetails {
        $0.satisfied = satisfied
        $0.solved = solved
    }
}

private func rate(_ details: StepDetails, by actor: Actor = Sample.rider, reason: String? = "又堆满了") -> ActOnCase {
    Sample.act(.rate, by: actor, reason: reason, details: details)
}

@Test func `each reporter says once for each closing how they find it`() throws {
    let second = Sample.arriving(CitySample.report("report-2", from: "rider-2"))
    let joined = try Sample.case(.handled).join(second, distance: 0).case
    let closed = try Sample.decided(Sample.act(.verify, by: CitySample.checker), on: joined).case
    let other = CitySample.actor("rider-2", "rider")

    let once = try Sample.decided(rate(said(satisfied: true, solved: true)), on: closed)
    let both = try Sample.decided(rate(said(satisfied: false), by: other), on: once.case)

    #expect(once.told == ["case.rated"])
    #expect(once.case.stage.name == .closed && once.case.state.ended)
    guard case .changed(let change)? = once.events.last else { return }
    #expect(change.details == said(satisfied: true, solved: true) && change.actorId == "rider-1")
    #expect(try Sample.refused(rate(said(satisfied: false)), on: both.case)?.code == .nothingChanges)
    #expect(
        both.case.state.course?.ratings == [
            CaseCourse.Rating(reporterId: "rider-1", at: CitySample.monday, satisfied: true, solved: true),
            CaseCourse.Rating(reporterId: "rider-2", at: CitySample.monday, satisfied: false, solved: nil),
        ])
}

@Test func `who finds it not solved opens it once more by saying so`() throws {
    let closed = try Sample.case(.closed)
    let reopened = try Sample.decided(rate(said(solved: false)), on: closed)

    #expect(reopened.told == ["case.rated", "case.reopened", "case.dispatched"])
    #expect(reopened.case.stage.name == .dispatched)
    #expect(reopened.case.reopens == 1 && reopened.case.version == closed.version + 1)
    #expect(reopened.case.state.course?.ratings?.count == 1)
    #expect(try Sample.refused(rate(said(solved: false), reason: nil), on: closed)?.code == .reasonNeeded)

    // After the next closing they may say so once more.
    let again = try [
        Sample.act(.handle, by: Sample.worker), Sample.act(.verify, by: CitySample.checker),
        rate(said(solved: true)),
    ].reduce(reopened.case) { try Sample.decided($1, on: $0).case }
    #expect(again.state.course?.ratings?.map(\.solved) == [false, true])
}

@Test func `the pack says for how many days a case can be opened once more`() throws {
    let closed = try Sample.case(.closed)
    func circumstances(after days: Int64, _ milliseconds: Int64) -> Circumstances {
        Sample.circumstances(
            at: CitySample.monday.adding(milliseconds: days * 86_400_000 + milliseconds),
            table: RoutingTable(CitySample.pack(loop: PackLoop(reopenDays: 2))))
    }

    let inTime = try Sample.decided(rate(said(solved: false)), on: closed, in: circumstances(after: 2, 0))
    let late = try Sample.decided(rate(said(solved: false)), on: closed, in: circumstances(after: 2, 1))
    #expect(inTime.told == ["case.rated", "case.reopened", "case.dispatched"])
    #expect(late.told == ["case.rated"])
    let refusal = try Sample.refused(Sample.act(.reopen), on: closed, in: circumstances(after: 2, 1))
    #expect(refusal?.code == .reopenWindowOver && refusal?.reason.contains("2 天") == true)
}
