import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private func supporting(
    _ id: CaseID = Sample.caseId, kind: ReportKind = .snapshot, category: CategoryCode = CitySample.parking,
    metres: Int = 400, hop: Int = 0, in community: CommunityID = CitySample.mingdu
) -> ArrivingReport {
    Sample.arriving(
        CitySample.report(
            "report-9", from: "rider-9", in: community, kind: kind, category: category,
            at: CitySample.townHall.north(metres * 90), supports: id), hop: hop)
}

@Test func `a report joins the open case that it supports, though it would not be taken for the same`() throws {
    let found = try Sample.opening().case

    let joined = try #require(found.support(supporting()))

    #expect(joined.case.reporterIds == ["rider-1", "rider-9"])
    #expect(joined.case.version == found.version + 1)
    guard case .reportJoined(let event)? = joined.events.first else {
        Issue.record("it did not join")
        return
    }
    #expect(event.reportId == "report-9")
    #expect((39_900...40_100).contains(event.distance))
    #expect(event.match?.reasons == ["上报人附议本案 / its reporter supports this case"])
}

@Test func `a case that cannot be the supported one lets the report go its usual way`() throws {
    let found = try Sample.opening().case
    let closed = try Sample.case(.closed)

    #expect(found.support(supporting("case-2")) == nil)
    #expect(found.support(supporting(kind: .request)) == nil)
    #expect(found.support(supporting(in: CitySample.longjiang)) == nil)
    #expect(found.support(supporting(metres: 510)) == nil)
    #expect(found.support(supporting(hop: ArrivingReport.mostHops + 1)) == nil)
    #expect(found.support(Sample.arriving()) == nil)
    #expect(closed.support(supporting()) == nil)
}

@Test func `the dispatcher reads which community is nearest to a place that lies in none`() throws {
    let report = CitySample.report(
        in: .unassigned, nearest: NearestCommunity(id: CitySample.mingdu, name: "名都", distance: 120))

    let lost = try Sample.opening(Sample.arriving(report))

    #expect(
        lost.case.flagged
            == "数据包没有社区 unassigned，最近的是名都（120 米） / community unassigned is not in the pack, the nearest is mingdu (120 m)"
    )
    guard case .opened(let event)? = lost.events.first else {
        Issue.record("it did not open")
        return
    }
    #expect(event.flagged == lost.case.flagged)
}

@Test func `the question asked is told, masked, for as long as the case waits for the answer`() throws {
    let asked = try Sample.decided(
        Sample.act(.askReporter, reason: "是东门吗？请打13812345678"), on: Sample.case(.opened)
    ).case
    #expect(asked.state.course?.question == "是东门吗？请打***********")

    let answered = try Sample.decided(Sample.act(.reply), on: asked).case
    #expect(answered.state.course?.question == nil)
}

@Test func `a state says which change brought the case to its stage`() throws {
    let opened = try Sample.opening().case
    #expect(opened.state.stageChange == nil)

    let filed = try Sample.decided(Sample.act(.file), on: opened).case
    #expect(filed.state.stageChange == CaseState.StageChange(version: 2, at: CitySample.monday))
    // Another report joins: it stays where it is.
    let joined = filed.join(Sample.arriving(CitySample.report("report-2")), distance: 0).case
    #expect(joined.version == 3)
    #expect(joined.state.stageChange == filed.state.stageChange)
    let dispatched = try Sample.decided(
        Sample.act(.dispatch), on: joined, in: Sample.circumstances(at: CitySample.monday.adding(milliseconds: 5))
    ).case
    #expect(
        dispatched.state.stageChange
            == CaseState.StageChange(version: 4, at: CitySample.monday.adding(milliseconds: 5)))
}
