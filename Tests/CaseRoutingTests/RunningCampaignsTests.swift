import CaseRoutingDomain
import Contracts
import EventProcessing
import GRDB
import TestSupport
import Testing

@testable import CaseRouting

private let day: Int64 = 86_400_000
private let roofs = (1...16).map { number in
    CampaignTarget(
        targetId: TargetID("roof-\(number)"), address: "上上城 \(number) 栋楼顶",
        location: CitySample.townHall.north(number * 1_000), ownerNote: "业主在外地")
}

private func start(_ targets: [CampaignTarget] = roofs, by actor: Actor = CitySample.desk) -> StartCampaign {
    StartCampaign(
        campaignId: "campaign-1", communityId: CitySample.mingdu, title: "楼顶种菜专项整治", category: CitySample.garbage,
        deadline: CitySample.monday.adding(milliseconds: 15 * day), targets: targets, actor: actor)
}

private func visit(_ target: TargetID, by actor: Actor = CitySample.actor("worker-a", "worker")) -> VisitCampaignTarget
{
    VisitCampaignTarget(
        campaignId: "campaign-1", communityId: CitySample.mingdu, targetId: target,
        visitedAt: CitySample.monday.adding(milliseconds: 60_000), outcome: "已说明", actor: actor)
}

extension Desk {
    fileprivate func timer(named id: String) async throws -> Timestamp? {
        try await store.store.queue.read { db in
            try Int64.fetchOne(db, sql: "SELECT dueAt FROM timer WHERE id = ?", arguments: [id])
        }.map { Timestamp(milliseconds: $0) }
    }

    fileprivate func close(_ id: CaseID, after milliseconds: Int64) async throws -> [StoreUnderTest.Message] {
        try await act(.file, on: id, after: milliseconds)
        try await act(.dispatch, on: id, after: milliseconds)
        try await act(.handle, on: id, by: CitySample.actor("worker-a", "worker"), after: milliseconds)
        return try await act(.verify, on: id, by: CitySample.checker, after: milliseconds)
    }
}

extension [StoreUnderTest.Message] {
    fileprivate func campaign() throws -> CampaignState {
        try #require(last { $0.topic == TopicCatalogue.campaigns.name }).read(CampaignState.self)
    }
}

@Test func `sixteen roofs in half a month: each target is a case, and the last one done ends the campaign`()
    async throws
{
    let desk = try await Desk()

    let started = try await desk.store.apply(start(), at: Desk.start)

    let types = started.types
    #expect(types.filter { $0 == "case.opened" }.count == 16)
    #expect(types.suffix(2) == ["campaign.started", "campaign.state"])
    #expect(started.last?.key == "campaign-1")
    let campaign = try started.campaign()
    #expect(campaign.targets.count == 16 && campaign.open == 16)
    // Next to each other, and yet each a case of its own.
    #expect(Set(campaign.targets.map(\.caseId)).count == 16)
    let state = try started.state()
    #expect(state.course?.campaignId == "campaign-1")
    // Nobody, who earns nothing and is told nothing.
    #expect(state.reporterIds == ["anon:campaign-campaign-1"])
    #expect(state.reporterIds.allSatisfy { $0.isAnonymous })
    #expect(!types.contains("dead-letter"))

    for (index, target) in campaign.targets.enumerated() {
        let messages = try await desk.close(target.caseId, after: Int64(index) * day / 2)
        let isLast = index == 15
        #expect(
            messages.types == ["case.verified", "case.closed", "case.state", "campaign.target-done"]
                + (isLast ? ["campaign.ended", "campaign.state"] : ["campaign.state"]))
        #expect(try messages.campaign().done == index + 1)
    }
    let ended = try await desk.store.messages().campaign()
    #expect(ended.ended && !ended.isOverdue)
    #expect(ended.burndown.map(\.open) == [14, 12, 10, 8, 6, 4, 2, 0])
    #expect(try await desk.timer(named: "campaign-deadline|campaign-1") == nil)
}

@Test func `a campaign's deadline rings once`() async throws {
    let desk = try await Desk()
    try await desk.store.apply(start(), at: Desk.start)
    let due = CitySample.monday.adding(milliseconds: 15 * day + 1)
    #expect(try await desk.timer(named: "campaign-deadline|campaign-1") == due)
    let timer = TimerDue(
        timerId: "campaign-deadline|campaign-1", kind: "campaign-deadline", about: "campaign-1", dueAt: due)

    let overdue = try await desk.store.apply(timer, source: "/case-routing/0", at: due.milliseconds)

    #expect(overdue.types == ["campaign.overdue", "campaign.state"])
    #expect(try overdue.campaign().isOverdue)
    #expect(try await desk.timer(named: "campaign-deadline|campaign-1") == nil)
    #expect(try await desk.store.apply(timer, source: "/case-routing/0", at: due.milliseconds + 5).isEmpty)
}

@Test func `visits, more targets and an early end`() async throws {
    let desk = try await Desk()
    try await desk.store.apply(start(Array(roofs.prefix(1))), at: Desk.start)

    let visited = try await desk.store.apply(visit("roof-1"), at: Desk.start + 60_000)
    #expect(visited.types == ["campaign.visited", "campaign.state"])
    #expect(try visited.campaign().targets[0].visits.map(\.outcome) == ["已说明"])

    let more = AddCampaignTargets(
        campaignId: "campaign-1", communityId: CitySample.mingdu, targets: [roofs[1]], actor: CitySample.desk)
    let added = try await desk.store.apply(more, at: Desk.start + 70_000)
    #expect(added.types == ["case.opened", "case.state", "campaign.targets-added", "campaign.state"])
    let event = try #require(added.first { $0.attributes.type == "campaign.targets-added" }).read(CampaignChanged.self)
    #expect(event.targetIds == ["roof-2"] && event.actorId == "desk" && event.open == 2)
    #expect(try added.campaign().targets.map(\.targetId) == ["roof-1", "roof-2"])
    #expect(try await desk.store.apply(more, at: Desk.start + 80_000).refusal().code == "target-name")

    let end = EndCampaign(
        campaignId: "campaign-1", communityId: CitySample.mingdu, reason: "由改造解决", actor: CitySample.desk)
    let ended = try await desk.store.apply(end, at: Desk.start + 90_000)
    #expect(ended.types == ["campaign.ended", "campaign.state"])
    #expect(try await desk.store.apply(visit("roof-1"), at: Desk.start + 90_001).refusal().code == "campaign-over")
    // Its cases go on.
    let closed = try await desk.close(ended.campaign().targets[0].caseId, after: 100_000)
    #expect(closed.types.suffix(2) == ["campaign.target-done", "campaign.state"])
}

@Test func `who may not, and what is not there, is refused and changes nothing`() async throws {
    let desk = try await Desk()
    let rider = CitySample.actor("rider-1", "rider")

    #expect(try await desk.store.apply(start(by: rider), at: Desk.start).refusal().code == "not-allowed")
    #expect(try await desk.rows(of: "caseFile") == 0)
    #expect(try await desk.store.apply(visit("roof-1"), at: Desk.start).refusal().code == "no-campaign")
    try await desk.store.apply(start(), at: Desk.start)
    #expect(try await desk.store.apply(start(), at: Desk.start).refusal().code == "campaign-known")
    #expect(try await desk.store.apply(visit("roof-1", by: rider), at: Desk.start).refusal().code == "not-allowed")
    let elsewhere = EndCampaign(
        campaignId: "campaign-1", communityId: CitySample.longjiang, reason: "不是本社区", actor: CitySample.desk)
    #expect(try await desk.store.apply(elsewhere, at: Desk.start).refusal().code == "no-campaign")
    #expect(try await desk.rows(of: "caseFile") == 16)
}

@Test func `a campaign's case can be sent to the community where it belongs`() async throws {
    let desk = try await Desk()
    let started = try await desk.store.apply(start(Array(roofs.prefix(1))), at: Desk.start)
    let id = try started.state().caseId

    let messages = try await desk.act(.transfer, on: id, to: CitySample.longjiang, after: 1)

    #expect(
        messages.types == [
            "case.transferred", "case.state", "campaign.ended", "campaign.state", "report.transferred",
        ])
    #expect(try messages.campaign().targets[0].stage == .transferred)
    #expect(try messages.campaign().done == 0)
}

@Test func `a target has a photo from before and those of the work since`() async throws {
    let desk = try await Desk()
    let before = CitySample.photo(1)
    let roof = CampaignTarget(
        targetId: "roof-1", address: "上上城 1 栋楼顶", location: CitySample.townHall, photo: before.id)
    let started = try await desk.store.apply(start([roof]), at: Desk.start)
    let target = try #require(try started.campaign().targets.first)
    #expect(target.before == before.id && target.after == nil)

    try await desk.act(.file, on: target.caseId, after: day)
    try await desk.act(.dispatch, on: target.caseId, after: day)
    let shown = StepDetails { $0.photos = (2...5).map { CitySample.photo($0) } }
    let handled = try await desk.act(
        .handle, on: target.caseId, by: CitySample.actor("worker-a", "worker"), details: shown, after: day)

    let after = try #require(try handled.campaign().targets.first)
    #expect(after.before == before.id)
    // The last three.
    #expect(after.after == (3...5).map { CitySample.photo($0).id })
    #expect(!handled.types.contains("campaign.target-done"))
    let closed = try await desk.act(.verify, on: target.caseId, by: CitySample.checker, after: day)
    #expect(try closed.campaign().targets.first?.after == after.after)
    #expect(closed.types.contains("campaign.target-done"))
}
