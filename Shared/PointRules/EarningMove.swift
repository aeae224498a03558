package import Contracts

/// Points that move because of a case, and the event that will say so.
package struct EarningMove: Sendable, Equatable {
    /// What an earner's promise gains or loses; what it does not give to another goes back to the ledger, or comes from it.
    package struct Change: Sendable, Equatable {
        package let earner: Earner
        /// Never zero.
        package let points: Int

        package init(earner: Earner, points: Int) {
            self.earner = earner
            self.points = points
        }
    }

    /// Without its postings.
    package let event: PointsMoved
    /// Empty where something held everything back.
    package let changes: [Change]

    package init(event: PointsMoved, changes: [Change]) {
        self.event = event
        self.changes = changes
    }
}

/// What a case event means for the ledger.
package struct Weighed: Sendable {
    /// Why nothing moves.
    package enum Reason: String, Sendable, Equatable {
        /// The step neither promises nor ends a promise.
        case stepDoesNotCount
        case noPack
        case noRuleFits
        case nobodyReported
        /// The only reporter's name leads to nobody: points would lie there for ever.
        case reporterIsAnonymous
        /// The case has had its promise.
        case alreadyPromised
        case nothingPromised
        /// The promise was released or voided before.
        case alreadyEnded
        /// It is due only when the case can be reopened no more.
        case waits
        /// Everybody keeps what they have.
        case sameShares
    }

    /// What becomes of the timer that releases the case's promise.
    package enum Timer: Sendable, Equatable {
        case stays
        case set(Timestamp)
        case cancelled
    }

    package internal(set) var `case`: EarningCase
    package internal(set) var moves: [EarningMove] = []
    /// What was newly promised in which day and month, for the caps.
    package internal(set) var newlyPromised: [(CapPeriod, Int)] = []
    package internal(set) var timer: Timer = .stays
    /// Set where nothing moves.
    package internal(set) var reason: Reason?
}

extension TransferID {
    /// The transfer that promises somebody points for a case, or holds them back: one each time the promise is made.
    package static func promise(of caseId: CaseID, to earner: Earner, number: Int = 1) -> TransferID {
        derived(from: caseId, "promise|\(number)|\(earner.codedText)")
    }

    /// The transfer that says that somebody's part of a later division was held back.
    static func capped(of caseId: CaseID, for earner: Earner, number: Int) -> TransferID {
        derived(from: caseId, "capped|\(number)|\(earner.codedText)")
    }

    /// The transfer that divides the promise anew.
    package static func sharing(of caseId: CaseID, number: Int, division: Int) -> TransferID {
        derived(from: caseId, "share|\(number)|\(division)")
    }

    /// The transfer that ends somebody's promise, one way or the other: so it ends once.
    package static func end(of caseId: CaseID, for earner: Earner, number: Int = 1) -> TransferID {
        derived(from: caseId, "end|\(number)|\(earner.codedText)")
    }

    private static func derived(from caseId: CaseID, _ what: String) -> TransferID {
        TransferID(MessageID(namespace: .suishoupai, name: "points|\(caseId)|\(what)").description)
    }
}
