import Contracts
import Foundation
import Testing

/// Requests of Los Angeles, January 2020: when each was made, and when it was closed.
struct RealRequest {
    let number: String
    let type: String
    let location: Location
    let createdAt: Timestamp
    /// Nil where it never was.
    let closedAt: Timestamp?

    static let table = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data/la311/service_requests.csv")
    static let isPresent = FileManager.default.fileExists(atPath: table.path(percentEncoded: false))
    static let absence: Comment = "the real data are not here: ../shared/data/la311 is absent"

    /// All rows of the city's table, in its order.
    static func all() throws -> [RealRequest] {
        let lines = try String(contentsOf: table, encoding: .utf8).split(whereSeparator: \.isNewline)
        let header = fields(of: lines.first ?? "")
        return try lines.dropFirst().map { line in
            let row = Dictionary(zip(header, fields(of: line)), uniquingKeysWith: { first, _ in first })
            return RealRequest(
                number: try #require(row["srnumber"]), type: try #require(row["type_id"]),
                location: Location(
                    latitudeE7: try degrees(row["latitude"]), longitudeE7: try degrees(row["longitude"])),
                createdAt: try #require(try moment(row["created_date"])), closedAt: try moment(row["closed_date"]))
        }
    }

    /// The table tells wall clocks; a pack has one fixed offset, Pacific Standard Time, all through the year.
    private static func moment(_ text: String?) throws -> Timestamp? {
        guard let text, !text.isEmpty else { return nil }
        let moment: Timestamp = try #require(Timestamp("\(text)-08:00"), "\(text)")
        return moment
    }

    private static func degrees(_ text: String?) throws -> Int {
        Int((try #require(text.flatMap(Double.init)) * 10_000_000).rounded())
    }

    private static func fields(of line: Substring) -> [String] {
        var fields = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}

/// A pack of the city's types with a limit each, in all four units.
///
/// The offset is Los Angeles'; the calendar is China's of 2020, so that holidays and a worked Sunday count too.
enum RealCityRules {
    static let limits = [
        "1": "4w", "2": "15d", "3": "2e", "4": "3n", "5": "48e", "6": "16.5w", "7": "3d", "8": "7n", "9": "20d",
        "10": "0.5e", "11": "2d", "12": "7n",
    ]

    static let calendar = PackCalendar(
        utcOffsetMinutes: -480, workingMinutes: Array(repeating: [[540, 720], [780, 1_080]], count: 5) + [[], []],
        holidays: ["2020-01-01"] + (24...30).map { "2020-01-\($0)" } + (4...6).map { "2020-04-0\($0)" },
        makeUpDays: ["2020-01-19", "2020-02-01"])

    static func pack(limits: [String: String] = limits) -> Pack {
        Pack(
            name: "los-angeles", title: "Los Angeles", version: 1, calendar: calendar,
            communities: [PackCommunity(id: "la", name: "LA", ledgerId: "la", caseNumberPrefix: "LA", outline: [])],
            units: [PackUnit(id: "city-hall", name: "City Hall")],
            people: [
                PackPerson(id: "worker-1", roles: ["worker"], unitId: "city-hall", communityIds: []),
                PackPerson(id: "verifier-1", roles: ["verifier"], unitId: nil, communityIds: []),
                PackPerson(id: "dispatcher-1", roles: ["dispatcher"], unitId: nil, communityIds: []),
            ],
            categories: limits.sorted { $0.key < $1.key }.map { code, limit in
                PackCategory(
                    code: CategoryCode(code), name: code, englishName: code, kind: .snapshot, filingLimit: "2w",
                    handlingLimit: limit, keywords: [], gbCode: nil, gbVerified: false)
            },
            routingRules: [
                PackRoutingRule(id: "R1", categories: [], communityIds: [], kind: nil, unitId: "city-hall")
            ],
            pointRules: [], templates: [], webhooks: [],
            // Each request is a case of its own.
            mergeDistance: 0)
    }
}
