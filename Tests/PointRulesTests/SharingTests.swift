import Contracts
import PointRules
import TestSupport
import Testing

private let two = CaseReference.sample(reporters: ["rider-1", "rider-2"])
private let three = CaseReference.sample(reporters: ["rider-1", "rider-2", "rider-3"])

@Test(arguments: [(1, [10]), (2, [7, 3]), (3, [8, 1, 1]), (4, [7, 1, 1, 1]), (5, [10])])
func `supporters share their hundredths equally, and what cannot be divided is the first's`(
    count: Int, parts: [Int]
) throws {
    let people = (1...count).map { PersonID("rider-\($0)") }
    var books = SampleBooks()

    try books.observe(.sample(.filed, of: .sample(reporters: people)))

    #expect(books.moves.map(\.event.points) == parts)
    #expect(people.prefix(parts.count).map(books.pending) == parts)
    #expect(books.moves.reduce(0) { $0 + $1.event.points } == 10)
}

@Test func `the pack says how much supporters share`() throws {
    var books = SampleBooks()

    try books.observe(.sample(.filed, of: three), .sample { $0.supporterShare = 60 })

    #expect(["rider-1", "rider-2", "rider-3"].map(books.pending) == [4, 3, 3])
    #expect(books.moves.map(\.event.explanation).map { $0.contains("共 10 分，2 人附议，") } == [true, true, true])
}

@Test func `who joins later gets a share by one transfer from what the first was promised`() throws {
    var books = SampleBooks()
    try books.observe(.sample(.filed))

    let first = try #require(try books.observe(.joined(two))?.moves)
    #expect(first.map(\.event.step) == [.shared])
    #expect(first.first?.event.personId == "rider-2")
    #expect(
        first.first?.changes == [
            EarningMove.Change(earner: .person("rider-1"), points: -3),
            EarningMove.Change(earner: .person("rider-2"), points: 3),
        ])
    #expect(
        first.first?.event.explanation
            == "规则「随手拍立案」：案件 GX-20261123-0007 有人附议，共 10 分重新分配：首报 7 分，附议 1 人得 3 分。")
    #expect(
        first.first?.event.explanationInEnglish
            == "Rule filed-snapshot: case GX-20261123-0007 was supported by somebody; its 10 points are divided anew: the "
            + "first reporter 7, 1 supporting 3.")
    let second = try #require(try books.observe(.joined(three))?.moves)
    #expect(second.count == 1)
    #expect(["rider-1", "rider-2", "rider-3"].map(books.pending) == [8, 1, 1])
    // Somebody who is in already reports again.
    #expect(try books.observe(.joined(three, report: "again"))?.reason == .sameShares)
}

@Test func `what a cap withholds from who joins goes back to the ledger, and they hear why`() throws {
    let used = CapPeriod(ledgerId: "nanchang", earner: .person("rider-2"), period: "2026-11-23")
    var books = SampleBooks(used: [used: 50])
    try books.observe(.sample(.filed))

    let moves = try #require(try books.observe(.joined(two))?.moves)

    #expect(moves.map(\.event.step) == [.shared, .capped])
    #expect(moves.first?.changes == [EarningMove.Change(earner: .person("rider-1"), points: -3)])
    #expect(moves.last?.event.personId == "rider-2" && moves.last?.event.points == 3)
    #expect(moves.last?.event.explanation.contains("当日上限 50 分，此前已得 50 分，已达上限") == true)
}

@Test func `a supporter who was riding gets nothing, and nobody else gets it`() throws {
    var books = SampleBooks()
    try books.observe(.sample(.filed))

    let moves = try #require(try books.observe(.joined(two, signals: ["moving-fast"]))?.moves)

    #expect(moves.map(\.event.step) == [.shared, .capped])
    #expect(["rider-1", "rider-2"].map(books.pending) == [7, 0])
    #expect(moves.last?.event.explanation.contains("设备移动过快") == true)
}

@Test func `a promise that came back by a split uses no cap a second time`() throws {
    var books = SampleBooks()
    try books.observe(.sample(.filed))
    try books.observe(.joined(two, report: "second"))

    try books.observe(.sample(.split, of: .sample()) { $0.reportIds = ["second"] })
    #expect(["rider-1", "rider-2"].map(books.pending) == [10, 0])
    try books.observe(.joined(two, report: "third"))
    #expect(["rider-1", "rider-2"].map(books.pending) == [7, 3])
    #expect(books.used.filter { $0.key.period == "2026-11-23" }.map(\.value).sorted() == [3, 10])
}

@Test func `a report that is taken back leaves its part to the others`() throws {
    var books = SampleBooks()
    try books.observe(.opened())
    try books.observe(.sample(.filed))
    try books.observe(.joined(two, report: "second"))

    let moves = try #require(try books.observe(.withdrawn("second", from: .sample()))?.moves)

    #expect(moves.map(\.event.step) == [.shared])
    #expect(["rider-1", "rider-2"].map(books.pending) == [10, 0])
}

@Test func `a merge moves a case's promise into the other's, and its undoing makes it again`() throws {
    let other = CaseReference.sample("case-2", reporters: ["rider-2"])
    let both = CaseReference.sample("case-2", reporters: ["rider-2", "rider-1"])
    var books = SampleBooks()
    try books.observe(.sample(.filed))
    try books.observe(.sample(.filed, of: other))

    // As routing tells it: the merged case ends, then its reports join the other.
    try books.observe(.sample(.merged) { $0.otherCaseId = "case-2" })
    #expect(["rider-1", "rider-2"].map(books.pending) == [0, 10])
    try books.observe(.joined(both, report: "first"))
    #expect(["rider-1", "rider-2"].map(books.pending) == [3, 7])

    // And back: the other loses the report, then the merged case stands again.
    try books.observe(.sample(.split, of: other) { $0.reportIds = ["first"] })
    #expect(["rider-1", "rider-2"].map(books.pending) == [0, 10])
    let again = try #require(try books.observe(.sample(.reopened) { $0.otherCaseId = "case-2" })?.moves)
    #expect(["rider-1", "rider-2"].map(books.pending) == [10, 10])
    #expect(again.first?.event.transferId == .promise(of: "case-1", to: .person("rider-1"), number: 2))
    #expect(again.first?.event.explanation.contains("并案撤销，得 10 分") == true)
    try books.observe(.sample(.closed), .sample { $0.releaseDays = 0 })
    #expect(books.available("rider-1") == 10)
}
