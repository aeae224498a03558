import CaseRates
import Contracts
import Foundation
import GRDB

/// Rows about figures: the counts of docs/routing-rates.md, and how many cases were opened when, all by day.
///
/// Kept as records come, so that no page counts cases. By hour and category there are rows for all communities and for all
/// units, too (``all``), so that whatever is asked for stands together.
enum FigureTables {
    static let schema = """
        CREATE TABLE figureDays (
            one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), utcOffsetMinutes INTEGER NOT NULL
        );
        CREATE TABLE rateTally (
            caseId TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE figureDay (
            day TEXT NOT NULL, communityId TEXT NOT NULL, unitId TEXT NOT NULL, opened INTEGER NOT NULL DEFAULT 0,
            refused INTEGER NOT NULL DEFAULT 0, assigned INTEGER NOT NULL DEFAULT 0,
            responded INTEGER NOT NULL DEFAULT 0, returned INTEGER NOT NULL DEFAULT 0,
            checked INTEGER NOT NULL DEFAULT 0, reworked INTEGER NOT NULL DEFAULT 0, closed INTEGER NOT NULL DEFAULT 0,
            onTime INTEGER NOT NULL DEFAULT 0, reopened INTEGER NOT NULL DEFAULT 0,
            openOverdue INTEGER NOT NULL DEFAULT 0, leftOverdue INTEGER NOT NULL DEFAULT 0,
            asked INTEGER NOT NULL DEFAULT 0, solvedAnswers INTEGER NOT NULL DEFAULT 0,
            solved INTEGER NOT NULL DEFAULT 0, satisfiedAnswers INTEGER NOT NULL DEFAULT 0,
            satisfied INTEGER NOT NULL DEFAULT 0, whistled INTEGER NOT NULL DEFAULT 0,
            called INTEGER NOT NULL DEFAULT 0, came INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (day, communityId, unitId)
        ) WITHOUT ROWID;
        CREATE TABLE overdueNow (
            communityId TEXT NOT NULL, unitId TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (communityId, unitId)
        ) WITHOUT ROWID;
        CREATE TABLE openedHour (
            communityId TEXT NOT NULL, unitId TEXT NOT NULL, day TEXT NOT NULL, hour INTEGER NOT NULL,
            value INTEGER NOT NULL, PRIMARY KEY (communityId, unitId, day, hour)
        ) WITHOUT ROWID;
        CREATE TABLE openedCategory (
            communityId TEXT NOT NULL, unitId TEXT NOT NULL, day TEXT NOT NULL, category TEXT NOT NULL,
            value INTEGER NOT NULL, PRIMARY KEY (communityId, unitId, day, category)
        ) WITHOUT ROWID;
        CREATE INDEX caseStateBacklog ON caseState (communityId, ownerUnitId, openedAt, isOverdue, stage)
            WHERE stage IN ('opened', 'filed', 'dispatched', 'handled', 'parked', 'waiting', 'referred');
        """

    /// Stands for every community, or for every unit.
    static let all = "*"

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
    }

    /// Counts everything that is kept anew.
    static func recount(in db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM figureDay; DELETE FROM overdueNow; DELETE FROM openedHour; DELETE FROM openedCategory;
                DELETE FROM rateTally;
                """)
        try countOpened(in: db)
        try countEvents(in: db)
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
        let hour = (opening.openedAt / 60_000 + Int64(offset)) / 60 % 24
        try db.cachedStatement(
            sql: """
                INSERT INTO figureDay (day, communityId, unitId, opened) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT DO UPDATE SET opened = opened + ?4
                """
        ).execute(arguments: [day, opening.communityId, opening.unitId, number])
        for community in [opening.communityId, all] {
            for unit in [opening.unitId, all] {
                try db.cachedStatement(
                    sql: """
                        INSERT INTO openedHour (communityId, unitId, day, hour, value) VALUES (?1, ?2, ?3, ?4, ?5)
                        ON CONFLICT DO UPDATE SET value = value + ?5
                        """
                ).execute(arguments: [community, unit, day, hour, number])
                try db.cachedStatement(
                    sql: """
                        INSERT INTO openedCategory (communityId, unitId, day, category, value)
                        VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET value = value + ?5
                        """
                ).execute(arguments: [community, unit, day, opening.category, number])
            }
        }
    }

    private static func countOpened(in db: Database) throws {
        let offset = try calendar(in: db).utcOffsetMinutes
        let local = "openedAt / 1000 + \(offset * 60)"
        let day = "date(\(local), 'unixepoch')"
        let unit = "COALESCE(ownerUnitId, '')"
        try db.execute(
            sql: """
                INSERT INTO figureDay (day, communityId, unitId, opened)
                SELECT \(day) AS d, communityId, \(unit) AS u, COUNT(*) FROM caseState GROUP BY d, communityId, u
                """)
        for (community, unit) in [("communityId", unit), ("communityId", "'*'"), ("'*'", unit), ("'*'", "'*'")] {
            try db.execute(
                sql: """
                    INSERT INTO openedHour (communityId, unitId, day, hour, value)
                    SELECT \(community) AS c, \(unit) AS u, \(day) AS d, (\(local)) / 3600 % 24 AS h, COUNT(*)
                    FROM caseState GROUP BY c, u, d, h;
                    INSERT INTO openedCategory (communityId, unitId, day, category, value)
                    SELECT \(community) AS c, \(unit) AS u, \(day) AS d, category, COUNT(*)
                    FROM caseState GROUP BY c, u, d, category;
                    """)
        }
    }
}
