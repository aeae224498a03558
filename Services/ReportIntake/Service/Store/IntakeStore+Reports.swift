import Contracts
import EventProcessing
import Foundation
import GRDB
import ReportIntakeDomain

extension IntakeStore {
    /// Stores reports in order: each with its names and its row for the topic, all of them or none.
    ///
    /// Blocks its thread; when it returns they are on the disk.
    func add(_ entries: [ReportEntry]) throws -> [StoringOutcome] {
        try pool.write { [outbox] db in
            try entries.map { entry in try Self.add(entry, outbox: outbox, in: db) }
        }
    }

    /// Whether its name belongs to another report by now.
    func isConflict(_ entry: ReportEntry) async throws -> Bool {
        try await pool.read { db in
            Repetition(
                fingerprint: entry.fingerprint, known: try Self.known(entry.submission.names, in: db)) == .conflict
        }
    }

    private static func add(_ entry: ReportEntry, outbox: EdgeOutbox, in db: Database) throws -> StoringOutcome {
        let submission = entry.submission
        switch Repetition(fingerprint: entry.fingerprint, known: try known(submission.names, in: db)) {
        case .conflict:
            return .conflict
        case .same(let id):
            return .repeated(try receipt(id, in: db))
        case .new:
            try insert(submission, in: db)
            for name in submission.names {
                try db.cachedStatement(sql: "INSERT INTO reportName (id, reportId, fingerprint) VALUES (?, ?, ?)")
                    .execute(arguments: [name.id.data, submission.id.data, entry.fingerprint])
            }
            try CaptureTables.keep(entry.marks, of: submission.id, in: db)
            try outbox.append(
                id: submission.id, topic: TopicCatalogue.reports, key: submission.event.communityId.rawValue,
                value: entry.value, at: submission.event.submittedAt, in: db)
            return .accepted(Receipt(reportId: submission.id, communityId: submission.event.communityId))
        }
    }

    private static func known(_ names: [ReportName], in db: Database) throws -> [Repetition.Record] {
        try names.compactMap { name in
            let statement = try db.cachedStatement(sql: "SELECT reportId, fingerprint FROM reportName WHERE id = ?")
            guard let row = try Row.fetchOne(statement, arguments: [name.id.data]) else { return nil }
            return Repetition.Record(report: try messageID(row["reportId"]), fingerprint: row["fingerprint"])
        }
    }

    private static func receipt(_ id: MessageID, in db: Database) throws -> Receipt {
        let statement = try db.cachedStatement(sql: "SELECT communityId FROM report WHERE id = ?")
        guard let community = try String.fetchOne(statement, arguments: [id.data]) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a report's name stands without its report")
        }
        return Receipt(reportId: id, communityId: CommunityID(community))
    }

    private static func insert(_ submission: Submission, in db: Database) throws {
        let event = submission.event
        try db.cachedStatement(
            sql: """
                INSERT INTO report (id, communityId, kind, category, description, latitudeE7, longitudeE7, address,
                    observedAt, submittedAt, reporterId, senderId, photoIds, datum, voiceNoteIds, capture, answers)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            submission.id.data, event.communityId.rawValue, event.kind.rawValue, event.category?.rawValue,
            submission.description, event.location.latitudeE7, event.location.longitudeE7, submission.address,
            event.observedAt?.milliseconds, event.submittedAt.milliseconds, event.reporterId.rawValue,
            submission.senderId.rawValue, (event.photos ?? []).map(\.id.rawValue).joined(separator: " "), event.datum,
            (event.voiceNotes ?? []).map(\.id.rawValue).joined(separator: " "),
            try event.capture.map(ContractCoding.text),
            try event.answers.map { try ContractCoding.text($0) },
        ])
    }

    static func messageID(_ data: Data) throws -> MessageID {
        guard let id = MessageID(data: data) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an id has \(data.count) bytes, not 16")
        }
        return id
    }
}
