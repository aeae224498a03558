package import Foundation

/// Points moved, or were held back.
///
/// Published by points on `points-events.v1`, keyed by ledger id.
///
/// The postings of a transfer sum to zero, so that anyone can recount every balance from the topic.
package struct PointsMoved: Payload, Codable {
    package enum Step: String, Codable, Sendable, CaseIterable {
        /// 注资: a funder's budget became points that can be given out.
        case funded = "points.funded"
        /// Promised for a filed report; not to be spent yet.
        case pended = "points.pended"
        /// A promise was divided anew among the reporters of a case.
        case shared = "points.shared"
        /// The case closed verified and can be reopened no more: the promise became spendable.
        case released = "points.released"
        /// The case came to nothing: the promise went back.
        case voided = "points.voided"
        /// Nothing moved: a cap, a quiet hour or an empty budget held all of it back. `postings` is empty.
        case capped = "points.capped"
        /// Given at once: for a volunteer's task, or by the committee 酌情.
        case awarded = "points.awarded"
        /// From one holder to another, or between the ledger's own accounts, by a person's order.
        case moved = "points.moved"
        /// Set aside until something else has happened: an order waits to be picked up.
        case held = "points.held"
        /// What was held went where it was to go.
        case posted = "points.posted"
        /// What was held came back: called off.
        case unheld = "points.unheld"
        /// What was held came back: its time was over.
        case timedOut = "points.timed-out"
        /// 退还: given back for goods that were brought back or never came.
        case refunded = "points.refunded"
        /// 过期: nobody spent them in time.
        case expired = "points.expired"
        /// 追回: taken back after notice and objection.
        case clawedBack = "points.clawed-back"
        /// 更正: the reverse of the transfer that it names.
        case corrected = "points.corrected"
    }

    package let step: Step
    package let transferId: TransferID
    package let ledgerId: LedgerID
    package let postings: [Posting]
    /// How many points it is about, always positive.
    package let points: Int
    /// The event or command that it follows from.
    package let causeEventId: MessageID
    /// Rule, event and cap in words, in Chinese.
    package let explanation: String
    /// The same in English; absent where it is only what somebody wrote, and in records from before there was one.
    package let explanationInEnglish: String?
    /// Whose points; absent where they are a team's or the ledger's own.
    package var personId: PersonID?
    package var teamId: TeamID?
    /// Absent where no case is behind it.
    package var caseId: CaseID?
    package var caseNumber: String?
    /// The rule of the pack.
    package var ruleId: String?
    /// The promise or the hold that this one ends, in whole or in part.
    package var pendingTransferId: TransferID?
    /// The transfer that this one reverses.
    package var correctsTransferId: TransferID?
    package var orderId: OrderID?
    /// Who ordered it; absent where a rule or the clock did.
    package var actorId: PersonID?
    /// When a hold ends by itself.
    package var timeoutAt: Timestamp?

    package init(
        step: Step, transferId: TransferID, ledgerId: LedgerID, postings: [Posting] = [], points: Int,
        causeEventId: MessageID, explanation: Explanation, _ fill: (inout PointsMoved) -> Void = { _ in }
    ) {
        self.step = step
        self.transferId = transferId
        self.ledgerId = ledgerId
        self.postings = postings
        self.points = points
        self.causeEventId = causeEventId
        self.explanation = explanation.chinese
        explanationInEnglish = explanation.english
        fill(&self)
    }

    /// Rule, event and cap in both languages.
    package var why: Explanation {
        explanationInEnglish.map { Explanation(explanation, english: $0) } ?? Explanation(written: explanation)
    }

    /// The same with its postings booked.
    package func with(_ postings: [Posting]) -> PointsMoved {
        PointsMoved(
            step: step, transferId: transferId, ledgerId: ledgerId, postings: postings, points: points,
            causeEventId: causeEventId, explanation: why
        ) {
            $0.personId = personId
            $0.teamId = teamId
            $0.caseId = caseId
            $0.caseNumber = caseNumber
            $0.ruleId = ruleId
            $0.pendingTransferId = pendingTransferId
            $0.correctsTransferId = correctsTransferId
            $0.orderId = orderId
            $0.actorId = actorId
            $0.timeoutAt = timeoutAt
        }
    }

    /// The JSON of all of it but its postings, which every posting's link answers for.
    package func content() throws -> Data { try json(of: []) }

    package func dataJSON() throws -> Data { try json(of: postings) }

    private func json(of postings: [Posting]) throws -> Data {
        var text = JSONText(capacity: 512 + 384 * postings.count)
        try text.addIfPresent("actorId", actorId?.rawValue)
        try text.addIfPresent("caseId", caseId?.rawValue)
        try text.addIfPresent("caseNumber", caseNumber)
        try text.add("causeEventId", causeEventId.description)
        try text.addIfPresent("correctsTransferId", correctsTransferId?.rawValue)
        try text.add("explanation", explanation)
        try text.addIfPresent("explanationInEnglish", explanationInEnglish)
        try text.add("ledgerId", ledgerId.rawValue)
        try text.addIfPresent("orderId", orderId?.rawValue)
        try text.addIfPresent("pendingTransferId", pendingTransferId?.rawValue)
        try text.addIfPresent("personId", personId?.rawValue)
        text.add("points", points)
        try text.add(objects: "postings", postings) { try $1.write(to: &$0) }
        try text.addIfPresent("ruleId", ruleId)
        try text.add("step", step.rawValue)
        try text.addIfPresent("teamId", teamId?.rawValue)
        try text.addIfPresent("timeoutAt", timeoutAt?.description)
        try text.add("transferId", transferId.rawValue)
        return text.end()
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

/// One side of a transfer: whole points, negative where they leave.
package struct Posting: Codable, Sendable, Equatable {
    package let accountId: AccountID
    package let amount: Int
    /// Of accounts to spend from: the lots that it opens, takes from or fills up again.
    package let lots: [LotPart]?
    /// Where it stands in the account; absent before it is booked, and in records from before accounts had chains.
    package let chain: PostingLink?

    package init(accountId: AccountID, amount: Int, lots: [LotPart]? = nil, chain: PostingLink? = nil) {
        self.accountId = accountId
        self.amount = amount
        self.lots = lots
        self.chain = chain
    }

    fileprivate func write(to text: inout JSONText) throws {
        try text.add("accountId", accountId.rawValue)
        text.add("amount", amount)
        if let chain { try text.add(object: "chain", chain) { try $1.write(to: &$0) } }
        if let lots { try text.add(objects: "lots", lots) { try $1.write(to: &$0) } }
    }
}

/// A part of a lot: points that came together, and expire together.
package struct LotPart: Codable, Sendable, Hashable {
    /// The number of the posting, in the chain of its account, that opened the lot.
    package let number: Int
    /// Whole points, positive.
    package let points: Int
    /// The first moment at which they are no longer to be spent; absent where they never expire.
    package let expiresAt: Timestamp?

    package init(number: Int, points: Int, expiresAt: Timestamp?) {
        self.number = number
        self.points = points
        self.expiresAt = expiresAt
    }

    package func with(points: Int) -> LotPart { LotPart(number: number, points: points, expiresAt: expiresAt) }

    fileprivate func write(to text: inout JSONText) throws {
        try text.addIfPresent("expiresAt", expiresAt?.description)
        text.add("number", number)
        text.add("points", points)
    }
}
