import Contracts
import EventProcessing
import Foundation
import GRDB

/// A report as its reporter may look it up.
struct KnownReport: Equatable, Sendable {
    /// How far it has come.
    enum Status: String, Sendable {
        /// Stored here.
        case accepted
        /// The broker has it.
        case published
        /// It is in a case.
        case registered
    }

    let id: MessageID
    let status: Status
    let communityId: CommunityID
    let kind: ReportKind
    let category: CategoryCode?
    let description: String
    let location: Location
    /// The datum that the app named; the location is WGS-84 in any case.
    let datum: String?
    let submittedAt: Timestamp
    let reporterId: PersonID
    let senderId: PersonID
    let caseId: CaseID?
    let caseNumber: String?
    let photoIds: [PhotoID]
    let voiceNoteIds: [VoiceNoteID]
    let capture: CaptureProof?
    /// Masked, in the order of the questions.
    let answers: [ReportAnswer]
}

extension IntakeStore {
    /// The report of this id; nil where this replica has none.
    func report(_ id: MessageID) async throws -> KnownReport? {
        try await pool.read { [outbox] db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT report.*, caseId, caseNumber, reportId IS NOT NULL AS isAnswered FROM report
                    LEFT JOIN answer ON reportId = id WHERE id = ?
                    """,
                arguments: [id.data])
            return try row.map { row in
                let caseId: String? = row["caseId"]
                let isPublished = try row["isAnswered"] || outbox.wasSent(id, in: db)
                return try KnownReport(
                    row, id: id, status: caseId != nil ? .registered : isPublished ? .published : .accepted)
            }
        }
    }
}

extension KnownReport {
    fileprivate init(_ row: Row, id: MessageID, status: Status) throws {
        self.id = id
        self.status = status
        communityId = CommunityID(row["communityId"])
        kind = ReportKind(rawValue: row["kind"]) ?? .snapshot
        category = (row["category"] as String?).map(CategoryCode.init(rawValue:))
        description = row["description"]
        location = Location(latitudeE7: row["latitudeE7"], longitudeE7: row["longitudeE7"])
        datum = row["datum"]
        submittedAt = Timestamp(milliseconds: row["submittedAt"])
        reporterId = PersonID(row["reporterId"])
        senderId = PersonID(row["senderId"])
        caseId = (row["caseId"] as String?).map(CaseID.init(rawValue:))
        caseNumber = row["caseNumber"]
        photoIds = (row["photoIds"] as String).split(separator: " ").map { PhotoID(String($0)) }
        voiceNoteIds = (row["voiceNoteIds"] as String).split(separator: " ").map { VoiceNoteID(String($0)) }
        capture = try (row["capture"] as String?).map { text in
            try ContractCoding.decode(CaptureProof.self, from: Data(text.utf8))
        }
        answers =
            try (row["answers"] as String?).map { text in
                try ContractCoding.decode([ReportAnswer].self, from: Data(text.utf8))
            } ?? []
    }
}
