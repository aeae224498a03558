/// When offices are open on one day: ranges of minutes after midnight, in order and apart; none on a day of rest.
///
/// JSON form: `["09:00-12:00", "13:00-18:00"]`; a range may end at `24:00`.
package struct DayHours: Hashable, Sendable {
    package let ranges: [Range<Int>]

    package static let closed = DayHours(unchecked: [])

    /// 09:00–12:00 and 13:00–18:00: the eight hours that make 一个工作日 = 8 工作时, with the hour of rest that makes them
    /// round.
    package static let eightHours = DayHours(unchecked: [540..<720, 780..<1080])

    private init(unchecked ranges: [Range<Int>]) {
        self.ranges = ranges
    }

    /// Throws a `CalendarError` unless the ranges lie within one day, in order, apart, and none is empty.
    package init(_ ranges: [Range<Int>]) throws(CalendarError) {
        var previous = -1
        for range in ranges {
            guard range.lowerBound > previous, range.upperBound <= 1440, !range.isEmpty else {
                throw CalendarError(
                    "working hours must lie within one day, in order and apart, each longer than nothing")
            }
            previous = range.upperBound
        }
        self.ranges = ranges
    }

    /// Reads texts like `09:00-12:00`.
    package init(_ texts: [String]) throws(CalendarError) {
        var ranges: [Range<Int>] = []
        for text in texts {
            let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            guard
                ends.count == 2, let open = minutes(ends[0]), let close = minutes(ends[1]), open < close
            else {
                throw CalendarError("\"\(text)\" is not a range of working hours, one is written like 09:00-12:00")
            }
            ranges.append(open..<close)
        }
        try self.init(ranges)
    }

    var isWorking: Bool { !ranges.isEmpty }

    package var texts: [String] {
        ranges.map { "\(clock($0.lowerBound))-\(clock($0.upperBound))" }
    }
}

extension DayHours: Codable {
    package init(from decoder: any Decoder) throws {
        let texts = try decoder.singleValueContainer().decode([String].self)
        do {
            try self.init(texts)
        } catch {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.description))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(texts)
    }
}

/// Minutes after midnight of `09:00`, up to `24:00`.
private func minutes(_ text: Substring) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
    let digits = [bytes[0], bytes[1], bytes[3], bytes[4]]
    guard digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    let number = digits.reduce(0) { $0 * 10 + Int($1) - 48 }
    let minutes = number / 100 * 60 + number % 100
    return number % 100 < 60 && minutes <= 1440 ? minutes : nil
}

private func clock(_ minutes: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(minutes / 60)):\(two(minutes % 60))"
}
