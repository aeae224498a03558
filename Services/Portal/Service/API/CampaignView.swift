import Contracts
import Hummingbird

/// A campaign as staff sees it; nobody else does, since it tells what was said at whose door.
struct CampaignView: ResponseEncodable, Sendable {
    let campaignId: CampaignID
    let version: Int
    let communityId: CommunityID
    let title: String
    let category: CategoryCode
    let startedAt: Timestamp
    let startedBy: PersonID
    let deadline: Timestamp
    let isOverdue: Bool
    let ended: Bool
    let endedAt: Timestamp?
    /// How many targets still need somebody, are done, and are there in all.
    let open: Int
    let done: Int
    let total: Int
    /// One entry for each day on which something changed, oldest first.
    let burndown: [CampaignState.Day]
    /// Absent in lists.
    let targets: [CampaignState.Target]?

    init(_ state: CampaignState, withTargets: Bool) {
        campaignId = state.campaignId
        version = state.version
        communityId = state.communityId
        title = state.title
        category = state.category
        startedAt = state.startedAt
        startedBy = state.startedBy
        deadline = state.deadline
        isOverdue = state.isOverdue
        ended = state.ended
        endedAt = state.endedAt
        open = state.open
        done = state.done
        total = state.targets.count
        burndown = state.burndown
        targets = withTargets ? state.targets : nil
    }
}

/// What became of a command about a campaign.
struct CampaignAnswerView: ResponseEncodable, Sendable {
    let commandId: MessageID
    let campaignId: CampaignID
    /// `applied` or `pending`; refusals and failures are problem documents.
    let outcome: String
    /// As it stands now; absent where that has not come here yet.
    let campaign: CampaignView?
}
