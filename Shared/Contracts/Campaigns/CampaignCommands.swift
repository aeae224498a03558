/// Something that a campaign is about: a door, a plot, a roof.
package struct CampaignTarget: Codable, Sendable, Equatable {
    package let targetId: TargetID
    package let address: String
    /// Absent where nobody measured it: then it counts as in the middle of its community.
    package let location: Location?
    /// What is known of whose it is, without a name; masked by who sends it.
    package let ownerNote: String?
    /// How it looked before anybody did something; absent where nobody took a photo.
    package let photo: PhotoID?

    package init(
        targetId: TargetID, address: String, location: Location? = nil, ownerNote: String? = nil,
        photo: PhotoID? = nil
    ) {
        self.targetId = targetId
        self.address = address
        self.location = location
        self.ownerNote = ownerNote
        self.photo = photo
    }
}

/// Begins a campaign 专项整治; each target opens a case of its own.
///
/// On `case-commands.v1`, keyed by community id, from portal.
package struct StartCampaign: Message {
    package static let type = "campaign.start"

    package let campaignId: CampaignID
    package let communityId: CommunityID
    package let title: String
    package let category: CategoryCode
    /// The last moment that is on time.
    package let deadline: Timestamp
    package let targets: [CampaignTarget]
    package let actor: Actor
    /// Refused when it comes later than this by the log's clock.
    package let notAfter: Timestamp?

    package init(
        campaignId: CampaignID, communityId: CommunityID, title: String, category: CategoryCode, deadline: Timestamp,
        targets: [CampaignTarget], actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.campaignId = campaignId
        self.communityId = communityId
        self.title = title
        self.category = category
        self.deadline = deadline
        self.targets = targets
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { campaignId.rawValue }
}

/// More targets for a campaign that runs.
///
/// On `case-commands.v1`, keyed by community id, from portal.
package struct AddCampaignTargets: Message {
    package static let type = "campaign.add-targets"

    package let campaignId: CampaignID
    package let communityId: CommunityID
    package let targets: [CampaignTarget]
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        campaignId: CampaignID, communityId: CommunityID, targets: [CampaignTarget], actor: Actor,
        notAfter: Timestamp? = nil
    ) {
        self.campaignId = campaignId
        self.communityId = communityId
        self.targets = targets
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { campaignId.rawValue }
}

/// Somebody was at the door of a target.
///
/// On `case-commands.v1`, keyed by community id, from portal.
package struct VisitCampaignTarget: Message {
    package static let type = "campaign.visit"

    package let campaignId: CampaignID
    package let communityId: CommunityID
    package let targetId: TargetID
    /// By the visitor's clock.
    package let visitedAt: Timestamp
    /// What came of it, in words without a name; masked by who sends it.
    package let outcome: String
    package let photos: [PhotoID]?
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        campaignId: CampaignID, communityId: CommunityID, targetId: TargetID, visitedAt: Timestamp, outcome: String,
        photos: [PhotoID]? = nil, actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.campaignId = campaignId
        self.communityId = communityId
        self.targetId = targetId
        self.visitedAt = visitedAt
        self.outcome = outcome
        self.photos = photos
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { campaignId.rawValue }
}

/// Ends a campaign before all of it is done; its open cases go on.
///
/// On `case-commands.v1`, keyed by community id, from portal.
package struct EndCampaign: Message {
    package static let type = "campaign.end"

    package let campaignId: CampaignID
    package let communityId: CommunityID
    /// Why; masked by who sends it, since it goes into an event that partners read.
    package let reason: String
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        campaignId: CampaignID, communityId: CommunityID, reason: String, actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.campaignId = campaignId
        self.communityId = communityId
        self.reason = reason
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { campaignId.rawValue }
}
