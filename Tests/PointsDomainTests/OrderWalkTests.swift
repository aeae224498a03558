import Contracts
import TestSupport
import Testing

@testable import PointsDomain

/// Orders and shelves of one station, moved at random, with a count of everything that came and went.
private struct Walk {
    var random: SeededGenerator
    var time = Timestamp.morning
    var shelves: [PrizeID: Shelf] = ["helmet": .of("helmet", onHand: 0), "gloves": .of("gloves", onHand: 0)]
    var orders: [OrderState] = []
    /// What should lie there, by everything that was told.
    var due: [PrizeID: Int] = ["helmet": 0, "gloves": 0]
    /// What is held by the points' books.
    var held: [OrderID: Int] = [:]
    var sold = 0
    var refused = 0

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func lines(most: Int) -> [PrizeCount] {
        let all = [PrizeID("helmet"), "gloves"].map { PrizeCount(prizeId: $0, count: number(1...most)) }
        return [all, [all[0]], [all[1]]][number(0...2)]
    }

    mutating func step() throws {
        time = time.adding(milliseconds: Int64(number(1...40_000_000)))
        do {
            switch number(0...9) {
            case 0...2: try place()
            case 3: try move()
            case 4: try expire()
            default: try act()
            }
        } catch is OrderFault {
            refused += 1
        }
    }

    private mutating func place() throws {
        let wanted = PlaceOrder.sample(lines(most: 3), id: OrderID("order-\(orders.count)"))
        let order = try wanted.order(by: .shop(), at: time) { shelves[$0] ?? .of($0, onHand: 0) }
        try carryOut(order.placing)
        for line in wanted.lines {
            guard let shelf = shelves[line.prizeId] else { continue }
            #expect(shelf.held <= shelf.onHand, "sold what is not there, seed \(random.seed)")
        }
        orders.append(order)
    }

    private mutating func act() throws {
        guard !orders.isEmpty, let action = OrderAction.allCases.randomElement(using: &random) else { return }
        let index = number(0...(orders.count - 1))
        let doneAt = number(0...1) == 0 ? time.adding(milliseconds: -Int64(number(0...400_000_000))) : nil
        let act = ActOnOrder.sample(
            action, number(0...1) == 0 ? lines(most: 2) : nil, id: orders[index].orderId,
            reusable: number(0...1) == 0, doneAt: doneAt, by: action == .cancel ? .rider : .staff)
        let step = try orders[index].step(act, by: .shop(), at: time)
        try carryOut(step)
        orders[index] = step.order
    }

    private mutating func expire() throws {
        guard let index = orders.firstIndex(where: { $0.isOpen && $0.expiresAt <= time }) else { return }
        let step = orders[index].expiring(at: time)
        try carryOut(step)
        orders[index] = step.order
    }

    private mutating func move() throws {
        guard let move = StockMove.allCases.randomElement(using: &random) else { return }
        for line in lines(most: 6) {
            guard let shelf = shelves[line.prizeId] else { continue }
            let next = try shelf.after(move, of: line.count, at: time)
            due[line.prizeId] = move == .counted ? line.count : (due[line.prizeId] ?? 0) + next.onHand - shelf.onHand
            shelves[line.prizeId] = next
        }
    }

    private mutating func carryOut(_ step: OrderStep) throws {
        // All of a step or nothing: a shelf that refuses its part leaves the others as they were.
        var next = shelves
        var nextDue = due
        for change in step.shelves {
            guard let shelf = shelves[change.prizeId] else { continue }
            next[change.prizeId] = try shelf.after(change)
            let wasCounted = change.leftAt.flatMap { left in shelf.countedAt.map { $0 > left } } == true
            nextDue[change.prizeId, default: 0] += wasCounted ? 0 : change.onHand
        }
        shelves = next
        due = nextDue
        book(step)
    }

    private mutating func book(_ step: OrderStep) {
        let id = step.order.orderId
        switch step.booking {
        case .hold: held[id] = step.points
        case .post, .refundHeld, .giveBack: held[id, default: 0] -= step.points
        case .refund, .takeAnew: break
        }
        switch step.booking {
        case .post, .takeAnew: sold += step.points
        case .refund: sold -= step.points
        default: break
        }
    }

    func check() {
        for (prize, shelf) in shelves {
            let open = orders.reduce(0) { sum, order in
                sum + order.lines.filter { $0.prizeId == prize }.reduce(0) { $0 + $1.open }
            }
            #expect(shelf.held == open, "seed \(random.seed)")
            #expect(shelf.onHand == due[prize] && shelf.onHand >= 0, "seed \(random.seed)")
        }
        for order in orders {
            #expect(order.openPoints == held[order.orderId], "seed \(random.seed)")
            #expect(order.isOpen == (order.openPoints > 0), "seed \(random.seed)")
            #expect((order.endedAt == nil) == order.isOpen, "seed \(random.seed)")
            for line in order.lines {
                #expect(line.open >= 0 && line.handedOver >= 0 && line.givenBack >= 0, "seed \(random.seed)")
            }
        }
        let kept = orders.flatMap(\.lines).reduce(0) { $0 + $1.handedOver * $1.price }
        #expect(sold == kept, "seed \(random.seed)")
    }
}

@Test(arguments: SeededGenerator.seeds(1, 2, 3, fresh: 3))
func `whatever happens at a counter, goods and points go together`(seed: UInt64) throws {
    var walk = Walk(seed: seed)

    for _ in 0..<1_500 {
        try walk.step()
        walk.check()
    }

    #expect(walk.orders.contains { $0.stage == .handedOver } && walk.orders.contains { $0.stage == .expired })
    #expect(walk.refused > 100, "seed \(seed)")
}
