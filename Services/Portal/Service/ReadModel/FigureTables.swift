import CaseRates
import Contracts
import Foundation
import GRDB

/// Rows about figures: the counts of docs/routing-rates.md, and how many cases were opened when, all by day.
///
/// Kept as records come, so that no page counts cases.
enum FigureTables {
    static let schema = """
        CREATE TABLE figureDays (
            one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), utcOffsetMinutes INTEGER NOT NULL
        );
        CREATE TABLE rateTally (
            caseId TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE rateCount (
            count TEXT NOT NULL, day TEXT NOT NULL, communityId TEXT NOT NULL, unitId TEXT NOT NULL,
            value INTEGER NOT NULL, PRIMARY KEY (count, day, communityId, unitId)
        ) WITHOUT ROWID;
        CREATE TABLE openedHour (
            day TEXT NOT NULL, hour INTEGER NOT NULL, communityId TEXT NOT NULL, unitId TEXT NOT NULL,
            value INTEGER NOT NULL, PRIMARY KEY (day, hour, communityId, unitId)
        ) WITHOUT ROWID;
        CREATE TABLE openedCategory (
            day TEXT NOT NULL, category TEXT NOT NULL, communityId TEXT NOT NULL, unitId TEXT NOT NULL,
            value INTEGER NOT NULL, PRIMARY KEY (day, category, communityId, unitId)
        ) WITHOUT ROWID;
        CREATE INDEX caseStateBacklog ON caseState (communityId, ownerUnitId, openedAt, isOverdue)
            WHERE stage IN ('opened', 'filed', 'dispatched', 'handled', 'parked', 'waiting', 'referred');
        """

    /// By what offset the rows have their days.
    static func calendar(in db: Database) throws -> RateCalendar {
        let known = try Int.fetchOne(db.cachedStatement(sql: "SELECT utcOffsetMinutes FROM figureDays"))
        return RateCalendar(utcOffsetMinutes: known ?? RateCalendar.usualOffset)
    }

    /// Where the days are not those of the pack in force, or nothing was counted yet, counts everything anew.
    static func settle(in db: Database) throws {
        let known = try Int.fetchOne(db, sql: "SELECT utcOffsetMinutes FROM figureDays")
        let wanted = try Int.fetchOne(
            db,
            sql: """
                SELECT json_extract(CAST(body AS TEXT), '$.calendar.utcOffsetMinutes') FROM pack
                WHERE hash = (\(PackTables.hashInForce))
                """)
        let offset = wanted ?? known ?? RateCalendar.usualOffset
        guard offset != known else { return }
        try db.execute(
            sql: "INSERT OR REPLACE INTO figureDays (one, utcOffsetMinutes) VALUES (1, ?)", arguments: [offset])
        try recount(in: db)
        try countOpened(in: db)
    }
}

// MARK: - Opened

extension FigureTables {
    /// Where and when a case counts as opened.
    struct Opening: Equatable {
        let openedAt: Int64
        let communityId: String
        let category: String
        let unitId: String

        init(_ state: CaseState) {
            openedAt = state.openedAt.milliseconds
            communityId = state.communityId.rawValue
            category = state.category.rawValue
            unitId = state.ownerUnitId?.rawValue ?? ""
        }

        fileprivate init(_ row: Row) {
            openedAt = row["openedAt"]
            communityId = row["communityId"]
            category = row["category"]
            unitId = row["ownerUnitId"] ?? ""
        }
    }

    /// As the table has the case; nil where it does not.
    static func opening(of id: CaseID, in db: Database) throws -> Opening? {
        let statement = try db.cachedStatement(
            sql: "SELECT openedAt, communityId, category, ownerUnitId FROM caseState WHERE caseId = ?")
        return try Row.fetchOne(statement, arguments: [id.rawValue]).map(Opening.init)
    }

    /// A case is new, or counts elsewhere now.
    static func move(from old: Opening?, to new: Opening, in db: Database) throws {
        guard old != new else { return }
        let offset = try calendar(in: db).utcOffsetMinutes
        if let old { try add(-1, old, offset, in: db) }
        try add(1, new, offset, in: db)
    }

    private static func add(_ number: Int, _ opening: Opening, _ offset: Int, in db: Database) throws {
        let calendar = RateCalendar(utcOffsetMinutes: offset)
        let day = calendar.day(at: Timestamp(milliseconds: opening.openedAt))
        let minutes = opening.openedAt / 60_000 + Int64(offset)
        try db.cachedStatement(
            sql: """
                INSERT INTO openedHour (day, hour, communityId, unitId, value) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT DO UPDATE SET value = value + ?5
                """
        ).execute(arguments: [day, minutes / 60 % 24, opening.communityId, opening.unitId, number])
        try db.cachedStatement(
            sql: """
                INSERT INTO openedCategory (day, category, communityId, unitId, value) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT DO UPDATE SET value = value + ?5
                """
        ).execute(arguments: [day, opening.category, opening.communityId, opening.unitId, number])
    }

    private static func countOpened(in db: Database) throws {
        let offset = try calendar(in: db).utcOffsetMinutes
        let local = "openedAt / 1000 + \(offset * 60)"
        try db.execute(
            sql: """
                DELETE FROM openedHour;
                DELETE FROM openedCategory;
                INSERT INTO openedHour (day, hour, communityId, unitId, value)
                SELECT date(\(local), 'unixepoch') AS d, (\(local)) / 3600 % 24 AS h, communityId,
                    COALESCE(ownerUnitId, '') AS u, COUNT(*) FROM caseState GROUP BY d, h, communityId, u;
                INSERT INTO openedCategory (day, category, communityId, unitId, value)
                SELECT date(\(local), 'unixepoch') AS d, category, communityId, COALESCE(ownerUnitId, '') AS u, COUNT(*)
                FROM caseState GROUP BY d, category, communityId, u;
                """)
    }
}
