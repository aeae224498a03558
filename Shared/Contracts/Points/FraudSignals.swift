/// Something odd about points 异常线索, for a person to look at; nobody is fined by it.
///
/// Published by points on `points-events.v1`, keyed by ledger id.
package struct SignalRaised: Message {
    package static let type = "signal.raised"

    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// A photo that was in another report before.
        case photoReused = "photo-reused"
        /// The same person reports the same place again and again.
        case samePlace = "same-place"
        /// Two who confirm each other's reports, both ways.
        case ring
        /// Very many reports in a short time.
        case burst
    }

    package let signalId: SignalID
    package let ledgerId: LedgerID
    package let kind: Kind
    /// Whom it is about.
    package let personIds: [PersonID]
    /// The cases that it is drawn from, in order of time.
    package let caseIds: [CaseID]
    /// What was counted, over which time, against which threshold, in words.
    package let explanation: String
    package let at: Timestamp

    package init(
        signalId: SignalID, ledgerId: LedgerID, kind: Kind, personIds: [PersonID], caseIds: [CaseID],
        explanation: String, at: Timestamp
    ) {
        self.signalId = signalId
        self.ledgerId = ledgerId
        self.kind = kind
        self.personIds = personIds
        self.caseIds = caseIds
        self.explanation = explanation
        self.at = at
    }

    package var subject: String { signalId.rawValue }
}

/// A person says what they found behind a signal.
///
/// On `points-commands.v1`, keyed by ledger id, from portal.
package struct ReviewSignal: Message {
    package static let type = "signal.review"

    package let signalId: SignalID
    package let ledgerId: LedgerID
    /// Whether there is something to it; a notice is given by a command of its own.
    package let founded: Bool
    package let reason: String
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        signalId: SignalID, ledgerId: LedgerID, founded: Bool, reason: String, actor: Actor,
        notAfter: Timestamp? = nil
    ) {
        self.signalId = signalId
        self.ledgerId = ledgerId
        self.founded = founded
        self.reason = reason
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { signalId.rawValue }
}

/// A person looked at a signal.
///
/// Published by points on `points-events.v1`, keyed by ledger id.
package struct SignalReviewed: Message {
    package static let type = "signal.reviewed"

    package let signalId: SignalID
    package let ledgerId: LedgerID
    package let founded: Bool
    package let reason: String
    package let at: Timestamp
    package let actorId: PersonID

    package init(
        signalId: SignalID, ledgerId: LedgerID, founded: Bool, reason: String, at: Timestamp, actorId: PersonID
    ) {
        self.signalId = signalId
        self.ledgerId = ledgerId
        self.founded = founded
        self.reason = reason
        self.at = at
        self.actorId = actorId
    }

    package var subject: String { signalId.rawValue }
}
