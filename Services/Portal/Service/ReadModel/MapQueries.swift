import Contracts
import GRDB

/// A piece of a map, by its edges in units of 10⁻⁷ degrees.
struct MapBox: Sendable, Equatable {
    let west: Int
    let south: Int
    let east: Int
    let north: Int

    /// Reads `west,south,east,north` in degrees, as GeoJSON orders them; nil for anything else.
    init?(_ text: String) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard numbers.count == 4, let west = numbers[0], let south = numbers[1], let east = numbers[2],
            let north = numbers[3], (-180...180).contains(west), (-180...180).contains(east),
            (-90...90).contains(south), (-90...90).contains(north), west < east, south < north
        else { return nil }
        self.west = Int((west * 1e7).rounded())
        self.south = Int((south * 1e7).rounded())
        self.east = Int((east * 1e7).rounded())
        self.north = Int((north * 1e7).rounded())
    }

    /// The side of squares of which at most `most` lie along an edge: 0.0005° (about 50 m), doubled as often as needed.
    ///
    /// Squares of one side lie at the same places whatever is looked at, so that they stand still when the map is moved.
    func side(atMost most: Int) -> Int {
        var side = 5_000
        while max(east - west, north - south) / side >= most { side *= 2 }
        return side
    }
}

/// A case as a map needs it.
struct MapCase: Sendable, Equatable {
    let caseId: String
    let caseNumber: String
    let stage: CaseStage
    let isOverdue: Bool
    let category: CategoryCode
    let communityId: CommunityID
    let location: Location
    /// As it is written in the state; nil for none.
    let deadline: String?
}

/// How many cases lie in a square.
struct MapSquare: Sendable, Equatable {
    /// Its middle.
    let middle: Location
    let cases: Int
    let overdue: Int
}

/// How many cases of a stage a community has.
struct CommunityCount: Sendable, Equatable {
    let communityId: CommunityID
    let stage: CaseStage
    let cases: Int
    let overdue: Int
}

/// What a map asks of the cases; every query is answered from the index `caseStateMap` alone, but for what is shown of
/// single cases.
extension ReadModel {
    /// How many cases lie in a box, counted up to `most`.
    func countOnMap(_ filter: CaseFilter, in box: MapBox, atMost most: Int) async throws -> Int {
        try await read { db in
            let conditions = try filter.onMap(box, in: db)
            return try Int.fetchOne(
                db, sql: "SELECT COUNT(*) FROM (SELECT 1 FROM \(filter.table) \(conditions.whereClause) LIMIT ?)",
                arguments: conditions.arguments + [most]) ?? 0
        }
    }

    /// Up to `limit` cases in a box.
    func casesOnMap(_ filter: CaseFilter, in box: MapBox, limit: Int) async throws -> [MapCase] {
        try await read { db in
            let conditions = try filter.onMap(box, in: db)
            // Two members of the state instead of all of it: two thousand of them would take long to read.
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT caseId, stage, isOverdue, category, communityId, latitudeE7, longitudeE7,
                        json_extract(body, '$.caseNumber') AS number, json_extract(body, '$.deadline') AS deadline
                    FROM \(filter.table) \(conditions.whereClause) LIMIT ?
                    """,
                arguments: conditions.arguments + [limit]
            ).compactMap { row in
                guard let stage = CaseStage(rawValue: row["stage"]) else { return nil }
                return MapCase(
                    caseId: row["caseId"], caseNumber: row["number"] ?? "", stage: stage, isOverdue: row["isOverdue"],
                    category: CategoryCode(row["category"]), communityId: CommunityID(row["communityId"]),
                    location: Location(latitudeE7: row["latitudeE7"], longitudeE7: row["longitudeE7"]),
                    deadline: row["deadline"])
            }
        }
    }

    /// The cases in a box counted by squares; squares without cases are left out.
    ///
    /// - Parameter side: Of a square, in units of 10⁻⁷ degrees.
    func squaresOnMap(_ filter: CaseFilter, in box: MapBox, side: Int) async throws -> [MapSquare] {
        try await read { db in
            let (sql, arguments) = try Self.squaresQuery(filter, in: box, side: side, db)
            return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
                let line: Int = row["line"]
                let across: Int = row["across"]
                return MapSquare(
                    middle: Location(
                        latitudeE7: line * side + side / 2 - 900_000_000,
                        longitudeE7: across * side + side / 2 - 1_800_000_000),
                    cases: row["cases"], overdue: row["overdue"])
            }
        }
    }

    static func squaresQuery(
        _ filter: CaseFilter, in box: MapBox, side: Int, _ db: Database
    ) throws -> (sql: String, arguments: StatementArguments) {
        let conditions = try filter.onMap(box, in: db)
        let sql = """
            SELECT (latitudeE7 + 900000000) / \(side) AS line, (longitudeE7 + 1800000000) / \(side) AS across,
                COUNT(*) AS cases, SUM(isOverdue) AS overdue
            FROM \(filter.table) \(conditions.whereClause) GROUP BY line, across
            """
        return (sql, conditions.arguments)
    }

    func countsByCommunity(_ filter: CaseFilter) async throws -> [CommunityCount] {
        try await read { db in
            let conditions = try filter.onMap(in: db)
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT communityId, stage, COUNT(*) AS cases, SUM(isOverdue) AS overdue
                    FROM \(filter.table) \(conditions.whereClause) GROUP BY communityId, stage
                    """,
                arguments: conditions.arguments
            ).compactMap { row in
                guard let stage = CaseStage(rawValue: row["stage"]) else { return nil }
                return CommunityCount(
                    communityId: CommunityID(row["communityId"]), stage: stage, cases: row["cases"],
                    overdue: row["overdue"])
            }
        }
    }
}

extension CaseFilter {
    /// More cases that fit a text are not looked for: the newest of them are shown.
    fileprivate static let mostFound = 10_000

    fileprivate func onMap(_ box: MapBox, in db: Database) throws -> Conditions {
        var conditions = try onMap(in: db)
        conditions.append(sql: "latitudeE7 BETWEEN ? AND ?", arguments: [box.south, box.north])
        conditions.append(sql: "longitudeE7 BETWEEN ? AND ?", arguments: [box.west, box.east])
        return conditions
    }

    /// Which index is walked is said here: SQLite, which knows nothing of how cases are spread, might read rows instead.
    fileprivate var table: String { needsSearch ? "caseState" : "caseState INDEXED BY caseStateMap" }

    /// What must hold of a row of `caseState`, in columns of the index `caseStateMap`.
    fileprivate func onMap(in db: Database) throws -> Conditions {
        var conditions = Conditions()
        // The index begins with the stage: where none is asked for, all are named.
        let stages = (fittingStages ?? CaseStage.allCases).map { "'\($0.rawValue)'" }
        conditions.append(sql: "stage IN (\(stages.joined(separator: ", ")))")
        conditions.append(column: "communityId", equals: communityId)
        conditions.append(column: "gridId", equals: gridId)
        conditions.append(column: "category", equals: category)
        conditions.append(column: "ownerUnitId", equals: ownerUnitId)
        conditions.append(column: "handlerId", equals: handlerId)
        conditions.append(column: "kind", equals: kind?.rawValue)
        conditions.append(column: "isOverdue", equals: isOverdue)
        if let openedFrom { conditions.append(sql: "place >= ?", arguments: [CasePlaces.first(at: openedFrom)]) }
        if let openedBefore { conditions.append(sql: "place < ?", arguments: [CasePlaces.first(at: openedBefore)]) }
        if needsSearch {
            let places = try CaseSearch(self).places(after: nil, limit: Self.mostFound, in: db)
            conditions.append(
                sql: "place IN (SELECT value FROM json_each(?))", arguments: [try ContractCoding.text(places)])
        }
        return conditions
    }

    /// Whether something is asked for that the index does not have.
    private var needsSearch: Bool {
        [isFlagged, asksForTime].contains { $0 != nil } || text != nil || dueBefore != nil || !reporter.isEmpty
    }
}
