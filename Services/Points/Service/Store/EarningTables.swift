import Contracts
import GRDB
import PointRules

/// What cases earn, how much of each cap is used, and which case events were weighed.
enum EarningTables {
    static let names = ["earningCase", "earned", "weighedEvent"]

    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("points: what cases earn") { db in
            try db.execute(
                sql: """
                    CREATE TABLE earningCase (
                        caseId TEXT NOT NULL PRIMARY KEY, ledgerId TEXT NOT NULL, body TEXT NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE earned (
                        ledgerId TEXT NOT NULL, holder TEXT NOT NULL, period TEXT NOT NULL, total INTEGER NOT NULL,
                        PRIMARY KEY (ledgerId, holder, period)
                    ) WITHOUT ROWID;
                    CREATE TABLE weighedEvent (id BLOB NOT NULL PRIMARY KEY) WITHOUT ROWID;
                    """)
        }
    }
}

/// The table of cases.
enum EarningCaseRow {
    static func find(_ caseId: CaseID, in db: Database) throws -> EarningCase? {
        let body = try String.fetchOne(
            db.cachedStatement(sql: "SELECT body FROM earningCase WHERE caseId = ?"), arguments: [caseId.rawValue])
        return try body.map { try ContractCoding.decode(EarningCase.self, from: $0.data) }
    }

    static func save(_ earning: EarningCase, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO earningCase (caseId, ledgerId, body) VALUES (?1, ?2, ?3)
                ON CONFLICT (caseId) DO UPDATE SET body = ?3
                """
        ).execute(arguments: [
            earning.caseId.rawValue, earning.ledgerId.rawValue, try ContractCoding.text(earning),
        ])
    }
}

/// The table of what was promised in each day and month.
enum EarnedRow {
    static func total(in period: CapPeriod, _ db: Database) throws -> Int {
        try Int.fetchOne(
            db.cachedStatement(sql: "SELECT total FROM earned WHERE ledgerId = ? AND holder = ? AND period = ?"),
            arguments: [period.ledgerId.rawValue, period.earner.codedText, period.period]) ?? 0
    }

    static func add(_ points: Int, to period: CapPeriod, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO earned (ledgerId, holder, period, total) VALUES (?, ?, ?, ?)
                ON CONFLICT (ledgerId, holder, period) DO UPDATE SET total = total + excluded.total
                """
        ).execute(arguments: [period.ledgerId.rawValue, period.earner.codedText, period.period, points])
    }
}

/// The table of case events that were weighed: each counts once, also where it was translated twice.
enum WeighedEventRow {
    /// Notes the event; false where it was noted before.
    static func insert(_ id: MessageID, in db: Database) throws -> Bool {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO weighedEvent (id) VALUES (?)").execute(arguments: [id.data])
        return db.changesCount > 0
    }
}
