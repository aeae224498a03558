import Contracts
import Testing

@testable import PointsDomain

private func helmets(_ count: Int) -> [PrizeCount] { [PrizeCount(prizeId: "helmet", count: count)] }

private func order(
    _ wanted: PlaceOrder = .sample(), onHand: Int = 10, held: Int = 0, at time: Timestamp = .morning,
    by pack: Pack = .shop()
) throws -> OrderState {
    try wanted.order(by: pack, at: time) { .of($0, onHand: onHand, held: held) }
}

private let day: Int64 = 86_400_000

@Test func `an order costs what its prizes cost today and waits for as long as the pack says`() throws {
    let wanted = PlaceOrder.sample(helmets(2) + [PrizeCount(prizeId: "gloves", count: 1)])

    let now = try order(wanted)
    #expect(now.lines.map(\.price) == [80, 30])
    #expect(now.openPoints == 190)
    #expect(now.stage == .placed)
    #expect(now.expiresAt == Timestamp.morning.adding(milliseconds: 7 * day))

    let december = try order(wanted, at: Timestamp.morning.adding(milliseconds: 8 * day), by: .shop(pickUpDays: 3))
    #expect(december.lines.map(\.price) == [60, 30])
    #expect(december.expiresAt == december.placedAt.adding(milliseconds: 3 * day))
}

@Test(arguments: [
    (PlaceOrder.sample(actor: "rider-2"), OrderFault.notYours),
    (.sample(person: "rider-2", team: "riders-1"), .notLeader("riders-1")),
    (.sample(team: "riders-9"), .notLeader("riders-9")),
    (.sample(person: .anonymous("7f3a")), .cannotHold(.anonymous("7f3a"))),
    (.sample(at: "nowhere"), .unknownStation("nowhere")),
    (.sample(at: "xihu-station"), .otherLedger("xihu-station")),
    (.sample([]), .noLines),
    (.sample(helmets(1) + helmets(1)), .twice("helmet")),
    (.sample(helmets(0)), .badCount("helmet", most: 20)),
    (.sample(helmets(21)), .badCount("helmet", most: 20)),
    (.sample(helmets(15) + [PrizeCount(prizeId: "gloves", count: 6)]), .tooMany(21, most: 20)),
    (.sample([PrizeCount(prizeId: "boat", count: 1)]), .unknownPrize("boat")),
    (.sample([PrizeCount(prizeId: "coat", count: 1)]), .notPricedYet("coat", from: "2027-01-01")),
    (.sample(helmets(11)), .outOfStock("helmet", left: 10, wanted: 11)),
])
func `what cannot be ordered is refused with the reason`(_ wanted: PlaceOrder, _ fault: OrderFault) {
    #expect(throws: fault) { try order(wanted, onHand: 12, held: 2) }
}

@Test func `the same under one id is the same order, anything else is another`() throws {
    let placed = try order()

    #expect(placed.answers(.sample()))
    #expect(!placed.answers(.sample(helmets(2))))
    #expect(!placed.answers(.sample(at: "open-station")))
    #expect(!placed.answers(.sample(team: "riders-1")))
}

@Test func `only staff of the station hands out, only the owner calls off, and nobody stands at both sides`() throws {
    let placed = try order()
    let open = try order(.sample(at: "open-station"))
    let stranger = Actor(personId: "station-9", roles: ["station"])
    let admin = Actor(personId: "admin-1", roles: ["admin"])
    let both = Actor(personId: "rider-1", roles: ["admin", "rider"])
    func step(_ act: ActOnOrder, of order: OrderState) throws -> OrderStep {
        try order.step(act, by: .shop(), at: .morning)
    }

    #expect(throws: OrderFault.notStaff("mingdu-station")) { try step(.sample(.handOver, by: stranger), of: placed) }
    #expect(throws: OrderFault.notStaff("mingdu-station")) { try step(.sample(.handOver, by: .rider), of: placed) }
    #expect(throws: OrderFault.ownOrder) { try step(.sample(.handOver, by: both), of: placed) }
    #expect(throws: OrderFault.notYours) { try step(.sample(.cancel), of: placed) }
    #expect(try step(.sample(.handOver, by: admin), of: placed).booking == .post)
    #expect(try step(.sample(.handOver, by: stranger), of: open).booking == .post)
    #expect(try step(.sample(.cancel, by: .rider), of: placed).booking == .giveBack)
}

@Test func `an order is handed over in parts, and brought back in parts`() throws {
    let placed = try order(.sample(helmets(3)))

    let first = try placed.step(.sample(.handOver, helmets(1)), by: .shop(), at: .morning)
    #expect(first.order.stage == .placed && first.order.openPoints == 160 && first.points == 80)
    #expect(first.shelves == [ShelfChange(prizeId: "helmet", onHand: -1, held: -1)])
    #expect(first.order.allowedActions == [.handOver, .outOfStock, .takeBack])

    let missing = try first.order.step(.sample(.outOfStock, helmets(1)), by: .shop(), at: .morning)
    #expect(missing.booking == .refundHeld)
    #expect(missing.shelves == [ShelfChange(prizeId: "helmet", onHand: 0, held: -1)])

    let rest = try missing.order.step(.sample(.handOver), by: .shop(), at: .morning)
    #expect(rest.order.stage == .handedOver && rest.order.endedAt == .morning && rest.lines == helmets(1))

    let back = try rest.order.step(.sample(.takeBack, helmets(2), reusable: true), by: .shop(), at: .morning)
    #expect(back.booking == .refund && back.points == 160)
    #expect(back.shelves == [ShelfChange(prizeId: "helmet", onHand: 2, held: 0)])
    #expect(back.order.lines == [OrderLine(prizeId: "helmet", count: 3, price: 80, handedOver: 0, givenBack: 3)])
    #expect(back.order.allowedActions.isEmpty)
}

@Test func `broken goods do not go back on the shelf`() throws {
    let given = try order().step(.sample(.handOver), by: .shop(), at: .morning).order

    let back = try given.step(.sample(.takeBack, reusable: false), by: .shop(), at: .morning)

    #expect(back.shelves.isEmpty && back.points == 80)
}

@Test func `a step that does not fit names those that do`() throws {
    let placed = try order(.sample(helmets(2)))
    let part = try placed.step(.sample(.handOver, helmets(1)), by: .shop(), at: .morning).order
    let done = try part.step(.sample(.handOver), by: .shop(), at: .morning).order
    let over = try placed.step(.sample(.cancel, by: .rider), by: .shop(), at: .morning).order
    func fault(_ act: ActOnOrder, _ order: OrderState) -> OrderFault? {
        #expect(throws: OrderFault.self) { try order.step(act, by: .shop(), at: .morning) }
    }

    #expect(
        fault(.sample(.cancel, by: .rider), part)
            == .stepDoesNotFit(.cancel, stage: .placed, allowed: [.handOver, .outOfStock, .takeBack]))
    #expect(
        fault(.sample(.handOver), done) == .stepDoesNotFit(.handOver, stage: .handedOver, allowed: [.takeBack]))
    #expect(fault(.sample(.handOver), over) == .stepDoesNotFit(.handOver, stage: .cancelled, allowed: []))
    #expect(fault(.sample(.handOver, helmets(3)), placed) == .moreThanThere("helmet", there: 2, wanted: 3))
    #expect(
        fault(.sample(.handOver, [PrizeCount(prizeId: "gloves", count: 1)]), placed) == .notInOrder("gloves"))
}

@Test func `what was handed over without a net counts from when it was done`() throws {
    let placed = try order()
    func at(_ days: Int64) -> Timestamp { Timestamp.morning.adding(milliseconds: days * day) }
    func step(_ order: OrderState, doneAt: Timestamp?, toldAt: Timestamp) throws -> OrderStep {
        try order.step(.sample(.handOver, doneAt: doneAt), by: .shop(), at: toldAt)
    }

    #expect(throws: OrderFault.doneLater(at(2))) { try step(placed, doneAt: at(2), toldAt: at(1)) }
    #expect(throws: OrderFault.doneBefore(placedAt: .morning)) { try step(placed, doneAt: at(-1), toldAt: at(1)) }
    #expect(throws: OrderFault.timeIsOver(expiresAt: at(7))) { try step(placed, doneAt: nil, toldAt: at(8)) }
    // The clock has not come by yet, and it was done in time.
    #expect(try step(placed, doneAt: at(6), toldAt: at(8)).booking == .post)

    let expired = placed.expiring(at: at(7)).order
    #expect(throws: OrderFault.stepDoesNotFit(.handOver, stage: .expired, allowed: [])) {
        try step(expired, doneAt: at(7), toldAt: at(8))
    }
    let late = try step(expired, doneAt: at(6), toldAt: at(8))
    #expect(late.booking == .takeAnew && late.points == 80)
    #expect(late.shelves == [ShelfChange(prizeId: "helmet", onHand: -1, held: 0, leftAt: at(6))])
    #expect(late.order.stage == .handedOver)
    #expect(throws: OrderFault.stepDoesNotFit(.handOver, stage: .handedOver, allowed: [.takeBack])) {
        try step(late.order, doneAt: at(6), toldAt: at(8))
    }

    // Called off from home, with the prize in the hand.
    let called = try placed.step(.sample(.cancel, by: .rider), by: .shop(), at: at(2)).order
    #expect(try step(called, doneAt: at(1), toldAt: at(3)).booking == .takeAnew)
    #expect(throws: OrderFault.stepDoesNotFit(.handOver, stage: .cancelled, allowed: [])) {
        try step(called, doneAt: at(2), toldAt: at(3))
    }
}

@Test func `what left a shelf before it was counted is not taken off twice`() throws {
    let counted = Shelf.of("helmet", onHand: 4, held: 1, countedAt: .morning)
    let earlier = Timestamp.morning.adding(milliseconds: -1)

    let before = try counted.after(ShelfChange(prizeId: "helmet", onHand: -1, held: -1, leftAt: earlier))
    #expect(before.onHand == 4 && before.held == 0)
    let after = try counted.after(ShelfChange(prizeId: "helmet", onHand: -1, held: -1, leftAt: .morning))
    #expect(after.onHand == 3)
}

@Test func `a count is what lies there, whatever is held, and nothing falls below zero`() throws {
    let shelf = Shelf.of("helmet", onHand: 5, held: 3)

    let counted = try shelf.after(.counted, of: 2, at: .morning)
    #expect(counted.onHand == 2 && counted.held == 3 && counted.free == 0 && counted.short == 1)
    #expect(throws: OrderFault.moreThanThere("helmet", there: 2, wanted: 3)) {
        try counted.after(.writtenOff, of: 3, at: .morning)
    }
    #expect(throws: OrderFault.countFirst("helmet", onHand: 2, wanted: 3)) {
        try counted.after(ShelfChange(prizeId: "helmet", onHand: -3, held: -3))
    }
    #expect(try counted.after(.delivered, of: 4, at: .morning).free == 3)
}

@Test func `stock is moved by staff, of prizes that are known or still lie there`() throws {
    func check(
        _ prize: PrizeID, _ move: StockMove = .delivered, count: Int = 1, by actor: Actor = .staff,
        ledger: LedgerID = "nanchang", lies: Bool = false
    ) throws {
        try MoveStock(
            ledgerId: ledger, stationId: "mingdu-station", move: move,
            lines: [PrizeCount(prizeId: prize, count: count)], actor: actor
        ).check(by: .shop()) { _ in lies }
    }

    #expect(throws: OrderFault.notStaff("mingdu-station")) { try check("helmet", by: .rider) }
    #expect(throws: OrderFault.otherLedger("mingdu-station")) { try check("helmet", ledger: "west") }
    #expect(throws: OrderFault.unknownPrize("boat")) { try check("boat") }
    #expect(throws: OrderFault.unknownPrize("boat")) { try check("boat", .counted) }
    #expect(throws: OrderFault.unknownPrize("boat")) { try check("boat", lies: true) }
    #expect(throws: OrderFault.badCount("helmet", most: 100_000)) { try check("helmet", count: 0) }
    #expect(throws: OrderFault.badCount("helmet", most: 100_000)) { try check("helmet", count: 100_001) }
    #expect(throws: Never.self) { try check("boat", .writtenOff, lies: true) }
    #expect(throws: Never.self) { try check("helmet", .counted, count: 0) }
}
