/// What became of a case beside the straight road from report to closing; all of it absent where nothing did.
package struct CaseCourse: Codable, Sendable, Equatable {
    /// By when it is to be judged 立案时限, while it is not and the clock runs.
    package var filingDeadline: Timestamp?
    /// When it was told that nobody judged it in time 立案超时.
    package var filingOverdueAt: Timestamp?
    /// When its unit took it on 签收.
    package var acceptedAt: Timestamp?
    /// The unit that gave it back and still answers for it 首接负责, until another takes it on.
    package var keptBy: UnitID?
    /// By when that is to be, while the unit's clock runs on; absent once it has the case again.
    package var keptDeadline: Timestamp?
    /// When it goes on by itself, while it is parked 挂账 or waits for its reporter.
    package var restsUntil: Timestamp?
    /// What its reporter was asked, masked, while it waits for the answer 待补充.
    package var question: String?
    /// More time that was asked for and not yet decided 延期, such as `2d`.
    package var extensionAsked: String?
    /// How far up it went: 1 unit head, 2 street, 3 district.
    package var level: Int?
    /// The outside party that has it, by name.
    package var party: String?
    /// SHA-256 in hex of the link that the party was given: portal knows by it which case a link is for.
    package var linkHash: String?
    /// Until when that link is good; absent where it does not end.
    package var partyUntil: Timestamp?
    /// What its handlers showed of the work, in order.
    package var workPhotos: [PhotoID]?
    /// What its reporters said after closing 回访, in order.
    package var ratings: [Rating]?
    /// 协办.
    package var coOwners: [CoOwner]?
    /// The last call of units to the spot 吹哨.
    package var whistle: Whistle?
    /// The case that goes on with its reports 并案.
    package var mergedInto: CaseID?
    /// The case that it is a part of.
    package var parentId: CaseID?
    /// Cases that may be the same, for a dispatcher to decide, by id.
    package var proposedSame: [Proposal]?
    /// The earlier case of the same problem, which was closed.
    package var recurrenceOf: CaseID?
    /// The campaign 专项整治 that it was opened for.
    package var campaignId: CampaignID?

    package struct Rating: Codable, Sendable, Equatable {
        package let reporterId: PersonID
        package let at: Timestamp
        package let satisfied: Bool?
        package let solved: Bool?

        package init(reporterId: PersonID, at: Timestamp, satisfied: Bool?, solved: Bool?) {
            self.reporterId = reporterId
            self.at = at
            self.satisfied = satisfied
            self.solved = solved
        }
    }

    package struct CoOwner: Codable, Sendable, Equatable {
        package let unitId: UnitID
        package let deadline: Timestamp?
        package let isOverdue: Bool
        package let handledAt: Timestamp?

        package init(unitId: UnitID, deadline: Timestamp?, isOverdue: Bool, handledAt: Timestamp?) {
            self.unitId = unitId
            self.deadline = deadline
            self.isOverdue = isOverdue
            self.handledAt = handledAt
        }
    }

    package struct Whistle: Codable, Sendable, Equatable {
        package let at: Timestamp
        /// By when the units are to be there.
        package let until: Timestamp
        package let called: [UnitID]
        package let present: [UnitID]
        /// True once all are there or the time is over.
        package let ended: Bool

        package init(at: Timestamp, until: Timestamp, called: [UnitID], present: [UnitID], ended: Bool) {
            self.at = at
            self.until = until
            self.called = called
            self.present = present
            self.ended = ended
        }
    }

    package struct Proposal: Codable, Sendable, Equatable {
        package let caseId: CaseID
        package let match: CaseMatch

        package init(caseId: CaseID, match: CaseMatch) {
            self.caseId = caseId
            self.match = match
        }
    }

    package init(_ fill: (inout CaseCourse) -> Void = { _ in }) {
        fill(&self)
    }
}
