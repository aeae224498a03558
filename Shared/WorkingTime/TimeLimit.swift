/// How long something may take, in one of the four units of Chinese city management.
///
/// | text | unit | counts |
/// |---|---|---|
/// | `4w` | 工作时, working hours | only while offices are open |
/// | `2e` | 紧急工作时, emergency hours | day and night |
/// | `5d` | 工作日, working days | from the day after, to the close of the last one |
/// | `15n` | 自然日, natural days | from the day after, to the end of the last one, whatever day that is |
///
/// Hours are held in hundredths (36 seconds), so that `0.5e` and `0.25w` are exact. `WorkingCalendar.deadline` says
/// more.
package enum TimeLimit: Hashable, Sendable {
    case workingHours(hundredths: Int)
    case emergencyHours(hundredths: Int)
    case workingDays(Int)
    case naturalDays(Int)

    /// The most units that a text may ask for: beyond it is a slip of the pen.
    package static let maximum = 10_000

    /// Reads the text form; throws a `TimeLimitError` that says what is wrong.
    package init(_ text: String) throws(TimeLimitError) {
        func wrong(_ problem: String) -> TimeLimitError { TimeLimitError(text: text, problem: problem) }
        guard let unit = text.last, "wedn".contains(unit) else {
            throw wrong("it must end in w (working hours), e (emergency hours), d (working days) or n (natural days)")
        }
        let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else {
            throw wrong("a number such as 4 or 0.5 must stand before the unit, without sign or space")
        }
        guard parts[0].utf8.count <= 5 else { throw wrong("more than \(Self.maximum) is not a limit") }
        var hundredths = number(parts[0]) * 100
        if parts.count == 2 {
            guard unit == "w" || unit == "e" else { throw wrong("days are whole; only hours may have a fraction") }
            guard parts[1].utf8.count <= 2 else { throw wrong("hours have at most two decimals") }
            hundredths += number(parts[1]) * (parts[1].utf8.count == 1 ? 10 : 1)
        }
        guard hundredths > 0 else { throw wrong("a limit must be more than nothing") }
        guard hundredths <= Self.maximum * 100 else { throw wrong("more than \(Self.maximum) is not a limit") }
        switch unit {
        case "w": self = .workingHours(hundredths: hundredths)
        case "e": self = .emergencyHours(hundredths: hundredths)
        case "d": self = .workingDays(hundredths / 100)
        default: self = .naturalDays(hundredths / 100)
        }
    }

    /// The shortest text form: `4w`, `0.5e`, `5d`, `15n`.
    package var text: String {
        switch self {
        case .workingHours(let hundredths): "\(decimal(hundredths))w"
        case .emergencyHours(let hundredths): "\(decimal(hundredths))e"
        case .workingDays(let days): "\(days)d"
        case .naturalDays(let days): "\(days)n"
        }
    }

    /// Whether the clock of this limit stands still while offices are closed.
    package var countsWorkingTime: Bool {
        switch self {
        case .workingHours, .workingDays: true
        case .emergencyHours, .naturalDays: false
        }
    }
}

extension TimeLimit: CustomStringConvertible {
    package var description: String { text }
}

extension TimeLimit: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        do {
            try self.init(text)
        } catch {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.description))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// A text that is not a time limit, and why.
package struct TimeLimitError: Error, Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package let problem: String

    package var description: String { "\"\(text)\" is not a time limit: \(problem)" }
}

private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

/// The value of a few digits.
private func number(_ digits: Substring) -> Int {
    digits.utf8.reduce(0) { $0 * 10 + Int($1) - 48 }
}

/// Hundredths as the shortest decimal: 400 → `4`, 50 → `0.5`, 25 → `0.25`.
private func decimal(_ hundredths: Int) -> String {
    let whole = hundredths / 100
    let rest = abs(hundredths % 100)
    if rest == 0 { return "\(whole)" }
    if rest.isMultiple(of: 10) { return "\(whole).\(rest / 10)" }
    return "\(whole).\(rest < 10 ? "0" : "")\(rest)"
}
