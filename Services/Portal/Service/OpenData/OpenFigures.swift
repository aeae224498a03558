import Contracts
import ServiceKit
import WorkingTime

/// A span of time that figures are given for.
enum OpenPeriod: String, Sendable, CaseIterable {
    case day
    case week
    case month

    /// So many at once.
    static let most = 400

    /// The name of the period with a day in it: `2026-11-23`, `2026-W48` (ISO 8601) or `2026-11`.
    func name(of day: CivilDay) -> String {
        switch self {
        case .day: return day.isoText
        case .month: return String(day.isoText.prefix(7))
        case .week:
            // A week belongs to the year of its Thursday.
            let thursday = start(of: day).adding(days: 3)
            let first = CivilDay(year: thursday.year, month: 1, day: 1) ?? thursday
            let number = (thursday.dayNumber - first.dayNumber) / 7 + 1
            return "\(thursday.isoText.prefix(4))-W\(number < 10 ? "0" : "")\(number)"
        }
    }

    func start(of day: CivilDay) -> CivilDay {
        switch self {
        case .day: day
        case .week: day.adding(days: -((day.dayNumber + 3) % 7 + 7) % 7)
        case .month: day.adding(days: 1 - day.day)
        }
    }

    /// The first day of the one that begins `count` periods before that of a day.
    func start(_ count: Int, before day: CivilDay) -> CivilDay {
        (0..<count).reduce(start(of: day)) { first, _ in start(of: first.adding(days: -1)) }
    }
}

/// What was counted in a period, in a community, of a category; nil where they are taken together.
struct OpenFigures: Sendable, Equatable {
    /// A rate of fewer closed cases says more of chance than of work.
    static let smallestSample = 10

    let period: String
    let community: String?
    let communityName: String?
    let category: String?
    let categoryName: String?
    var counts = Counts()

    struct Counts: Sendable, Equatable {
        /// Opened in the period.
        var opened = 0
        /// Of these, still open now.
        var open = 0
        /// Of these, beyond their deadline.
        var openOverdue = 0
        /// Closed in the period, whenever they were opened.
        var closed = 0
        var closedOnTime = 0
        var closedLate = 0

        static func += (left: inout Counts, right: Counts) {
            left.opened += right.opened
            left.open += right.open
            left.openOverdue += right.openOverdue
            left.closed += right.closed
            left.closedOnTime += right.closedOnTime
            left.closedLate += right.closedLate
        }
    }

    /// Of the closed cases, to a thousandth; nil where they are too few.
    var onTimeRate: Double? {
        guard counts.closed >= Self.smallestSample else { return nil }
        return (Double(counts.closedOnTime) / Double(counts.closed) * 1_000).rounded() / 1_000
    }

    static let names = [
        "period", "community", "communityName", "category", "categoryName", "opened", "open", "openOverdue", "closed",
        "closedOnTime", "closedLate", "onTimeRate",
    ]

    var values: [JSONValue] {
        func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        let numbers = [
            counts.opened, counts.open, counts.openOverdue, counts.closed, counts.closedOnTime, counts.closedLate,
        ]
        return [.string(period), text(community), text(communityName), text(category), text(categoryName)]
            + numbers.map { .integer(Int64($0)) } + [onTimeRate.map { .number($0) } ?? .null]
    }

    var object: JSONValue { .object(Dictionary(uniqueKeysWithValues: zip(Self.names, values))) }

    var cells: [String] {
        values.map { value in
            switch value {
            case .null: ""
            case .string(let text): CSVLine.plain(text)
            default: value.text()
            }
        }
    }
}
