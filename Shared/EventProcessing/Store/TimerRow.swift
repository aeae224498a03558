import Contracts
import GRDB

/// A moment that a processor wants to be woken at.
struct TimerRow: Sendable, Equatable {
    let id: String
    let kind: String
    let about: String
    let dueAt: Timestamp

    func save(in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO timer (id, kind, about, dueAt) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, about = excluded.about, dueAt = excluded.dueAt
                WHERE dueAt <> excluded.dueAt OR kind <> excluded.kind OR about <> excluded.about
                """
        ).execute(arguments: [id, kind, about, dueAt.milliseconds])
    }

    static func delete(_ id: String, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM timer WHERE id = ?").execute(arguments: [id])
    }

    static func find(_ id: String, in db: Database) throws -> TimerRow? {
        try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM timer WHERE id = ?"), arguments: [id]).map(
            TimerRow.init)
    }

    /// The timers that are due at `moment`, the earliest first.
    static func due(at moment: Timestamp, limit: Int, in db: Database) throws -> [TimerRow] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT * FROM timer WHERE dueAt <= ? ORDER BY dueAt, id LIMIT ?"),
            arguments: [moment.milliseconds, limit]
        ).map(TimerRow.init)
    }

    static func count(dueBefore moment: Timestamp, in db: Database) throws -> Int {
        let statement = try db.cachedStatement(
            sql: "SELECT COUNT(*) FROM (SELECT 1 FROM timer WHERE dueAt < ? LIMIT 10000)")
        return try Int.fetchOne(statement, arguments: [moment.milliseconds]) ?? 0
    }

    /// When the next timer is due; nil where there is none.
    static func nextDue(in db: Database) throws -> Timestamp? {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT MIN(dueAt) FROM timer")).map(Timestamp.init(milliseconds:))
    }

    private init(_ row: Row) {
        self.init(
            id: row["id"], kind: row["kind"], about: row["about"], dueAt: Timestamp(milliseconds: row["dueAt"]))
    }

    init(id: String, kind: String, about: String, dueAt: Timestamp) {
        self.id = id
        self.kind = kind
        self.about = about
        self.dueAt = dueAt
    }
}
