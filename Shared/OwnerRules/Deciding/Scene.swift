import Contracts

/// A question with what rules ask about it; the compound is looked up once, and only if one asks.
struct Scene {
    let question: OwnerQuestion
    let moment: LocalMoment
    private let compounds: CompoundMap
    private var found: PackCompound??

    init(_ question: OwnerQuestion, moment: LocalMoment, compounds: CompoundMap) {
        self.question = question
        self.moment = moment
        self.compounds = compounds
    }

    /// Where the problem is; nil outside compounds.
    var compound: PackCompound? {
        mutating get {
            if let found { return found }
            let compound = compounds.compound(at: question.location, in: question.communityId)
            found = .some(compound)
            return compound
        }
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
