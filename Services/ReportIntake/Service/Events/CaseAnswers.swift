import Contracts
import EventProcessing
import GRDB

/// Reads what came of the reports: each that is answered needs no more sending.
///
/// Routing answers every report with an event: it opened a case, it joined one, or it could not be taken. The answer
/// carries the report's id as its correlation, since the message that told of the report has the report's id.
struct CaseAnswers: Projection {
    let outbox: EdgeOutbox

    var name: String { "case-answers" }
    var topics: [Topic] { [TopicCatalogue.caseEvents] }

    func apply(_ record: IncomingRecord, in db: Database) throws {
        switch record.attributes.type {
        case CaseOpened.type, ReportJoined.type:
            let event = try record.read(CaseEvent.self)
            guard let report = event.data.answeredReport, let id = MessageID(report.rawValue) else { return }
            try register(id, in: event.data.reference, at: event.time, in: db)
            try outbox.markAnswered(id, at: event.time, in: db)
        case CaseReportAmended.type:
            // What follows from an amendment carries its id, as what follows from a report carries the report's.
            let id = record.attributes.correlationID
            try AmendmentTables.apply(id, in: db)
            try outbox.markAnswered(id, at: record.attributes.time, in: db)
        case CommandRefused.type, CommandFailed.type, CommandApplied.type:
            let id = record.attributes.correlationID
            if let reason = try refusal(record) { try AmendmentTables.refuse(id, because: reason, in: db) }
            try answer(id, in: db)
            try outbox.markAnswered(id, at: record.attributes.time, in: db)
        default:
            return
        }
    }

    private func refusal(_ record: IncomingRecord) throws -> String? {
        switch record.attributes.type {
        case CommandRefused.type: try record.read(CommandRefused.self).data.reason
        case CommandFailed.type: try record.read(CommandFailed.self).data.reason
        default: nil
        }
    }

    /// Notes the case that a report is in; after a transfer that is the latest one.
    ///
    /// Also for a report that is not here: its sender may come to this instance with the same key.
    private func register(_ id: MessageID, in found: CaseReference, at moment: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO answer (reportId, registeredAt, caseId, caseNumber) VALUES (?, ?, ?, ?)
                ON CONFLICT (reportId) DO UPDATE SET registeredAt = excluded.registeredAt, caseId = excluded.caseId,
                    caseNumber = excluded.caseNumber
                WHERE coalesce(registeredAt, excluded.registeredAt) <= excluded.registeredAt
                """
        ).execute(arguments: [id.data, moment.milliseconds, found.caseId.rawValue, found.caseNumber])
    }

    private func answer(_ id: MessageID, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO answer (reportId) VALUES (?)").execute(arguments: [id.data])
    }
}
