import Contracts

func readPointRules(
    _ points: YAMLTable, _ known: KnownNames, _ problems: inout ProblemLog
) -> [Entry<PackPointRule>]? {
    let file = points.file
    let keys = ["rule", "name", "for", "kind", "points", "teamPoints", "from", "until"]
    let rules = points.tables("rules", keys: keys, &problems).map { item -> Entry<PackPointRule>? in
        guard let table = item else { return nil }
        guard let id = table.text("rule", &problems), let points = table.integer("points", &problems) else {
            return nil
        }
        checkID(id, file, table.position, &problems)
        let before = problems.problems.count
        if points <= 0 {
            problems.add(
                .badPoints, file, table.position(of: "points"), "rule \(id) gives \(points) points",
                "give 1 or more; what shall earn nothing needs no rule")
        }
        let categories = known.categories(named: table.texts("for", &problems), file, &problems).codes
        let kind = readKind(table, &problems)
        let name = table.text("name", &problems) ?? ""
        let from = readDay("from", of: table, &problems)
        let until = readDay("until", of: table, &problems)
        checkOrder(from, until, table, &problems)
        return Entry(
            value: PackPointRule(
                id: id, name: name, categories: categories, kind: kind, points: points, from: from, until: until,
                teamPoints: number("teamPoints", in: 1...10_000, of: table, &problems)),
            position: table.position, isSound: problems.problems.count == before)
    }
    guard let complete = withoutGaps(rules) else { return nil }
    return dropDuplicates(complete, file, called: "the rule", by: \.id, &problems)
}

private func readKind(_ table: YAMLTable, _ problems: inout ProblemLog) -> ReportKind? {
    guard let text = table.optionalText("kind", &problems) else { return nil }
    return reportKind(text, table.file, table.position(of: "kind"), &problems)
}
