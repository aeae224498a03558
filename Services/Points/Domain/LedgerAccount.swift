package import Contracts

/// An account, named by what it is for and whose it is.
package struct LedgerAccount: Hashable, Sendable {
    package let ledgerId: LedgerID
    package let kind: AccountKind
    /// Nil for the funder.
    package let personId: PersonID?

    /// Rebuilds the name of a stored account.
    package init(ledgerId: LedgerID, kind: AccountKind, personId: PersonID?) {
        self.ledgerId = ledgerId
        self.kind = kind
        self.personId = personId
    }

    /// Where the ledger's points come from.
    package static func funder(of ledger: LedgerID) -> LedgerAccount {
        LedgerAccount(ledgerId: ledger, kind: .funder, personId: nil)
    }

    /// What is promised to a person.
    package static func pending(of person: PersonID, in ledger: LedgerID) -> LedgerAccount {
        LedgerAccount(ledgerId: ledger, kind: .pending, personId: person)
    }

    /// What a person can spend.
    package static func available(of person: PersonID, in ledger: LedgerID) -> LedgerAccount {
        LedgerAccount(ledgerId: ledger, kind: .available, personId: person)
    }

    /// `funder:nanchang`, `pending:nanchang:p-17`, `available:nanchang:p-17`.
    package var id: AccountID {
        let owner = personId.map { ":\($0)" } ?? ""
        return AccountID("\(kind.rawValue):\(ledgerId)\(owner)")
    }
}

/// What an account holds after so many postings.
package struct AccountBalance: Sendable, Equatable {
    package let account: LedgerAccount
    /// Whole points.
    package let balance: Int
    /// Counts the postings from 1; 0 for an account that was never posted to.
    package let version: Int
    /// Of the newest posting's link; empty before the first.
    package let hash: String

    package init(account: LedgerAccount, balance: Int, version: Int, hash: String) {
        self.account = account
        self.balance = balance
        self.version = version
        self.hash = hash
    }

    package static func unused(_ account: LedgerAccount) -> AccountBalance {
        AccountBalance(account: account, balance: 0, version: 0, hash: "")
    }

    /// The balance after one more posting, and that posting as a link of the account's chain.
    ///
    /// - Throws: `LedgerError` where a person's account would fall below zero: only the funder may.
    package func adding(
        _ amount: Int, by transfer: TransferID, at time: Timestamp
    ) throws(LedgerError) -> (balance: AccountBalance, posting: Posting) {
        let (sum, overflowed) = balance.addingReportingOverflow(amount)
        guard !overflowed else { throw .tooLarge(account.id) }
        guard account.kind == .funder || sum >= 0 else {
            throw .belowZero(account.id, balance: balance, amount: amount)
        }
        let link = PostingLink(
            number: version + 1, balance: sum, previous: hash, accountId: account.id, amount: amount,
            transferId: transfer, time: time)
        return (
            AccountBalance(account: account, balance: sum, version: link.number, hash: link.hash),
            Posting(accountId: account.id, amount: amount, chain: link)
        )
    }

    package var state: AccountState {
        AccountState(
            accountId: account.id, version: version, ledgerId: account.ledgerId, kind: account.kind,
            personId: account.personId, balance: balance, hash: hash.isEmpty ? nil : hash)
    }
}

// LedgerError
//   belowZero    a person's account would hold less than nothing
//   tooLarge     a balance that no integer holds
//   unbalanced   postings that do not sum to zero

/// What the books do not allow, whatever a rule says: a mistake in our reckoning, never a person's.
package enum LedgerError: Error, Equatable, CustomStringConvertible {
    case belowZero(AccountID, balance: Int, amount: Int)
    case tooLarge(AccountID)
    case unbalanced(TransferID)

    package var description: String {
        switch self {
        case .belowZero(let account, let balance, let amount):
            "account \(account) holds \(balance) points, a posting of \(amount) would take it below zero"
        case .tooLarge(let account): "the balance of account \(account) would be too large to count"
        case .unbalanced(let transfer): "the postings of transfer \(transfer) do not sum to zero"
        }
    }
}
