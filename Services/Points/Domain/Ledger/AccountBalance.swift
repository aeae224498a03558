package import Contracts

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
    /// - Parameters:
    ///   - content: the hash of the event without its postings.
    ///   - floor: what it may not fall below, zero or less.
    /// - Throws: `LedgerError` where it would fall below its floor, or no integer holds the sum.
    package func adding(
        _ amount: Int, lots: [LotPart]? = nil, by transfer: TransferID, content: String, at time: Timestamp,
        floor: Int = 0
    ) throws(LedgerError) -> (balance: AccountBalance, posting: Posting) {
        let (sum, overflowed) = balance.addingReportingOverflow(amount)
        guard !overflowed else { throw .tooLarge(account.id) }
        // What comes in is taken, whatever the floor has become since.
        guard amount > 0 || sum >= floor else {
            throw .belowFloor(account.id, balance: balance, amount: amount, floor: floor)
        }
        let link = PostingLink(
            number: version + 1, balance: sum, previous: hash, accountId: account.id, amount: amount, lots: lots,
            transferId: transfer, content: content, time: time)
        return (
            AccountBalance(account: account, balance: sum, version: link.number, hash: link.hash),
            Posting(accountId: account.id, amount: amount, lots: lots, chain: link)
        )
    }

    package var state: AccountState {
        AccountState(
            accountId: account.id, version: version, ledgerId: account.ledgerId, kind: account.kind,
            personId: account.holder?.personId, teamId: account.holder?.teamId, balance: balance,
            hash: hash.isEmpty ? nil : hash)
    }
}

// LedgerError
//   belowFloor   an account would hold less than it may
//   tooLarge     a balance that no integer holds
//   unbalanced   postings that do not sum to zero
//   lotsDiffer   lots that do not make up the posting, or are not there

/// What the books do not allow, whatever a rule says.
package enum LedgerError: Error, Equatable, CustomStringConvertible {
    case belowFloor(AccountID, balance: Int, amount: Int, floor: Int)
    case tooLarge(AccountID)
    case unbalanced(TransferID)
    case lotsDiffer(AccountID, amount: Int)

    package var description: String {
        switch self {
        case .belowFloor(let account, let balance, let amount, let floor):
            "account \(account) holds \(balance) points, a posting of \(amount) would take it below \(floor)"
        case .tooLarge(let account): "the balance of account \(account) would be too large to count"
        case .unbalanced(let transfer): "the postings of transfer \(transfer) do not sum to zero"
        case .lotsDiffer(let account, let amount):
            "the lots of a posting of \(amount) to account \(account) are not there, or do not make it up"
        }
    }
}
