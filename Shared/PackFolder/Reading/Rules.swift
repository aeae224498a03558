import Contracts
import Foundation

func readPointRules(_ folder: URL, _ known: KnownNames, _ problems: inout ProblemLog) -> [Entry<PackPointRule>]? {
    let file = PackFile.points
    let tables = yamlList(of: file, in: folder, keys: ["rule", "name", "for", "kind", "points"], &problems)
    guard let tables else { return nil }
    let rules = tables.map { item -> Entry<PackPointRule>? in
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
        return Entry(
            value: PackPointRule(id: id, name: name, categories: categories, kind: kind, points: points),
            position: table.position, isSound: problems.problems.count == before)
    }
    guard let complete = withoutGaps(rules) else { return nil }
    return dropDuplicates(complete, file, called: "the rule", by: \.id, &problems)
}

private func readKind(_ table: YAMLTable, _ problems: inout ProblemLog) -> ReportKind? {
    guard let text = table.optionalText("kind", &problems) else { return nil }
    return reportKind(text, table.file, table.position(of: "kind"), &problems)
}
