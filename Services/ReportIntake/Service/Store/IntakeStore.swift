import Contracts
import EventProcessing
import Foundation
import GRDB
import ReportIntakeDomain

/// The one SQLite file of a replica: reports, the names they were sent under, the pack in force, and the outbox.
struct IntakeStore: Sendable {
    let pool: DatabasePool
    let outbox = EdgeOutbox()
    /// Held for as long as the store is open: a file has one process.
    private let lock: LockFile

    /// Opens, or makes, `<data>/report-intake/<replica>.sqlite`.
    ///
    /// - Throws: `StoreError.locked` where another process has it, `StoreError.newer` where a newer program wrote it.
    init(dataFolder: URL, replica: String) throws {
        let folder = dataFolder.appending(path: "report-intake", directoryHint: .isDirectory)
        lock = try LockFile(folder.appending(path: "\(replica).lock"))
        pool = try StoreFile.open(folder.appending(path: "\(replica).sqlite")) { migrator in
            Self.migrate(&migrator)
            EdgeOutbox.migrate(&migrator)
            ProjectionService.migrate(&migrator)
        }
    }

    private static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("report intake 1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE report (
                        number INTEGER NOT NULL PRIMARY KEY, id BLOB NOT NULL UNIQUE, communityId TEXT NOT NULL,
                        kind TEXT NOT NULL, category TEXT, description TEXT NOT NULL, latitudeE7 INTEGER NOT NULL,
                        longitudeE7 INTEGER NOT NULL, address TEXT, observedAt INTEGER, submittedAt INTEGER NOT NULL,
                        reporterId TEXT NOT NULL, senderId TEXT NOT NULL, answeredAt INTEGER, registeredAt INTEGER,
                        caseId TEXT, caseNumber TEXT
                    );
                    CREATE TABLE reportName (
                        id BLOB NOT NULL PRIMARY KEY, reportId BLOB NOT NULL, fingerprint TEXT NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE packPart (
                        hash TEXT NOT NULL, part INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (hash, part)
                    );
                    CREATE TABLE packActivation (
                        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), hash TEXT NOT NULL,
                        partCount INTEGER NOT NULL, activatedAt INTEGER NOT NULL
                    );
                    CREATE TABLE packInForce (
                        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), hash TEXT NOT NULL
                    );
                    CREATE TABLE probe (
                        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL
                    );
                    """)
        }
    }

    /// Whether the disk takes a write: made as a report is, with everything but the report.
    func probe(at moment: Timestamp) async throws {
        try await pool.write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO probe (one, at) VALUES (1, ?)", arguments: [moment.milliseconds])
        }
    }
}
