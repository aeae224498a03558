/// One of the steps of a campaign; the CloudEvents type tells which.
///
/// Published by case-routing on `case-events.v1`, keyed by community id. Visits are counted here; what was said at a door
/// stands in ``CampaignState`` alone.
package struct CampaignChanged: Payload, Codable {
    /// The step that was taken.
    package enum Step: String, Codable, Sendable, CaseIterable {
        case started = "campaign.started"
        /// It has more targets than before.
        case targetsAdded = "campaign.targets-added"
        /// Somebody was at the door of a target.
        case visited = "campaign.visited"
        /// The case of a target closed.
        case targetDone = "campaign.target-done"
        /// The deadline passed with targets open.
        case overdue = "campaign.overdue"
        /// No target is open any more, or a person ended it.
        case ended = "campaign.ended"
    }

    /// Which step; it stands in the envelope's `type`.
    package let step: Step
    package let campaignId: CampaignID
    package let communityId: CommunityID
    package let title: String
    package let deadline: Timestamp
    /// How many of its targets have an open case, and how many are done, after the step.
    package let open: Int
    package let done: Int
    package let at: Timestamp
    /// Who did it; absent where it follows from a case or the clock.
    package let actorId: PersonID?
    package let reason: String?
    /// Of `campaign.visited` and `campaign.target-done`.
    package let targetId: TargetID?
    package let caseId: CaseID?
    /// How often somebody was at the target's door so far.
    package let visits: Int?
    /// Of `campaign.targets-added`: those that came, in order.
    package let targetIds: [TargetID]?

    package init(
        step: Step, campaignId: CampaignID, communityId: CommunityID, title: String, deadline: Timestamp, open: Int,
        done: Int, at: Timestamp, actorId: PersonID? = nil, reason: String? = nil, targetId: TargetID? = nil,
        caseId: CaseID? = nil, visits: Int? = nil, targetIds: [TargetID]? = nil
    ) {
        self.step = step
        self.campaignId = campaignId
        self.communityId = communityId
        self.title = title
        self.deadline = deadline
        self.open = open
        self.done = done
        self.at = at
        self.actorId = actorId
        self.reason = reason
        self.targetId = targetId
        self.caseId = caseId
        self.visits = visits
        self.targetIds = targetIds
    }

    package var messageType: String { step.rawValue }
    package var messageVersion: Int { 1 }
    package var messageSubject: String { campaignId.rawValue }

    package func encodeData(to encoder: any Encoder) throws { try encode(to: encoder) }

    package static func decode(type: String, version: Int, from decoder: any Decoder) throws -> CampaignChanged {
        guard Step(rawValue: type) != nil else { throw ContractError.unknownType(type) }
        guard version <= 1 else { throw ContractError.newerVersion(type: type, found: version, known: 1) }
        let change = try CampaignChanged(from: decoder)
        guard change.messageType == type else {
            throw ContractError.malformed("'data.step' is '\(change.messageType)' in a message of type '\(type)'")
        }
        return change
    }
}
