package import Contracts
import OwnerRules

/// What a decision needs to know besides the case: the clock, the pack in force, and how busy the workers are.
package struct Circumstances {
    /// The clock of the log, not of any wall.
    package let now: Timestamp
    /// Nil before the first pack.
    package let table: RoutingTable?
    /// How many open cases a worker has in this store.
    package let openCases: (PersonID) throws -> Int
    /// What the case's first report was taken for at intake, by its reporter or else by its words; to be told only.
    package let suggested: CategoryCode?
    /// The other cases of the store.
    package let others: OtherCases

    package init(
        now: Timestamp, table: RoutingTable?, suggested: CategoryCode? = nil, others: OtherCases = .none,
        openCases: @escaping (PersonID) throws -> Int
    ) {
        self.now = now
        self.table = table
        self.suggested = suggested
        self.others = others
        self.openCases = openCases
    }

    /// The unit with the least busy of its workers for the community, of those on duty; ties go to the lower id.
    func owner(_ unitId: UnitID, in communityId: CommunityID) throws -> Owner {
        let worker = try table?.owners.worker(of: unitId, in: communityId, at: now, openCases: openCases)
        return Owner(unitId: unitId, handlerId: worker?.personId)
    }
}

/// The roles that portal vouches for.
package enum Role {
    package static let dispatcher = "dispatcher"
    package static let verifier = "verifier"
    package static let worker = "worker"
    package static let admin = "admin"
    /// Somebody outside who has a case by link.
    package static let outsideParty = "outside-party"
}
