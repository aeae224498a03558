import Contracts
import EventProcessing
import Foundation
import GRDB
import TestSupport
import Testing

/// Everything that holds of orders, holds, shelves and books at any moment, from what was published and what is stored.
private func checkWhole(_ counter: CounterUnderTest, _ note: String) async throws {
    let orders = try await counter.orders()
    let moved = try await counter.moved()
    let shelves = try await counter.shelves()

    var balances: [AccountID: Int] = [:]
    for transfer in moved {
        #expect(transfer.postings.reduce(0) { $0 + $1.amount } == 0, "\(note)")
        for posting in transfer.postings { balances[posting.accountId, default: 0] += posting.amount }
    }
    #expect(try await counter.balances() == balances.filter { $0.value != 0 }, "\(note)")
    #expect(balances.allSatisfy { $0.value >= 0 || $0.key.rawValue.hasPrefix("funder:") }, "\(note)")

    func open(_ line: OrderLine) -> Int { line.count - line.handedOver - line.givenBack }
    let held = balances.filter { $0.key.rawValue.hasPrefix("held:") }.values.reduce(0, +)
    let owed = orders.values.flatMap(\.lines).reduce(0) { $0 + open($1) * $1.price }
    #expect(held == owed, "\(note)")
    let given = orders.values.flatMap(\.lines).reduce(0) { $0 + $1.handedOver * $1.price }
    #expect(balances["prizes:nanchang", default: 0] == given, "\(note)")
    for (prize, shelf) in shelves {
        let waiting = orders.values.flatMap(\.lines).filter { $0.prizeId == prize }.reduce(0) { $0 + open($1) }
        #expect(shelf.held == waiting && shelf.onHand >= 0, "\(note)")
    }
    // No order without a hold, no hold without an end once its order has one.
    for order in orders.values {
        let of = moved.filter {
            $0.transferId == order.pendingTransferId || $0.pendingTransferId == order.pendingTransferId
        }
        #expect(of.first?.step == .held, "\(note)")
        let out = of.dropFirst().reduce(0) { $0 + $1.points }
        #expect((out == of.first?.points) == (order.stage != .placed), "\(note)")
    }
}

@Test func `a thousand people order ten prizes: ten get one, all others are told, and the books are whole`()
    async throws
{
    let counter = try await CounterUnderTest()
    try await counter.deliver(10)
    let people = (0..<1_000).map { PersonID("rider-\($0)") }
    let at = CounterUnderTest.at(0)
    func values(_ messages: [some Message]) throws -> [(value: Data, milliseconds: Int64)] {
        try messages.map { message in
            let envelope = Envelope(message, id: .random(), source: "/portal/1", time: .morning)
            return (try envelope.value(), at)
        }
    }
    try await counter.store.applyBatch(
        values(
            people.map { person in
                MovePoints(
                    transferId: TransferID("award-\(person)"), ledgerId: "nanchang", from: "issued:nanchang",
                    to: AccountID("available:nanchang:\(person)"), points: 100, reason: "奖励",
                    actor: CounterUnderTest.admin)
            }))
    var random = SeededGenerator()

    let orders = try values(
        people.shuffled(using: &random).map { counter.place(OrderID("order-\($0)"), by: $0) })
    for start in stride(from: 0, to: orders.count, by: 64) {
        try await counter.store.applyBatch(Array(orders[start..<min(start + 64, orders.count)]))
    }

    let refusals = try await counter.store.messages().filter { $0.attributes.type == CommandRefused.type }
        .map { try $0.read(CommandRefused.self) }
    #expect(refusals.count == 990)
    #expect(refusals.allSatisfy { $0.code == "out-of-stock" && $0.reason.contains("只剩 0 件") })
    let placed = try await counter.orders()
    #expect(placed.count == 10 && placed.values.allSatisfy { $0.stage == .placed })
    #expect(try await counter.shelf() == [10, 10])
    try await checkWhole(counter, "seed \(random.seed)")

    for id in placed.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
        #expect(try await counter.give(counter.act(.handOver, on: id)) == "applied")
    }
    #expect(try await counter.shelf() == [0, 0])
    #expect(try await counter.balance("prizes:nanchang") == 800)
    try await checkWhole(counter, "seed \(random.seed)")
}

@Test(arguments: SeededGenerator.seeds(4, 5, fresh: 1))
func `orders, stock and the clock in any order keep points and goods together`(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let counter = try await CounterUnderTest(.shop(pickUpDays: 1, expiryMonths: 1))
    for rider in 1...4 { try await counter.award(400, to: AccountID("available:nanchang:rider-\(rider)")) }
    var clock = CounterUnderTest.at(0)
    var answers: [String: Int] = [:]

    for number in 0..<400 {
        clock += Int64.random(in: 0..<20_000_000, using: &random)
        try await counter.wake(at: clock)
        let prize: PrizeID = Bool.random(using: &random) ? "helmet" : "gloves"
        let count = Int.random(in: 1...3, using: &random)
        let rider = PersonID("rider-\(Int.random(in: 1...4, using: &random))")
        let id = OrderID("order-\(Int.random(in: 0...max(0, number), using: &random))")
        let doneAt = Timestamp(milliseconds: clock - .random(in: 0..<200_000_000, using: &random))
        let answer: String
        switch Int.random(in: 0..<8, using: &random) {
        case 0...2:
            answer = try await counter.give(
                counter.place(OrderID("order-\(number)"), count, prize, by: rider), at: clock)
        case 3:
            let move = StockMove.allCases.randomElement(using: &random) ?? .delivered
            answer = try await counter.give(counter.stock(move, count * 2, prize), at: clock)
        default:
            let action = OrderAction.allCases.randomElement(using: &random) ?? .handOver
            let actor = action == .cancel ? Actor(personId: rider, roles: ["rider"]) : CounterUnderTest.staff
            let isLate = Bool.random(using: &random)
            answer = try await counter.give(
                counter.act(
                    action, Bool.random(using: &random) ? count : nil, on: id, prize: prize, reusable: true,
                    doneAt: isLate ? doneAt : nil, by: actor), at: clock)
        }
        answers[answer, default: 0] += 1
        if number.isMultiple(of: 25) { try await checkWhole(counter, "seed \(seed), step \(number)") }
    }

    try await counter.wake(at: clock + 40 * CounterUnderTest.day)
    try await checkWhole(counter, "seed \(seed), end")
    #expect(answers["dead letter"] == nil, "seed \(seed): \(answers)")
    #expect(answers["applied", default: 0] > 60, "seed \(seed): \(answers)")
    #expect(try await counter.orders().values.allSatisfy { $0.stage != .placed }, "seed \(seed)")
}
