/// When offices work: the week, the public holidays, and the weekend days worked in exchange for them (调休).
///
/// China has one zone without summer time, so a fixed offset from UTC is enough. JSON form, every part optional:
/// ```json
/// {"utcOffsetMinutes": 480,
///  "hours": {"monday": ["09:00-12:00", "13:00-18:00"], "saturday": []},
///  "makeUpHours": ["09:00-12:00", "13:00-18:00"],
///  "holidays": ["2026-10-01"],
///  "makeUpDays": ["2026-10-10"]}
/// ```
/// Without `hours`: eight hours from Monday to Friday; a weekday that is not named rests. Without `makeUpHours`:
/// Monday's hours. What the tables do not list is counted by the week alone, so a calendar must be renewed when next
/// year's holidays are announced.
package struct WorkingCalendar: Hashable, Sendable {
    /// How many minutes clocks are ahead of UTC: +480 in China.
    package let utcOffsetMinutes: Int
    /// Days off, whatever weekday.
    package let holidays: Set<CivilDay>
    /// Days worked, whatever weekday.
    package let makeUpDays: Set<CivilDay>
    /// The hours of a make-up day.
    package let makeUpHours: DayHours
    private let week: [DayHours]

    /// Throws a `CalendarError` when no weekday has hours, when a make-up day has none, or when a day is both off and
    /// worked.
    package init(
        utcOffsetMinutes: Int = 480,
        week: [Weekday: DayHours] = Self.mondayToFriday,
        makeUpHours: DayHours? = nil,
        holidays: Set<CivilDay> = [],
        makeUpDays: Set<CivilDay> = []
    ) throws(CalendarError) {
        guard (-1080...1080).contains(utcOffsetMinutes) else {
            throw CalendarError("clocks are at most 18 hours (1080 minutes) away from UTC")
        }
        let hours = Weekday.allCases.map { week[$0] ?? .closed }
        guard hours.contains(where: \.isWorking) else {
            throw CalendarError("no weekday has working hours, so no deadline would ever come")
        }
        let exchanged = makeUpHours ?? hours[Weekday.monday.index]
        guard makeUpDays.isEmpty || exchanged.isWorking else {
            throw CalendarError("make-up days have no working hours")
        }
        if let both = holidays.intersection(makeUpDays).min() {
            throw CalendarError("\(both.isoText) is both a holiday and a make-up day")
        }
        self.utcOffsetMinutes = utcOffsetMinutes
        self.week = hours
        self.makeUpHours = exchanged
        self.holidays = holidays
        self.makeUpDays = makeUpDays
    }

    /// The week when nothing else is said.
    package static var mondayToFriday: [Weekday: DayHours] {
        [
            .monday: .eightHours, .tuesday: .eightHours, .wednesday: .eightHours, .thursday: .eightHours,
            .friday: .eightHours,
        ]
    }

    /// The hours of an ordinary week on this weekday.
    package func hours(on weekday: Weekday) -> DayHours { week[weekday.index] }

    /// The hours of this very day.
    package func hours(on day: CivilDay) -> DayHours {
        if makeUpDays.contains(day) { return makeUpHours }
        if holidays.contains(day) { return .closed }
        return week[day.weekday.index]
    }

    /// Whether offices are open on this day at all.
    package func isWorkingDay(_ day: CivilDay) -> Bool { hours(on: day).isWorking }

    /// The day at a time (milliseconds since 1970 UTC).
    package func day(at time: Int64) -> CivilDay {
        CivilDay(milliseconds: time, utcOffsetMinutes: utcOffsetMinutes)
    }
}

extension WorkingCalendar: Codable {
    private enum CodingKeys: String, CodingKey {
        case utcOffsetMinutes
        case hours
        case makeUpHours
        case holidays
        case makeUpDays
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        var week = Self.mondayToFriday
        if let named = try container.decodeIfPresent([String: DayHours].self, forKey: .hours) {
            week = [:]
            for (name, hours) in named.sorted(by: { $0.key < $1.key }) {
                guard let weekday = Weekday(rawValue: name) else {
                    throw DecodingError.dataCorruptedError(
                        forKey: .hours, in: container,
                        debugDescription: "\"\(name)\" is no weekday; they are monday, tuesday, … sunday")
                }
                week[weekday] = hours
            }
        }
        do {
            try self.init(
                utcOffsetMinutes: try container.decodeIfPresent(Int.self, forKey: .utcOffsetMinutes) ?? 480,
                week: week,
                makeUpHours: try container.decodeIfPresent(DayHours.self, forKey: .makeUpHours),
                holidays: Set(try container.decodeIfPresent([CivilDay].self, forKey: .holidays) ?? []),
                makeUpDays: Set(try container.decodeIfPresent([CivilDay].self, forKey: .makeUpDays) ?? []))
        } catch let error as CalendarError {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.description))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(utcOffsetMinutes, forKey: .utcOffsetMinutes)
        var hours = container.nestedContainer(keyedBy: WeekdayKey.self, forKey: .hours)
        for weekday in Weekday.allCases { try hours.encode(week[weekday.index], forKey: WeekdayKey(weekday)) }
        try container.encode(makeUpHours, forKey: .makeUpHours)
        // Sorted, so that the same calendar is always the same bytes.
        try container.encode(holidays.sorted(), forKey: .holidays)
        try container.encode(makeUpDays.sorted(), forKey: .makeUpDays)
    }
}

private struct WeekdayKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ weekday: Weekday) { stringValue = weekday.rawValue }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// Why a calendar cannot be used.
package struct CalendarError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
