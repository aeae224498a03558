import Contracts
import Foundation
import ServiceKit

/// What the body of `POST /v1/points/hours` asks for: a new entry, or that one is taken back.
enum HoursRequest: Sendable {
    case enter(Entry)
    case takeBack(HoursRecordID, reason: String)

    struct Entry: Sendable {
        let ledgerId: LedgerID
        let personId: PersonID
        let teamId: TeamID?
        let taskId: String
        let minutes: Int
        let servedAt: Timestamp
        let reason: String?
    }

    /// - Throws: ``ProblemDetails`` 422 that names every wrong field.
    init(_ body: JSONValue) throws {
        self = try FieldReader.read(body) { fields in
            if let reverses = fields.optionalString("reverses", length: 1...100) {
                let reason = fields.string("reason", length: 1...1_000)
                return .takeBack(HoursRecordID(reverses), reason: Masking.masked(reason))
            }
            return .enter(
                Entry(
                    ledgerId: LedgerID(fields.string("ledgerId", length: 1...100)),
                    personId: PersonID(fields.string("personId", length: 1...200)),
                    teamId: fields.optionalString("teamId", length: 1...100).map { TeamID($0) },
                    taskId: fields.string("taskId", length: 1...100),
                    minutes: Int(fields.integer("minutes", in: 1...1_440)),
                    servedAt: Timestamp(fields.instant("servedAt")),
                    reason: fields.optionalString("reason", length: 1...1_000).map(Masking.masked)))
        }
    }
}

extension HoursRequest.Entry {
    func command(_ id: HoursRecordID, by actor: Actor, notAfter: Timestamp) -> RecordHours {
        RecordHours(
            recordId: id, ledgerId: ledgerId, personId: personId, teamId: teamId, taskId: taskId, minutes: minutes,
            servedAt: servedAt, reason: reason, actor: actor, notAfter: notAfter)
    }
}

extension HoursRecorded {
    /// The command that takes this entry back.
    func takenBack(
        as id: HoursRecordID, reason: String, by actor: Actor, notAfter: Timestamp
    ) -> RecordHours {
        RecordHours(
            recordId: id, ledgerId: ledgerId, personId: personId, teamId: teamId, taskId: taskId, minutes: minutes,
            servedAt: servedAt, reverses: recordId, reason: reason, actor: actor, notAfter: notAfter)
    }
}

/// What the body of `POST /v1/points/notices` asks for.
struct NoticeRequest: Sendable {
    let ledgerId: LedgerID
    let personId: PersonID
    let transferIds: [TransferID]
    let reason: String
    let signalId: SignalID?

    init(_ body: JSONValue) throws {
        self = try FieldReader.read(body) { fields in
            NoticeRequest(
                ledgerId: LedgerID(fields.string("ledgerId", length: 1...100)),
                personId: PersonID(fields.string("personId", length: 1...200)),
                transferIds: fields.strings("transferIds", count: 1...50, length: 1...100).map { TransferID($0) },
                reason: Masking.masked(fields.string("reason", length: 1...1_000)),
                signalId: fields.optionalString("signalId", length: 1...100).map { SignalID($0) })
        }
    }

    private init(
        ledgerId: LedgerID, personId: PersonID, transferIds: [TransferID], reason: String, signalId: SignalID?
    ) {
        self.ledgerId = ledgerId
        self.personId = personId
        self.transferIds = transferIds
        self.reason = reason
        self.signalId = signalId
    }

    func command(_ id: NoticeID, by actor: Actor, notAfter: Timestamp) -> GiveNotice {
        GiveNotice(
            noticeId: id, ledgerId: ledgerId, personId: personId, transferIds: transferIds, reason: reason,
            signalId: signalId, actor: actor, notAfter: notAfter)
    }
}

/// What the body of `POST /v1/points/notices/{id}/decision` asks for.
struct NoticeDecision: Sendable {
    private enum Choice: String, CaseIterable {
        case uphold
        case dismiss
    }

    let answer: AnswerNotice.Answer
    let reason: String

    init(_ body: JSONValue) throws {
        (answer, reason) = try FieldReader.read(body) { fields in
            let choice: Choice = fields.enumeration("decision")
            return (
                choice == .uphold ? .uphold : .dismiss, Masking.masked(fields.string("reason", length: 1...1_000))
            )
        }
    }
}

/// What the body of `POST /v1/points/signals/{id}/review` asks for.
struct SignalReviewRequest: Sendable {
    let founded: Bool
    let reason: String

    init(_ body: JSONValue) throws {
        (founded, reason) = try FieldReader.read(body) { fields in
            (fields.bool("founded"), Masking.masked(fields.string("reason", length: 1...1_000)))
        }
    }
}
