import Contracts
import Foundation
import GRDB

/// What a report brings along that no other report should: its nonce, and its photos.
struct CaptureMarks: Hashable, Sendable {
    static let none = CaptureMarks(nonce: nil, photos: [])

    /// Of a nonce of ours; one that somebody made up is odd already.
    let nonce: Data?
    /// The name of each photo, and what it looks like.
    let photos: [String]

    init(nonce: Data?, photos: [ReportPhoto]) {
        self.nonce = nonce
        self.photos = photos.flatMap { photo in
            photo.look == Self.blank ? [photo.id.rawValue] : [photo.id.rawValue, photo.look]
        }
    }

    var isEmpty: Bool { nonce == nil && photos.isEmpty }

    /// The look of a picture without any contrast, such as a dark one: all of them look alike.
    private static let blank = "0000000000000000"
}

/// Which report came first with a nonce, and with a photo.
enum CaptureTables {
    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("report intake 6: how reports were made") { db in
            try db.execute(
                sql: """
                    ALTER TABLE report ADD COLUMN capture TEXT;
                    CREATE TABLE usedNonce (
                        id BLOB NOT NULL PRIMARY KEY, reportId BLOB NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE usedPhoto (
                        mark TEXT NOT NULL PRIMARY KEY, reportId BLOB NOT NULL
                    ) WITHOUT ROWID;
                    """)
        }
    }

    /// Keeps the marks that no earlier report has.
    static func keep(_ marks: CaptureMarks, of report: MessageID, in db: Database) throws {
        if let nonce = marks.nonce {
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO usedNonce (id, reportId) VALUES (?, ?)")
                .execute(arguments: [nonce, report.data])
        }
        guard !marks.photos.isEmpty else { return }
        let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO usedPhoto (mark, reportId) VALUES (?, ?)")
        for mark in marks.photos { try insert.execute(arguments: [mark, report.data]) }
    }

    /// Whether another report came first with the nonce.
    fileprivate static func isUsed(nonce: Data, before report: MessageID, in db: Database) throws -> Bool {
        let select = try db.cachedStatement(sql: "SELECT reportId FROM usedNonce WHERE id = ?")
        return try Data.fetchOne(select, arguments: [nonce]).map { $0 != report.data } ?? false
    }

    /// Whether another report came first with a photo of this name or look.
    fileprivate static func isUsed(photo mark: String, before report: MessageID, in db: Database) throws -> Bool {
        let select = try db.cachedStatement(sql: "SELECT reportId FROM usedPhoto WHERE mark = ?")
        return try Data.fetchOne(select, arguments: [mark]).map { $0 != report.data } ?? false
    }
}

extension IntakeStore {
    /// Which of a report's marks another report here had before.
    struct UsedMarks: Sendable {
        static let none = UsedMarks(nonce: false, photo: false)

        let nonce: Bool
        let photo: Bool
    }

    func used(_ marks: CaptureMarks, before report: MessageID) async throws -> UsedMarks {
        try await pool.read { db in
            UsedMarks(
                nonce: try marks.nonce.map { try CaptureTables.isUsed(nonce: $0, before: report, in: db) } ?? false,
                photo: try marks.photos.contains { try CaptureTables.isUsed(photo: $0, before: report, in: db) })
        }
    }
}
