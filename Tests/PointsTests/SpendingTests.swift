import Contracts
import EventProcessing
import TestSupport
import Testing

private let rider = AccountID("available:nanchang:rider-1")
private let held = AccountID("held:nanchang:rider-1")
private let prizes = AccountID("prizes:nanchang")

/// A counter with ten helmets and somebody with 200 points.
private func counter(_ pack: Pack = .shop()) async throws -> CounterUnderTest {
    let counter = try await CounterUnderTest(pack)
    try await counter.award(200)
    try await counter.deliver(10)
    return counter
}

@Test func `an order holds points and stock together, and a hand-over spends both`() async throws {
    let counter = try await counter()

    #expect(try await counter.give(counter.place("order-1", 2)) == "applied")
    #expect(try await counter.balance(rider) == 40)
    #expect(try await counter.balance(held) == 160)
    #expect(try await counter.shelf() == [10, 2])
    let placed = try #require(try await counter.orders()["order-1"])
    #expect(placed.stage == .placed && placed.expiresAt.milliseconds == CounterUnderTest.at(7))
    let hold = try #require(try await counter.moved().last)
    #expect(hold.step == .held && hold.transferId == placed.pendingTransferId && hold.orderId == "order-1")
    #expect(hold.explanation.contains("安全头盔×2（名都驿站），160 分"))

    #expect(try await counter.give(counter.act(.handOver)) == "applied")
    #expect(try await counter.balances()[rider] == 40)
    #expect(try await counter.balance(held) == 0)
    #expect(try await counter.balance(prizes) == 160)
    #expect(try await counter.shelf() == [8, 0])
    #expect(try await counter.steps().map(\.step) == [.placed, .handedOver])
    #expect(try await counter.steps().map(\.actorId) == ["rider-1", "station-1"])

    // Nothing is left for the clock.
    try await counter.wake(at: CounterUnderTest.at(8))
    #expect(try await counter.steps().count == 2)
    #expect(try await counter.give(counter.act(.handOver)) == "wrong-stage")
}

@Test func `without the points or the stock nothing is held, and the order can be placed later`() async throws {
    let counter = try await counter()

    #expect(try await counter.give(counter.place("order-1", 3)) == "not-enough")
    #expect(try await counter.give(counter.place("order-1", 11)) == "out-of-stock")
    #expect(try await counter.balances()[rider] == 200)
    #expect(try await counter.shelf() == [10, 0])
    #expect(try await counter.orders().isEmpty)
    #expect(try await counter.give(counter.place()) == "applied")
}

@Test func `the same order again is the same order, another under its id is a conflict`() async throws {
    let counter = try await counter()

    #expect(try await counter.give(counter.place()) == "applied")
    #expect(try await counter.give(counter.place()) == "applied")
    #expect(try await counter.give(counter.place("order-1", 2)) == "conflict")
    #expect(try await counter.give(counter.place(by: "rider-2")) == "conflict")

    #expect(try await counter.shelf() == [10, 1])
    #expect(try await counter.balance(held) == 80)
}

@Test func `nobody comes: points and stock are free again, once`() async throws {
    let counter = try await counter(.shop(pickUpDays: 2))
    try await counter.give(counter.place())

    try await counter.wake(at: CounterUnderTest.at(2) - 1)
    #expect(try await counter.orders()["order-1"]?.stage == .placed)
    #expect(try await counter.give(counter.act(.handOver), at: CounterUnderTest.at(2)) == "time-is-over")
    try await counter.wake(at: CounterUnderTest.at(2))
    try await counter.wake(at: CounterUnderTest.at(9))

    #expect(try await counter.balance(rider) == 200)
    #expect(try await counter.shelf() == [10, 0])
    #expect(try await counter.steps().map(\.step) == [.placed, .expired])
    #expect(try await counter.steps().last?.actorId == nil)
    #expect(try await counter.moved().count { $0.step == .timedOut } == 1)
    #expect(try await counter.give(counter.act(.handOver), at: CounterUnderTest.at(9)) == "wrong-stage")
}

@Test func `an order is called off by who placed it, before anything was handed over`() async throws {
    let counter = try await counter()
    let owner = Actor(personId: "rider-1", roles: ["rider"])
    let other = Actor(personId: "rider-2", roles: ["rider"])
    try await counter.give(counter.place("order-1", 2))

    #expect(try await counter.give(counter.act(.cancel, by: other)) == "not-allowed")
    #expect(try await counter.give(counter.act(.cancel, by: owner)) == "applied")
    #expect(try await counter.give(counter.act(.cancel, by: owner)) == "wrong-stage")
    #expect(try await counter.balance(rider) == 200)
    #expect(try await counter.shelf() == [10, 0])

    try await counter.give(counter.place("order-2", 2))
    try await counter.give(counter.act(.handOver, 1, on: "order-2"))
    #expect(try await counter.give(counter.act(.cancel, on: "order-2", by: owner)) == "wrong-stage")
}

@Test func `what is missing is paid back as new points, and the shelf holds no more for it`() async throws {
    let counter = try await counter(.shop(expiryMonths: 1))
    try await counter.give(counter.place("order-1", 2))
    try await counter.give(counter.stock(.counted, 1))
    let short = try await counter.events(StockMoved.self) { $0 == "stock.counted" }.last?.lines.first
    #expect(short == StockMoved.Line(prizeId: "helmet", before: 10, after: 1, short: 1))

    #expect(try await counter.give(counter.act(.handOver)) == "count-first")
    #expect(try await counter.give(counter.act(.outOfStock, 1)) == "applied")
    #expect(try await counter.shelf() == [1, 1])
    #expect(try await counter.give(counter.act(.handOver)) == "applied")

    #expect(try await counter.balance(rider) == 120)
    #expect(try await counter.balance(prizes) == 80)
    #expect(try await counter.shelf() == [0, 0])
    #expect(try await counter.orders()["order-1"]?.stage == .handedOver)
    let refund = try #require(try await counter.moved().first { $0.step == .refunded })
    let lots = refund.postings.first { $0.accountId == rider }?.lots
    #expect(lots?.count == 1 && lots?.first?.expiresAt != nil)
    // A lot of its own, not the one that it came from.
    #expect(lots?.first?.number == refund.postings.first { $0.accountId == rider }?.chain?.number)
}

@Test func `goods that come back are paid back, and go on the shelf where they can be given again`() async throws {
    let counter = try await counter()
    try await counter.give(counter.place("order-1", 2))
    try await counter.give(counter.act(.handOver))

    #expect(try await counter.give(counter.act(.takeBack, 1, reusable: true)) == "applied")
    #expect(try await counter.shelf() == [9, 0])
    #expect(try await counter.give(counter.act(.takeBack, 1, reusable: false)) == "applied")
    #expect(try await counter.shelf() == [9, 0])
    #expect(try await counter.give(counter.act(.takeBack, 1, reusable: true)) == "wrong-stage")

    #expect(
        try await counter.balances() == ["funder:nanchang:street": -1_000_000, "issued:nanchang": 999_800, rider: 200])
    #expect(try await counter.moved().count { $0.step == .refunded } == 2)
}

@Test func `an end that was told late is taken where the points are still there`() async throws {
    let counter = try await counter(.shop(pickUpDays: 2))
    try await counter.give(counter.place())
    try await counter.give(counter.place("order-2"))
    try await counter.wake(at: CounterUnderTest.at(2))
    let doneAt = Timestamp(milliseconds: CounterUnderTest.at(1))

    #expect(try await counter.give(counter.act(.handOver, doneAt: doneAt), at: CounterUnderTest.at(3)) == "applied")
    #expect(try await counter.balance(rider) == 120)
    #expect(try await counter.balance(prizes) == 80)
    #expect(try await counter.balance(held) == 0)
    #expect(try await counter.shelf() == [9, 0])
    #expect(try await counter.moved().suffix(2).map(\.step) == [.held, .posted])

    // The other one's points are spent meanwhile: no account falls below zero, somebody must write the prize off.
    try await counter.give(counter.place("order-3", 1), at: CounterUnderTest.at(3))
    let late = counter.act(.handOver, on: "order-2", doneAt: doneAt)
    #expect(try await counter.give(late, at: CounterUnderTest.at(3)) == "spent-meanwhile")
    #expect(try await counter.shelf() == [9, 1])
}

@Test func `a team's order is placed by its leader with the team's points`() async throws {
    let counter = try await counter()
    try await counter.award(100, to: "available:nanchang:team/riders-1")

    #expect(try await counter.give(counter.place("order-9", by: "rider-2", team: "riders-1")) == "not-allowed")
    #expect(try await counter.give(counter.place(team: "riders-1")) == "applied")
    #expect(try await counter.balance("held:nanchang:team/riders-1") == 80)
    #expect(try await counter.balance(rider) == 200)
    try await counter.give(counter.act(.handOver, by: CounterUnderTest.admin))
    try await counter.give(counter.act(.takeBack, by: CounterUnderTest.admin))
    #expect(try await counter.balance("available:nanchang:team/riders-1") == 100)
}

@Test func `a hold of an order ends with its order alone, and its refund is not corrected`() async throws {
    let counter = try await counter()
    try await counter.give(counter.place("order-1", 2))
    let hold = try #require(try await counter.orders()["order-1"]).pendingTransferId
    let end = EndPending(
        pendingTransferId: hold, ledgerId: "nanchang", outcome: .void, reason: "-", actor: CounterUnderTest.admin)

    #expect(try await counter.give(end) == "hold-of-order")
    try await counter.give(counter.act(.outOfStock, 1))
    let refund = try #require(try await counter.moved().last { $0.step == .refunded })
    let correction = CorrectTransfer(
        transferId: "correction-1", ledgerId: "nanchang", corrects: refund.transferId, reason: "-",
        actor: CounterUnderTest.admin)
    #expect(try await counter.give(correction) == "not-correctable")
}

@Test func `stock is moved by staff alone, and what came too late is not`() async throws {
    let counter = try await counter()
    let stranger = MoveStock(
        ledgerId: "nanchang", stationId: "mingdu-station", move: .delivered,
        lines: [PrizeCount(prizeId: "helmet", count: 1)], actor: Actor(personId: "rider-1", roles: ["rider"]))
    let late = MoveStock(
        ledgerId: "nanchang", stationId: "mingdu-station", move: .delivered,
        lines: [PrizeCount(prizeId: "helmet", count: 1)], actor: CounterUnderTest.staff, notAfter: .morning)

    #expect(try await counter.give(stranger) == "not-allowed")
    #expect(try await counter.give(late, at: CounterUnderTest.at(0, 1)) == "too-late")
    #expect(try await counter.give(counter.stock(.writtenOff, 11)) == "more-than-there")
    #expect(try await counter.give(counter.stock(.writtenOff, 3)) == "applied")
    #expect(try await counter.shelf() == [7, 0])
    #expect(try await counter.give(counter.act(.handOver, on: "none")) == "not-found")
}
