package import Contracts
package import WorkingTime

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

/// A case in the hands of its owner.
package struct Assignment: Codable, Sendable, Equatable {
    package internal(set) var owner: Owner
    package let dispatchedAt: Timestamp
    /// Absent where the pack has no limit for the category.
    package internal(set) var time: StepTime?
    /// Set once, when the deadline passes with the case not handled; it stays for the record, also when more time is
    /// granted afterwards.
    package internal(set) var isOverdue: Bool
    /// When the unit took it on 签收.
    package internal(set) var acceptedAt: Timestamp?
    /// More time that was asked for and not yet decided.
    package internal(set) var extensionAsked: ExtensionAsked?
    /// Who does the work in the owner's place.
    package internal(set) var party: OutsideParty?

    package init(owner: Owner, dispatchedAt: Timestamp, time: StepTime?, isOverdue: Bool = false) {
        self.owner = owner
        self.dispatchedAt = dispatchedAt
        self.time = time
        self.isOverdue = isOverdue
    }

    /// The last moment that is on time; absent where there is no limit, and while the clock stands still.
    package var deadline: Timestamp? { time?.deadline }
}

/// 申请延期.
package struct ExtensionAsked: Codable, Sendable, Equatable {
    package let limit: TimeLimit
    /// Somebody else decides.
    package let askedBy: PersonID
}

/// Somebody outside the city's units who has a case by link, such as a contractor.
package struct OutsideParty: Codable, Sendable, Equatable {
    package let name: String
    /// SHA-256 in hex of the link: whoever shows the link is the party.
    package let linkHash: String
    /// The link is good until then; for ever where absent.
    package let until: Timestamp?

    /// The name that the party acts under.
    package var personId: PersonID { PersonID("outside:\(linkHash.prefix(16))") }
}
