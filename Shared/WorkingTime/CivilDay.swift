/// A day of the Gregorian calendar, without a time or a zone; its text and JSON form is `2026-11-23`.
///
/// Counted by plain arithmetic, so that no zone table or locale of a machine has a say. Years 1 to 9999.
package struct CivilDay: Hashable, Sendable, Comparable {
    /// Days since 1970-01-01.
    package let dayNumber: Int

    /// The first and the last day that can be written with four digits of year; times beyond are counted as these.
    package static let first = CivilDay(unchecked: -719_162)
    package static let last = CivilDay(unchecked: 2_932_896)

    private init(unchecked dayNumber: Int) {
        self.dayNumber = dayNumber
    }

    /// The day with this number, or the nearest one of the years 1 to 9999.
    package init(dayNumber: Int) {
        self.dayNumber = min(max(dayNumber, Self.first.dayNumber), Self.last.dayNumber)
    }

    /// Makes a day from its parts; nil when there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Years that begin in March put the leap day last; 400 of them are an era of 146,097 days.
        let marchYear = month > 2 ? year : year - 1
        let era = floorDivide(marchYear, 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(unchecked: era * 146_097 + dayOfEra - 719_468)
        guard parts == (year, month, day) else { return nil }
    }

    /// Reads `2026-11-23` or `20261123`; nil for any other text.
    package init?(_ text: String) {
        var digits = Array(text.utf8)
        if digits.count == 10, digits[4] == UInt8(ascii: "-"), digits[7] == UInt8(ascii: "-") {
            digits.remove(at: 7)
            digits.remove(at: 4)
        }
        guard digits.count == 8, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        self.init(year: number / 10_000, month: number / 100 % 100, day: number % 100)
    }

    /// The day at a time (milliseconds since 1970 UTC) where clocks are this many minutes ahead of UTC.
    package init(milliseconds: Int64, utcOffsetMinutes: Int) {
        let time = min(max(milliseconds, -100_000_000_000_000), 1_000_000_000_000_000)
        self.init(dayNumber: floorDivide(Int(time) + utcOffsetMinutes * 60_000, 86_400_000))
    }

    /// The day's first moment, in milliseconds since 1970 UTC, where clocks are this many minutes ahead of UTC.
    package func start(utcOffsetMinutes: Int) -> Int64 {
        Int64(dayNumber * 86_400_000 - utcOffsetMinutes * 60_000)
    }

    package var year: Int { parts.year }
    package var month: Int { parts.month }
    package var day: Int { parts.day }

    package var weekday: Weekday {
        // The first of all days, 0001-01-01, was a Monday.
        Weekday.allCases[(dayNumber - Self.first.dayNumber) % 7]
    }

    /// The day `days` later, or earlier when negative.
    package func adding(days: Int) -> CivilDay {
        let far = 4_000_000
        return CivilDay(dayNumber: dayNumber + min(max(days, -far), far))
    }

    /// `2026-11-23`.
    package var isoText: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }

    /// `20261123`, as numbers of cases begin.
    package var compactText: String { "\(padded(year, 4))\(padded(month, 2))\(padded(day, 2))" }

    package static func < (left: CivilDay, right: CivilDay) -> Bool { left.dayNumber < right.dayNumber }

    private var parts: (year: Int, month: Int, day: Int) {
        let shifted = dayNumber + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}

extension CivilDay: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let day = CivilDay(text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "\"\(text)\" is not a day, one is written like 2026-11-23."))
        }
        self = day
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(isoText)
    }
}

/// A day of the week; Monday begins it.
package enum Weekday: String, Hashable, Sendable, Codable, CaseIterable {
    case monday
    case tuesday
    case wednesday
    case thursday
    case friday
    case saturday
    case sunday

    /// Place in the week: Monday 0 … Sunday 6.
    var index: Int {
        switch self {
        case .monday: 0
        case .tuesday: 1
        case .wednesday: 2
        case .thursday: 3
        case .friday: 4
        case .saturday: 5
        case .sunday: 6
        }
    }
}

/// Division that rounds down, also below zero.
private func floorDivide(_ value: Int, _ divisor: Int) -> Int {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
