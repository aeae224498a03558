import Contracts

/// Who answers for what, found by asking every rule about every category everywhere.
///
/// Everywhere is: each community inside its compounds and outside them, and where no community is. A rule that depends on
/// hours, days, load, duty, grids or a single compound may decide, but others must stand behind it.
struct Ownership {
    /// In which communities each unit owns something.
    private(set) var communitiesOfUnit: [UnitID: Set<CommunityID>] = [:]

    private struct Place {
        let communityId: CommunityID
        /// The compounds there; nil outside compounds.
        let compounds: [CompoundDraft]?
    }

    private let categories: [PackCategory]
    private let communities: [CommunityID]
    private let places: [Place]
    private let communityOfGrid: [GridID: CommunityID]
    /// For each category and place, whether a rule has decided whatever the hour.
    private var isDecided: [Bool]

    /// Tries the rules in their order; notes those that never come to decide, and categories that nobody owns.
    init(
        _ rules: [Entry<PackRoutingRule>], _ categories: [PackCategory], _ communities: [CommunityID],
        _ compounds: [CompoundDraft], _ grids: [GridDraft], _ problems: inout ProblemLog
    ) {
        self.categories = categories
        self.communities = communities
        communityOfGrid = Dictionary(grids.map { ($0.id, $0.communityId) }) { first, _ in first }
        let byCommunity = Dictionary(grouping: compounds, by: \.communityId)
        places = (communities + [.unassigned]).flatMap { community in
            let inside = byCommunity[community].map { [Place(communityId: community, compounds: $0)] } ?? []
            return inside + [Place(communityId: community, compounds: nil)]
        }
        isDecided = Array(repeating: false, count: categories.count * places.count)
        for (index, rule) in rules.enumerated() {
            let decides = take(rule.value)
            let isSafetyNet = index == rules.count - 1 && rule.value.fitsEverything
            if !decides, rule.isSound, !isSafetyNet {
                problems.add(
                    .ruleNeverFires, .routing, rule.position, "rule \(rule.value.id) can never decide",
                    "rules before it take all that it fits, its kind is not that of its categories, or there is no such "
                        + "compound: move it up, narrow the others, or take it out")
            }
        }
        noteOwnerless(&problems)
    }

    /// Gives the rule what it fits and none before it took; false where that is nothing.
    private mutating func take(_ rule: PackRoutingRule) -> Bool {
        let codes = Set(rule.categories)
        let grids = rule.conditions?.grids.map { grids in Set(grids.compactMap { communityOfGrid[$0] }) }
        let reach = places.map { place in
            Reach(of: rule, in: place.communityId, place.compounds, isThere: grids?.contains(place.communityId) ?? true)
        }
        var decides = false
        for (row, category) in categories.enumerated() {
            guard codes.isEmpty || codes.contains(category.code) else { continue }
            guard rule.kind == nil || rule.kind == category.kind else { continue }
            for (column, reach) in reach.enumerated() where !isDecided[row * places.count + column] {
                guard !reach.units.isEmpty else { continue }
                decides = true
                isDecided[row * places.count + column] = reach.isWhole
                let community = places[column].communityId
                guard community != .unassigned else { continue }
                for unit in reach.units { communitiesOfUnit[unit, default: []].insert(community) }
            }
        }
        return decides
    }

    private func noteOwnerless(_ problems: inout ProblemLog) {
        for (row, category) in categories.enumerated() {
            var without: [CommunityID] = []
            for (column, place) in places.enumerated() where !isDecided[row * places.count + column] {
                if place.communityId != .unassigned, without.last != place.communityId {
                    without.append(place.communityId)
                }
            }
            guard !without.isEmpty else { continue }
            let place = without.count == communities.count ? "anywhere" : "in \(few(without))"
            problems.add(
                .categoryWithoutOwner, .routing, nil, "\(category.code) \(category.name) has no owner \(place)",
                "add a rule for it that fits at every hour; until then a dispatcher decides each time")
        }
    }
}

/// What a rule decides in one place.
private struct Reach {
    /// The units that may come to own something there; none where the rule does not fit.
    private(set) var units: Set<UnitID> = []
    /// Whether it decides there at any time, wherever exactly.
    private(set) var isWhole = false

    /// - Parameter isThere: Whether the community has one of the rule's grids, or the rule names none.
    init(of rule: PackRoutingRule, in community: CommunityID, _ compounds: [CompoundDraft]?, isThere: Bool) {
        guard isThere else { return }
        guard rule.communityIds.isEmpty || rule.communityIds.contains(community) else { return }
        let wanted = rule.conditions?.compounds
        let isNamed = { (compound: CompoundDraft) in
            wanted?.ids.isEmpty != false || wanted?.ids.contains(compound.id) == true
        }
        var fitting: [CompoundDraft]?
        if let wanted {
            let inside = (compounds ?? []).filter { isNamed($0) == wanted.isInside }
            guard !inside.isEmpty || (compounds == nil && !wanted.isInside) else { return }
            fitting = compounds == nil ? nil : inside
        } else {
            fitting = compounds
        }
        if let unit = rule.unitId {
            units = [unit]
        } else {
            units = Set((fitting ?? []).compactMap(\.propertyUnitId))
        }
        let isEverywhere = fitting?.count == compounds?.count
        let hasOwnerEverywhere = rule.unitId != nil || fitting?.allSatisfy { $0.propertyUnitId != nil } == true
        isWhole = isEverywhere && hasOwnerEverywhere && !rule.dependsOnMore
    }
}

extension PackRoutingRule {
    fileprivate var fitsEverything: Bool {
        categories.isEmpty && communityIds.isEmpty && kind == nil && conditions == nil
    }

    fileprivate var dependsOnMore: Bool {
        guard let conditions else { return false }
        return conditions.workingHours != nil || conditions.minutes != nil || conditions.days != nil
            || conditions.load != nil || conditions.onDuty != nil || conditions.grids != nil
    }
}
