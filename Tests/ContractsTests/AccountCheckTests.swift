import Contracts
import Foundation
import TestSupport
import Testing

private let account: AccountID = "available:gaoxin:rider-1"
private let funder: AccountID = "funder:gaoxin"

/// Three transfers from the funder, booked in both accounts.
private func history() -> [Envelope<PointsMoved>] {
    var ends: [AccountID: PostingLink] = [:]
    return [10, 20, -5].enumerated().map { index, amount in
        let time = Timestamp(milliseconds: 1_795_413_600_000 + Int64(index) * 1_000)
        let transfer = TransferID("transfer-\(index)")
        let postings = [(funder, -amount), (account, amount)].map { account, amount in
            let link = PostingLink(
                number: (ends[account]?.number ?? 0) + 1, balance: (ends[account]?.balance ?? 0) + amount,
                previous: ends[account]?.hash ?? "", accountId: account, amount: amount, transferId: transfer,
                content: content(of: transfer), time: time)
            ends[account] = link
            return Posting(accountId: account, amount: amount, chain: link)
        }
        return event(transfer, postings, at: time)
    }
}

/// The hash of an event without its postings.
private func content(of transfer: TransferID) -> String {
    let data = try? event(transfer, [], at: Timestamp(milliseconds: 0)).data.content()
    return ContentHash.sha256(data ?? Data())
}

private func event(_ transfer: TransferID, _ postings: [Posting], at time: Timestamp) -> Envelope<PointsMoved> {
    Envelope(
        PointsMoved(
            step: .released, transferId: transfer, ledgerId: "gaoxin", postings: postings, points: 10,
            causeEventId: MessageID(namespace: .suishoupai, name: "cause"), explanation: "结案"
        ) {
            $0.personId = "rider-1"
            $0.caseId = "case-1"
            $0.caseNumber = "MD-20261123-0001"
            $0.ruleId = "P2"
        }, id: MessageID(namespace: .suishoupai, name: transfer.rawValue), source: "/points/0", time: time)
}

private func head(_ change: (version: Int, balance: Int) = (0, 0)) -> AccountState {
    AccountState(
        accountId: account, version: 3 + change.version, ledgerId: "gaoxin", kind: .available, personId: "rider-1",
        balance: 25 + change.balance, hash: history()[2].data.postings[1].chain?.hash)
}

extension Envelope<PointsMoved> {
    /// The same with another posting to the account.
    fileprivate func with(_ posting: Posting) -> Self {
        Envelope(attributes: attributes, data: data.with([data.postings[0], posting]))
    }
}

@Test func `an account that is whole shows what it held after each posting, however its records lie`() throws {
    let events = history()
    let check = try AccountCheck(account, in: [events[2], events[0], events[0], events[1], events[2]], head: head())

    #expect(check.isWhole && check.lines.map(\.balance) == [10, 30, 25] && check.balance == 25)
    #expect(check.lines.map(\.number) == [1, 2, 3])
    #expect(try AccountCheck(funder, in: events, head: nil).lines.map(\.balance) == [-10, -30, -25])
}

@Test(arguments: 0..<3)
func `a posting that was changed, left out or said twice is named`(index: Int) throws {
    let events = history()
    func broken(_ change: (inout [Envelope<PointsMoved>]) -> Void) throws -> String? {
        var changed = events
        change(&changed)
        return try AccountCheck(account, in: changed, head: head()).firstFault
    }
    let posting = events[index].data.postings[1]
    let link = try #require(posting.chain)

    #expect(try broken { $0[index] = events[index].with(Posting(accountId: account, amount: 999, chain: link)) } != nil)
    #expect(try broken { $0[index] = events[index].with(Posting(accountId: account, amount: posting.amount)) } != nil)
    let balance = PostingLink(number: link.number, balance: link.balance + 1, previous: link.previous, hash: link.hash)
    #expect(
        try broken {
            $0[index] = events[index].with(Posting(accountId: account, amount: posting.amount, chain: balance))
        }
            != nil)
    #expect(try broken { $0.remove(at: index) } != nil)
    // Whose points, and why, is part of what was booked.
    var stranger = events[index].data
    stranger.personId = "rider-2"
    let other = Envelope(attributes: events[index].attributes, data: stranger)
    #expect(try broken { $0[index] = other } != nil)
    let later = event(
        events[index].data.transferId, events[index].data.postings, at: Timestamp(milliseconds: 1_795_500_000_000))
    #expect(try broken { $0[index] = later } != nil)
    #expect(try broken { $0.append(later) } != nil)
}

@Test func `an account that was cut off is known by its state`() throws {
    let events = history()
    #expect(try AccountCheck(account, in: Array(events.prefix(2)), head: nil).isWhole)
    #expect(try AccountCheck(account, in: Array(events.prefix(2)), head: head()).firstFault != nil)
    #expect(try AccountCheck(account, in: events, head: head((1, 0))).firstFault != nil)
    #expect(try AccountCheck(account, in: events, head: head((0, 1))).firstFault != nil)
}

@Test func `postings from before there were chains are summed, and a chain may begin after them`() throws {
    let old = event(
        "transfer-old", [Posting(accountId: funder, amount: -7), Posting(accountId: account, amount: 7)],
        at: Timestamp(milliseconds: 1_795_000_000_000))
    let time = Timestamp(milliseconds: 1_795_413_600_000)
    let link = PostingLink(
        number: 2, balance: 10, previous: "", accountId: account, amount: 3, transferId: "transfer-new",
        content: content(of: "transfer-new"), time: time)
    let new = event(
        "transfer-new",
        [Posting(accountId: funder, amount: -3), Posting(accountId: account, amount: 3, chain: link)], at: time)

    #expect(try AccountCheck(account, in: [new, old], head: nil).firstFault == nil)
    #expect(try AccountCheck(account, in: [new], head: nil).firstFault != nil)
}
