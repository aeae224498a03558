import Contracts
import PointsDomain
import TestSupport
import Testing

private let street = LedgerAccount.funder("street", of: "nanchang")
private let issued = LedgerAccount.issued(of: "nanchang")
private let rider = LedgerAccount.available(of: "rider-1", in: "nanchang")
private let prizes = LedgerAccount.prizes(of: "nanchang")
private let december = CitySample.moment("2026-12-01T00:00:00+08:00")
private let january = CitySample.moment("2027-01-01T00:00:00+08:00")

/// 100 points funded, and lots of 10, 20 and 30 for a rider: the second expires first.
private func books() throws -> MemoryBooks {
    let books = MemoryBooks(lines: [street: 100])
    try books.book(.sample("fund", [Movement(street, -100), Movement(issued, 100)]))
    for (number, (points, expiry)) in [(10, january), (20, december), (30, nil)].enumerated() {
        try books.book(
            .sample(
                TransferID("lot-\(number)"),
                [Movement(issued, -points), Movement(rider, points, lots: .opens(expiresAt: expiry))]))
    }
    return books
}

@Test func `an account's name says what it is for and whose it is, and is read back`() throws {
    let accounts: [(LedgerAccount, AccountID)] = [
        (street, "funder:nanchang:street"), (issued, "issued:nanchang"), (rider, "available:nanchang:rider-1"),
        (.available(of: .team("riders-1"), in: "nanchang"), "available:nanchang:team/riders-1"),
        (.held(of: nil, in: "nanchang"), "held:nanchang"),
        (.pending(of: "a:b", in: "nanchang"), "pending:nanchang:a:b"),
    ]
    for (account, id) in accounts {
        #expect(account.id == id)
        #expect(LedgerAccount(id, in: "nanchang") == account)
    }
    for id: AccountID in [
        "issued:nanchang:rider-1", "available:nanchang", "available:nanchang:", "funder:nanchang", "wallet:nanchang",
        "available:other:rider-1", "nonsense", "",
    ] {
        #expect(LedgerAccount(id, in: "nanchang") == nil, "\(id)")
    }
}

@Test func `points are spent first in, first out, and the posting names the lots`() throws {
    let books = try books()

    let spent = try books.book(.sample("spend", [Movement(rider, -25, lots: .oldest), Movement(prizes, 25)]))

    #expect(
        spent.postings[0].lots == [
            LotPart(number: 1, points: 10, expiresAt: january), LotPart(number: 2, points: 15, expiresAt: december),
        ])
    #expect(books.lots(of: rider).map(\.points) == [5, 30])
    #expect(books.balance(of: rider).balance == 35)
}

@Test func `nobody spends more than there is, and nothing of it is booked`() throws {
    let books = try books()
    let before = books.balances

    #expect(throws: LedgerError.belowFloor("available:nanchang:rider-1", balance: 60, amount: -61, floor: 0)) {
        try books.book(.sample("spend", [Movement(rider, -61, lots: .oldest), Movement(prizes, 61)]))
    }
    #expect(books.balances == before)
    #expect(books.lots(of: rider).sum == 60)
}

@Test func `a funder owes up to its line and no point more; paying back is always taken`() throws {
    let books = try books()
    #expect(books.balance(of: street).balance == -100)
    #expect(throws: LedgerError.belowFloor("funder:nanchang:street", balance: -100, amount: -1, floor: -100)) {
        try books.book(.sample("more", [Movement(street, -1), Movement(issued, 1)]))
    }
    books.lines = [street: 10]
    try books.book(.sample("back", [Movement(issued, -40), Movement(street, 40)]))
    #expect(books.balance(of: street).balance == -60)
}

@Test func `postings that do not sum to zero are not booked`() throws {
    let books = try books()
    #expect(throws: LedgerError.unbalanced("odd")) {
        try books.book(.sample("odd", [Movement(issued, -1)]))
    }
    #expect(throws: LedgerError.tooLarge("issued:nanchang")) {
        try books.book(.sample("huge", [Movement(issued, .max), Movement(street, .max)]))
    }
}

@Test func `lots expire on their day, whatever came in before them`() throws {
    let books = try books()

    let none = rider.expiry(of: books.lots(of: rider), at: december.adding(milliseconds: -1), cause: .named("timer"))
    #expect(none == nil)
    let expiry = try #require(rider.expiry(of: books.lots(of: rider), at: december, cause: .named("timer")))
    let event = try books.book(expiry, at: december)

    #expect(event.step == .expired && event.points == 20)
    #expect(event.postings[0].lots == [LotPart(number: 2, points: 20, expiresAt: december)])
    #expect(books.lots(of: rider).map(\.points) == [10, 30])
    #expect(books.balance(of: .expired(of: "nanchang")).balance == 20)
    #expect(rider.expiry(of: books.lots(of: rider), at: december, cause: .named("timer")) == nil)
}

private func held(_ points: Int, in books: MemoryBooks) throws -> Hold {
    let transfer = Hold.transfer(
        "hold", from: rider, points: points, timeoutAt: january, cause: .named("order"), explanation: ""
    ) { _ in }
    let event = try books.book(transfer)
    return Hold(
        transferId: "hold", source: rider, target: prizes, points: points, lots: event.postings[0].lots ?? [],
        timeoutAt: january, orderId: nil)
}

@Test func `a hold goes on in parts and the rest comes back to the lots that it came from`() throws {
    let books = try books()
    var hold = try held(45, in: books)
    #expect(books.balance(of: rider).balance == 15 && books.balance(of: hold.account).balance == 45)

    try books.book(hold.post(12, expiresAt: nil, cause: .named("a"), explanation: ""))
    #expect(hold.points == 33 && hold.state == .open)
    let back = try books.book(hold.giveBack(.timedOut, cause: .named("b"), explanation: ""))

    #expect(hold.state == .timedOut && hold.points == 0)
    #expect(back.step == .timedOut && back.pendingTransferId == "hold")
    // The oldest went on: 10 of the first lot and 2 of the second.
    #expect(
        books.lots(of: rider) == [
            LotPart(number: 2, points: 18, expiresAt: december), LotPart(number: 3, points: 30, expiresAt: nil),
        ])
    #expect(books.balance(of: rider).balance == 48 && books.balance(of: prizes).balance == 12)
    #expect(books.balance(of: hold.account).balance == 0)
}

@Test func `points that change hands keep their day`() throws {
    let books = try books()
    let friend = LedgerAccount.available(of: "rider-2", in: "nanchang")
    let transfer = Hold.transfer(
        "gift", from: rider, points: 15, timeoutAt: nil, cause: .named("gift"), explanation: ""
    ) { _ in }
    let lots = try books.book(transfer).postings[0].lots ?? []
    var hold = Hold(
        transferId: "gift", source: rider, target: friend, points: 15, lots: lots, timeoutAt: nil, orderId: nil)

    try books.book(hold.post(15, expiresAt: nil, cause: .named("ok"), explanation: ""))

    #expect(books.lots(of: friend).map(\.expiresAt) == [january, december])
    #expect(books.lots(of: friend).map(\.points) == [10, 5])
    #expect(hold.state == .posted)
}

@Test func `a correction is the reverse, as long as what it takes is still there`() throws {
    let books = try books()
    let award = books.events[1].data
    let reverse = try award.reversed(as: "fix", by: "admin-1", cause: .named("c"), reason: "给错了人")

    let event = try books.book(reverse)

    #expect(event.correctsTransferId == "lot-0" && event.step == .corrected && event.actorId == "admin-1")
    #expect(books.lots(of: rider).map(\.points) == [20, 30])
    // The same lot cannot be taken twice.
    let again = try award.reversed(as: "again", by: "admin-1", cause: .named("c"), reason: "")
    #expect(throws: LedgerError.lotsDiffer("available:nanchang:rider-1", amount: -10)) { try books.book(again) }
    // A spent lot comes back by its reverse.
    let spent = try books.book(.sample("spend", [Movement(rider, -20, lots: .oldest), Movement(prizes, 20)]))
    try books.book(try spent.reversed(as: "back", by: "admin-1", cause: .named("c"), reason: ""))
    #expect(books.lots(of: rider).map(\.points) == [20, 30])
}

@Test func `budgets are due on their day, each once for ever`() {
    let funder = PackFunder(
        id: "street", name: "街道", ledgerId: "nanchang", line: 500,
        budgets: [.init(from: "2026-01-01", points: 100), .init(from: "2026-12-01", points: 50)])

    #expect(funder.dueBudgets(on: "2025-12-31").isEmpty)
    let november = funder.dueBudgets(on: "2026-11-30")
    let later = funder.dueBudgets(on: "2026-12-01")
    #expect(november.map(\.budget.points) == [100] && later.map(\.budget.points) == [100, 50])
    #expect(november[0].transferId == later[0].transferId)
    #expect(later[0].transferId != later[1].transferId)
    let event = funder.funding(later[1].budget, as: later[1].transferId, cause: .named("y")).event
    #expect(event.points == 50 && event.transferId == later[1].transferId)
}

@Test(arguments: [
    ("2026-11-23T08:00:00+08:00", 12, "2027-11-24T00:00:00+08:00"),
    ("2026-01-31T23:59:59+08:00", 1, "2026-03-01T00:00:00+08:00"),
    ("2028-01-31T00:00:00+08:00", 1, "2028-03-01T00:00:00+08:00"),
    ("2026-12-31T10:00:00+08:00", 2, "2027-03-01T00:00:00+08:00"),
])
func `points expire at the end of the day so many months later`(from: String, months: Int, expiry: String) throws {
    let calendar = PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: [])
    #expect(calendar.expiry(after: months, from: try #require(Timestamp(from))) == Timestamp(expiry))
}

@Test func `a month ends with the first moment of the next, by the pack's clock`() throws {
    let calendar = PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: [])
    let last = try #require(Timestamp("2026-12-31T23:59:59.999+08:00"))
    #expect(calendar.month(of: last).name == "2026-12")
    #expect(calendar.month(of: last).end == january)
    #expect(calendar.month(of: january).name == "2027-01")
}
