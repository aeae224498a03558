/// How a deadline came about: each grant of time, and period by period what of it counted and what did not.
///
/// The periods of a grant lie one behind the other without a gap, from its beginning to its end, so that whoever adds up
/// what they count gets what was granted. All times are milliseconds since 1970 UTC.
package struct ClockExplanation: Hashable, Sendable {
    /// The limit, or an extension of it.
    package struct Grant: Hashable, Sendable {
        package let limit: TimeLimit
        package let from: Int64
        /// When it would have ended without a pause.
        package let undisturbed: Int64
        package let unit: Unit
        /// How much there was to count, in `unit`.
        package let amount: Int64
        package let periods: [Period]
        /// Nil while a pause holds the clock.
        package let end: Int64?
    }

    /// What is counted.
    package enum Unit: String, Hashable, Sendable, Codable {
        /// Working or clock time, in milliseconds.
        case milliseconds
        /// Whole days: a limit in days that no pause touched.
        case days
    }

    /// A piece of time in which every moment counts, or none.
    package struct Period: Hashable, Sendable {
        package let from: Int64
        package let to: Int64
        package let day: CivilDay
        package let reason: Reason
        /// Worked in exchange for a holiday 调休.
        package let isMakeUpDay: Bool
        /// In the grant's unit; 0 where `reason` says why nothing counts.
        package let counted: Int64
        /// What was left of the grant behind it.
        package let remaining: Int64
    }

    /// Why a period counts, or why not.
    package enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        case counts
        /// The day of the start, of a limit in days 从次日起算.
        case dayOfStart = "day-of-start"
        /// A working day outside office hours.
        case outsideHours = "outside-hours"
        /// A day of the week without office hours.
        case restDay = "rest-day"
        case holiday
        case paused
    }

    package let start: Int64
    package let grants: [Grant]

    /// The last moment that is on time; nil while a pause holds the clock.
    package var deadline: Int64? { grants.last?.end }
}

extension WorkingCalendar {
    /// Tells how `deadline(from:limit:)` comes about.
    package func explain(limit: TimeLimit, from start: Int64) -> ClockExplanation {
        CaseClock(start: start, limit: limit).explain(self)
    }
}

extension CaseClock {
    /// Tells how `deadline` comes about.
    ///
    /// Where a pause holds the clock, it is told up to that pause, which has no end then; extensions behind it are not
    /// told, since they begin at a deadline that is not known.
    package func explain(_ calendar: WorkingCalendar) -> ClockExplanation {
        var grants: [ClockExplanation.Grant] = []
        var from: Int64? = calendar.withinCalendar(start)
        for limit in [limit] + extensions.map(\.by) {
            guard let begin = from else { break }
            var explainer = Explainer(calendar: calendar, limit: limit, from: begin)
            let grant = explainer.grant(around: pauses)
            grants.append(grant)
            from = grant.end
        }
        return ClockExplanation(start: start, grants: grants)
    }
}

/// Lays out the periods of one grant.
private struct Explainer {
    typealias Period = ClockExplanation.Period

    private let calendar: WorkingCalendar
    private let limit: TimeLimit
    private let from: Int64
    private let undisturbed: Int64
    private var periods: [Period] = []
    private var remaining: Int64 = 0

    init(calendar: WorkingCalendar, limit: TimeLimit, from: Int64) {
        self.calendar = calendar
        self.limit = limit
        self.from = from
        undisturbed = calendar.deadline(from: from, limit: limit)
    }

    mutating func grant(around pauses: [CaseClock.Pause]) -> ClockExplanation.Grant {
        // A pause on the deadline's own millisecond still holds it.
        let stops = pauses.filter { ($0.to ?? .max) > from && max($0.from, from) <= undisturbed }
        if stops.isEmpty, let days = limit.wholeDays {
            layOutDays(days)
            return grant(.days, Int64(days), undisturbed)
        }
        let amount = calendar.elapsed(from: from, to: undisturbed, working: limit.countsWorkingTime)
        let end = layOutTime(amount, around: pauses)
        return grant(.milliseconds, amount, end)
    }

    private func grant(_ unit: ClockExplanation.Unit, _ amount: Int64, _ end: Int64?) -> ClockExplanation.Grant {
        ClockExplanation.Grant(
            limit: limit, from: from, undisturbed: undisturbed, unit: unit, amount: amount, periods: periods, end: end)
    }

    private mutating func add(
        from begin: Int64, to end: Int64, on day: CivilDay, _ reason: ClockExplanation.Reason, _ counted: Int64
    ) {
        guard begin < end else { return }
        remaining -= counted
        periods.append(
            Period(
                from: begin, to: end, day: day, reason: reason, isMakeUpDay: calendar.makeUpDays.contains(day),
                counted: counted, remaining: remaining))
    }

    // MARK: - Days

    private mutating func layOutDays(_ days: Int) {
        remaining = Int64(days)
        let first = calendar.day(at: from)
        add(from: from, to: calendar.start(of: first.adding(days: 1)), on: first, .dayOfStart, 0)
        for number in (first.dayNumber + 1)..<(calendar.day(at: undisturbed).dayNumber + 1) {
            let day = CivilDay(dayNumber: number)
            let rest = limit.countsWorkingTime ? calendar.reasonForRest(on: day) : nil
            add(
                from: calendar.start(of: day), to: min(calendar.start(of: day.adding(days: 1)), undisturbed), on: day,
                rest ?? .counts, rest == nil ? 1 : 0)
        }
    }

    // MARK: - Time

    /// - Returns: When all of it had run; nil where a pause that still lasts holds it.
    private mutating func layOutTime(_ amount: Int64, around pauses: [CaseClock.Pause]) -> Int64? {
        remaining = amount
        let working = limit.countsWorkingTime
        var cursor = from
        var end = calendar.moment(after: amount, from: from, working: working)
        for pause in pauses {
            if let to = pause.to, to <= from { continue }
            let stopped = max(pause.from, from)
            guard stopped <= end else { break }
            layOut(from: cursor, to: stopped)
            guard let resumed = pause.to.map({ max($0, stopped) }) else { return nil }
            add(from: stopped, to: resumed, on: calendar.day(at: stopped), .paused, 0)
            cursor = resumed
            end = calendar.moment(after: remaining, from: cursor, working: working)
        }
        layOut(from: cursor, to: end)
        return end
    }

    private mutating func layOut(from begin: Int64, to end: Int64) {
        guard begin < end else { return }
        for number in calendar.day(at: begin).dayNumber...calendar.day(at: end).dayNumber {
            let day = CivilDay(dayNumber: number)
            let midnight = calendar.start(of: day)
            layOut(day, from: max(begin, midnight), to: min(end, midnight + 86_400_000))
        }
    }

    private mutating func layOut(_ day: CivilDay, from begin: Int64, to end: Int64) {
        guard limit.countsWorkingTime else { return add(from: begin, to: end, on: day, .counts, end - begin) }
        if let rest = calendar.reasonForRest(on: day) { return add(from: begin, to: end, on: day, rest, 0) }
        var cursor = begin
        for range in calendar.hours(on: day).ranges {
            let open = max(calendar.start(of: day) + Int64(range.lowerBound) * 60_000, begin)
            let close = min(calendar.start(of: day) + Int64(range.upperBound) * 60_000, end)
            guard open < close else { continue }
            add(from: cursor, to: open, on: day, .outsideHours, 0)
            add(from: open, to: close, on: day, .counts, close - open)
            cursor = close
        }
        add(from: cursor, to: end, on: day, .outsideHours, 0)
    }
}

extension WorkingCalendar {
    /// Why nobody works on a day; nil where somebody does.
    fileprivate func reasonForRest(on day: CivilDay) -> ClockExplanation.Reason? {
        guard !isWorkingDay(day) else { return nil }
        return holidays.contains(day) ? .holiday : .restDay
    }
}

extension TimeLimit {
    /// How many days, of a limit in days.
    fileprivate var wholeDays: Int? {
        switch self {
        case .workingHours, .emergencyHours: nil
        case .workingDays(let days), .naturalDays(let days): days
        }
    }
}
