import Contracts
import GRDB
import PointsDomain

/// What oddities are looked for in, for as long as that is of use, and the signals that were raised.
enum SignalTables {
    static let names = ["seenReport", "seenPhoto", "seenPhotoCount", "support", "signal"]

    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("points: signals") { db in
            try db.execute(sql: seen)
            try db.execute(
                sql: """
                    CREATE TABLE signal (
                        signalId TEXT NOT NULL PRIMARY KEY, ledgerId TEXT NOT NULL, kind TEXT NOT NULL,
                        subject TEXT NOT NULL, personIds TEXT NOT NULL, startsAt INTEGER NOT NULL,
                        endsAt INTEGER NOT NULL, latitudeE7 INTEGER, longitudeE7 INTEGER, reviewedBy TEXT, review TEXT
                    ) WITHOUT ROWID;
                    CREATE INDEX signalOfSubject ON signal (ledgerId, kind, subject, startsAt);
                    """)
        }
    }

    private static let seen = """
        CREATE TABLE seenReport (
            ledgerId TEXT NOT NULL, reportId TEXT NOT NULL, personId TEXT NOT NULL, caseId TEXT NOT NULL,
            caseNumber TEXT NOT NULL, at INTEGER NOT NULL, latitudeE7 INTEGER, longitudeE7 INTEGER, cell INTEGER,
            PRIMARY KEY (ledgerId, reportId)
        ) WITHOUT ROWID;
        CREATE INDEX seenReportOfPerson ON seenReport (ledgerId, personId, at, reportId);
        CREATE INDEX seenReportInCell ON seenReport (ledgerId, personId, cell, at, reportId);
        CREATE INDEX seenReportOfCase ON seenReport (ledgerId, caseId, at, reportId);
        CREATE INDEX seenReportOldest ON seenReport (at, ledgerId, reportId);
        CREATE TABLE seenPhoto (
            ledgerId TEXT NOT NULL, slot INTEGER NOT NULL, piece INTEGER NOT NULL, value INTEGER NOT NULL,
            look INTEGER NOT NULL, reportId TEXT NOT NULL, personId TEXT NOT NULL, caseId TEXT NOT NULL,
            caseNumber TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (ledgerId, slot, piece)
        ) WITHOUT ROWID;
        CREATE INDEX seenPhotoLike ON seenPhoto (ledgerId, piece, value, slot);
        CREATE TABLE seenPhotoCount (ledgerId TEXT NOT NULL PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE support (
            ledgerId TEXT NOT NULL, supporter TEXT NOT NULL, supported TEXT NOT NULL, caseId TEXT NOT NULL,
            caseNumber TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (ledgerId, supporter, supported, caseId)
        ) WITHOUT ROWID;
        CREATE INDEX supportOldest ON support (at, ledgerId, supporter, supported, caseId);
        """
}

/// The table of signals.
enum SignalRow {
    /// A signal as far as its review needs it.
    struct Raised {
        let ledgerId: LedgerID
        let personIds: [PersonID]
        let reviewedBy: PersonID?
        /// The fingerprint of what the reviewer said.
        let review: String?
    }

    static func find(_ id: SignalID, in db: Database) throws -> Raised? {
        try Row.fetchOne(
            db.cachedStatement(sql: "SELECT ledgerId, personIds, reviewedBy, review FROM signal WHERE signalId = ?"),
            arguments: [id.rawValue]
        ).map { row in
            Raised(
                ledgerId: LedgerID(row["ledgerId"] as String),
                personIds: try ContractCoding.decode([PersonID].self, from: (row["personIds"] as String).data),
                reviewedBy: (row["reviewedBy"] as String?).map { PersonID($0) }, review: row["review"])
        }
    }

    /// The windows that signals of a subject were raised for, of those that touch the time around a moment.
    ///
    /// - Parameter place: nil where the place does not count.
    static func windows(
        _ kind: SignalRaised.Kind, of subject: String, at place: Location? = nil, in ledger: LedgerID,
        around time: Timestamp, span: Int64, _ db: Database
    ) throws -> [ClosedRange<Timestamp>] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT startsAt, endsAt, latitudeE7, longitudeE7 FROM signal WHERE ledgerId = ? AND kind = ? AND subject = ?
                        AND startsAt >= ? AND startsAt <= ? ORDER BY startsAt, signalId
                    """),
            arguments: [
                ledger.rawValue, kind.rawValue, subject, time.milliseconds - 2 * span, time.milliseconds + span,
            ]
        ).filter { row in
            guard let place, let latitude: Int = row["latitudeE7"], let longitude: Int = row["longitudeE7"] else {
                return true
            }
            return place.isNear(Location(latitudeE7: latitude, longitudeE7: longitude))
        }.map { Timestamp(milliseconds: $0["startsAt"])...Timestamp(milliseconds: $0["endsAt"]) }
    }

    /// Keeps a signal; false where there is one for the subject and window.
    static func insert(_ oddity: Oddity, subject: String, in ledger: LedgerID, _ db: Database) throws -> Bool {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO signal
                    (signalId, ledgerId, kind, subject, personIds, startsAt, endsAt, latitudeE7, longitudeE7)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            oddity.signalId(in: ledger).rawValue, ledger.rawValue, oddity.kind.rawValue, subject,
            try ContractCoding.text(oddity.personIds), oddity.window.lowerBound.milliseconds,
            oddity.window.upperBound.milliseconds, oddity.location?.latitudeE7, oddity.location?.longitudeE7,
        ])
        return db.changesCount > 0
    }

    static func review(_ id: SignalID, by actor: PersonID, _ review: String, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE signal SET reviewedBy = ?, review = ? WHERE signalId = ?").execute(
            arguments: [actor.rawValue, review, id.rawValue])
    }
}
