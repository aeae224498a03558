import Contracts

/// A question with what rules ask about it; compound and grid are looked up once, and only if one asks.
struct Scene {
    let question: OwnerQuestion
    let moment: LocalMoment
    private let compounds: PackAreas<PackCompound>
    private let grids: PackAreas<PackGrid>
    private var found: PackCompound??
    private var foundGrid: PackGrid??

    init(
        _ question: OwnerQuestion, moment: LocalMoment, compounds: PackAreas<PackCompound>, grids: PackAreas<PackGrid>
    ) {
        self.question = question
        self.moment = moment
        self.compounds = compounds
        self.grids = grids
    }

    /// Where the problem is; nil outside compounds.
    var compound: PackCompound? {
        mutating get {
            if let found { return found }
            let compound = compounds.area(at: question.location, in: question.communityId)
            found = .some(compound)
            return compound
        }
    }

    /// The grid where the problem is; nil outside grids.
    var grid: PackGrid? {
        mutating get {
            if let foundGrid { return foundGrid }
            let grid = grids.area(at: question.location, in: question.communityId)
            foundGrid = .some(grid)
            return grid
        }
    }

    /// The grid where the rule spoke of it, to be told.
    mutating func gridAsked(by rule: PackRoutingRule) -> PackGrid? {
        rule.conditions?.grids != nil ? grid : nil
    }

    /// The compound where the rule spoke of it, to be told.
    mutating func compoundAsked(by rule: PackRoutingRule) -> PackCompound? {
        rule.unitId == nil || rule.conditions?.compounds != nil ? compound : nil
    }

    /// What of the rule does not fit; nil where all of it does.
    mutating func misfit(_ rule: PackRoutingRule) -> Misfit? {
        guard rule.communityIds.isEmpty || rule.communityIds.contains(question.communityId) else { return .community }
        guard rule.kind == nil || rule.kind == question.kind else { return .kind }
        guard let conditions = rule.conditions else { return nil }
        if let wanted = conditions.compounds, !fits(wanted) { return .compounds }
        if let wanted = conditions.grids, !(grid.map { wanted.contains($0.id) } ?? false) { return .grids }
        if let wanted = conditions.workingHours, wanted != moment.isWorking { return .workingHours }
        if let minutes = conditions.minutes, !moment.isIn(minutes) { return .timeOfDay }
        if let days = conditions.days, !days.contains(where: moment.isOn) { return .day }
        return nil
    }

    private mutating func fits(_ wanted: PackRuleConditions.Compounds) -> Bool {
        let isNamed = compound.map { wanted.ids.isEmpty || wanted.ids.contains($0.id) } ?? false
        return isNamed == wanted.isInside
    }
}
