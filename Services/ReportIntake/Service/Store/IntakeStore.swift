import Contracts
import EventProcessing
import Foundation
import GRDB
import ReportIntakeDomain

/// The one SQLite file of a replica: reports, their names, cases as they stand, the pack in force, and the outbox.
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
            CaseTables.migrate(&migrator)
            AmendmentTables.migrate(&migrator)
            CaseTables.migrateCourse(&migrator)
            CaptureTables.migrate(&migrator)
            EdgeOutbox.migrate(&migrator)
            ProjectionService.migrate(&migrator)
        }
    }

    /// Whether a pack is in force.
    func hasPack() throws -> Bool { try pool.read { db in try ReferencePacks.hashInForce(in: db) != nil } }

    /// Closes the file and lets another process have it.
    func close() throws {
        try pool.close()
        lock.release()
    }

    private static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("report intake 1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE report (
                        number INTEGER NOT NULL PRIMARY KEY, id BLOB NOT NULL UNIQUE, communityId TEXT NOT NULL,
                        kind TEXT NOT NULL, category TEXT, description TEXT NOT NULL, latitudeE7 INTEGER NOT NULL,
                        longitudeE7 INTEGER NOT NULL, address TEXT, observedAt INTEGER, submittedAt INTEGER NOT NULL,
                        reporterId TEXT NOT NULL, senderId TEXT NOT NULL
                    );
                    CREATE TABLE answer (
                        reportId BLOB NOT NULL PRIMARY KEY, registeredAt INTEGER, caseId TEXT, caseNumber TEXT
                    ) WITHOUT ROWID;
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
        migrator.registerMigration("report intake 2: room for the largest report") { db in
            try db.execute(sql: "ALTER TABLE probe ADD COLUMN room BLOB")
        }
        migrator.registerMigration("report intake 3: keys of platforms") { db in try PlatformKeys.migrate(db) }
        migrator.registerMigration("report intake 4: photos") { db in
            try db.execute(sql: "ALTER TABLE report ADD COLUMN photoIds TEXT NOT NULL DEFAULT ''")
        }
        migrator.registerMigration("report intake 5: the datum that the app named") { db in
            try db.execute(sql: "ALTER TABLE report ADD COLUMN datum TEXT")
        }
        migrator.registerMigration("report intake 6: voice notes") { db in
            try db.execute(sql: "ALTER TABLE report ADD COLUMN voiceNoteIds TEXT NOT NULL DEFAULT ''")
        }
        migrator.registerMigration("report intake: answers to the pack's questions") { db in
            // As JSON, masked: as it is told of.
            try db.execute(sql: "ALTER TABLE report ADD COLUMN answers TEXT")
        }
    }

    /// Whether the disk takes a report: writes as much as the largest one needs, and gives the room back.
    ///
    /// A smaller write may find room where no report does, and intake would say in turns that it can and cannot store.
    func probe(at moment: Timestamp) throws {
        try pool.write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO probe (one, at, room) VALUES (1, ?, zeroblob(?))",
                arguments: [moment.milliseconds, Self.largestReport])
        }
        // In a transaction of its own: room that is given back in the same one need never have been on the disk.
        try pool.write { db in try db.execute(sql: "UPDATE probe SET room = NULL") }
    }

    /// Bytes: the limit of a body, and what its row and indexes need besides.
    private static let largestReport = 96 * 1_024
}
