/// A campaign 专项整治 as it stands: the record of `campaigns.v1`, keyed by campaign id; the highest `version` counts.
///
/// Not for partners: it tells what was said at whose door.
package struct CampaignState: Message {
    package static let type = "campaign.state"

    package let campaignId: CampaignID
    /// Counts the changes of the campaign from 1.
    package var version: Int
    package let communityId: CommunityID
    package let title: String
    package let category: CategoryCode
    package let startedAt: Timestamp
    package let startedBy: PersonID
    /// The last moment that is on time.
    package let deadline: Timestamp
    /// Set once, when the deadline passes with targets open.
    package var isOverdue: Bool
    /// When no target was open any more, or a person ended it.
    package var endedAt: Timestamp?
    package var ended: Bool
    /// In order of coming.
    package var targets: [Target]
    /// How it went on, day by day; a day on which nothing changed is left out.
    package var burndown: [Day]
    /// What the days are counted by.
    package let utcOffsetMinutes: Int

    package struct Target: Codable, Sendable, Equatable {
        package let targetId: TargetID
        package let address: String
        package let location: Location?
        package let ownerNote: String?
        /// How it looked at the start; absent where nobody took a photo.
        package let before: PhotoID?
        /// How it looks since: the last of the photos of the work on its case, in order; absent where there are none.
        package var after: [PhotoID]?
        package let caseId: CaseID
        package let caseNumber: String
        /// Where its case stands.
        package var stage: CaseStage
        /// When its case closed; absent while it is not.
        package var doneAt: Timestamp?
        /// By the time of the visit.
        package var visits: [Visit]

        package init(
            targetId: TargetID, address: String, location: Location?, ownerNote: String?, caseId: CaseID,
            caseNumber: String, stage: CaseStage, doneAt: Timestamp? = nil, visits: [Visit] = [],
            before: PhotoID? = nil, after: [PhotoID]? = nil
        ) {
            self.targetId = targetId
            self.address = address
            self.location = location
            self.ownerNote = ownerNote
            self.caseId = caseId
            self.caseNumber = caseNumber
            self.stage = stage
            self.doneAt = doneAt
            self.visits = visits
            self.before = before
            self.after = after
        }
    }

    package struct Visit: Codable, Sendable, Equatable {
        package let at: Timestamp
        /// Who went there.
        package let by: PersonID
        package let outcome: String
        package let photos: [PhotoID]?

        package init(at: Timestamp, by: PersonID, outcome: String, photos: [PhotoID]?) {
            self.at = at
            self.by = by
            self.outcome = outcome
            self.photos = photos
        }
    }

    package struct Day: Codable, Sendable, Equatable {
        /// Such as `2026-11-23`.
        package let day: String
        /// How many targets had an open case at its end, and how many were done.
        package let open: Int
        package let done: Int

        package init(day: String, open: Int, done: Int) {
            self.day = day
            self.open = open
            self.done = done
        }
    }

    package init(
        campaignId: CampaignID, version: Int, communityId: CommunityID, title: String, category: CategoryCode,
        startedAt: Timestamp, startedBy: PersonID, deadline: Timestamp, isOverdue: Bool = false,
        endedAt: Timestamp? = nil, ended: Bool = false, targets: [Target], burndown: [Day], utcOffsetMinutes: Int
    ) {
        self.campaignId = campaignId
        self.version = version
        self.communityId = communityId
        self.title = title
        self.category = category
        self.startedAt = startedAt
        self.startedBy = startedBy
        self.deadline = deadline
        self.isOverdue = isOverdue
        self.endedAt = endedAt
        self.ended = ended
        self.targets = targets
        self.burndown = burndown
        self.utcOffsetMinutes = utcOffsetMinutes
    }

    package var subject: String { campaignId.rawValue }

    /// How many targets have a case that still needs somebody.
    package var open: Int { targets.count { $0.stage.isOpen } }
    package var done: Int { targets.count { $0.doneAt != nil } }
}
