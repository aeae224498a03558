import Contracts
import PointRules
import Testing

@Test func `a closed case's points are spendable when it can be reopened no more`() throws {
    var books = SampleBooks()
    try books.observe(.sample(.filed))

    #expect(try books.observe(.sample(.closed))?.reason == .waits)
    #expect(books.due == ["case-1": .morning.days(15)])
    books.ring(at: .morning.days(15).adding(milliseconds: -1))
    #expect(books.available("rider-1") == 0)
    books.ring(at: .morning.days(15))

    let event = try #require(books.moves.last?.event)
    #expect(event.step == .released)
    #expect(event.explanation == "案件 GX-20261123-0007 核查通过并结案，满 15 天未重新打开，待发的 10 分转为可用。")
    #expect(
        event.explanationInEnglish
            == "Case GX-20261123-0007 was verified and closed and not reopened for 15 days; its 10 pending points can be spent "
            + "now.")
    #expect(books.available("rider-1") == 10 && books.pending("rider-1") == 0)
}

@Test(arguments: [(nil, 7, 7), (3, 7, 3)] as [(Int?, Int?, Int)])
func `how long they wait the pack says, else its reopen window`(release: Int?, reopen: Int?, days: Int) throws {
    let pack = Pack.sample(loop: PackLoop(reopenDays: reopen)) { $0.releaseDays = release }
    var books = SampleBooks()
    try books.observe(.sample(.filed), pack)

    try books.observe(.sample(.closed), pack)

    #expect(books.due == ["case-1": .morning.days(Int64(days))])
}

@Test func `without a wait they are spendable at closing`() throws {
    var books = SampleBooks()
    try books.observe(.sample(.filed))

    let move = try #require(try books.observe(.sample(.closed), .sample { $0.releaseDays = 0 })?.moves.first)

    #expect(move.event.explanation == "案件 GX-20261123-0007 核查通过并结案，待发的 10 分转为可用。")
    #expect(move.event.pendingTransferId == .promise(of: "case-1", to: .person("rider-1")))
    #expect(books.due.isEmpty)
}

@Test func `a reopened case waits for its next closing`() throws {
    var books = SampleBooks()
    try books.observe(.sample(.filed))
    try books.observe(.sample(.closed))

    try books.observe(.sample(.reopened, at: .morning.days(10)))
    books.ring(at: .morning.days(30))
    #expect(books.available("rider-1") == 0)
    try books.observe(.sample(.closed, at: .morning.days(31), id: "second"))
    books.ring(at: .morning.days(45))
    #expect(books.available("rider-1") == 0)
    books.ring(at: .morning.days(46))
    #expect(books.available("rider-1") == 10)
    // What was released stays so, whatever becomes of the case.
    try books.observe(.sample(.reopened, at: .morning.days(47), id: "second"))
    try books.observe(.sample(.refused, at: .morning.days(48)))
    #expect(books.available("rider-1") == 10)
}
