package import Contracts
import WorkingTime

/// The days and months of the rates, by the pack's clocks; by China's where there is no pack.
package struct RateCalendar: Sendable {
    package let utcOffsetMinutes: Int

    /// China's offset from UTC, for where there is no pack.
    package static let usualOffset = 480

    package init(utcOffsetMinutes: Int) {
        self.utcOffsetMinutes = utcOffsetMinutes
    }

    package init(_ pack: Pack?) {
        self.init(utcOffsetMinutes: pack?.calendar.utcOffsetMinutes ?? Self.usualOffset)
    }

    /// The day of a moment, such as `2026-11-23`.
    package func day(at moment: Timestamp) -> String {
        CivilDay(milliseconds: moment.milliseconds, utcOffsetMinutes: utcOffsetMinutes).isoText
    }

    /// A day, and the month that it is in.
    package static func periods(_ day: String) -> [String] { [day, String(day.prefix(7))] }

    /// The first and the last day of a period, as texts that sort: every month has its 31st here.
    package static func days(of period: String) -> (first: String, last: String) {
        period.utf8.count == 7 ? (period + "-01", period + "-31") : (period, period)
    }

    /// The first moment behind a period.
    package func end(of period: String) -> Timestamp? {
        firstDay(after: period).map { Timestamp(milliseconds: $0.start(utcOffsetMinutes: utcOffsetMinutes)) }
    }

    /// The day or month behind a day or month.
    package func period(after period: String) -> String? {
        firstDay(after: period).map { String($0.isoText.prefix(period.utf8.count)) }
    }

    private func firstDay(after period: String) -> CivilDay? {
        guard period.utf8.count == 7 else { return CivilDay(period)?.adding(days: 1) }
        guard let first = CivilDay(period + "-01") else { return nil }
        return first.month == 12
            ? CivilDay(year: first.year + 1, month: 1, day: 1)
            : CivilDay(year: first.year, month: first.month + 1, day: 1)
    }
}
