import Contracts
import WorkingTime

/// Notes years whose holidays the pack does not know though it counts in them: they count by the week alone.
///
/// - Parameter today: The day on which somebody looks; nil notes only gaps between the years that are known.
func checkHolidayYears(
    _ settings: PackSettings, _ categories: [PackCategory], today: CivilDay?, _ problems: inout ProblemLog
) {
    let known = settings.holidays.years
    guard let calendar = settings.workingCalendar else { return }
    var needed: Set<Int> = []
    if let first = known.min(), let last = known.max() { needed.formUnion(first...last) }
    if let today { needed.formUnion(today.year...lastYear(from: today, calendar, categories)) }
    for year in needed.subtracting(known).sorted() {
        problems.add(
            .yearWithoutHolidays, .holidays, nil,
            "the holidays of \(year) are not here (尚未公布或未录入), so that \(year) counts by the week alone",
            "add its table as soon as it is published; docs/routing-clock.md says where")
    }
}

/// The year that the longest limits of cases of the next weeks reach into.
private func lastYear(from today: CivilDay, _ calendar: WorkingCalendar, _ categories: [PackCategory]) -> Int {
    // Notices for the next year come two months before it.
    let weeks = 60
    let start = calendar.start(of: today.adding(days: weeks))
    let limits = categories.flatMap { [$0.handlingLimit, $0.repairLimit ?? $0.handlingLimit] }
        .compactMap { text -> TimeLimit? in
            // One that cannot be read is an error of its own, noted with its row.
            do { return try TimeLimit(text) } catch { return nil }
        }
    let ends = limits.map { calendar.deadline(from: start, limit: $0) }
    return calendar.day(at: ends.max() ?? start).year
}
