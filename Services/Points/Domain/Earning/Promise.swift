package import Contracts

/// What a case once promised its first reporter; there is one for a case, for ever.
package struct Promise: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        /// Waits for the end of the case.
        case pending
        /// Became spendable.
        case released
        /// Went back to the funder.
        case voided
        /// Was never made, because the day's cap was reached.
        case capped
    }

    package let caseId: CaseID
    package let ledgerId: LedgerID
    package let personId: PersonID
    /// The day that it counts for, such as `20261123`, by the pack's calendar.
    package let day: String
    /// Whole points; of a capped promise, what was held back.
    package let points: Int
    package let ruleId: String
    /// The transfer that made it.
    package let transferId: TransferID
    package let state: State

    package init(
        caseId: CaseID, ledgerId: LedgerID, personId: PersonID, day: String, points: Int, ruleId: String,
        transferId: TransferID, state: State
    ) {
        self.caseId = caseId
        self.ledgerId = ledgerId
        self.personId = personId
        self.day = day
        self.points = points
        self.ruleId = ruleId
        self.transferId = transferId
        self.state = state
    }

    /// The day that its points count for.
    package var personDay: PersonDay { PersonDay(ledgerId: ledgerId, personId: personId, day: day) }

    func ended(as state: State) -> Promise {
        Promise(
            caseId: caseId, ledgerId: ledgerId, personId: personId, day: day, points: points, ruleId: ruleId,
            transferId: transferId, state: state)
    }
}

/// A person's day in one ledger: what the daily cap is counted for.
package struct PersonDay: Hashable, Sendable {
    package let ledgerId: LedgerID
    package let personId: PersonID
    /// Such as `20261123`, by the pack's calendar.
    package let day: String

    package init(ledgerId: LedgerID, personId: PersonID, day: String) {
        self.ledgerId = ledgerId
        self.personId = personId
        self.day = day
    }
}
