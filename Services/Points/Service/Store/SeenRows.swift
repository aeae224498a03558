import Contracts
import GRDB
import PointsDomain

/// So many old rows go with each that comes.
private let mostCleared = 20

/// The table of reports that were seen in the last months.
enum SeenReportRow {
    /// So many reports of one person are looked at, and so many in one cell.
    static let mostCompared = 200

    /// Keeps a report; false where it was seen before, in whatever case it was then.
    static func insert(_ report: SeenReport, in ledger: LedgerID, _ db: Database) throws -> Bool {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO seenReport
                    (ledgerId, reportId, personId, caseId, caseNumber, at, latitudeE7, longitudeE7, cell)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            ledger.rawValue, report.reportId.rawValue, report.personId.rawValue, report.caseId.rawValue,
            report.caseNumber, report.at.milliseconds, report.location?.latitudeE7, report.location?.longitudeE7,
            report.location?.cell,
        ])
        return db.changesCount > 0
    }

    /// Where a case is; nil where none of its reports was seen.
    static func place(of caseId: CaseID, in ledger: LedgerID, _ db: Database) throws -> Location? {
        try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT latitudeE7, longitudeE7 FROM seenReport
                    WHERE ledgerId = ? AND caseId = ? AND latitudeE7 IS NOT NULL ORDER BY at, reportId LIMIT 1
                    """), arguments: [ledger.rawValue, caseId.rawValue]
        ).map { Location(latitudeE7: $0["latitudeE7"], longitudeE7: $0["longitudeE7"]) }
    }

    /// Other reports of the same person within a span, before or after; of very many those nearest to the later end.
    static func ofSamePerson(
        as report: SeenReport, within span: Int64, in ledger: LedgerID, _ db: Database
    ) throws -> [SeenReport] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT * FROM seenReport WHERE ledgerId = ? AND personId = ? AND at >= ? AND at <= ?
                        AND reportId <> ? ORDER BY at DESC, reportId DESC LIMIT \(mostCompared)
                    """),
            arguments: [
                ledger.rawValue, report.personId.rawValue, report.at.milliseconds - span,
                report.at.milliseconds + span, report.reportId.rawValue,
            ]
        ).map(seen)
    }

    /// Other reports of the same person in the cells around its place, within a span.
    static func around(
        _ report: SeenReport, within span: Int64, in ledger: LedgerID, _ db: Database
    ) throws -> [SeenReport] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT * FROM seenReport WHERE ledgerId = ? AND personId = ? AND cell = ? AND at >= ? AND at <= ?
                    AND reportId <> ? ORDER BY at DESC, reportId DESC LIMIT \(mostCompared)
                """)
        let found = try (report.location?.cellsAround ?? []).flatMap { cell in
            try Row.fetchAll(
                statement,
                arguments: [
                    ledger.rawValue, report.personId.rawValue, cell, report.at.milliseconds - span,
                    report.at.milliseconds + span, report.reportId.rawValue,
                ]
            ).map(seen)
        }
        return Array(found.sorted { ($1.at, $1.reportId) < ($0.at, $0.reportId) }.prefix(mostCompared))
    }

    private static func seen(_ row: Row) -> SeenReport {
        let latitude: Int? = row["latitudeE7"]
        let longitude: Int? = row["longitudeE7"]
        return SeenReport(
            reportId: ReportID(row["reportId"] as String), personId: PersonID(row["personId"] as String),
            caseId: CaseID(row["caseId"] as String), caseNumber: row["caseNumber"],
            at: Timestamp(milliseconds: row["at"]),
            location: latitude.flatMap { latitude in
                longitude.map { Location(latitudeE7: latitude, longitudeE7: $0) }
            })
    }

    /// Lets go of some that are too old to count.
    static func prune(before time: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM seenReport WHERE (ledgerId, reportId) IN (
                    SELECT ledgerId, reportId FROM seenReport WHERE at < ? ORDER BY at, ledgerId, reportId
                    LIMIT \(mostCleared))
                """
        ).execute(arguments: [time.milliseconds])
    }
}

/// The table of photos: a ring of so many for each ledger, in which the newest takes the place of the oldest.
enum SeenPhotoRow {
    static let mostKept = 20_000

    static func insert(_ photo: SeenPhoto, in ledger: LedgerID, _ db: Database) throws {
        let slot = try nextSlot(of: ledger, db)
        try db.cachedStatement(sql: "DELETE FROM seenPhoto WHERE ledgerId = ? AND slot = ?").execute(
            arguments: [ledger.rawValue, slot])
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO seenPhoto
                    (ledgerId, slot, piece, value, look, reportId, personId, caseId, caseNumber, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for piece in 0..<PhotoBits.pieceCount {
            try insert.execute(arguments: [
                ledger.rawValue, slot, piece, photo.look.piece(piece), Int64(bitPattern: photo.look.bits),
                photo.report.reportId.rawValue, photo.report.personId.rawValue, photo.report.caseId.rawValue,
                photo.report.caseNumber, photo.report.at.milliseconds,
            ])
        }
    }

    private static func nextSlot(of ledger: LedgerID, _ db: Database) throws -> Int {
        let next =
            try Int.fetchOne(
                db.cachedStatement(sql: "SELECT next FROM seenPhotoCount WHERE ledgerId = ?"),
                arguments: [ledger.rawValue]) ?? 0
        try db.cachedStatement(
            sql: """
                INSERT INTO seenPhotoCount (ledgerId, next) VALUES (?1, ?2) ON CONFLICT (ledgerId) DO UPDATE SET next = ?2
                """
        ).execute(arguments: [ledger.rawValue, (next + 1) % mostKept])
        return next
    }

    private static let alike: String = {
        let values = Array(repeating: "?", count: PhotoBits.alikeCount).joined(separator: ", ")
        return """
            SELECT look, reportId, personId, caseId, caseNumber, at FROM seenPhoto
            WHERE ledgerId = ? AND piece = ? AND at >= ? AND value IN (\(values)) ORDER BY slot
            """
    }()

    /// The kept photos that may be copies of this one, since a moment.
    static func like(
        _ look: PhotoBits, since time: Timestamp, in ledger: LedgerID, _ db: Database
    ) throws -> [SeenPhoto] {
        let statement = try db.cachedStatement(sql: alike)
        return try (0..<PhotoBits.pieceCount).flatMap { piece in
            let arguments: StatementArguments = [ledger.rawValue, piece, time.milliseconds]
            return try Row.fetchAll(
                statement, arguments: arguments + StatementArguments(look.piecesAlike(piece))
            ).map(seen)
        }.filter { look.difference(from: $0.look) <= PhotoBits.mostAlike }
    }

    private static func seen(_ row: Row) -> SeenPhoto {
        SeenPhoto(
            look: PhotoBits(bits: UInt64(bitPattern: row["look"] as Int64)),
            report: SeenReport(
                reportId: ReportID(row["reportId"] as String), personId: PersonID(row["personId"] as String),
                caseId: CaseID(row["caseId"] as String), caseNumber: row["caseNumber"],
                at: Timestamp(milliseconds: row["at"]), location: nil))
    }
}

/// The table of who confirmed whose reports.
enum SupportRow {
    private static let mostCompared = 200

    /// Keeps a confirmation; false where there is one of the same case.
    static func insert(_ support: Support, in ledger: LedgerID, _ db: Database) throws -> Bool {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO support (ledgerId, supporter, supported, caseId, caseNumber, at)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            ledger.rawValue, support.supporter.rawValue, support.supported.rawValue, support.caseId.rawValue,
            support.caseNumber, support.at.milliseconds,
        ])
        return db.changesCount > 0
    }

    /// What the two confirmed of each other within a span of this one, itself left out.
    static func between(
        _ support: Support, within span: Int64, in ledger: LedgerID, _ db: Database
    ) throws -> [Support] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT * FROM support WHERE ledgerId = ? AND supporter = ? AND supported = ? AND at >= ? AND at <= ?
                    ORDER BY at DESC, caseId DESC LIMIT \(mostCompared)
                """)
        let pairs = [(support.supporter, support.supported), (support.supported, support.supporter)]
        return try pairs.flatMap { supporter, supported in
            try Row.fetchAll(
                statement,
                arguments: [
                    ledger.rawValue, supporter.rawValue, supported.rawValue, support.at.milliseconds - span,
                    support.at.milliseconds + span,
                ]
            ).map { row in
                Support(
                    supporter: supporter, supported: supported, caseId: CaseID(row["caseId"] as String),
                    caseNumber: row["caseNumber"], at: Timestamp(milliseconds: row["at"]))
            }
        }.filter { $0 != support }
    }

    static func prune(before time: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM support WHERE (ledgerId, supporter, supported, caseId) IN (
                    SELECT ledgerId, supporter, supported, caseId FROM support WHERE at < ?
                    ORDER BY at, ledgerId, supporter, supported, caseId LIMIT \(mostCleared))
                """
        ).execute(arguments: [time.milliseconds])
    }
}
