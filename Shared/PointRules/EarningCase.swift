package import Contracts

/// What is known of a case as far as it earns something.
package struct EarningCase: Codable, Sendable, Equatable {
    /// A report of the case.
    package struct Part: Codable, Sendable, Equatable {
        package let reportId: ReportID
        package let reporterId: PersonID
        /// When it was sent; nil where nobody told.
        package let submittedAt: Timestamp?
        /// Whether its device moved so fast that somebody rode: it earns nothing.
        package let isFast: Bool
    }

    package let caseId: CaseID
    package let caseNumber: String
    package let ledgerId: LedgerID
    /// In order of joining; those from before it was told how a report was made are not among them.
    package internal(set) var parts: [Part] = []
    /// Nil before it was filed under a rule that fits.
    package internal(set) var promise: Promise?

    package init(_ reference: CaseReference) {
        caseId = reference.caseId
        caseNumber = reference.caseNumber
        ledgerId = reference.ledgerId
    }
}

extension EarningCase {
    mutating func take(_ part: Part) {
        guard !parts.contains(where: { $0.reportId == part.reportId }) else { return }
        parts.append(part)
    }

    /// Whether all that the person sent was sent while moving fast.
    func onlyMovedFast(_ person: PersonID) -> Bool {
        let own = parts.filter { $0.reporterId == person }
        return !own.isEmpty && own.allSatisfy(\.isFast)
    }

    /// When the person's first report that counts was sent.
    func sent(by person: PersonID) -> Timestamp? {
        let own = parts.filter { $0.reporterId == person }
        return (own.first { !$0.isFast } ?? own.first)?.submittedAt
    }
}

/// What a case promised, all of it together; there is one for a case.
package struct Promise: Codable, Sendable, Equatable {
    package enum State: String, Codable, Sendable, CaseIterable {
        /// Waits for the end of the case.
        case pending
        /// Became spendable.
        case released
        /// Went back: the case came to nothing.
        case voided
        /// Went back with a merge 并案; undoing the merge makes it again.
        case merged
    }

    /// What one of those who earn by it is promised.
    package struct Share: Codable, Sendable, Equatable {
        package let earner: Earner
        /// By the rule, before caps and budget.
        package internal(set) var due: Int
        /// What is promised.
        package internal(set) var granted: Int
        /// The most that it was promised ever: so much of the caps it has used.
        package internal(set) var counted: Int
        /// Whose caps it counts for.
        package let day: String
        /// Set where it was taken back by a notice 告知: it is nobody's from then on.
        package internal(set) var isWithdrawn: Bool?
        /// The transfer that last promised it something.
        package internal(set) var transferId: TransferID?
    }

    package let ruleId: String
    package let ruleName: String
    /// Of the rule and the bonuses together, whoever gets what of it.
    package let total: Int
    /// Of the first reporter's team, on top.
    package let teamPoints: Int
    /// What of the total came from bonuses, and why not more, in words; empty where there were none.
    package let bonusWords: String
    /// The same in English; nil in a promise from before there was any.
    package let bonusWordsInEnglish: String?
    /// How often it was made: more than once only where a merge was undone.
    package internal(set) var number = 1
    /// How often it was divided anew.
    package internal(set) var divisions = 0
    package internal(set) var shares: [Share] = []
    package internal(set) var state: State = .pending
    /// When the case was closed, and when that becomes final; nil while it is open.
    package internal(set) var closedAt: Timestamp?
    package internal(set) var dueAt: Timestamp?

    /// What is promised to all together, the team not among them.
    package var granted: Int { shares.reduce(0) { $0 + ($1.earner.teamId == nil ? $1.granted : 0) } }
}
