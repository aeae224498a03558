package import Contracts

/// One side of a transfer, by the account's full name.
package struct Movement: Sendable, Equatable {
    package let account: LedgerAccount
    /// Whole points, negative where they leave.
    package let amount: Int

    package init(account: LedgerAccount, amount: Int) {
        self.account = account
        self.amount = amount
    }

    var posting: Posting { Posting(accountId: account.id, amount: amount) }
}

/// Points that move, the event that says so, and the promise as it then stands.
package struct Transfer: Sendable, Equatable {
    package let event: PointsMoved
    /// The event's postings with their accounts; empty where a cap held everything back.
    package let movements: [Movement]
    package let promise: Promise

    package init(event: PointsMoved, movements: [Movement], promise: Promise) {
        self.event = event
        self.movements = movements
        self.promise = promise
    }

    /// What the transfer adds to the points promised on the promise's day.
    package var newlyPromised: Int { event.step == .pended ? event.points : 0 }

    /// Books the transfer: the event with each posting in the chain of its account, and the balances in the same order.
    ///
    /// - Throws: `LedgerError` where the postings do not sum to zero or an account does not allow its own.
    package func booked(
        at time: Timestamp, after balance: (LedgerAccount) throws -> AccountBalance
    ) throws -> (event: PointsMoved, balances: [AccountBalance]) {
        guard movements.reduce(0, { $0 + $1.amount }) == 0 else { throw LedgerError.unbalanced(event.transferId) }
        let steps = try movements.map { try balance($0.account).adding($0.amount, by: event.transferId, at: time) }
        return (event.with(steps.map(\.posting)), steps.map(\.balance))
    }
}

/// What a case event means for the ledger.
package enum PointsDecision: Sendable, Equatable {
    /// Why nothing moves.
    package enum Reason: String, Sendable, Equatable {
        /// The step neither promises nor ends a promise.
        case stepDoesNotCount
        case noPack
        case noRuleFits
        case nobodyReported
        /// The first reporter's name leads to nobody: points would lie there for ever.
        case reporterIsAnonymous
        /// The case has had its promise, made or capped.
        case alreadyPromised
        case nothingPromised
        /// The promise was released, voided or capped before.
        case alreadyEnded
    }

    case nothing(Reason)
    case moved(Transfer)
}

extension TransferID {
    /// The transfer that promises points for a case, or holds them back: a case has one, however often it is filed.
    package static func promise(of caseId: CaseID) -> TransferID { derived(from: caseId, "promise") }

    /// The transfer that ends a case's promise, one way or the other: so it ends once.
    package static func end(of caseId: CaseID) -> TransferID { derived(from: caseId, "end") }

    private static func derived(from caseId: CaseID, _ what: String) -> TransferID {
        TransferID(MessageID(namespace: .suishoupai, name: "points|\(caseId)|\(what)").description)
    }
}
