package import Foundation

/// Moments as text: RFC 3339, which every JSON consumer reads.
package enum RFC3339 {
    /// The moment in UTC with milliseconds: `2026-03-01T00:30:00.000Z`.
    ///
    /// Rounded down to the millisecond, so that a moment never appears later than it was.
    package static func text(_ date: Date) -> String {
        let milliseconds = Int64((date.timeIntervalSince1970 * 1_000).rounded(.down))
        return text(milliseconds: milliseconds)
    }

    /// The moment that lies this many milliseconds after 1970 began, UTC.
    package static func text(milliseconds: Int64) -> String {
        let days = floorDivide(milliseconds, 86_400_000)
        let rest = milliseconds - days * 86_400_000
        let (year, month, day) = civil(days)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
            + "\(padded(rest / 3_600_000, 2)):\(padded(rest / 60_000 % 60, 2)):\(padded(rest / 1_000 % 60, 2))"
            + ".\(padded(rest % 1_000, 3))Z"
    }

    /// Reads a moment that names its offset; nil when the text is none.
    package static func date(_ text: String) -> Date? {
        for withFraction in [false, true] {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: withFraction)
            do {
                return try style.parse(text)
            } catch {
                continue
            }
        }
        return nil
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    /// The Gregorian day that lies `days` after 1970-01-01, by counting in eras of 400 years that begin on 1 March.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
