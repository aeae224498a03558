package import Contracts

/// The word of somebody that the work is done.
package struct Handling: Codable, Sendable, Equatable {
    package let assignment: Assignment
    /// Who said so: not always the assigned handler.
    package let handledBy: PersonID
    package let handledAt: Timestamp

    package init(assignment: Assignment, handledBy: PersonID, handledAt: Timestamp) {
        self.assignment = assignment
        self.handledBy = handledBy
        self.handledAt = handledAt
    }
}

/// The word of somebody else that it is so.
package struct Closing: Codable, Sendable, Equatable {
    package let handling: Handling
    package let verifiedBy: PersonID
    package let closedAt: Timestamp
    /// Who said since how they find it 回访; nil where nobody did.
    package internal(set) var ratedBy: [PersonID]?

    package init(handling: Handling, verifiedBy: PersonID, closedAt: Timestamp) {
        self.handling = handling
        self.verifiedBy = verifiedBy
        self.closedAt = closedAt
    }
}

/// Where a case went that belongs to another community.
package struct Departure: Codable, Sendable, Equatable {
    package let owner: Owner?
    package let toCommunityId: CommunityID

    package init(owner: Owner?, toCommunityId: CommunityID) {
        self.owner = owner
        self.toCommunityId = toCommunityId
    }
}

/// Where a case stood when it was put aside, and where it goes back to.
package enum Origin: Codable, Sendable, Equatable {
    case opened(proposed: Owner?)
    case filed(proposed: Owner?)
    /// The assignment's clock stands still.
    case dispatched(Assignment)

    package var owner: Owner? {
        switch self {
        case .opened(let proposed), .filed(let proposed): proposed
        case .dispatched(let assignment): assignment.owner
        }
    }

    package var assignment: Assignment? {
        guard case .dispatched(let assignment) = self else { return nil }
        return assignment
    }
}

/// 挂账: it cannot be done in time, and rests with a plan until a date.
package struct Parking: Codable, Sendable, Equatable {
    /// Its clock stands still.
    package let assignment: Assignment
    package let until: Timestamp
}

/// 待补充: the reporter was asked, and has so long to answer.
package struct Waiting: Codable, Sendable, Equatable {
    package let origin: Origin
    package let until: Timestamp
    /// What the reporter was asked, masked: others may read it.
    package internal(set) var question: String?
}

extension Case {
    /// Where a case stands, with all that belongs to standing there.
    ///
    /// Before the dispatch the owner is a proposal, and absent where no rule of the pack fits.
    package enum Stage: Codable, Sendable, Equatable {
        case opened(proposed: Owner?)
        case filed(proposed: Owner?)
        case dispatched(Assignment)
        case handled(Handling)
        case closed(Closing)
        case refused(proposed: Owner?)
        case transferred(Departure)
        case cancelled(proposed: Owner?)
        case parked(Parking)
        case waiting(Waiting)
        /// 议事中: with the five parties.
        case referred(Origin)
        case merged(into: CaseID)
    }
}

extension Case.Stage {
    package var name: CaseStage {
        switch self {
        case .opened: .opened
        case .filed: .filed
        case .dispatched: .dispatched
        case .handled: .handled
        case .closed: .closed
        case .refused: .refused
        case .transferred: .transferred
        case .cancelled: .cancelled
        case .parked: .parked
        case .waiting: .waiting
        case .referred: .referred
        case .merged: .merged
        }
    }

    package var owner: Owner? {
        switch self {
        case .opened(let proposed), .filed(let proposed), .refused(let proposed), .cancelled(let proposed): proposed
        case .dispatched, .handled, .closed: assignment?.owner
        case .transferred(let departure): departure.owner
        case .parked(let parking): parking.assignment.owner
        case .waiting(let waiting): waiting.origin.owner
        case .referred(let origin): origin.owner
        case .merged: nil
        }
    }

    /// The assignment that the case is in, or was last handled under.
    package var assignment: Assignment? {
        switch self {
        case .dispatched(let assignment): assignment
        case .handled(let handling): handling.assignment
        case .closed(let closing): closing.handling.assignment
        case .parked(let parking): parking.assignment
        case .waiting(let waiting): waiting.origin.assignment
        case .referred(let origin): origin.assignment
        case .opened, .filed, .refused, .transferred, .cancelled, .merged: nil
        }
    }

    package var closedAt: Timestamp? {
        guard case .closed(let closing) = self else { return nil }
        return closing.closedAt
    }

    /// When the case goes on by itself, while it is parked or waits for its reporter.
    package var restsUntil: Timestamp? {
        switch self {
        case .parked(let parking): parking.until
        case .waiting(let waiting): waiting.until
        default: nil
        }
    }

    /// Whether nobody has judged the report yet.
    var isUnjudged: Bool {
        switch self {
        case .opened: true
        case .waiting(let waiting): if case .opened = waiting.origin { true } else { false }
        default: false
        }
    }

    /// Where the case would go back to, were it put aside here.
    var origin: Origin? {
        switch self {
        case .opened(let proposed): .opened(proposed: proposed)
        case .filed(let proposed): .filed(proposed: proposed)
        case .dispatched(let assignment): .dispatched(assignment)
        default: nil
        }
    }
}
