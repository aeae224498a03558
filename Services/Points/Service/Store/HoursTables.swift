import Contracts
import GRDB
import PointsDomain

/// The book of hours, kept apart from points.
enum HoursTables {
    static let names = ["hours", "hoursTotal"]

    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("points: the book of hours") { db in
            try db.execute(
                sql: """
                    CREATE TABLE hours (
                        recordId TEXT NOT NULL PRIMARY KEY, ledgerId TEXT NOT NULL, personId TEXT NOT NULL, teamId TEXT,
                        taskId TEXT NOT NULL, minutes INTEGER NOT NULL, servedAt INTEGER NOT NULL, reverses TEXT UNIQUE,
                        transferId TEXT, content TEXT NOT NULL, CONSTRAINT someTime CHECK (minutes <> 0)
                    ) WITHOUT ROWID;
                    CREATE INDEX hoursOfPerson ON hours (ledgerId, personId, servedAt, recordId);
                    CREATE TABLE hoursTotal (
                        ledgerId TEXT NOT NULL, personId TEXT NOT NULL, minutes INTEGER NOT NULL,
                        PRIMARY KEY (ledgerId, personId), CONSTRAINT neverNegative CHECK (minutes >= 0)
                    ) WITHOUT ROWID;
                    """)
        }
    }
}

/// The table of entries; what is taken back stays, and another entry names it.
enum HoursRow {
    /// The fingerprint of what was asked for; nil where there is no such entry.
    static func content(of id: HoursRecordID, in db: Database) throws -> String? {
        try String.fetchOne(
            db.cachedStatement(sql: "SELECT content FROM hours WHERE recordId = ?"), arguments: [id.rawValue])
    }

    private static let columns = """
        SELECT entry.*, (SELECT recordId FROM hours WHERE reverses = entry.recordId) AS reversedBy FROM hours AS entry
        """

    static func find(_ id: HoursRecordID, in db: Database) throws -> HoursEntry? {
        try Row.fetchOne(
            db.cachedStatement(sql: "\(columns) WHERE recordId = ?"), arguments: [id.rawValue]
        ).map(entry)
    }

    /// The entries of the same person that count and share a minute with this one.
    static func overlapping(_ entry: HoursEntry, in db: Database) throws -> [HoursEntry] {
        let earliest = entry.servedAt.adding(milliseconds: -Int64(RecordHours.mostMinutes) * 60_000)
        return try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    \(columns) WHERE ledgerId = ? AND personId = ? AND servedAt > ? AND servedAt < ?
                        AND reverses IS NULL AND reversedBy IS NULL ORDER BY servedAt, recordId
                    """),
            arguments: [
                entry.ledgerId.rawValue, entry.personId.rawValue, earliest.milliseconds, entry.endsAt.milliseconds,
            ]
        ).map(Self.entry).filter { $0.overlaps(entry) }
    }

    private static func entry(_ row: Row) -> HoursEntry {
        HoursEntry(
            recordId: HoursRecordID(row["recordId"] as String), ledgerId: LedgerID(row["ledgerId"] as String),
            personId: PersonID(row["personId"] as String), teamId: (row["teamId"] as String?).map { TeamID($0) },
            taskId: row["taskId"], minutes: row["minutes"],
            servedAt: Timestamp(milliseconds: row["servedAt"]),
            reverses: (row["reverses"] as String?).map { HoursRecordID($0) },
            transferId: (row["transferId"] as String?).map { TransferID($0) },
            reversedBy: (row["reversedBy"] as String?).map { HoursRecordID($0) })
    }

    static func insert(_ entry: HoursEntry, transferId: TransferID?, content: String, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO hours
                    (recordId, ledgerId, personId, teamId, taskId, minutes, servedAt, reverses, transferId, content)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            entry.recordId.rawValue, entry.ledgerId.rawValue, entry.personId.rawValue, entry.teamId?.rawValue,
            entry.taskId, entry.minutes, entry.servedAt.milliseconds, entry.reverses?.rawValue, transferId?.rawValue,
            content,
        ])
    }
}

/// The table of each person's total.
enum HoursTotalRow {
    /// Adds minutes, and says what the book then holds for the person.
    static func add(_ entry: HoursEntry, in db: Database) throws -> Int {
        let key: StatementArguments = [entry.ledgerId.rawValue, entry.personId.rawValue]
        // Apart from the insertion, which would hold a negative number against the table's rule.
        try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO hoursTotal (ledgerId, personId, minutes) VALUES (?, ?, 0)"
        ).execute(arguments: key)
        try db.cachedStatement(
            sql: "UPDATE hoursTotal SET minutes = minutes + ? WHERE ledgerId = ? AND personId = ?"
        ).execute(arguments: [entry.minutes, entry.ledgerId.rawValue, entry.personId.rawValue])
        return try Int.fetchOne(
            db.cachedStatement(sql: "SELECT minutes FROM hoursTotal WHERE ledgerId = ? AND personId = ?"),
            arguments: key) ?? 0
    }
}
