import Contracts
import Foundation
import WorkingTime

/// Reads the levels above the handler, from the unit head up; a pack does without them.
func readLadder(_ folder: URL, _ known: KnownNames, _ problems: inout ProblemLog) -> [Entry<PackLevel>]? {
    let file = PackFile.ladder
    guard file.exists(in: folder) else { return [] }
    let tables = yamlList(of: file, in: folder, keys: ["level", "english", "after", "unit"], &problems)
    guard let tables else { return nil }
    let levels = tables.map { item in item.flatMap { readLevel($0, known, &problems) } }
    guard let complete = withoutGaps(levels) else { return nil }
    return dropDuplicates(complete, file, called: "the level", by: \.name, &problems)
}

private func readLevel(
    _ table: YAMLTable, _ known: KnownNames, _ problems: inout ProblemLog
) -> Entry<PackLevel>? {
    let name = table.text("level", &problems)
    let englishName = table.text("english", &problems)
    let after = table.text("after", &problems)
    guard let name, let englishName, let after else { return nil }
    let unit = table.optionalText("unit", &problems).map { UnitID($0) }
    if let unit { _ = known.has(unit, table.file, table.position(of: "unit"), &problems) }
    do {
        let limit = try TimeLimit(after).text
        return Entry(
            value: PackLevel(name: name, englishName: englishName, after: limit, unitId: unit),
            position: table.position)
    } catch {
        problems.add(
            .badLimit, table.file, table.position(of: "after"), "after: \(error)", "write it as 4w, 0.5e, 5d or 15n")
        return nil
    }
}
