package import Contracts

/// The hours of every day in which a person is not written to, on the person's clock.
package struct ClosedHours: Sendable, Equatable {
    /// Minutes of the day, `from` in it and `to` not; over midnight where `from` is the later one.
    package struct Window: Sendable, Hashable {
        package let from: Int
        package let to: Int

        package init(from: Int, to: Int) {
            self.from = from
            self.to = to
        }

        func holds(_ minute: Int) -> Bool {
            from <= to ? (from..<to).contains(minute) : minute >= from || minute < to
        }
    }

    private static let day = 1_440
    private static let millisecondsOfMinute: Int64 = 60_000

    private let windows: [Window]
    private let utcOffsetMinutes: Int

    /// - Parameters:
    ///   - quiet: what the person asked for; holds whatever the others say.
    ///   - peaks: left out where, together with `quiet`, they would leave no minute of the day.
    package init(quiet: Window?, peaks: [Window], utcOffsetMinutes: Int) {
        let all = (quiet.map { [$0] } ?? []) + peaks
        let isOpenOnce = (0..<Self.day).contains { minute in !all.contains { $0.holds(minute) } }
        windows = isOpenOnce ? all : quiet.map { [$0] } ?? []
        self.utcOffsetMinutes = utcOffsetMinutes
    }

    /// Never closed.
    package static let none = ClosedHours(quiet: nil, peaks: [], utcOffsetMinutes: 0)

    package func isClosed(at moment: Timestamp) -> Bool {
        windows.contains { $0.holds(minute(of: moment)) }
    }

    /// The first moment from this one on that is open.
    package func firstOpen(from moment: Timestamp) -> Timestamp {
        guard isClosed(at: moment) else { return moment }
        return turns(after: moment).first { !isClosed(at: $0) } ?? moment
    }

    /// The last millisecond before it is closed again; nil for never.
    package func lastOpen(from moment: Timestamp) -> Timestamp? {
        turns(after: moment).first { isClosed(at: $0) }?.adding(milliseconds: -1)
    }

    /// The moments of the next day at which a window begins or ends, in order.
    private func turns(after moment: Timestamp) -> [Timestamp] {
        let minute = minute(of: moment)
        let local = moment.milliseconds + Int64(utcOffsetMinutes) * Self.millisecondsOfMinute
        let sinceMinute = Self.remainder(local, Self.millisecondsOfMinute)
        let ends = Set(windows.flatMap { [$0.from % Self.day, $0.to % Self.day] })
        return ends.map { end in (end - minute + Self.day - 1) % Self.day + 1 }.sorted().map {
            moment.adding(milliseconds: Int64($0) * Self.millisecondsOfMinute - sinceMinute)
        }
    }

    private func minute(of moment: Timestamp) -> Int {
        let local = moment.milliseconds + Int64(utcOffsetMinutes) * Self.millisecondsOfMinute
        return Int(Self.remainder(local, Int64(Self.day) * Self.millisecondsOfMinute) / Self.millisecondsOfMinute)
    }

    /// Never negative.
    private static func remainder(_ value: Int64, _ divisor: Int64) -> Int64 {
        (value % divisor + divisor) % divisor
    }
}

/// When the week's digest is due: a minute of a weekday on the person's clock.
package func nextDigest(after moment: Timestamp, _ digest: PackDigest, utcOffsetMinutes: Int) -> Timestamp {
    let minute: Int64 = 60_000
    let week: Int64 = 7 * 1_440 * minute
    // 1970-01-01 was a Thursday: the week of that Monday began three days before.
    let monday: Int64 = 3 * 1_440 * minute
    let local = moment.milliseconds + Int64(utcOffsetMinutes) * minute + monday
    let sinceMonday = (local % week + week) % week
    let due = (Int64(digest.weekday - 1) * 1_440 + Int64(digest.minute)) * minute
    let wait = due > sinceMonday ? due - sinceMonday : due + week - sinceMonday
    return moment.adding(milliseconds: wait)
}
