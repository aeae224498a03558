package import Contracts

/// The unit that answers for a case and, where one was found, the worker who handles it.
package struct Owner: Codable, Sendable, Equatable {
    package let unitId: UnitID
    /// Absent where the unit has no worker for the community: any of its workers may handle it then.
    package let handlerId: PersonID?

    package init(unitId: UnitID, handlerId: PersonID?) {
        self.unitId = unitId
        self.handlerId = handlerId
    }
}

/// A case in the hands of its owner, with the clock running.
package struct Assignment: Codable, Sendable, Equatable {
    package let owner: Owner
    package let dispatchedAt: Timestamp
    /// The last moment that is on time; absent where the pack has no limit for the category.
    package let deadline: Timestamp?
    /// Set once, when the deadline passes with the case not handled; it stays for the record.
    package internal(set) var isOverdue: Bool

    package init(owner: Owner, dispatchedAt: Timestamp, deadline: Timestamp?, isOverdue: Bool = false) {
        self.owner = owner
        self.dispatchedAt = dispatchedAt
        self.deadline = deadline
        self.isOverdue = isOverdue
    }
}

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
        case .merged: .merged
        }
    }

    package var owner: Owner? {
        switch self {
        case .opened(let proposed), .filed(let proposed), .refused(let proposed), .cancelled(let proposed): proposed
        case .dispatched, .handled, .closed: assignment?.owner
        case .transferred(let departure): departure.owner
        case .merged: nil
        }
    }

    /// The assignment that the case is in, or was last handled under.
    package var assignment: Assignment? {
        switch self {
        case .dispatched(let assignment): assignment
        case .handled(let handling): handling.assignment
        case .closed(let closing): closing.handling.assignment
        case .opened, .filed, .refused, .transferred, .cancelled, .merged: nil
        }
    }

    package var closedAt: Timestamp? {
        guard case .closed(let closing) = self else { return nil }
        return closing.closedAt
    }
}
