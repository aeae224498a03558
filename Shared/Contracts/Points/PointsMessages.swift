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

/// One side of a transfer: whole points, negative where they leave.
package struct Posting: Codable, Sendable, Equatable {
    package let accountId: AccountID
    package let amount: Int
    /// Where it stands in the account; absent before it is booked, and in records from before accounts had chains.
    package let chain: PostingLink?

    package init(accountId: AccountID, amount: Int, chain: PostingLink? = nil) {
        self.accountId = accountId
        self.amount = amount
        self.chain = chain
    }
}

/// Points moved, or were held back by a cap.
///
/// Published by points on `points-events.v1`, keyed by ledger id.
///
/// The postings of a transfer sum to zero, so that anyone can recount every balance from the topic.
package struct PointsMoved: Payload, Codable {
    package enum Step: String, Codable, Sendable, CaseIterable {
        /// Promised for a filed report; not to be spent yet.
        case pended = "points.pended"
        /// The case closed verified: the promise became spendable.
        case released = "points.released"
        /// The case was refused: the promise went back to the funder.
        case voided = "points.voided"
        /// Nothing moved: the day's cap was reached. `postings` is empty.
        case capped = "points.capped"
    }

    package let step: Step
    package let transferId: TransferID
    package let ledgerId: LedgerID
    package let postings: [Posting]
    package let personId: PersonID
    /// How many points it is about, always positive.
    package let points: Int
    package let caseId: CaseID
    package let caseNumber: String
    /// The event that it follows from.
    package let causeEventId: MessageID
    /// The rule of the pack.
    package let ruleId: String
    /// Rule, event and cap in words.
    package let explanation: String
    /// The promise that this one ends; of `points.released` and `points.voided`.
    package let pendingTransferId: TransferID?

    package init(
        step: Step, transferId: TransferID, ledgerId: LedgerID, postings: [Posting], personId: PersonID, points: Int,
        caseId: CaseID, caseNumber: String, causeEventId: MessageID, ruleId: String, explanation: String,
        pendingTransferId: TransferID? = nil
    ) {
        self.step = step
        self.transferId = transferId
        self.ledgerId = ledgerId
        self.postings = postings
        self.personId = personId
        self.points = points
        self.caseId = caseId
        self.caseNumber = caseNumber
        self.causeEventId = causeEventId
        self.ruleId = ruleId
        self.explanation = explanation
        self.pendingTransferId = pendingTransferId
    }

    /// The same with its postings booked.
    package func with(_ postings: [Posting]) -> PointsMoved {
        PointsMoved(
            step: step, transferId: transferId, ledgerId: ledgerId, postings: postings, personId: personId,
            points: points, caseId: caseId, caseNumber: caseNumber, causeEventId: causeEventId, ruleId: ruleId,
            explanation: explanation, pendingTransferId: pendingTransferId)
    }

    package var messageType: String { step.rawValue }
    package var messageVersion: Int { 1 }
    package var messageSubject: String { transferId.rawValue }

    package func encodeData(to encoder: any Encoder) throws { try encode(to: encoder) }

    package static func decode(type: String, version: Int, from decoder: any Decoder) throws -> PointsMoved {
        guard Step(rawValue: type) != nil else { throw ContractError.unknownType(type) }
        guard version <= 1 else { throw ContractError.newerVersion(type: type, found: version, known: 1) }
        let movement = try PointsMoved(from: decoder)
        guard movement.messageType == type else {
            throw ContractError.malformed("'data.step' is '\(movement.messageType)' in a message of type '\(type)'")
        }
        return movement
    }
}

/// What an account is for.
package enum AccountKind: String, Codable, Sendable, CaseIterable {
    /// Where a ledger's points come from: the only account that may go below zero.
    case funder
    /// Promised to a person.
    case pending
    /// A person's to spend.
    case available
}

/// An account after a posting: the record of `accounts.v1`, keyed by account id; the highest `version` counts.
package struct AccountState: Message {
    package static let type = "account.state"

    package let accountId: AccountID
    package let version: Int
    package let ledgerId: LedgerID
    package let kind: AccountKind
    /// Absent for the funder.
    package let personId: PersonID?
    package let balance: Int
    /// Of the account's newest posting: who has it sees whether the postings that they have are all.
    ///
    /// Absent in records from before accounts had chains.
    package let hash: String?
    package let ended: Bool

    package init(
        accountId: AccountID, version: Int, ledgerId: LedgerID, kind: AccountKind, personId: PersonID?, balance: Int,
        hash: String? = nil, ended: Bool = false
    ) {
        self.accountId = accountId
        self.version = version
        self.ledgerId = ledgerId
        self.kind = kind
        self.personId = personId
        self.balance = balance
        self.hash = hash
        self.ended = ended
    }

    package var subject: String { accountId.rawValue }
}
