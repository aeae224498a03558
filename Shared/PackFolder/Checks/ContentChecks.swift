import Contracts

/// Notes words that point to two categories of one kind: a report with such a word could be either.
func checkKeywords(_ categories: [Entry<PackCategory>], _ problems: inout ProblemLog) {
    var first: [String: CategoryCode] = [:]
    for category in categories {
        for keyword in category.value.keywords {
            let key = "\(category.value.kind.rawValue) \(keyword)"
            if let other = first[key] {
                problems.add(
                    .keywordTwice, .categories, category.position,
                    "the keyword \(keyword) of \(category.value.code) belongs to \(other) already",
                    "leave it with the category that it means more often")
            }
            first[key] = first[key] ?? category.value.code
        }
    }
}

/// Notes point rules that never come to decide, and those that promise more than a day may bring.
func checkPointRules(
    _ rules: [Entry<PackPointRule>], _ categories: [Entry<PackCategory>], cap: Int?, _ problems: inout ProblemLog
) {
    var decided: Set<CategoryCode> = []
    for rule in rules {
        let codes = Set(rule.value.categories)
        let fitting = categories.map(\.value).filter { category in
            (codes.isEmpty || codes.contains(category.code))
                && (rule.value.kind == nil || rule.value.kind == category.kind)
        }
        let fresh = fitting.filter { !decided.contains($0.code) }
        // A rule with a last or a first day leaves the other days to the next.
        if rule.value.from == nil, rule.value.until == nil { decided.formUnion(fresh.map(\.code)) }
        guard rule.isSound else { continue }
        if fresh.isEmpty {
            problems.add(
                .ruleNeverFires, .points, rule.position, "rule \(rule.value.id) can never decide",
                "rules before it take all that it fits, or its kind is not that of its categories: "
                    + "move it up, narrow the others, or take it out")
        }
        if let cap, rule.value.points > cap {
            problems.add(
                .capBelowRule, .points, rule.position,
                "rule \(rule.value.id) gives \(rule.value.points) points, but a day may bring only \(cap)",
                "raise caps.personDay, or give fewer points")
        }
    }
}

/// Notes ledgers whose rules promise what nobody pays for, and budgets that a line will hold back.
func checkFunding(_ points: PointsDraft, of ledgers: Set<LedgerID>, _ problems: inout ProblemLog) {
    let funded = Set(points.funders.map(\.value.ledgerId))
    for ledger in ledgers.subtracting(funded).sorted() where !points.rules.isEmpty {
        problems.add(
            .pointsWithoutFunder, .points, nil,
            "nobody funds the ledger \(ledger), so that its rules will give out nothing",
            "name who pays under `funders:`, with `ledger: \(ledger)`, a line and a budget, or take the rules out")
    }
    for funder in points.funders where funder.isSound {
        let budget = funder.value.budgets.reduce(0) { $0 + $1.points }
        guard budget > funder.value.line else { continue }
        problems.add(
            .budgetBeyondLine, .points, funder.position,
            "the budgets of \(funder.value.id) are \(budget) points together, its line is \(funder.value.line)",
            "what lies beyond the line is not put in before something was paid back: raise the line or lower a budget")
    }
}
