import Foundation

/// Where a posting stands in its account: a link of a chain, so that none is changed, left out or put in unseen.
///
/// The rule is published in docs/points.md; whoever has the postings of an account can check them by themselves.
package struct PostingLink: Codable, Sendable, Equatable {
    /// Counts the postings of the account from 1.
    package let number: Int
    /// What the account holds after it, in whole points.
    package let balance: Int
    /// The hash of the link before; empty for the first.
    package let previous: String
    /// SHA-256 in hex of all of it, with the transfer and its time.
    package let hash: String

    package init(number: Int, balance: Int, previous: String, hash: String) {
        self.number = number
        self.balance = balance
        self.previous = previous
        self.hash = hash
    }

    /// The link of a posting that is booked at `time`.
    package init(
        number: Int, balance: Int, previous: String, accountId: AccountID, amount: Int, lots: [LotPart]? = nil,
        transferId: TransferID, content: String, time: Timestamp
    ) {
        self.init(
            number: number, balance: balance, previous: previous,
            hash: Self.hash(
                number: number, balance: balance, previous: previous, accountId: accountId.rawValue, amount: amount,
                lots: lots, transferId: transferId.rawValue, content: content, time: time.description))
    }

    func write(to text: inout JSONText) throws {
        text.add("balance", balance)
        try text.add("hash", hash)
        text.add("number", number)
        try text.add("previous", previous)
    }

    /// The hash of a link: SHA-256 over its parts, one a line.
    ///
    /// - Parameters:
    ///   - content: the hash of the event without its postings.
    ///   - time: of the event's envelope, as it stands there.
    package static func hash(
        number: Int, balance: Int, previous: String, accountId: String, amount: Int, lots: [LotPart]?,
        transferId: String, content: String, time: String
    ) -> String {
        let parts = (lots ?? []).map { "\n\($0.number) \($0.points) \($0.expiresAt?.description ?? "-")" }.joined()
        return ContentHash.sha256(
            Data(
                "\(number)\n\(previous)\n\(accountId)\n\(amount)\n\(balance)\n\(transferId)\n\(time)\n\(content)\(parts)"
                    .utf8))
    }
}
