import Contracts
import Foundation
import WorkingTime
import Yams

/// How points are earned, as `points.yaml` has it.
struct PointsDraft {
    let rules: [Entry<PackPointRule>]
    let funders: [Entry<PackFunder>]
    /// All but the rules and the teams.
    let settings: PackPoints

    /// With what stands in files of its own; nil where the pack says nothing of points but its rules.
    func compiled(with teams: [PackTeam], prizes: [PackPrize], stations: [PackStation]) -> PackPoints? {
        var points = settings
        points.teams = teams.isEmpty ? nil : teams
        points.prizes = prizes.isEmpty ? nil : prizes
        points.stations = stations.isEmpty ? nil : stations
        return points == PackPoints() ? nil : points
    }
}

private let pointKeys = [
    "rules", "caps", "releaseDays", "expiryMonths", "supporterShare", "mealPeaks", "bonuses", "funders",
    "objectionDays", "pickUpDays", "tasks", "signals",
]

/// Reads how points are earned; nil where the file, or a list of it, could not be read.
func readPoints(
    _ folder: URL, _ known: KnownNames, _ settings: PackSettings?, _ problems: inout ProblemLog
) -> PointsDraft? {
    let file = PackFile.points
    let before = problems.problems.count
    let nothing = PointsDraft(rules: [], funders: [], settings: PackPoints())
    guard let root = yamlRoot(of: file, in: folder, &problems) else {
        return problems.problems.count == before ? nothing : nil
    }
    if root.null != nil { return nothing }
    guard let table = YAMLTable(root, in: file, keys: pointKeys, &problems) else { return nil }
    let rules = readPointRules(table, known, &problems)
    let bonuses = readBonuses(table, known, &problems)
    let funders = readFunders(table, settings, &problems)
    let tasks = readTasks(table, &problems)
    guard let rules, let bonuses, let funders, let tasks else { return nil }
    return PointsDraft(
        rules: rules, funders: funders,
        settings: PackPoints {
            $0.caps = readCaps(table, &problems)
            $0.releaseDays = number("releaseDays", in: 0...365, of: table, &problems)
            $0.expiryMonths = number("expiryMonths", in: 1...120, of: table, &problems)
            $0.supporterShare = number("supporterShare", in: 0...100, of: table, &problems)
            $0.mealPeaks = readMealPeaks(table, &problems)
            $0.bonuses = bonuses.isEmpty ? nil : bonuses
            $0.funders = funders.isEmpty ? nil : funders.map(\.value)
            $0.objectionDays = number("objectionDays", in: 1...365, of: table, &problems)
            $0.pickUpDays = number("pickUpDays", in: 1...365, of: table, &problems)
            $0.tasks = tasks.isEmpty ? nil : tasks
            $0.signals = readSignals(table, &problems)
        })
}

private func readCaps(_ points: YAMLTable, _ problems: inout ProblemLog) -> PackPointCaps? {
    let keys = ["personDay", "personMonth", "teamDay", "teamMonth"]
    guard let node = points.node("caps"), let table = YAMLTable(node, in: points.file, keys: keys, &problems) else {
        return nil
    }
    func cap(_ key: String, _ problems: inout ProblemLog) -> Int? {
        guard table.has(key), let cap = table.integer(key, &problems) else { return nil }
        guard cap >= 0 else {
            problems.add(
                .negativeCap, table.file, table.position(of: key), "\(key) is \(cap)",
                "write 0 or more, or leave the line out for no cap")
            return nil
        }
        return cap
    }
    return PackPointCaps {
        $0.personDay = cap("personDay", &problems)
        $0.personMonth = cap("personMonth", &problems)
        $0.teamDay = cap("teamDay", &problems)
        $0.teamMonth = cap("teamMonth", &problems)
    }
}

/// Hours such as `11:00-13:00`; nil where nothing is said of them.
func readMealPeaks(_ table: YAMLTable, _ problems: inout ProblemLog) -> [[Int]]? {
    guard table.has("mealPeaks") else { return nil }
    do {
        let hours = try DayHours(table.texts("mealPeaks", &problems).map(\.value))
        return hours.ranges.map { [$0.lowerBound, $0.upperBound] }
    } catch {
        problems.add(
            .badValue, table.file, table.position(of: "mealPeaks"), "mealPeaks: \(error)",
            "write the ranges in order, such as [\"11:00-13:00\", \"17:00-19:00\"]")
        return nil
    }
}

private func readSignals(_ points: YAMLTable, _ problems: inout ProblemLog) -> PackSignals? {
    let keys = ["samePlace", "ring", "burst"]
    guard let node = points.node("signals"), let table = YAMLTable(node, in: points.file, keys: keys, &problems) else {
        return nil
    }
    return PackSignals {
        $0.samePlace = number("samePlace", in: 2...1_000, of: table, &problems)
        $0.ring = number("ring", in: 1...1_000, of: table, &problems)
        $0.burst = number("burst", in: 2...1_000, of: table, &problems)
    }
}

private func readTasks(_ points: YAMLTable, _ problems: inout ProblemLog) -> [PackTask]? {
    let keys = ["task", "name", "pointsPerHour", "mostMinutes"]
    let tasks = points.tables("tasks", keys: keys, &problems).map { table -> Entry<PackTask>? in
        guard let table, let id = table.text("task", &problems) else { return nil }
        checkID(id, table.file, table.position, &problems)
        return Entry(
            value: PackTask(
                id: id, name: table.text("name", &problems) ?? "",
                pointsPerHour: within(0...10_000, "pointsPerHour", of: table, &problems),
                mostMinutes: within(1...1_440, "mostMinutes", of: table, &problems)), position: table.position)
    }
    guard let complete = withoutGaps(tasks) else { return nil }
    return dropDuplicates(complete, points.file, called: "the task", by: \.id, &problems).map(\.value)
}

private func readBonuses(
    _ points: YAMLTable, _ known: KnownNames, _ problems: inout ProblemLog
) -> [PackBonus]? {
    let keys = ["bonus", "name", "from", "until", "for", "communities", "points"]
    let bonuses = points.tables("bonuses", keys: keys, &problems).map { table -> Entry<PackBonus>? in
        guard let table, let id = table.text("bonus", &problems) else { return nil }
        checkID(id, table.file, table.position, &problems)
        let from = readDay("from", of: table, isNeeded: true, &problems) ?? ""
        let until = readDay("until", of: table, isNeeded: true, &problems) ?? ""
        checkOrder(from, until, table, &problems)
        let communities = table.texts("communities", &problems)
        for community in communities {
            _ = known.has(CommunityID(community.value), table.file, community.position, &problems)
        }
        return Entry(
            value: PackBonus(
                id: id, name: table.text("name", &problems) ?? "", from: from, until: until,
                categories: known.categories(named: table.texts("for", &problems), table.file, &problems).codes,
                communityIds: communities.map { CommunityID($0.value) },
                points: within(1...10_000, "points", of: table, &problems)), position: table.position)
    }
    guard let complete = withoutGaps(bonuses) else { return nil }
    return dropDuplicates(complete, points.file, called: "the bonus", by: \.id, &problems).map(\.value)
}

/// A day as `2026-01-01`; nil where there is none.
func readDay(_ key: String, of table: YAMLTable, isNeeded: Bool = false, _ problems: inout ProblemLog) -> String? {
    guard isNeeded || table.has(key), let text = table.text(key, &problems) else { return nil }
    guard let day = CivilDay(text) else {
        problems.add(
            .badValue, table.file, table.position(of: key), "\(key) is \(text)", "write a day as 2026-01-01")
        return nil
    }
    return day.isoText
}

/// Notes a time that ends before it begins.
func checkOrder(_ from: String?, _ until: String?, _ table: YAMLTable, _ problems: inout ProblemLog) {
    guard let from, let until, !from.isEmpty, !until.isEmpty, until < from else { return }
    problems.add(
        .badValue, table.file, table.position(of: "until"), "it ends on \(until) and begins on \(from)",
        "give a last day that is not before the first")
}
