import Contracts

/// Notes units that nobody works for and communities that nobody checks or dispatches in.
func checkStaff(
    _ people: [PackPerson], _ units: [Entry<PackUnit>], _ communities: [CommunityID], _ ownership: Ownership,
    _ problems: inout ProblemLog
) {
    func served(by role: PackRole, of unit: UnitID? = nil) -> (CommunityID) -> Bool {
        let staff = people.filter { $0.roles.contains(role.rawValue) && (unit == nil || $0.unitId == unit) }
        let everywhere = staff.contains { $0.communityIds.isEmpty }
        let places = Set(staff.flatMap(\.communityIds))
        return { everywhere || places.contains($0) }
    }
    for unit in units {
        let hasWorker = served(by: .worker, of: unit.value.id)
        let without = (ownership.communitiesOfUnit[unit.value.id] ?? []).sorted().filter { !hasWorker($0) }
        guard !without.isEmpty else { continue }
        problems.add(
            .unitWithoutWorker, .people, nil,
            "the unit \(unit.value.id) owns cases in \(few(without)) but has no worker there",
            "add a worker with this unitId, or give one more communityIds (empty is everywhere)")
    }
    for role in [PackRole.verifier, .dispatcher] {
        let hasStaff = served(by: role)
        let without = communities.filter { !hasStaff($0) }
        guard !without.isEmpty else { continue }
        problems.add(
            .communityWithoutStaff, .people, nil, "\(few(without)) has no \(role.rawValue)",
            "add one, or give one more communityIds (empty is everywhere)")
    }
}

/// The first few of a list that may be long.
func few(_ communities: [CommunityID]) -> String {
    let shown = communities.prefix(4).map(\.rawValue).joined(separator: ", ")
    return communities.count > 4 ? "\(shown) and \(communities.count - 4) more" : shown
}
