import Foundation
import WorkingTime
import Yams

/// Reads the years' public holidays; none where the folder has no such file.
///
/// What is wrong is noted and left out: the settings go on with the rest.
func readHolidays(_ folder: URL, _ problems: inout ProblemLog) -> HolidayTables {
    let file = PackFile.holidays
    var tables = HolidayTables()
    guard file.exists(in: folder) else { return tables }
    let years = yamlList(of: file, in: folder, keys: ["year", "source", "festivals"], &problems) ?? []
    for table in years.compactMap({ $0 }) { readYear(table, into: &tables, &problems) }
    return tables
}

private func readYear(_ table: YAMLTable, into tables: inout HolidayTables, _ problems: inout ProblemLog) {
    guard let year = table.integer("year", &problems), let source = table.text("source", &problems) else { return }
    guard (1...9999).contains(year) else {
        problems.add(
            .badValue, table.file, table.position(of: "year"), "year is \(year)", "write a year such as 2026")
        return
    }
    guard !tables.years.contains(year) else {
        problems.add(
            .duplicate, table.file, table.position, "the year \(year) stands twice", "put its festivals under one item")
        return
    }
    tables.add(year: year, source: source)
    guard let node = table.node("festivals") else { return }
    guard let items = node.sequence else {
        problems.add(
            .badValue, table.file, YAMLTable.position(of: node), "festivals is not a list",
            "begin every festival with `- name: …`")
        return
    }
    for item in items {
        guard let festival = YAMLTable(item, in: table.file, keys: ["name", "english", "rest", "work"], &problems)
        else { continue }
        readFestival(festival, of: year, into: &tables, &problems)
    }
}

private func readFestival(
    _ table: YAMLTable, of year: Int, into tables: inout HolidayTables, _ problems: inout ProblemLog
) {
    guard let name = table.text("name", &problems) else { return }
    let festival = HolidayTables.Festival(name: name, english: table.optionalText("english", &problems))
    let off = readDays("rest", of: table, &problems)
    let work = readDays("work", of: table, &problems)
    // A new year's holiday may begin in December.
    let years = Set((off + work).map(\.year))
    guard years.isSubset(of: [year - 1, year]) else {
        problems.add(
            .badCalendar, table.file, table.position, "\(name) has days outside \(year)",
            "put them under their own year")
        return
    }
    let known = tables
    let both =
        (off.filter { known.makeUpDays[$0] != nil || work.contains($0) } + work.filter { known.holidays[$0] != nil })
        .min()
    if let both {
        problems.add(
            .badCalendar, table.file, table.position, "\(both.isoText) is both a holiday and a make-up day",
            "look at the notice and leave it in one of rest and work")
        return
    }
    tables.add(festival, off: off, work: work)
}
