import Contracts
import PointRules
import TestSupport
import Testing

private let person = Earner.person("rider-1")

private func day(_ used: Int, of earner: Earner = person, _ period: String = "2026-11-23") -> [CapPeriod: Int] {
    [CapPeriod(ledgerId: "nanchang", earner: earner, period: period): used]
}

@Test func `a filed report promises its reporter the points of the first rule that fits`() throws {
    var books = SampleBooks(used: day(20))
    let event = Envelope<CaseEvent>.sample(.filed)

    let weighed = try #require(try books.observe(event))

    #expect(
        weighed.moves == [
            EarningMove(
                event: PointsMoved(
                    step: .pended, transferId: .promise(of: "case-1", to: person), ledgerId: "nanchang", points: 10,
                    causeEventId: event.id,
                    explanation: Explanation(
                        "规则「随手拍立案」：案件 GX-20261123-0007（E0102 暴露垃圾）立案，得 10 分，结案后可用；当日上限 50 分，此前已得 20 分。",
                        english:
                            "Rule filed-snapshot: case GX-20261123-0007 (E0102 Exposed rubbish) was filed; 10 points, to "
                            + "be spent once it is closed; the daily cap is 50 points and 20 were had before.")
                ) {
                    $0.personId = "rider-1"
                    $0.caseId = "case-1"
                    $0.caseNumber = "GX-20261123-0007"
                    $0.ruleId = "filed-snapshot"
                }, changes: [EarningMove.Change(earner: person, points: 10)])
        ])
    #expect(books.used[CapPeriod(ledgerId: "nanchang", earner: person, period: "2026-11-23")] == 30)
    #expect(books.used[CapPeriod(ledgerId: "nanchang", earner: person, period: "2026-11")] == 10)
}

@Test func `a promise that the day's cap cuts short says so`() throws {
    var books = SampleBooks(used: day(45))

    let move = try #require(try books.observe(.sample(.filed))?.moves.first)

    #expect(move.event.step == .pended)
    #expect(move.event.points == 5)
    #expect(books.pending("rider-1") == 5)
    #expect(
        move.event.explanation
            == "规则「随手拍立案」：案件 GX-20261123-0007（E0102 暴露垃圾）立案，应得 10 分；当日上限 50 分，此前已得 45 分，只计余下的 5 分，结案后可用。")
    #expect(
        move.event.explanationInEnglish?.hasSuffix(
            "; 10 points due; the daily cap is 50 points and 45 were had before, so only the remaining 5 count, to be spent "
                + "once it is closed.") == true)
}

@Test(arguments: [50, 60]) func `nothing moves once the day's cap is used up, and the event says why`(used: Int) throws
{
    var books = SampleBooks(used: day(used))

    let move = try #require(try books.observe(.sample(.filed))?.moves.first)

    #expect(move.event.step == .capped)
    #expect(move.event.points == 10)
    #expect(move.changes.isEmpty)
    #expect(
        move.event.explanation
            == "规则「随手拍立案」：案件 GX-20261123-0007（E0102 暴露垃圾）立案，应得 10 分；当日上限 50 分，此前已得 \(used) 分，已达上限，本次不计分。")
    #expect(
        move.event.explanationInEnglish?.hasSuffix(
            "the daily cap is 50 points and \(used) were had before, so none count this time.") == true)
    #expect(books.used == day(used))
}

@Test func `a month's cap counts every day of it`() throws {
    let pack = Pack.sample { $0.caps = PackPointCaps { $0.personMonth = 25 } }
    var books = SampleBooks()

    for number in 0..<3 {
        try books.observe(
            .sample(.filed, of: .sample(CaseID("case-\(number)")), at: .morning.days(Int64(number))), pack)
    }
    #expect(books.pending("rider-1") == 25)
    #expect(books.moves.last?.event.explanation.contains("当月上限 25 分，此前已得 20 分，只计余下的 5 分") == true)
    try books.observe(.sample(.filed, of: .sample("case-9"), at: .morning.days(8)), pack)
    #expect(books.pending("rider-1") == 35)
}

@Test func `without a cap the rule's points are promised whole`() throws {
    var books = SampleBooks(used: day(1_000_000))

    let move = try #require(try books.observe(.sample(.filed), .sample { _ in })?.moves.first)

    #expect(move.event.points == 10)
    #expect(move.event.explanation == "规则「随手拍立案」：案件 GX-20261123-0007（E0102 暴露垃圾）立案，得 10 分，结案后可用。")
}

@Test func `what the ledger lacks is not promised, and the event says so`() throws {
    var books = SampleBooks(funded: 13)

    try books.observe(.sample(.filed), .sample { _ in })
    let second = try #require(try books.observe(.sample(.filed, of: .sample("case-2")), .sample { _ in })?.moves.first)
    let third = try #require(try books.observe(.sample(.filed, of: .sample("case-3")), .sample { _ in })?.moves.first)

    #expect(second.event.points == 3)
    #expect(second.event.explanation.contains("应得 10 分；预算不足，只剩 3 分，只计 3 分，结案后可用"))
    #expect(
        second.event.explanationInEnglish?.hasSuffix(
            "; 10 points due; the budget has only 3 points left, so only 3 count, to be spent once it is closed.")
            == true)
    #expect(third.event.step == .capped)
    #expect(third.event.explanation.contains("预算不足，只剩 0 分，本次不计分"))
}

@Test(arguments: [
    (Envelope<CaseEvent>.sample(.refused), "案件 GX-20261123-0007 不予立案，待发的 10 分收回。"),
    (Envelope<CaseEvent>.sample(.cancelled), "案件 GX-20261123-0007 撤销，待发的 10 分收回。"),
    (Envelope<CaseEvent>.sample(.merged), "案件 GX-20261123-0007 并入另一案件，待发的 10 分收回。"),
    (Envelope<CaseEvent>.transferred(), "案件 GX-20261123-0007 转交其他社区，待发的 10 分收回。"),
])
func `a case that ends without a fix gives its promise back`(event: Envelope<CaseEvent>, explanation: String) throws {
    var books = SampleBooks()
    try books.observe(.sample(.filed))

    let move = try #require(try books.observe(event)?.moves.first)

    #expect(move.event.step == .voided)
    #expect(move.event.transferId == .end(of: "case-1", for: person))
    #expect(move.event.pendingTransferId == .promise(of: "case-1", to: person))
    #expect(move.event.explanation == explanation)
    #expect(books.pending("rider-1") == 0)
    // What was taken back makes no room under the caps.
    #expect(books.used.values.allSatisfy { $0 == 10 })
}

@Test func `a promise ends once, and a second filing promises nothing more`() throws {
    var books = SampleBooks()
    try books.observe(.sample(.filed))
    #expect(try books.observe(.sample(.filed, id: "again"))?.reason == .alreadyPromised)
    try books.observe(.sample(.refused))

    for step in [CaseChanged.Step.closed, .refused, .cancelled, .merged] {
        #expect(try books.observe(.sample(step, id: "later"))?.reason == .alreadyEnded)
    }
    #expect(try books.observe(.sample(.filed, id: "later"))?.reason == .alreadyPromised)
    #expect(books.moves.count == 2)
}

@Test func `the end of a case that promised nothing moves nothing`() throws {
    var books = SampleBooks()

    #expect(try books.observe(.sample(.closed))?.reason == .nothingPromised)
    #expect(try books.observe(.sample(.cancelled, of: .sample(reporters: [])))?.reason == .nothingPromised)
}

@Test(arguments: [CaseChanged.Step.dispatched, .returned, .handled, .verified, .overdue])
func `other steps do not count`(step: CaseChanged.Step) throws {
    var books = SampleBooks()
    try books.observe(.sample(.filed))

    #expect(try books.observe(.sample(step))?.reason == .stepDoesNotCount)
}

@Test func `without a pack, a rule that fits or a reporter nothing is promised`() throws {
    var books = SampleBooks()

    #expect(try books.observe(.sample(.filed), nil)?.reason == .noPack)
    #expect(try books.observe(.sample(.filed, of: .sample("case-2", kind: .request)))?.reason == .noRuleFits)
    #expect(try books.observe(.sample(.filed, of: .sample("case-3", reporters: [])))?.reason == .nobodyReported)
    #expect(books.moves.isEmpty)
}

@Test func `who reported anonymously is promised nothing, and the part of who was first is nobody's`() throws {
    var books = SampleBooks()
    let reporters = [PersonID.anonymous("7f3a"), "rider-2"]

    let alone = Envelope<CaseEvent>.sample(.filed, of: .sample(reporters: [.anonymous("7f3a")]))
    #expect(try books.observe(alone)?.reason == .reporterIsAnonymous)
    try books.observe(.sample(.filed, of: .sample("case-2", reporters: reporters)))
    #expect(books.pending == [.person("rider-2"): 3])
    // An anonymous person who joined takes nothing from who was first.
    try books.observe(.sample(.filed, of: .sample("case-3", reporters: reporters.reversed())))
    #expect(books.pending == [.person("rider-2"): 13])
}
