/// A case event for points to weigh.
///
/// On `points-commands.v1`, keyed by ledger id, from points' translator.
package struct ObserveCase: Message {
    package static let type = "points.observe-case"

    package let event: Envelope<CaseEvent>

    package init(event: Envelope<CaseEvent>) {
        self.event = event
    }

    package var subject: String { event.data.reference.caseId.rawValue }
}

/// Moves points by a person's order: at once, or held until it is posted, voided or timed out.
///
/// The same id with the same content is booked once and answered alike; with another content it is refused.
/// On `points-commands.v1`, keyed by ledger id, from portal.
package struct MovePoints: Message {
    package static let type = "points.move"

    package let transferId: TransferID
    package let ledgerId: LedgerID
    package let from: AccountID
    package let to: AccountID
    /// Whole points, positive.
    package let points: Int
    /// Why, in words; masked by who sends it.
    package let reason: String
    /// Set for a transfer in two phases: when the hold ends by itself.
    package let timeoutAt: Timestamp?
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        transferId: TransferID, ledgerId: LedgerID, from: AccountID, to: AccountID, points: Int, reason: String,
        timeoutAt: Timestamp? = nil, actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.transferId = transferId
        self.ledgerId = ledgerId
        self.from = from
        self.to = to
        self.points = points
        self.reason = reason
        self.timeoutAt = timeoutAt
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { transferId.rawValue }
}

/// Ends a transfer that was held.
///
/// On `points-commands.v1`, keyed by ledger id, from portal.
package struct EndPending: Message {
    package static let type = "points.end-pending"

    package enum Outcome: String, Codable, Sendable, CaseIterable {
        case post
        case void
    }

    package let pendingTransferId: TransferID
    package let ledgerId: LedgerID
    package let outcome: Outcome
    /// Of a post: how many of the points go on, the rest comes back; absent for all.
    package let points: Int?
    package let reason: String
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        pendingTransferId: TransferID, ledgerId: LedgerID, outcome: Outcome, points: Int? = nil, reason: String,
        actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.pendingTransferId = pendingTransferId
        self.ledgerId = ledgerId
        self.outcome = outcome
        self.points = points
        self.reason = reason
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { pendingTransferId.rawValue }
}

/// Corrects a transfer 更正 by its reverse; nothing booked is ever changed or removed.
///
/// On `points-commands.v1`, keyed by ledger id, from portal.
package struct CorrectTransfer: Message {
    package static let type = "points.correct"

    package let transferId: TransferID
    package let ledgerId: LedgerID
    package let corrects: TransferID
    package let reason: String
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        transferId: TransferID, ledgerId: LedgerID, corrects: TransferID, reason: String, actor: Actor,
        notAfter: Timestamp? = nil
    ) {
        self.transferId = transferId
        self.ledgerId = ledgerId
        self.corrects = corrects
        self.reason = reason
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { transferId.rawValue }
}
