import Contracts
import Foundation
import WorkingTime

/// What `pack.yaml` says.
struct PackSettings {
    let name: String
    let title: String
    let version: Int
    let calendar: PackCalendar
    /// The same, as it counts; nil where something was wrong with it.
    let workingCalendar: WorkingCalendar?
    let holidays: HolidayTables
    /// Whole centimetres.
    let mergeDistance: Int
    /// Nil where nearness alone counts.
    let matching: PackMatching?
    /// The first is that of every community which names none.
    let ledgers: [LedgerID]
    let rates: PackRates?
}

func readSettings(_ folder: URL, _ problems: inout ProblemLog) -> PackSettings? {
    let file = PackFile.pack
    let keys = [
        "name", "title", "version", "calendar", "mergeDistanceMetres", "matching", "ledgers", "rates",
    ]
    let before = problems.problems.count
    guard let root = yamlRoot(of: file, in: folder, &problems) else {
        if problems.problems.count == before {
            problems.add(.unreadable, file, nil, "the file is empty", "its keys are \(keys.joined(separator: ", "))")
        }
        return nil
    }
    guard let table = YAMLTable(root, in: file, keys: keys, &problems) else { return nil }
    let name = table.text("name", &problems) ?? ""
    if !name.isEmpty { checkID(name, file, table.position(of: "name"), &problems) }
    let ledgers = table.texts("ledgers", &problems)
    for ledger in ledgers { checkID(ledger.value, file, ledger.position, &problems) }
    let calendar = readCalendar(table, readHolidays(folder, &problems), &problems)
    let distinct = dropDuplicates(ledgers, file, called: "the ledger", by: \.self, &problems)
    return PackSettings(
        name: name,
        title: table.text("title", &problems) ?? "",
        version: within(1...Int(Int32.max), "version", of: table, &problems),
        calendar: calendar.compiled, workingCalendar: calendar.counting, holidays: calendar.holidays,
        mergeDistance: within(1...1000, "mergeDistanceMetres", of: table, &problems) * 100,
        matching: readMatching(table, &problems),
        ledgers: distinct.isEmpty ? [LedgerID(name)] : distinct.map { LedgerID($0.value) },
        rates: readRates(table, &problems))
}

func within(_ range: ClosedRange<Int>, _ key: String, of table: YAMLTable, _ problems: inout ProblemLog) -> Int {
    guard let number = table.integer(key, &problems) else { return range.lowerBound }
    guard range.contains(number) else {
        problems.add(
            .badValue, table.file, table.position(of: key), "\(key) is \(number)",
            "a whole number from \(range.lowerBound) to \(range.upperBound) is needed")
        return range.lowerBound
    }
    return number
}

// MARK: - The calendar

private let noCalendar = PackCalendar(
    utcOffsetMinutes: 0, workingMinutes: Weekday.allCases.map { _ in [] }, holidays: [], makeUpDays: [])

private typealias CalendarRead = (compiled: PackCalendar, counting: WorkingCalendar?, holidays: HolidayTables)

/// The calendar of the settings, with the days of the years' tables.
private func readCalendar(
    _ settings: YAMLTable, _ tables: HolidayTables, _ problems: inout ProblemLog
) -> CalendarRead {
    let file = settings.file
    let keys = ["utcOffsetMinutes", "workingHours", "holidays", "makeUpDays"]
    guard let node = settings.node("calendar") else {
        problems.add(
            .missingValue, file, settings.position, "calendar is missing",
            "add `calendar:` with \(keys.joined(separator: ", "))")
        return (noCalendar, nil, tables)
    }
    guard let table = YAMLTable(node, in: file, keys: keys, &problems) else { return (noCalendar, nil, tables) }
    let offset = table.integer("utcOffsetMinutes", &problems) ?? 0
    let week = readWeek(table, &problems)
    var tables = tables
    let own = readDays("holidays", of: table, &problems)
    tables.add(unnamed: own)
    let holidays = Set(own).union(tables.holidays.keys)
    let makeUpDays = Set(readDays("makeUpDays", of: table, &problems)).union(tables.makeUpDays.keys)
    var counting: WorkingCalendar?
    if let week {
        do {
            // Processors make theirs from the same numbers.
            counting = try WorkingCalendar(
                utcOffsetMinutes: offset, week: week, holidays: holidays, makeUpDays: makeUpDays)
        } catch {
            problems.add(
                .badCalendar, file, table.position, "\(error)", "correct utcOffsetMinutes, workingHours or the days")
        }
    }
    let compiled = PackCalendar(
        utcOffsetMinutes: offset,
        workingMinutes: Weekday.allCases.map { day in
            (week?[day]?.ranges ?? []).map { [$0.lowerBound, $0.upperBound] }
        },
        holidays: holidays.sorted().map(\.isoText), makeUpDays: makeUpDays.sorted().map(\.isoText))
    return (compiled, counting, tables)
}

/// The hours of each weekday; nil where something was wrong with them.
private func readWeek(_ calendar: YAMLTable, _ problems: inout ProblemLog) -> [Weekday: DayHours]? {
    let days = Weekday.allCases.map(\.rawValue)
    guard let node = calendar.node("workingHours") else {
        problems.add(
            .missingValue, calendar.file, calendar.position, "workingHours is missing",
            "add `workingHours:` with lines such as `monday: [\"09:00-12:00\", \"13:00-18:00\"]`")
        return nil
    }
    guard let table = YAMLTable(node, in: calendar.file, keys: days, &problems) else { return nil }
    var week: [Weekday: DayHours] = [:]
    var isSound = true
    for day in Weekday.allCases {
        let texts = table.texts(day.rawValue, &problems).map(\.value)
        do {
            week[day] = try DayHours(texts)
        } catch {
            isSound = false
            problems.add(
                .badCalendar, calendar.file, table.position(of: day.rawValue), "\(day.rawValue): \(error)",
                "write the ranges in order, such as [\"09:00-12:00\", \"13:00-18:00\"]")
        }
    }
    return isSound ? week : nil
}

/// Days, single or as `2026-10-01/2026-10-07`, in order.
func readDays(_ key: String, of table: YAMLTable, _ problems: inout ProblemLog) -> [CivilDay] {
    var days: Set<CivilDay> = []
    for entry in table.texts(key, &problems) {
        let ends = entry.value.split(separator: "/", omittingEmptySubsequences: false).map { CivilDay(String($0)) }
        guard
            (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
            (0..<366).contains(last.dayNumber - first.dayNumber)
        else {
            problems.add(
                .badCalendar, table.file, entry.position, "\(entry.value) in \(key) is no day",
                "write a day as 2026-10-01, or days in a row as 2026-10-01/2026-10-07")
            continue
        }
        for number in first.dayNumber...last.dayNumber { days.insert(CivilDay(dayNumber: number)) }
    }
    return days.sorted()
}
