import Contracts
import OwnerRules

/// Whom the pack's rules name for a case, and why.
struct Routing: Equatable {
    /// Nil where no rule decides.
    let owner: Owner?
    /// The trace of the decision, in words.
    let trace: String
}

extension RoutingTable {
    /// Who answers for a problem of the category there and then.
    func route(
        _ category: CategoryCode, in communityId: CommunityID, at location: Location, kind: ReportKind,
        now: Timestamp, openCases: (PersonID) throws -> Int
    ) rethrows -> Routing {
        let question = OwnerQuestion(
            category: category, communityId: communityId, location: location, kind: kind, now: now)
        let decision = try owners.decide(question, openCases: openCases)
        return Routing(
            owner: decision.unitId.map { Owner(unitId: $0, handlerId: decision.handlerId) }, trace: decision.trace)
    }
}

extension Circumstances {
    /// Whom the rules name; nobody where there is no pack.
    func route(
        _ category: CategoryCode, in communityId: CommunityID, at location: Location, kind: ReportKind
    ) throws -> Routing {
        guard let table else { return Routing(owner: nil, trace: Concern.noPack) }
        return try table.route(
            category, in: communityId, at: location, kind: kind, now: now, openCases: openCases)
    }
}
