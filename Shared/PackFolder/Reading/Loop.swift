import Contracts
import Foundation
import WorkingTime
import Yams

/// How the loop of a case runs, as `loop.yaml` has it.
struct LoopDraft {
    /// Nil where the folder has no such file: everything is as it usually is.
    let loop: PackLoop?
}

/// Reads how the loop of a case runs; nil where the file could not be read.
func readLoop(_ folder: URL, _ known: KnownNames, _ problems: inout ProblemLog) -> LoopDraft? {
    let file = PackFile.loop
    guard file.exists(in: folder) else { return LoopDraft(loop: nil) }
    let before = problems.problems.count
    guard let root = yamlRoot(of: file, in: folder, &problems) else {
        return problems.problems.count == before ? LoopDraft(loop: nil) : nil
    }
    if root.null != nil { return LoopDraft(loop: nil) }
    let keys = ["reopenDays", "returnsBeforeLevelUp", "replyLimit", "nearDue", "afterPhotos", "ladder"]
    guard let table = YAMLTable(root, in: file, keys: keys, &problems) else { return nil }
    guard let ladder = readLadder(table, known, &problems) else { return nil }
    return LoopDraft(
        loop: PackLoop(
            reopenDays: number("reopenDays", in: 0...365, of: table, &problems),
            returnsBeforeLevelUp: number("returnsBeforeLevelUp", in: 1...100, of: table, &problems),
            replyLimit: limit("replyLimit", of: table, &problems),
            nearDue: number("nearDue", in: 1...999, of: table, &problems),
            needsAfterPhotos: afterPhotos(table, &problems), ladder: ladder))
}

private func readLadder(_ table: YAMLTable, _ known: KnownNames, _ problems: inout ProblemLog) -> [PackLevel]? {
    guard let node = table.node("ladder") else { return [] }
    guard let items = node.sequence else {
        problems.add(
            .badValue, table.file, table.position(of: "ladder"), "ladder is not a list",
            "begin every level with `- name:`, from the unit's head up")
        return nil
    }
    let levels = items.map { item -> PackLevel? in
        guard
            let level = YAMLTable(
                item, in: table.file, keys: ["name", "englishName", "after", "unit"], &problems),
            let name = level.text("name", &problems), let englishName = level.text("englishName", &problems),
            let after = level.text("after", &problems)
        else { return nil }
        checkLimit(after, "after", of: level, &problems)
        let unit = level.optionalText("unit", &problems).map { UnitID($0) }
        if let unit { _ = known.has(unit, level.file, level.position(of: "unit"), &problems) }
        return PackLevel(name: name, englishName: englishName, after: after, unitId: unit)
    }
    let read = levels.compactMap { $0 }
    return read.count == levels.count ? read : nil
}

/// Whether work is handed in with pictures; nil where nothing is said, or nothing that is known.
private func afterPhotos(_ table: YAMLTable, _ problems: inout ProblemLog) -> Bool? {
    let key = "afterPhotos"
    guard table.has(key), let text = table.text(key, &problems) else { return nil }
    guard ["required", "optional"].contains(text) else {
        problems.add(
            .badValue, table.file, table.position(of: key), "\(key) is \(text)", "write required or optional")
        return nil
    }
    return text == "required"
}

/// A whole number of a range; nil where the key is absent, and where something else stands there.
func number(
    _ key: String, in range: ClosedRange<Int>, of table: YAMLTable, _ problems: inout ProblemLog
) -> Int? {
    guard table.has(key), let number = table.integer(key, &problems) else { return nil }
    guard range.contains(number) else {
        problems.add(
            .badValue, table.file, table.position(of: key), "\(key) is \(number)",
            "a whole number from \(range.lowerBound) to \(range.upperBound) is needed")
        return nil
    }
    return number
}

private func limit(_ key: String, of table: YAMLTable, _ problems: inout ProblemLog) -> String? {
    guard table.has(key), let text = table.text(key, &problems) else { return nil }
    checkLimit(text, key, of: table, &problems)
    return text
}

private func checkLimit(_ text: String, _ key: String, of table: YAMLTable, _ problems: inout ProblemLog) {
    do throws(TimeLimitError) {
        _ = try TimeLimit(text)
    } catch {
        problems.add(
            .badLimit, table.file, table.position(of: key), "\(key): \(error)", "write it as 4w, 2e, 5d or 15n")
    }
}

/// Notes units above others that are unknown, or above themselves: a case that goes up would never arrive.
func checkSuperiors(_ units: [Entry<PackUnit>], _ problems: inout ProblemLog) {
    let superiors = Dictionary(units.map { ($0.value.id, $0.value.superiorId) }) { first, _ in first }
    for unit in units {
        guard let superior = unit.value.superiorId else { continue }
        guard superiors[superior] != nil else {
            problems.add(
                .unknownUnit, .units, unit.position, "the unit \(superior) above \(unit.value.id) is not here",
                "add it, or correct the name")
            continue
        }
        var above: UnitID? = superior
        var steps = 0
        while let next = above, next != unit.value.id, steps <= units.count {
            above = superiors[next] ?? nil
            steps += 1
        }
        guard above == unit.value.id else { continue }
        problems.add(
            .badValue, .units, unit.position, "\(unit.value.id) is above itself", "leave the top of each line empty")
    }
}
