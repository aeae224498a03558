/// The postings of one account, held against its own hashes and balances.
package struct AccountCheck: Sendable, Equatable {
    /// A posting of the account, and what is wrong with it.
    package struct Line: Codable, Sendable, Equatable {
        /// Absent in records from before accounts had chains.
        package let number: Int?
        package let time: String
        /// Such as `points.released`.
        package let type: String
        package let transferId: TransferID
        /// Whole points, negative where they left.
        package let amount: Int
        /// What the account holds after it, counted from the postings.
        package let balance: Int
        /// Absent where no case is behind it.
        package let caseNumber: String?
        /// Rule, event and cap in words.
        package let explanation: String
        package let hash: String?
        /// Absent where it fits.
        package let fault: String?
    }

    package let accountId: AccountID
    package let lines: [Line]
    /// What is wrong with the end; nil where nothing is, or nobody knows.
    package let endFault: String?

    package var balance: Int { lines.last?.balance ?? 0 }
    package var isWhole: Bool { firstFault == nil }

    /// The first thing that is wrong, in words.
    package var firstFault: String? {
        lines.first { $0.fault != nil }.map { "\($0.number.map { "posting \($0)" } ?? $0.time): \($0.fault ?? "")" }
            ?? endFault
    }

    /// Checks an account's postings among these events, in whatever order and however often they come.
    ///
    /// - Parameter head: the account by its newest state; nil where none is at hand.
    package init(_ account: AccountID, in events: [Envelope<PointsMoved>], head: AccountState?) throws {
        var walk = Walk(account: account)
        var seen: [TransferID: [Envelope<PointsMoved>]] = [:]
        let booked = try events.flatMap { event -> [Booked] in
            let own = event.data.postings.filter { $0.accountId == account }
            // The same record once more is the same transfer; another one of its id is not.
            guard !own.isEmpty, seen[event.data.transferId]?.contains(event) != true else { return [] }
            seen[event.data.transferId, default: []].append(event)
            let content = ContentHash.sha256(try event.data.content())
            return own.map { Booked(event: event, posting: $0, content: content) }
        }
        let ordered = booked.enumerated().sorted {
            ($0.element.posting.chain?.number ?? 0, $0.offset) < ($1.element.posting.chain?.number ?? 0, $1.offset)
        }
        accountId = account
        lines = ordered.map { walk.line($0.element) }
        endFault = head.flatMap { walk.fault(at: $0) }
    }
}

/// A posting with the event that tells of it.
private struct Booked {
    let event: Envelope<PointsMoved>
    let posting: Posting
    let content: String
}

/// Goes from posting to posting.
private struct Walk {
    let account: AccountID
    private var count = 0
    private var balance = 0
    private var hash = ""

    init(account: AccountID) {
        self.account = account
    }

    mutating func line(_ booked: Booked) -> AccountCheck.Line {
        let fault = fault(of: booked)
        let move = booked.event.data
        count = max(count + 1, booked.posting.chain?.number ?? 0)
        balance += booked.posting.amount
        hash = booked.posting.chain?.hash ?? hash
        return AccountCheck.Line(
            number: booked.posting.chain?.number, time: booked.event.time.description, type: move.messageType,
            transferId: move.transferId, amount: booked.posting.amount, balance: balance, caseNumber: move.caseNumber,
            explanation: move.explanation, hash: booked.posting.chain?.hash, fault: fault)
    }

    private func fault(of booked: Booked) -> String? {
        guard let link = booked.posting.chain else { return hash.isEmpty ? nil : "has no link" }
        let expected = count + 1
        if link.number < expected { return "there are two of this number" }
        if link.number > expected { return "\(link.number - expected) postings are missing before it" }
        if link.previous != hash { return "does not follow from posting \(count)" }
        if link.balance != balance + booked.posting.amount { return "its balance is not what the postings give" }
        let again = PostingLink(
            number: link.number, balance: link.balance, previous: link.previous, accountId: account,
            amount: booked.posting.amount, lots: booked.posting.lots, transferId: booked.event.data.transferId,
            content: booked.content,
            time: booked.event.time)
        return link == again ? nil : "its amount, transfer, time or hash is not what was booked"
    }

    func fault(at head: AccountState) -> String? {
        if count != head.version { return "there are \(count) postings, the account has \(head.version)" }
        if balance != head.balance { return "the postings give \(balance), the account holds \(head.balance)" }
        return head.hash == nil || head.hash == hash ? nil : "the last posting is not the one that the account knows"
    }
}
