package import Contracts

extension OwnerRules {
    /// A rule for the category and what became of it, for people who wonder.
    package struct RuleVerdict: Sendable, Equatable {
        package let rule: PackRoutingRule
        package let verdict: String
    }

    /// Every rule for the category down to the one that decides, each with why it does not; with nobody busy.
    package func explain(_ question: OwnerQuestion) -> [RuleVerdict] {
        var scene = scene(of: question)
        var verdicts: [RuleVerdict] = []
        for rule in rules(for: question.category) {
            if let misfit = scene.misfit(rule) {
                verdicts.append(RuleVerdict(rule: rule, verdict: misfit.told))
                continue
            }
            switch candidate(rule, &scene, { _ in 0 }) {
            case .passedOver(let why): verdicts.append(RuleVerdict(rule: rule, verdict: why.told))
            case .owner(let unit): return verdicts + [RuleVerdict(rule: rule, verdict: "decides 决定: \(unit)")]
            }
        }
        return verdicts
    }
}

extension Misfit {
    fileprivate var told: String {
        switch self {
        case .community: "another community 社区不符"
        case .kind: "another kind of report 板块不符"
        case .compounds: "on the other side of the compound's wall 小区内外不符"
        case .grids: "another grid 网格不符"
        case .workingHours: "not in these hours 工作时间不符"
        case .timeOfDay: "another time of day 时段不符"
        case .day: "another day 日期不符"
        }
    }
}

extension PassedOver {
    fileprivate var told: String {
        switch self {
        case .noPropertyCompany: "passed over: no property company here 此处没有物业"
        case .busy(let unit, let count): "passed over: \(unit) has \(count) open cases 在办过多"
        case .nobodyOnDuty(let unit): "passed over: nobody of \(unit) is on duty 无人值班"
        }
    }
}
