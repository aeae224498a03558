import Contracts
import PointsDomain
import Testing

private let transferOfCase1 = TransferID.promise(of: "case-1")

private func pending(_ points: Int = 10, state: Promise.State = .pending) -> Promise {
    Promise(
        caseId: "case-1", ledgerId: "nanchang", personId: "rider-1", day: "20261123", points: points,
        ruleId: "filed-snapshot", transferId: transferOfCase1, state: state)
}

private func weigh(
    _ event: Envelope<CaseEvent>, promise: Promise? = nil, pack: Pack? = .sample(), logic: Int = 2, used: Int = 0
) -> PointsDecision {
    PointsDomain.weigh(event, promise: promise, pack: pack, logic: logic, promised: { _ in used })
}

@Test func `a filed report promises its first reporter the points of the first rule that fits`() {
    let event = Envelope<CaseEvent>.sample(.filed)

    let decision = weigh(event, used: 20)

    let postings = [
        Posting(accountId: "funder:nanchang", amount: -10),
        Posting(accountId: "pending:nanchang:rider-1", amount: 10),
    ]
    #expect(
        decision
            == .moved(
                Transfer(
                    event: PointsMoved(
                        step: .pended, transferId: transferOfCase1, ledgerId: "nanchang", postings: postings,
                        personId: "rider-1", points: 10, caseId: "case-1", caseNumber: "GX-20261123-0007",
                        causeEventId: event.id, ruleId: "filed-snapshot",
                        explanation:
                            "规则「随手拍立案」：案件 GX-20261123-0007（E0102 暴露垃圾）立案，得 10 分，结案后可用；当日上限 50 分，此前已得 20 分。"),
                    movements: [
                        Movement(account: .funder(of: "nanchang"), amount: -10),
                        Movement(account: .pending(of: "rider-1", in: "nanchang"), amount: 10),
                    ],
                    promise: pending())))
}

@Test func `a promise that the day's cap cuts short says so`() throws {
    let transfer = try #require(weigh(.sample(.filed), used: 45).transfer)

    #expect(transfer.event.step == .pended)
    #expect(transfer.event.points == 5)
    #expect(transfer.promise == pending(5))
    #expect(
        transfer.event.explanation
            == "规则「随手拍立案」：案件 GX-20261123-0007（E0102 暴露垃圾）立案，应得 10 分；当日上限 50 分，此前已得 45 分，只计余下的 5 分，结案后可用。")
}

@Test(arguments: [50, 60]) func `nothing moves once the day's cap is used up, and the event says why`(used: Int) throws
{
    let event = Envelope<CaseEvent>.sample(.filed)

    let transfer = try #require(weigh(event, used: used).transfer)

    #expect(
        transfer
            == Transfer(
                event: PointsMoved(
                    step: .capped, transferId: transferOfCase1, ledgerId: "nanchang", postings: [],
                    personId: "rider-1", points: 10, caseId: "case-1", caseNumber: "GX-20261123-0007",
                    causeEventId: event.id, ruleId: "filed-snapshot",
                    explanation:
                        "规则「随手拍立案」：案件 GX-20261123-0007（E0102 暴露垃圾）立案，应得 10 分；当日上限 50 分，此前已得 \(used) 分，已达上限，本次不计分。"),
                movements: [], promise: pending(state: .capped)))
    #expect(transfer.newlyPromised == 0)
}

@Test func `without a cap the rule's points are promised whole`() throws {
    let transfer = try #require(weigh(.sample(.filed), pack: .sample(cap: nil), used: 1_000_000).transfer)

    #expect(transfer.event.points == 10)
    #expect(transfer.event.explanation == "规则「随手拍立案」：案件 GX-20261123-0007（E0102 暴露垃圾）立案，得 10 分，结案后可用。")
}

@Test func `a closed case makes its promise spendable`() {
    let event = Envelope<CaseEvent>.sample(.closed)

    let decision = weigh(event, promise: pending(), pack: nil)

    #expect(
        decision
            == .moved(
                Transfer(
                    event: PointsMoved(
                        step: .released, transferId: .end(of: "case-1"), ledgerId: "nanchang",
                        postings: [
                            Posting(accountId: "pending:nanchang:rider-1", amount: -10),
                            Posting(accountId: "available:nanchang:rider-1", amount: 10),
                        ],
                        personId: "rider-1", points: 10, caseId: "case-1", caseNumber: "GX-20261123-0007",
                        causeEventId: event.id, ruleId: "filed-snapshot",
                        explanation: "案件 GX-20261123-0007 核查通过并结案，待发的 10 分转为可用。",
                        pendingTransferId: transferOfCase1),
                    movements: [
                        Movement(account: .pending(of: "rider-1", in: "nanchang"), amount: -10),
                        Movement(account: .available(of: "rider-1", in: "nanchang"), amount: 10),
                    ],
                    promise: pending(state: .released))))
}

@Test(arguments: [
    (Envelope<CaseEvent>.sample(.refused), "案件 GX-20261123-0007 不予立案，待发的 10 分收回。"),
    (Envelope<CaseEvent>.sample(.cancelled), "案件 GX-20261123-0007 撤销，待发的 10 分收回。"),
    (Envelope<CaseEvent>.transferred(), "案件 GX-20261123-0007 转交其他社区，待发的 10 分收回。"),
])
func `a case that ends without a fix gives its promise back to the funder`(
    event: Envelope<CaseEvent>, explanation: String
) {
    let decision = weigh(event, promise: pending())

    #expect(
        decision
            == .moved(
                Transfer(
                    event: PointsMoved(
                        step: .voided, transferId: .end(of: "case-1"), ledgerId: "nanchang",
                        postings: [
                            Posting(accountId: "pending:nanchang:rider-1", amount: -10),
                            Posting(accountId: "funder:nanchang", amount: 10),
                        ],
                        personId: "rider-1", points: 10, caseId: "case-1", caseNumber: "GX-20261123-0007",
                        causeEventId: event.id, ruleId: "filed-snapshot", explanation: explanation,
                        pendingTransferId: transferOfCase1),
                    movements: [
                        Movement(account: .pending(of: "rider-1", in: "nanchang"), amount: -10),
                        Movement(account: .funder(of: "nanchang"), amount: 10),
                    ],
                    promise: pending(state: .voided))))
}

@Test(arguments: Promise.State.allCases)
func `a second filing of a case promises nothing more`(state: Promise.State) {
    #expect(weigh(.sample(.filed), promise: pending(state: state)) == .nothing(.alreadyPromised))
}

@Test(arguments: [Promise.State.released, .voided, .capped])
func `a promise that has ended, or was capped, ends no second time`(state: Promise.State) {
    for event in [Envelope<CaseEvent>.sample(.closed), .sample(.refused), .sample(.cancelled), .transferred()] {
        #expect(weigh(event, promise: pending(state: state)) == .nothing(.alreadyEnded))
    }
}

@Test func `the end of a case that promised nothing moves nothing`() {
    #expect(weigh(.sample(.closed)) == .nothing(.nothingPromised))
    #expect(weigh(.sample(.cancelled, of: .sample(reporters: []))) == .nothing(.nothingPromised))
}

@Test func `who reported anonymously is promised nothing, and neither is who joined them`() throws {
    let reporters = [PersonID.anonymous("7f3a"), "rider-2"]
    let event = Envelope<CaseEvent>.sample(.filed, of: .sample(reporters: reporters))

    #expect(weigh(event) == .nothing(.reporterIsAnonymous))
    // An anonymous person who joined takes nothing from who was first.
    let joined = Envelope<CaseEvent>.sample(.filed, of: .sample(reporters: reporters.reversed()))
    #expect(weigh(joined).transfer?.event.personId == "rider-2")
    // The log may hold filings that were decided before the second logic.
    #expect(weigh(event, logic: 1).transfer?.event.personId == reporters[0])
}

@Test(arguments: [CaseChanged.Step.dispatched, .returned, .handled, .verified, .reopened, .overdue])
func `other steps do not count`(step: CaseChanged.Step) {
    #expect(weigh(.sample(step), promise: pending()) == .nothing(.stepDoesNotCount))
}

@Test func `without a pack, a rule that fits or a reporter nothing is promised`() {
    let request = Envelope<CaseEvent>.sample(.filed, of: .sample(kind: .request))
    let nobody = Envelope<CaseEvent>.sample(.filed, of: .sample(reporters: []))

    #expect(weigh(.sample(.filed), pack: nil) == .nothing(.noPack))
    #expect(weigh(request) == .nothing(.noRuleFits))
    #expect(weigh(nobody) == .nothing(.nobodyReported))
}

@Test func `the first rule that fits decides, by category and kind`() throws {
    let rules = [
        PackPointRule(id: "lights", name: "路灯", categories: ["C0101"], kind: nil, points: 30),
        PackPointRule(id: "rubbish", name: "垃圾", categories: ["E0102", "E0103"], kind: nil, points: 20),
        PackPointRule(id: "any", name: "其他", categories: [], kind: nil, points: 1),
    ]
    func rule(for category: CategoryCode) throws -> String {
        let event = Envelope<CaseEvent>.sample(.filed, of: .sample(category: category))
        return try #require(weigh(event, pack: .sample(rules: rules)).transfer).event.ruleId
    }

    #expect(try rule(for: "C0101") == "lights")
    #expect(try rule(for: "E0103") == "rubbish")
    #expect(try rule(for: "X9999") == "any")
}

@Test(arguments: [(-1, "20261123"), (0, "20261124")])
func `the cap's day is the pack's, by the time of the filing`(milliseconds: Int64, day: String) throws {
    let midnight = try #require(Timestamp("2026-11-24T00:00:00+08:00"))
    var asked: [PersonDay] = []

    let decision = PointsDomain.weigh(
        .sample(.filed, at: midnight.adding(milliseconds: milliseconds)), promise: nil, pack: .sample(), logic: 2,
        promised: {
            asked.append($0)
            return 0
        })

    #expect(asked == [PersonDay(ledgerId: "nanchang", personId: "rider-1", day: day)])
    #expect(decision.transfer?.promise.day == day)
}

@Test func `a person's account refuses to fall below zero, the funder does not`() throws {
    let pending = AccountBalance(
        account: .pending(of: "rider-1", in: "nanchang"), balance: 9, version: 3, hash: "before")
    let funder = AccountBalance.unused(.funder(of: "nanchang"))

    #expect(throws: LedgerError.belowZero("pending:nanchang:rider-1", balance: 9, amount: -10)) {
        try pending.adding(-10, by: "t", at: .morning)
    }
    let empty = try pending.adding(-9, by: "t", at: .morning)
    #expect(empty.balance.balance == 0 && empty.balance.version == 4)
    #expect(try funder.adding(-10, by: "t", at: .morning).balance.balance == -10)
    #expect(throws: LedgerError.tooLarge("funder:nanchang")) {
        try funder.adding(.min, by: "t", at: .morning).balance.adding(-1, by: "t", at: .morning)
    }
}

@Test func `a posting is linked to the one before it in its account`() throws {
    let pending = AccountBalance(
        account: .pending(of: "rider-1", in: "nanchang"), balance: 9, version: 3, hash: "before")

    let booked = try pending.adding(5, by: "transfer-1", at: .morning)

    let link = PostingLink(
        number: 4, balance: 14, previous: "before", accountId: "pending:nanchang:rider-1", amount: 5,
        transferId: "transfer-1", time: .morning)
    #expect(booked.posting == Posting(accountId: "pending:nanchang:rider-1", amount: 5, chain: link))
    #expect(booked.balance.hash == link.hash && booked.balance.state.hash == link.hash)
}

@Test func `a transfer whose postings do not sum to zero is not booked`() throws {
    let transfer = try #require(weigh(.sample(.filed)).transfer)
    let broken = Transfer(
        event: transfer.event, movements: Array(transfer.movements.prefix(1)), promise: transfer.promise)

    #expect(throws: LedgerError.unbalanced(transferOfCase1)) {
        try broken.booked(at: .morning, after: AccountBalance.unused)
    }
}

extension PointsDecision {
    var transfer: Transfer? {
        guard case .moved(let transfer) = self else { return nil }
        return transfer
    }
}
