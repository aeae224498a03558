package import Contracts

/// For what an owner is sought.
package struct OwnerQuestion: Sendable, Equatable {
    package let category: CategoryCode
    package let communityId: CommunityID
    package let location: Location
    package let kind: ReportKind
    /// The clock of the log, not of any wall.
    package let now: Timestamp

    package init(
        category: CategoryCode, communityId: CommunityID, location: Location, kind: ReportKind, now: Timestamp
    ) {
        self.category = category
        self.communityId = communityId
        self.location = location
        self.kind = kind
        self.now = now
    }
}

/// Whom the rules name, and why.
package struct OwnerDecision: Sendable, Equatable {
    /// Nil where no rule decides.
    package let ruleId: String?
    package let unitId: UnitID?
    /// Nil where the unit has no worker for the community.
    package let handlerId: PersonID?
    /// In words, Chinese and English.
    package let trace: String
}

/// The worker of a unit who gets a case.
package struct WorkerChoice: Sendable, Equatable {
    /// Nil where nobody of the unit serves the community.
    package let personId: PersonID?
    /// Among how many they were chosen.
    let candidates: Int
    let openCases: Int
    let duty: Duty

    enum Duty: Sendable, Equatable {
        /// The unit keeps no roster: everybody is there.
        case noRoster
        case onDuty
        /// It keeps one, and nobody is on it now.
        case nobody
    }
}

/// Why a rule that fits the problem and its place does not decide.
enum PassedOver: Sendable, Equatable {
    /// The property company is asked for where there is none.
    case noPropertyCompany
    case busy(UnitID, openCases: Int)
    case nobodyOnDuty(UnitID)
}

/// What of a rule does not fit.
enum Misfit: Sendable, Equatable {
    case community
    case kind
    case compounds
    case grids
    case workingHours
    case timeOfDay
    case day
}
