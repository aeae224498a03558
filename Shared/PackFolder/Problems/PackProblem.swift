/// Something in a pack folder that its author should know.
package struct PackProblem: Sendable, Equatable, Codable {
    /// Whether a pack can be used in spite of it.
    package enum Severity: String, Sendable, Codable {
        /// No pack comes of the folder.
        case error
        /// The pack works; somebody should look.
        case warning
    }

    /// Where in a file.
    package enum Position: Sendable, Equatable {
        /// A line of a YAML file, from 1.
        case line(Int)
        /// A character of a line of a text file, both from 1.
        case character(line: Int, column: Int)
        /// A row of a CSV file as a spreadsheet counts: the header is row 1.
        case row(Int)
        /// A feature of a GeoJSON file, from 1.
        case feature(Int)
    }

    package let kind: PackProblemKind
    package let file: String
    package let position: Position?
    /// What is wrong.
    package let problem: String
    /// What to do about it.
    package let remedy: String

    package init(kind: PackProblemKind, file: String, position: Position?, problem: String, remedy: String) {
        self.kind = kind
        self.file = file
        self.position = position
        self.problem = problem
        self.remedy = remedy
    }

    package var severity: Severity { kind.severity }
}

extension PackProblem: CustomStringConvertible {
    /// `points.yaml, line 12: the unit x is not in units.csv; add it there or correct the name`.
    package var description: String {
        let place = position.map { "\(file), \($0)" } ?? file
        return "\(place): \(problem); \(remedy)"
    }
}

extension PackProblem.Position: CustomStringConvertible {
    package var description: String {
        switch self {
        case .line(let number): "line \(number)"
        case .character(let line, let column): "line \(line), column \(column)"
        case .row(let number): "row \(number)"
        case .feature(let number): "feature \(number)"
        }
    }
}

extension PackProblem.Position: Codable {
    private enum CodingKeys: String, CodingKey {
        case line
        case column
        case row
        case feature
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let line = try container.decodeIfPresent(Int.self, forKey: .line) {
            let column = try container.decodeIfPresent(Int.self, forKey: .column)
            self = column.map { .character(line: line, column: $0) } ?? .line(line)
        } else if let row = try container.decodeIfPresent(Int.self, forKey: .row) {
            self = .row(row)
        } else {
            self = .feature(try container.decode(Int.self, forKey: .feature))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .line(let number): try container.encode(number, forKey: .line)
        case .character(let line, let column):
            try container.encode(line, forKey: .line)
            try container.encode(column, forKey: .column)
        case .row(let number): try container.encode(number, forKey: .row)
        case .feature(let number): try container.encode(number, forKey: .feature)
        }
    }
}

/// What can be wrong with a pack folder; the names are stable, for scripts that read them.
package enum PackProblemKind: String, Sendable, Codable, CaseIterable {
    // Files and values that cannot be read
    case missingFile = "missing-file"
    case unreadable
    case unknownKey = "unknown-key"
    case missingValue = "missing-value"
    case badValue = "bad-value"
    case badID = "bad-id"
    case badLimit = "bad-limit"
    case badCalendar = "bad-calendar"
    case badURL = "bad-url"
    case brokenOutline = "broken-outline"
    case negativeCap = "negative-cap"
    case badPoints = "bad-points"
    case badSentence = "bad-sentence"
    case badPhoto = "bad-photo"

    // Values that do not go together
    case duplicate
    case unknownUnit = "unknown-unit"
    case unknownCommunity = "unknown-community"
    case unknownCategory = "unknown-category"
    case unknownCompound = "unknown-compound"
    case unknownGrid = "unknown-grid"
    case unknownPerson = "unknown-person"
    case unknownStation = "unknown-station"
    case unknownLedger = "unknown-ledger"
    case unknownRole = "unknown-role"
    case unknownEvent = "unknown-event"
    case unknownVariable = "unknown-variable"
    case variableNeverFilled = "variable-never-filled"
    case unknownChannel = "unknown-channel"
    case channelWithoutTemplate = "channel-without-template"
    case textWithoutEnglish = "text-without-english"
    case workerWithoutUnit = "worker-without-unit"
    case verifiedWithoutCode = "verified-without-code"
    case ruleNeverFires = "rule-never-fires"
    case listWithoutValues = "list-without-values"
    case valuesWithoutList = "values-without-list"
    case requiredInformation = "required-information"
    case ambiguousName = "ambiguous-name"
    case overlappingCompounds = "overlapping-compounds"
    case compoundOutside = "compound-outside"
    case overlappingGrids = "overlapping-grids"
    case gridOutside = "grid-outside"
    case dutyOfNoWorker = "duty-of-no-worker"
    case memberOfTwoTeams = "member-of-two-teams"
    case staffWithoutRole = "staff-without-role"

    // Worth a look
    case overlappingCommunities = "overlapping-communities"
    case categoryWithoutOwner = "category-without-owner"
    case unitWithoutWorker = "unit-without-worker"
    case communityWithoutStaff = "community-without-staff"
    case keywordTwice = "keyword-twice"
    case eventWithoutTemplate = "event-without-template"
    case templateNeverRead = "template-never-read"
    case capBelowRule = "cap-below-rule"
    case pointsWithoutFunder = "points-without-funder"
    case budgetBeyondLine = "budget-beyond-line"
    case landmarkOutside = "landmark-outside"
    case yearWithoutHolidays = "year-without-holidays"

    package var severity: PackProblem.Severity {
        switch self {
        case .overlappingCommunities, .categoryWithoutOwner, .unitWithoutWorker, .communityWithoutStaff, .keywordTwice,
            .eventWithoutTemplate, .templateNeverRead, .capBelowRule, .pointsWithoutFunder,
            .budgetBeyondLine, .landmarkOutside, .yearWithoutHolidays:
            .warning
        default: .error
        }
    }
}

/// Why no pack comes of a folder: all that is wrong with it, not only the first thing.
package struct PackProblems: Error, Sendable, Equatable, CustomStringConvertible {
    package let problems: [PackProblem]

    package init(_ problems: [PackProblem]) {
        self.problems = problems
    }

    package var description: String {
        problems.map { "\($0.severity.rawValue): \($0)" }.joined(separator: "\n")
    }
}

/// Gathers problems while a folder is read.
struct ProblemLog {
    private(set) var problems: [PackProblem] = []

    mutating func add(
        _ kind: PackProblemKind, _ file: PackFile, _ position: PackProblem.Position?, _ problem: String,
        _ remedy: String
    ) {
        problems.append(
            PackProblem(kind: kind, file: file.rawValue, position: position, problem: problem, remedy: remedy))
    }

    var hasErrors: Bool { problems.contains { $0.severity == .error } }
}
