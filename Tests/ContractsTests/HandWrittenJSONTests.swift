import Foundation
import TestSupport
import Testing

@testable import Contracts

/// Texts that JSON writes in more than one way, and some that it does not.
private let texts = [
    "", "夜间巡逻", "a/b", "say \"no\"", "back\\slash", "two\nlines", "\u{1}\u{1f}\u{7f}", "🛵", "é", "a\u{2028}b",
    "</script>",
]

private func moved(by random: inout SeededGenerator) -> PointsMoved {
    func text() -> String { texts.randomElement(using: &random) ?? "" }
    func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &random) ? value : nil }
    func number() -> Int { Int.random(in: -1_000_000...1_000_000, using: &random) }
    func lots() -> [LotPart] {
        (0..<Int.random(in: 0...2, using: &random)).map { _ in
            LotPart(number: number(), points: number(), expiresAt: maybe(Timestamp(milliseconds: Int64(number()))))
        }
    }
    let postings = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        Posting(
            accountId: AccountID(text()), amount: number(), lots: maybe(lots()),
            chain: maybe(PostingLink(number: number(), balance: number(), previous: text(), hash: text())))
    }
    return PointsMoved(
        step: PointsMoved.Step.allCases.randomElement(using: &random) ?? .moved, transferId: TransferID(text()),
        ledgerId: LedgerID(text()), postings: postings, points: number(),
        causeEventId: MessageID(namespace: .suishoupai, name: text()),
        explanation: maybe(text()).map { Explanation(text(), english: $0) } ?? Explanation(written: text())
    ) {
        $0.personId = maybe(PersonID(text()))
        $0.teamId = maybe(TeamID(text()))
        $0.caseId = maybe(CaseID(text()))
        $0.caseNumber = maybe(text())
        $0.ruleId = maybe(text())
        $0.pendingTransferId = maybe(TransferID(text()))
        $0.correctsTransferId = maybe(TransferID(text()))
        $0.orderId = maybe(OrderID(text()))
        $0.actorId = maybe(PersonID(text()))
        $0.timeoutAt = maybe(Timestamp(milliseconds: Int64(number())))
    }
}

@Test func `what is written by hand is what the coder writes`() throws {
    var random = SeededGenerator()
    for _ in 0..<2_000 {
        let moved = moved(by: &random)
        #expect(try moved.dataJSON() == ContractCoding.encode(moved), "seed \(random.seed)")
        #expect(try moved.content() == ContractCoding.encode(moved.with([])), "seed \(random.seed)")
        let account = AccountState(
            accountId: AccountID(moved.explanation), version: moved.points, ledgerId: moved.ledgerId,
            kind: AccountKind.allCases.randomElement(using: &random) ?? .issued, personId: moved.personId,
            teamId: moved.teamId, balance: -moved.points, hash: moved.caseNumber, ended: moved.orderId != nil)
        #expect(try account.dataJSON() == ContractCoding.encode(account), "seed \(random.seed)")
    }
}
