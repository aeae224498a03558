import Contracts
import EventProcessing
import Foundation
import GRDB
import ReportIntakeDomain
import ServiceKit
import Vocabulary

/// What a reporter did with a report later, and what became of it.
struct KnownAmendment: Equatable, Sendable {
    enum Status: String, Sendable {
        /// Stored here; its owner has not answered yet.
        case sent
        case applied
        case refused
    }

    let id: MessageID
    let amendment: Amendment
    let submittedAt: Timestamp
    let status: Status
    /// Why it was refused.
    let reason: String?
}

/// What is answered to who amends a report.
struct AmendmentAnswer: Equatable, Sendable {
    let amendment: KnownAmendment
    /// Where the new words tell of danger to life.
    let emergency: EmergencyAdvice?
}

/// An amendment that is ready to be stored.
struct AmendmentEntry: Sendable {
    let id: MessageID
    let form: AmendmentForm
    let event: ReportAmended
    /// Of what was sent; empty where it has no key.
    let fingerprint: String
    let value: Data

    init(
        id: MessageID, form: AmendmentForm, event: ReportAmended, fingerprint: String, source: String,
        traceParent: String?
    ) throws {
        self.id = id
        self.form = form
        self.event = event
        self.fingerprint = fingerprint
        value = try Envelope(
            event, id: id, source: source, time: event.submittedAt, traceParent: traceParent,
            request: RequestRoute.current
        ).value()
    }
}

/// Rows about amendments, each kept with its answer.
enum AmendmentTables {
    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("report intake 6: amendments") { db in
            try db.execute(
                sql: """
                    CREATE TABLE amendment (
                        id BLOB NOT NULL PRIMARY KEY, reportId BLOB NOT NULL, amendment TEXT NOT NULL, text TEXT,
                        address TEXT, photoIds TEXT, fingerprint TEXT NOT NULL, submittedAt INTEGER NOT NULL,
                        status TEXT NOT NULL, reason TEXT
                    ) WITHOUT ROWID;
                    CREATE INDEX amendmentOfReport ON amendment (reportId, submittedAt);
                    ALTER TABLE caseState ADD COLUMN reporterIds TEXT NOT NULL DEFAULT '';
                    ALTER TABLE caseState ADD COLUMN photoIds TEXT NOT NULL DEFAULT '';
                    """)
        }
    }

    /// Notes that routing took it; what it changed of a report that is here changes here, too.
    static func apply(_ id: MessageID, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE amendment SET status = 'applied' WHERE id = ? AND status = 'sent'")
            .execute(arguments: [id.data])
        guard db.changesCount > 0 else { return }
        try db.cachedStatement(
            sql: """
                UPDATE report SET description = coalesce(a.text, report.description),
                    address = coalesce(a.address, report.address), photoIds = coalesce(a.photoIds, report.photoIds)
                FROM amendment AS a WHERE a.id = ? AND a.amendment = 'edited' AND report.id = a.reportId
                """
        ).execute(arguments: [id.data])
    }

    static func refuse(_ id: MessageID, because reason: String, in db: Database) throws {
        try db.cachedStatement(
            sql: "UPDATE amendment SET status = 'refused', reason = ? WHERE id = ? AND status = 'sent'"
        ).execute(arguments: [reason, id.data])
    }
}

extension IntakeStore {
    /// Stores an amendment with its row for the topic; the same one again is left alone.
    ///
    /// - Returns: False where its key belongs to another one.
    func add(_ entry: AmendmentEntry) async throws -> Bool {
        try await pool.write { [outbox] db in
            let known = try String.fetchOne(
                db, sql: "SELECT fingerprint FROM amendment WHERE id = ?", arguments: [entry.id.data])
            if let known { return known == entry.fingerprint }
            try db.execute(
                sql: """
                    INSERT INTO amendment (id, reportId, amendment, text, address, photoIds, fingerprint, submittedAt, status)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    entry.id.data, MessageID(entry.event.reportId.rawValue)?.data, entry.form.amendment.rawValue,
                    entry.form.text?.text, entry.form.address?.text,
                    entry.form.photoIds?.map(\.rawValue).joined(separator: " "), entry.fingerprint,
                    entry.event.submittedAt.milliseconds, KnownAmendment.Status.sent.rawValue,
                ])
            try outbox.append(
                id: entry.id, topic: TopicCatalogue.reports, key: entry.event.communityId.rawValue, value: entry.value,
                at: entry.event.submittedAt, in: db)
            return true
        }
    }

    /// What was done with a report through this instance, in order.
    func amendments(of report: MessageID) async throws -> [KnownAmendment] {
        try await pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM amendment WHERE reportId = ? ORDER BY submittedAt, id", arguments: [report.data]
            ).map { row in
                KnownAmendment(
                    id: try Self.messageID(row["id"]), amendment: Amendment(rawValue: row["amendment"]) ?? .added,
                    submittedAt: Timestamp(milliseconds: row["submittedAt"]),
                    status: KnownAmendment.Status(rawValue: row["status"]) ?? .sent, reason: row["reason"])
            }
        }
    }
}
