import Contracts
import WorkingTime

/// A moment by the pack's clocks.
struct LocalMoment {
    let day: CivilDay
    /// After midnight.
    let minute: Int
    private let time: Int64
    private let offset: Int
    private let calendar: WorkingCalendar?

    init(_ now: Timestamp, offset: Int, calendar: WorkingCalendar?) {
        time = now.milliseconds
        self.offset = offset
        self.calendar = calendar
        day = CivilDay(milliseconds: now.milliseconds, utcOffsetMinutes: offset)
        minute = Int((now.milliseconds - day.start(utcOffsetMinutes: offset)) / 60_000)
    }

    /// False where the calendar cannot be read.
    var isWorking: Bool {
        // The last second of the day's work is work; its end is not, so that no moment is both.
        guard let calendar else { return false }
        return calendar.hours(on: day).ranges.contains { $0.contains(minute) }
    }

    func isIn(_ minutes: [Int]) -> Bool {
        guard minutes.count == 2 else { return false }
        let (from, to) = (minutes[0], minutes[1])
        return from < to ? (from..<to).contains(minute) : minute >= from || minute < to
    }

    func isOn(_ kind: PackRuleConditions.Day) -> Bool {
        switch kind {
        case .monday, .tuesday, .wednesday, .thursday, .friday, .saturday, .sunday:
            day.weekday.rawValue == kind.rawValue
        case .workday: calendar?.isWorkingDay(day) ?? false
        case .restDay: calendar.map { !$0.isWorkingDay(day) } ?? false
        case .holiday: calendar?.holidays.contains(day) ?? false
        }
    }
}
