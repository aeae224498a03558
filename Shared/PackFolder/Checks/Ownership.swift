import Contracts

/// Who answers for what, found by asking every rule about every category in every community.
struct Ownership {
    /// In which communities each unit owns something.
    private(set) var communitiesOfUnit: [UnitID: Set<CommunityID>] = [:]

    private let categories: [PackCategory]
    private let communities: [CommunityID]
    /// For each category and community, whether a rule has decided; `unassigned` is the last column.
    private var isDecided: [Bool]

    /// Tries the rules in their order; notes those that never come to decide, and categories that nobody owns.
    init(
        _ rules: [Entry<PackRoutingRule>], _ categories: [PackCategory], _ communities: [CommunityID],
        _ problems: inout ProblemLog
    ) {
        self.categories = categories
        self.communities = communities
        isDecided = Array(repeating: false, count: categories.count * (communities.count + 1))
        let columns = Dictionary(
            zip(communities + [.unassigned], 0...), uniquingKeysWith: { first, _ in first })
        for (index, rule) in rules.enumerated() {
            let decides = take(rule.value, columns)
            let isSafetyNet = index == rules.count - 1 && rule.value.fitsEverything
            if !decides, rule.isSound, !isSafetyNet {
                problems.add(
                    .ruleNeverFires, .routing, rule.position, "rule \(rule.value.id) can never decide",
                    "rules before it take all that it fits, or its kind is not that of its categories: "
                        + "move it up, narrow the others, or take it out")
            }
        }
        noteOwnerless(&problems)
    }

    /// Gives the rule what it fits and none before it took; false where that is nothing.
    private mutating func take(_ rule: PackRoutingRule, _ columns: [CommunityID: Int]) -> Bool {
        let width = communities.count + 1
        let fitting = rule.communityIds.isEmpty ? Array(0..<width) : rule.communityIds.compactMap { columns[$0] }
        let codes = Set(rule.categories)
        var decides = false
        for (row, category) in categories.enumerated() {
            guard codes.isEmpty || codes.contains(category.code) else { continue }
            guard rule.kind == nil || rule.kind == category.kind else { continue }
            for column in fitting where !isDecided[row * width + column] {
                isDecided[row * width + column] = true
                decides = true
                if column < communities.count {
                    communitiesOfUnit[rule.unitId, default: []].insert(communities[column])
                }
            }
        }
        return decides
    }

    private func noteOwnerless(_ problems: inout ProblemLog) {
        let width = communities.count + 1
        for (row, category) in categories.enumerated() {
            let without = communities.indices.filter { !isDecided[row * width + $0] }.map { communities[$0] }
            guard !without.isEmpty else { continue }
            let place = without.count == communities.count ? "anywhere" : "in \(few(without))"
            problems.add(
                .categoryWithoutOwner, .routing, nil, "\(category.code) \(category.name) has no owner \(place)",
                "add a rule for it; until then a dispatcher decides each time")
        }
    }
}

extension PackRoutingRule {
    fileprivate var fitsEverything: Bool { categories.isEmpty && communityIds.isEmpty && kind == nil }
}

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
private func few(_ communities: [CommunityID]) -> String {
    let shown = communities.prefix(4).map(\.rawValue).joined(separator: ", ")
    return communities.count > 4 ? "\(shown) and \(communities.count - 4) more" : shown
}
