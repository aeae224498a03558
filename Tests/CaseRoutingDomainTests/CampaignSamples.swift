import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let hour: Int64 = 3_600_000
private let day: Int64 = 24 * hour
private let monday = CitySample.monday

/// A campaign about the gardens on two roofs, begun on Monday at 09:00.
enum Roofs {
    static func target(_ number: Int) -> CampaignTarget {
        CampaignTarget(
            targetId: TargetID("roof-\(number)"), address: "上上城 \(number) 栋楼顶", location: CitySample.townHall,
            ownerNote: nil)
    }

    static func start(
        _ targets: [CampaignTarget] = [target(1), target(2)], by actor: Actor = CitySample.desk,
        title: String = "楼顶种菜专项整治", category: CategoryCode = CitySample.garbage,
        in community: CommunityID = CitySample.mingdu, deadline: Timestamp = monday.adding(milliseconds: 15 * day),
        notAfter: Timestamp? = nil
    ) -> StartCampaign {
        StartCampaign(
            campaignId: "campaign-1", communityId: community, title: title, category: category, deadline: deadline,
            targets: targets, actor: actor, notAfter: notAfter)
    }

    static func opened(_ number: Int) throws -> Case {
        try Case.open(
            Sample.arriving(CitySample.report(ReportID("report-\(number)"))), id: CaseID("case-\(number)"),
            number: "MD-\(number)", classification: Classification(category: CitySample.garbage, concern: nil),
            in: Sample.circumstances()
        ).case
    }

    /// A campaign of two roofs, begun on Monday at 09:00.
    static func begun() throws -> CampaignState {
        let cases = try [1, 2].map { OpenedTarget(target($0), found: try opened($0)) }
        return CampaignState.begin(start(), with: cases, at: monday, by: Sample.table).campaign
    }

    static func visit(
        _ number: Int = 1, after milliseconds: Int64 = hour, saying outcome: String = "同意周末自行清理",
        photos: [PhotoID]? = nil
    ) -> VisitCampaignTarget {
        VisitCampaignTarget(
            campaignId: "campaign-1", communityId: CitySample.mingdu, targetId: TargetID("roof-\(number)"),
            visitedAt: monday.adding(milliseconds: milliseconds), outcome: outcome, photos: photos,
            actor: CitySample.actor("worker-a", "worker"))
    }

    static func visited(
        _ campaign: CampaignState, _ visit: VisitCampaignTarget, after milliseconds: Int64 = day
    ) throws
        -> CampaignDecision
    {
        switch campaign.visit(visit, at: monday.adding(milliseconds: milliseconds)) {
        case .decided(let decision): return decision
        case .refused(let refusal): throw Sample.Unexpected(refusal: refusal)
        }
    }

    /// The case after the steps that close it.
    static func closed(_ number: Int) throws -> Case {
        let steps = [
            Sample.act(.file), Sample.act(.dispatch), Sample.act(.handle, by: CitySample.actor("worker-a", "worker")),
            Sample.act(.verify, by: CitySample.checker),
        ]
        return try steps.reduce(opened(number)) { found, act in
            let own = ActOnCase(
                caseId: found.id, communityId: found.communityId, action: act.action, actor: act.actor,
                reason: act.reason, agrees: true)
            return try Sample.decided(own, on: found).case
        }
    }
}

extension CampaignAnswer {
    /// Why it was refused; nil where it was done.
    var refused: CaseRefusal.Code? {
        guard case .refused(let refusal) = self else { return nil }
        return refusal.code
    }
}
