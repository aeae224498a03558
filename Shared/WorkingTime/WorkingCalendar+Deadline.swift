/// Counting time. All times are milliseconds since 1970 UTC, all spans milliseconds; times beyond the years 1 to 9999
/// count as the nearest moment within, so that nothing overflows.
extension WorkingCalendar {
    /// The last moment that is still on time, for something that begins at `start`.
    ///
    /// - Hours begin to count at once (民法典 201: a period in hours runs from the agreed time). Working hours only pass
    ///   while offices are open: 4w from Friday 17:20 uses 40 minutes on Friday and ends on the next working day at
    ///   13:20. Used up exactly at the close, the deadline is the close, not the next opening.
    /// - Days do not count the day of the start (从次日起算, 民法典 201). Working days end at the close of business of the last
    ///   one (民法典 203: 有业务时间的，停止业务活动的时间为截止时间); so 1d from Friday morning or Friday night is Monday 18:00.
    /// - Natural days count holidays and weekends too, and end with the last one, at 23:59:59.999 (the day's last
    ///   moment, not the next day's first, so that the deadline bears the right date). They are not moved off a
    ///   holiday: to count every day alike is what distinguishes 自然日 from 工作日.
    ///
    /// A later start or a larger limit never gives an earlier deadline. A limit below zero counts as zero.
    package func deadline(from start: Int64, limit: TimeLimit) -> Int64 {
        let start = withinCalendar(start)
        switch limit {
        case .workingHours(let hundredths):
            return moment(after: span(hundredths), ofWorkingTimeFrom: start)
        case .emergencyHours(let hundredths):
            return withinCalendar(start + span(hundredths))
        case .workingDays(let days):
            return days <= 0 ? start : close(ofWorkingDay: min(days, TimeLimit.maximum), after: day(at: start))
        case .naturalDays(let days):
            guard days > 0 else { return start }
            return end(of: day(at: start).adding(days: min(days, TimeLimit.maximum)))
        }
    }

    /// How long offices are open between two times; negative when `end` comes first.
    package func workingTime(between start: Int64, and end: Int64) -> Int64 {
        guard start <= end else { return -workingTime(between: end, and: start) }
        let start = withinCalendar(start)
        let end = withinCalendar(end)
        var total: Int64 = 0
        let days = day(at: start).dayNumber...day(at: end).dayNumber
        for number in days {
            forEachOpening(on: CivilDay(dayNumber: number)) { open, close in
                total += max(0, min(close, end) - max(open, start))
            }
        }
        return total
    }

    /// The first moment by which `span` of working time has passed since `start`.
    ///
    /// For no span it is `start` itself while offices are open, else the next opening.
    package func moment(after span: Int64, ofWorkingTimeFrom start: Int64) -> Int64 {
        let start = withinCalendar(start)
        var left = max(0, span)
        for number in day(at: start).dayNumber...CivilDay.last.dayNumber {
            var found: Int64?
            forEachOpening(on: CivilDay(dayNumber: number)) { open, close in
                let begin = max(open, start)
                guard found == nil, begin <= close else { return }
                if left <= close - begin {
                    found = begin + left
                } else {
                    left -= close - begin
                }
            }
            if let found { return found }
        }
        return end(of: .last)
    }

    /// Whether offices are open at this time, their closing moment included.
    package func isOpen(at time: Int64) -> Bool {
        let time = withinCalendar(time)
        var isOpen = false
        let today = day(at: time)
        // A day that works until 24:00 closes at the first moment of the next.
        for day in [today.adding(days: -1), today] {
            forEachOpening(on: day) { open, close in
                if open <= time, time <= close { isOpen = true }
            }
        }
        return isOpen
    }

    // MARK: - Days

    private func close(ofWorkingDay count: Int, after day: CivilDay) -> Int64 {
        var left = count
        var day = day
        while day < .last {
            day = day.adding(days: 1)
            if let last = hours(on: day).ranges.last {
                left -= 1
                if left == 0 { return start(of: day) + Int64(last.upperBound) * 60_000 }
            }
        }
        return end(of: .last)
    }

    private func forEachOpening(on day: CivilDay, _ body: (_ open: Int64, _ close: Int64) -> Void) {
        let midnight = start(of: day)
        for range in hours(on: day).ranges {
            body(midnight + Int64(range.lowerBound) * 60_000, midnight + Int64(range.upperBound) * 60_000)
        }
    }

    /// The first moment of a day.
    package func start(of day: CivilDay) -> Int64 { day.start(utcOffsetMinutes: utcOffsetMinutes) }

    /// The last moment of a day, 23:59:59.999.
    package func end(of day: CivilDay) -> Int64 { start(of: day) + 86_399_999 }

    func withinCalendar(_ time: Int64) -> Int64 {
        min(max(time, start(of: .first)), end(of: .last))
    }

    private func span(_ hundredthsOfHour: Int) -> Int64 {
        Int64(min(max(hundredthsOfHour, 0), TimeLimit.maximum * 100)) * 36_000
    }
}
