import Contracts
import GRDB
import PointsDomain

/// What cases promised, and how much of each day's cap is used.
enum EarningTables {
    static let names = ["promise", "promisedOn"]

    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("points: promises") { db in
            try db.execute(
                sql: """
                    CREATE TABLE promise (
                        caseId TEXT NOT NULL PRIMARY KEY, ledgerId TEXT NOT NULL, personId TEXT NOT NULL,
                        day TEXT NOT NULL, points INTEGER NOT NULL, ruleId TEXT NOT NULL, transferId TEXT NOT NULL,
                        state TEXT NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE promisedOn (
                        ledgerId TEXT NOT NULL, personId TEXT NOT NULL, day TEXT NOT NULL, total INTEGER NOT NULL,
                        PRIMARY KEY (ledgerId, personId, day)
                    ) WITHOUT ROWID;
                    """)
        }
    }
}

/// The table of promises.
enum PromiseRow {
    static func find(_ caseId: CaseID, in db: Database) throws -> Promise? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM promise WHERE caseId = ?"), arguments: [caseId.rawValue])
        return try row.map { row in
            let text: String = row["state"]
            guard let state = Promise.State(rawValue: text) else { throw LedgerRowError.unknownState(text) }
            return Promise(
                caseId: caseId, ledgerId: LedgerID(row["ledgerId"] as String),
                personId: PersonID(row["personId"] as String), day: row["day"], points: row["points"],
                ruleId: row["ruleId"], transferId: TransferID(row["transferId"] as String), state: state)
        }
    }

    /// Writes a new promise, or how one ended.
    static func save(_ promise: Promise, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO promise (caseId, ledgerId, personId, day, points, ruleId, transferId, state)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (caseId) DO UPDATE SET state = ?8
                """
        ).execute(arguments: [
            promise.caseId.rawValue, promise.ledgerId.rawValue, promise.personId.rawValue, promise.day,
            promise.points, promise.ruleId, promise.transferId.rawValue, promise.state.rawValue,
        ])
    }
}

/// The table of what was promised on each person's day.
enum PromisedOnRow {
    static func total(of day: PersonDay, in db: Database) throws -> Int {
        try Int.fetchOne(
            db.cachedStatement(
                sql: "SELECT total FROM promisedOn WHERE ledgerId = ? AND personId = ? AND day = ?"),
            arguments: [day.ledgerId.rawValue, day.personId.rawValue, day.day]) ?? 0
    }

    static func add(_ points: Int, to day: PersonDay, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO promisedOn (ledgerId, personId, day, total) VALUES (?, ?, ?, ?)
                ON CONFLICT (ledgerId, personId, day) DO UPDATE SET total = total + excluded.total
                """
        ).execute(arguments: [day.ledgerId.rawValue, day.personId.rawValue, day.day, points])
    }
}
