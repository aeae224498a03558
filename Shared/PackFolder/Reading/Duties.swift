import Contracts
import Foundation
import OwnerRules
import WorkingTime

/// Reads who is on duty when 值班; nobody keeps a roster where the folder has no such file.
func readDuties(_ folder: URL, _ people: [Entry<PackPerson>]?, _ problems: inout ProblemLog) -> [Entry<PackDuty>]? {
    let file = PackFile.duties
    guard file.exists(in: folder) else { return [] }
    let known = people.map { Dictionary($0.map { ($0.value.id, $0.value) }) { first, _ in first } }
    let table = CSVTable(file, in: folder, required: ["person", "days", "from", "to"], &problems)
    return table?.entries { row in readDuty(row, known, &problems) }?.flatMap { entry in
        entry.value.map { Entry(value: $0, position: entry.position, isSound: entry.isSound) }
    }
}

/// A row, which is one duty for each of its days.
private func readDuty(
    _ row: CSVTable.Row, _ known: [PersonID: PackPerson]?, _ problems: inout ProblemLog
) -> Entry<[PackDuty]>? {
    guard let person = row.text("person", &problems).map({ PersonID($0) }), row.text("days", &problems) != nil else {
        return nil
    }
    if let known {
        if known[person] == nil {
            problems.add(
                .unknownPerson, row.file, row.position, "\(person) is not in \(PackFile.people.rawValue)",
                "add them there or correct the id")
        } else if known[person]?.roles.contains(PackRole.worker.rawValue) != true {
            problems.add(
                .dutyOfNoWorker, row.file, row.position, "\(person) is no worker, so no case would wait for them",
                "give them the role worker, or take the line out")
        }
    }
    let minutes = readMinutes(row, &problems)
    let days = row.list("days").compactMap { readDay($0, row, &problems) }
    return Entry(
        value: days.map { PackDuty(personId: person, day: $0, minutes: minutes ?? [0, 1_440]) },
        position: row.position, isSound: minutes != nil)
}

/// From and to; an end that is not later than the beginning is on the next day.
private func readMinutes(_ row: CSVTable.Row, _ problems: inout ProblemLog) -> [Int]? {
    func time(_ column: String) -> Int? {
        guard let text = row.text(column, &problems) else { return nil }
        if let minutes = minutesOfDay(text) { return minutes }
        problems.add(
            .badValue, row.file, row.position, "\(column) is \(text)", "write a time of day such as 08:00, up to 24:00")
        return nil
    }
    guard let from = time("from"), let to = time("to") else { return nil }
    return from < to ? [from, to] : [from, to + 1_440]
}

private let chineseWeekdays = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]

/// A weekday or a date, as the pack carries it.
private func readDay(_ text: String, _ row: CSVTable.Row, _ problems: inout ProblemLog) -> String? {
    if let weekday = Weekday(rawValue: text.lowercased()) { return weekday.rawValue }
    if let index = chineseWeekdays.firstIndex(of: text) { return Weekday.allCases[index].rawValue }
    if let day = CivilDay(text) { return day.isoText }
    problems.add(
        .badValue, row.file, row.position, "\(text) is no day", "write a weekday (monday 周一) or a date (2026-10-01)")
    return nil
}
