/// A moment: milliseconds since 1970-01-01T00:00:00Z.
///
/// On the wire it is RFC 3339 in UTC with milliseconds (`2026-11-23T00:15:00.000Z`); any offset is read.
/// Written without Foundation's formatters, because replays on other machines must give the same bytes.
package struct Timestamp: Hashable, Sendable, Comparable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    package func adding(milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: self.milliseconds + milliseconds)
    }

    /// The calendar day at `utcOffsetMinutes` east of Greenwich, as `20261123`.
    package func compactDay(utcOffsetMinutes: Int) -> String {
        let local = milliseconds + Int64(utcOffsetMinutes) * 60_000
        let (year, month, day) = Self.civil(fromDays: Self.floorDivide(local, 86_400_000))
        return Self.padded(year, 4) + Self.padded(month, 2) + Self.padded(day, 2)
    }
}

extension Timestamp: CustomStringConvertible {
    package var description: String {
        let days = Self.floorDivide(milliseconds, 86_400_000)
        let rest = (milliseconds % 86_400_000 + 86_400_000) % 86_400_000
        let (year, month, day) = Self.civil(fromDays: days)
        // In place where it fits: an envelope holds several moments, and each would be a dozen strings.
        if (0...9_999).contains(year) {
            return String(unsafeUninitializedCapacity: 24) { text in
                var digits = DigitWriter(text)
                digits.write(year, 4, then: "-")
                digits.write(month, 2, then: "-")
                digits.write(day, 2, then: "T")
                digits.write(rest / 3_600_000, 2, then: ":")
                digits.write(rest / 60_000 % 60, 2, then: ":")
                digits.write(rest / 1_000 % 60, 2, then: ".")
                digits.write(rest % 1_000, 3, then: "Z")
                return digits.count
            }
        }
        let date = Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2)
        let time =
            Self.padded(rest / 3_600_000, 2) + ":" + Self.padded(rest / 60_000 % 60, 2) + ":"
            + Self.padded(rest / 1_000 % 60, 2) + "." + Self.padded(rest % 1_000, 3)
        return date + "T" + time + "Z"
    }

    /// Reads RFC 3339 with `Z` or an offset; a fraction beyond milliseconds is cut.
    ///
    /// Nil for anything else.
    package init?(_ text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), reader.take(":"),
            let second = reader.number(2), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
            second < 61
        else { return nil }
        let fraction = reader.take(".") ? reader.fraction() : 0
        guard let fraction, let offset = reader.offset(), reader.isAtEnd else { return nil }
        let days = Self.days(fromYear: year, month: month, day: day)
        guard Self.civil(fromDays: days) == (year, month, day) else { return nil }
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + min(second, 59) - offset * 60
        self.init(milliseconds: seconds * 1_000 + fraction)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    /// Days since 1970-01-01 to the Gregorian date (Howard Hinnant, "chrono-compatible low-level date algorithms").
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func days(fromYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = floorDivide(shiftedYear, 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Timestamp: PlainTextCodable {
    package var codedText: String { description }

    package init(codedText: String, at path: [any CodingKey]) throws {
        guard let moment = Timestamp(codedText) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: path, debugDescription: "'\(codedText)' is no RFC 3339 time"))
        }
        self = moment
    }
}

/// Walks over the digits and marks of one RFC 3339 time.
private struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: mark) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func digit() -> Int64? {
        guard let first = rest.first, first >= UInt8(ascii: "0"), first <= UInt8(ascii: "9") else { return nil }
        rest = rest.dropFirst()
        return Int64(first - UInt8(ascii: "0"))
    }

    mutating func number(_ count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// The fraction of a second in milliseconds; digits beyond the third are read and dropped.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var count = 0
        while let digit = digit() {
            if count < 3 { value = value * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in count..<max(count, 3) { value *= 10 }
        return value
    }

    /// Minutes east of Greenwich.
    mutating func offset() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64
        if take("+") {
            sign = 1
        } else if take("-") {
            sign = -1
        } else {
            return nil
        }
        guard let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

/// Writes numbers with leading zeros into the bytes of a text.
private struct DigitWriter {
    private let text: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ text: UnsafeMutableBufferPointer<UInt8>) {
        self.text = text
    }

    mutating func write(_ value: Int64, _ width: Int, then end: Unicode.Scalar) {
        var rest = value
        for position in (count..<(count + width)).reversed() {
            text.initializeElement(at: position, to: UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        }
        text.initializeElement(at: count + width, to: UInt8(ascii: end))
        count += width + 1
    }
}
