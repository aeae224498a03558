/// The clock of one task: when it began, how long it may take, when it stood still, and what was granted on top.
///
/// Nothing else is kept: the deadline is computed from these, so that anyone can check it against the record. All times
/// are milliseconds since 1970 UTC.
///
/// - **Start.** Never changes, even when a correction of the category brings another limit (`change(to:)`).
/// - **Pause** (waiting for the reporter, 挂账). The clock stops; on resuming, what remained of the limit runs on from
///   there: what remained of working hours and working days in working time, of emergency hours and natural days in
///   clock time. So a pause overnight costs a 4w limit nothing and gives it nothing; and a limit in days that was
///   paused may end within a day, since rounding it up to the day's end would let ten minutes of pause buy a day.
/// - **Extension** (延期). Counts from the deadline before it, not from its approval: a late approval gains nothing. One
///   approved after the deadline had passed moves the deadline, but `breach(at:)` still tells that it had been missed.
/// - **Late** is later than the deadline; the deadline's own millisecond is on time.
package struct CaseClock: Hashable, Sendable {
    /// A time during which the clock stood still; without an end it still does.
    package struct Pause: Hashable, Sendable {
        package let from: Int64
        package fileprivate(set) var to: Int64?
    }

    /// More time, approved at a moment.
    package struct Extension: Hashable, Sendable {
        package let at: Int64
        package let by: TimeLimit
    }

    /// Why a change to the clock was not made.
    package enum Refusal: String, Hashable, Sendable, Codable {
        case alreadyPaused
        case notPaused
        /// The moment lies before one already on the record.
        case outOfOrder
    }

    package let start: Int64
    package private(set) var limit: TimeLimit
    package internal(set) var pauses: [Pause] = []
    package internal(set) var extensions: [Extension] = []

    package init(start: Int64, limit: TimeLimit) {
        self.start = start
        self.limit = limit
    }

    package var isPaused: Bool {
        pauses.last.map { $0.to == nil } ?? false
    }

    // MARK: - Changes

    /// Stops the clock; nil when done, else why not.
    package mutating func pause(at time: Int64) -> Refusal? {
        guard !isPaused else { return .alreadyPaused }
        guard time >= lastMoment else { return .outOfOrder }
        pauses.append(Pause(from: time, to: nil))
        return nil
    }

    /// Lets the clock run on; nil when done, else why not.
    package mutating func resume(at time: Int64) -> Refusal? {
        guard isPaused else { return .notPaused }
        guard time >= lastMoment else { return .outOfOrder }
        pauses[pauses.count - 1].to = time
        return nil
    }

    /// Grants more time, counted from the deadline as it stands; nil when done, else why not.
    package mutating func extend(by more: TimeLimit, at time: Int64) -> Refusal? {
        guard time >= lastMoment else { return .outOfOrder }
        extensions.append(Extension(at: time, by: more))
        return nil
    }

    /// Puts another limit in force, from the original start; pauses and extensions stay.
    package mutating func change(to limit: TimeLimit) {
        self.limit = limit
    }

    /// The latest moment on the record: nothing may be entered before it.
    private var lastMoment: Int64 {
        var latest = start
        if let pause = pauses.last { latest = max(latest, pause.to ?? pause.from) }
        if let granted = extensions.last { latest = max(latest, granted.at) }
        return latest
    }

    // MARK: - Readings

    /// The last moment that is on time; nil while a pause holds the clock.
    ///
    /// A pause that began after the deadline does not hold it: what is overdue stays overdue.
    package func deadline(_ calendar: WorkingCalendar) -> Int64? {
        stretches(calendar, extensions: extensions.count, resumedAt: nil)?.last?.end
    }

    /// The first deadline that had passed unmet by `now`, be it extended afterwards or not; nil when none had.
    ///
    /// Judged by the limit in force: a correction of the category corrects the past too.
    package func breach(at now: Int64, _ calendar: WorkingCalendar) -> Int64? {
        for count in 0...extensions.count {
            let judged = count < extensions.count ? min(extensions[count].at, now) : now
            if let due = stretches(calendar, extensions: count, resumedAt: nil)?.last?.end, due < judged { return due }
        }
        return nil
    }

    /// Whether the deadline as it stands has passed.
    package func isOverdue(at now: Int64, _ calendar: WorkingCalendar) -> Bool {
        deadline(calendar).map { $0 < now } ?? false
    }

    /// What is left at `now`, in the time that the limit counts (see `TimeLimit.countsWorkingTime`); negative when
    /// overdue.
    ///
    /// While paused it is what would be left if the clock ran on now.
    package func remaining(at now: Int64, _ calendar: WorkingCalendar) -> Int64 {
        guard let due = stretches(calendar, extensions: extensions.count, resumedAt: now)?.last?.end else { return 0 }
        return calendar.elapsed(from: now, to: due, working: limit.countsWorkingTime)
    }

    /// The moment when `permille` thousandths of all the time given are used up, for reminders before the deadline.
    ///
    /// Nil while a pause holds the clock. 1000 is the deadline.
    package func moment(whenUsed permille: Int, _ calendar: WorkingCalendar) -> Int64? {
        guard let stretches = stretches(calendar, extensions: extensions.count, resumedAt: nil) else { return nil }
        let share = Int64(min(max(permille, 0), 1000))
        var left = stretches.reduce(0) { $0 + $1.amount } * share / 1000
        for stretch in stretches {
            if left <= stretch.amount { return end(of: left, in: stretch, calendar, resumedAt: nil) }
            left -= stretch.amount
        }
        return stretches.last?.end
    }

    // MARK: - Counting

    /// The time of one grant, the limit's or an extension's: an amount of clock or working time from a moment on.
    private struct Stretch {
        let from: Int64
        let amount: Int64
        let working: Bool
        var end: Int64
    }

    /// The limit and the first extensions, one after the other; nil when a pause that still lasts holds one of them.
    private func stretches(_ calendar: WorkingCalendar, extensions count: Int, resumedAt: Int64?) -> [Stretch]? {
        var stretches: [Stretch] = []
        var from = start
        for grant in [limit] + extensions.prefix(count).map(\.by) {
            let working = grant.countsWorkingTime
            let undisturbed = calendar.deadline(from: from, limit: grant)
            let amount = calendar.elapsed(from: from, to: undisturbed, working: working)
            var stretch = Stretch(from: from, amount: amount, working: working, end: undisturbed)
            guard let end = end(of: amount, in: stretch, calendar, resumedAt: resumedAt) else { return nil }
            stretch.end = end
            stretches.append(stretch)
            from = end
        }
        return stretches
    }

    /// When `amount` of the stretch's time has run, the pauses left out.
    private func end(of amount: Int64, in stretch: Stretch, _ calendar: WorkingCalendar, resumedAt: Int64?) -> Int64? {
        var end = calendar.moment(after: amount, from: stretch.from, working: stretch.working)
        for pause in pauses {
            if let to = pause.to, to <= stretch.from { continue }
            let stopped = max(pause.from, stretch.from)
            guard stopped <= end else { break }
            guard let resumed = pause.to ?? resumedAt else { return nil }
            let left = calendar.elapsed(from: stopped, to: end, working: stretch.working)
            end = calendar.moment(after: left, from: max(resumed, stopped), working: stretch.working)
        }
        return end
    }
}

extension WorkingCalendar {
    /// The working or the clock time from one moment to another.
    func elapsed(from start: Int64, to end: Int64, working: Bool) -> Int64 {
        working ? workingTime(between: start, and: end) : withinCalendar(end) - withinCalendar(start)
    }

    /// The moment when so much working or clock time has passed.
    func moment(after span: Int64, from start: Int64, working: Bool) -> Int64 {
        working ? moment(after: span, ofWorkingTimeFrom: start) : withinCalendar(withinCalendar(start) + span)
    }
}
