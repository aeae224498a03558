package import Foundation

/// What an account is for.
package enum AccountKind: String, Codable, Sendable, CaseIterable {
    /// 出资方: who pays for a ledger's points; the only account that may go below zero, as far as its agreed line.
    case funder
    /// What funders put in and nobody has been given yet.
    case issued
    /// Promised to a person or a team.
    case pending
    /// A person's or a team's to spend.
    case available
    /// Set aside for an order, or for what else has yet to happen.
    case held
    /// 过期.
    case expired
    /// Spent on prizes.
    case prizes
}

extension PersonID {
    /// Whether points can be booked to the name: an anonymous one leads to nobody, and another would read as a team's.
    package var canHoldPoints: Bool { !isAnonymous && !rawValue.isEmpty && !rawValue.hasPrefix("team/") }
}

/// An account after a posting: the record of `accounts.v1`, keyed by account id; the highest `version` counts.
package struct AccountState: Message {
    package static let type = "account.state"

    package let accountId: AccountID
    package let version: Int
    package let ledgerId: LedgerID
    package let kind: AccountKind
    /// Whose it is, where it is a person's.
    package let personId: PersonID?
    /// Whose it is, where it is a team's.
    package let teamId: TeamID?
    package let balance: Int
    /// Of the account's newest posting: who has it sees whether the postings that they have are all.
    ///
    /// Absent in records from before accounts had chains.
    package let hash: String?
    package let ended: Bool

    package init(
        accountId: AccountID, version: Int, ledgerId: LedgerID, kind: AccountKind, personId: PersonID?,
        teamId: TeamID? = nil, balance: Int, hash: String? = nil, ended: Bool = false
    ) {
        self.accountId = accountId
        self.version = version
        self.ledgerId = ledgerId
        self.kind = kind
        self.personId = personId
        self.teamId = teamId
        self.balance = balance
        self.hash = hash
        self.ended = ended
    }

    package var subject: String { accountId.rawValue }

    package func dataJSON() throws -> Data {
        var text = JSONText(capacity: 384)
        try text.add("accountId", accountId.rawValue)
        text.add("balance", balance)
        text.add("ended", ended)
        try text.addIfPresent("hash", hash)
        try text.add("kind", kind.rawValue)
        try text.add("ledgerId", ledgerId.rawValue)
        try text.addIfPresent("personId", personId?.rawValue)
        try text.addIfPresent("teamId", teamId?.rawValue)
        text.add("version", version)
        return text.end()
    }
}

/// The books of a ledger at the end of a month 月结: one hash over all its accounts, so that none can be changed later.
///
/// On `points-events.v1`, keyed by ledger id. The rule is published in docs/points.md.
package struct PeriodClosed: Message {
    package static let type = "points.period-closed"

    package let ledgerId: LedgerID
    /// The month by the pack's calendar, such as `2026-11`.
    package let period: String
    /// All postings of an earlier time are in it, and no others.
    package let endedAt: Timestamp
    /// How many accounts the root is over.
    package let accounts: Int
    /// The root of the Merkle tree (RFC 6962) over the accounts by id.
    package let root: String
    /// The root of the period before; empty for the first.
    package let previous: String
    /// What all accounts of a kind hold together, in the order of their names.
    package let totals: [Total]

    package struct Total: Codable, Sendable, Equatable {
        package let kind: String
        package let points: Int

        package init(kind: String, points: Int) {
            self.kind = kind
            self.points = points
        }
    }

    package init(
        ledgerId: LedgerID, period: String, endedAt: Timestamp, accounts: Int, root: String, previous: String,
        totals: [Total]
    ) {
        self.ledgerId = ledgerId
        self.period = period
        self.endedAt = endedAt
        self.accounts = accounts
        self.root = root
        self.previous = previous
        self.totals = totals
    }

    package var subject: String { "\(ledgerId)/\(period)" }
}
