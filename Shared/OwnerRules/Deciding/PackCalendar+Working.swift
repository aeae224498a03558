package import Contracts
package import WorkingTime

extension WorkingCalendar {
    /// The calendar of a pack.
    ///
    /// - Throws: `CalendarError` or `PackCalendarFault` where it cannot be used; a pack is checked before it is put in force.
    package init(_ pack: PackCalendar) throws {
        var week: [Weekday: DayHours] = [:]
        for (weekday, ranges) in zip(Weekday.allCases, pack.workingMinutes) {
            week[weekday] = try DayHours(ranges.map(Self.range))
        }
        try self.init(
            utcOffsetMinutes: pack.utcOffsetMinutes, week: week, holidays: try Self.days(pack.holidays),
            makeUpDays: try Self.days(pack.makeUpDays))
    }

    private static func range(_ ends: [Int]) throws(PackCalendarFault) -> Range<Int> {
        guard ends.count == 2, ends[0] < ends[1] else {
            throw PackCalendarFault(description: "working minutes \(ends) are not a beginning and an end")
        }
        return ends[0]..<ends[1]
    }

    private static func days(_ texts: [String]) throws(PackCalendarFault) -> Set<CivilDay> {
        var days: Set<CivilDay> = []
        for text in texts {
            guard let day = CivilDay(text) else { throw PackCalendarFault(description: "\"\(text)\" is no day") }
            days.insert(day)
        }
        return days
    }
}

/// What is wrong with a calendar.
package struct PackCalendarFault: Error, CustomStringConvertible {
    package let description: String
}
