/// Tells somebody that points are to be taken back 告知, and why; nothing is taken before they could object.
///
/// On `points-commands.v1`, keyed by ledger id, from portal.
package struct GiveNotice: Message {
    package static let type = "notice.give"

    package let noticeId: NoticeID
    package let ledgerId: LedgerID
    package let personId: PersonID
    /// The awards that it is about.
    package let transferIds: [TransferID]
    /// In words; masked by who sends it.
    package let reason: String
    /// What led to it; absent where no signal did.
    package let signalId: SignalID?
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        noticeId: NoticeID, ledgerId: LedgerID, personId: PersonID, transferIds: [TransferID], reason: String,
        signalId: SignalID? = nil, actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.noticeId = noticeId
        self.ledgerId = ledgerId
        self.personId = personId
        self.transferIds = transferIds
        self.reason = reason
        self.signalId = signalId
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { noticeId.rawValue }
}

/// Answers a notice: the person objects 申诉, or somebody other than who gave it decides.
///
/// On `points-commands.v1`, keyed by ledger id, from portal.
package struct AnswerNotice: Message {
    package static let type = "notice.answer"

    package enum Answer: String, Codable, Sendable, CaseIterable {
        /// 申诉, by the person.
        case object
        /// The notice stands 维持: the points are taken back.
        case uphold
        /// The notice falls 撤销: nothing is taken.
        case dismiss
    }

    package let noticeId: NoticeID
    package let ledgerId: LedgerID
    package let answer: Answer
    package let reason: String
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        noticeId: NoticeID, ledgerId: LedgerID, answer: Answer, reason: String, actor: Actor,
        notAfter: Timestamp? = nil
    ) {
        self.noticeId = noticeId
        self.ledgerId = ledgerId
        self.answer = answer
        self.reason = reason
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { noticeId.rawValue }
}

/// A notice was given, objected to, or ended.
///
/// Published by points on `points-events.v1`, keyed by ledger id.
package struct NoticeChanged: Payload, Codable {
    package enum Step: String, Codable, Sendable, CaseIterable {
        case given = "notice.given"
        case objected = "notice.objected"
        case upheld = "notice.upheld"
        case dismissed = "notice.dismissed"
        /// Nobody objected in time: the points are taken back.
        case lapsed = "notice.lapsed"
    }

    package let step: Step
    package let noticeId: NoticeID
    package let ledgerId: LedgerID
    package let personId: PersonID
    package let transferIds: [TransferID]
    /// How many points it is about.
    package let points: Int
    /// How many of them were taken back: no account falls below zero.
    package let taken: Int?
    package let signalId: SignalID?
    /// Until when the person may object.
    package let objectionUntil: Timestamp
    package let at: Timestamp
    /// Absent where the clock did it.
    package let actorId: PersonID?
    package let reason: String?

    package init(
        step: Step, noticeId: NoticeID, ledgerId: LedgerID, personId: PersonID, transferIds: [TransferID], points: Int,
        taken: Int?, signalId: SignalID?, objectionUntil: Timestamp, at: Timestamp, actorId: PersonID?,
        reason: String?
    ) {
        self.step = step
        self.noticeId = noticeId
        self.ledgerId = ledgerId
        self.personId = personId
        self.transferIds = transferIds
        self.points = points
        self.taken = taken
        self.signalId = signalId
        self.objectionUntil = objectionUntil
        self.at = at
        self.actorId = actorId
        self.reason = reason
    }

    package var messageType: String { step.rawValue }
    package var messageVersion: Int { 1 }
    package var messageSubject: String { noticeId.rawValue }

    package func encodeData(to encoder: any Encoder) throws { try encode(to: encoder) }

    package static func decode(type: String, version: Int, from decoder: any Decoder) throws -> NoticeChanged {
        guard Step(rawValue: type) != nil else { throw ContractError.unknownType(type) }
        guard version <= 1 else { throw ContractError.newerVersion(type: type, found: version, known: 1) }
        let change = try NoticeChanged(from: decoder)
        guard change.messageType == type else {
            throw ContractError.malformed("'data.step' is '\(change.messageType)' in a message of type '\(type)'")
        }
        return change
    }
}
