import Contracts
import EventProcessing
import Foundation
import GRDB
import Points
import TestSupport

extension Pack {
    /// One station with helmets at 80 points and gloves at 30.
    static func shop(pickUpDays: Int? = nil, expiryMonths: Int? = nil) -> Pack {
        func prize(_ id: PrizeID, _ price: Int) -> PackPrize {
            PackPrize(
                id: id, name: id == "helmet" ? "安全头盔" : "手套", englishName: id.rawValue,
                prices: [PackPrize.Price(from: "2026-01-01", points: price)], photo: nil)
        }
        return Pack(
            name: "shop", title: "样例", version: 1,
            calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
            communities: [
                PackCommunity(id: "mingdu", name: "名都", ledgerId: "nanchang", caseNumberPrefix: "MD", outline: [])
            ], units: [], people: [], categories: [], routingRules: [], pointRules: [], templates: [], webhooks: [],
            mergeDistance: 3_000,
            points: PackPoints {
                $0.pickUpDays = pickUpDays
                $0.expiryMonths = expiryMonths
                $0.funders = [
                    PackFunder(
                        id: "street", name: "街道", ledgerId: "nanchang", line: 1_000_000,
                        budgets: [PackFunder.Budget(from: "2026-01-01", points: 1_000_000)])
                ]
                $0.teams = [
                    PackTeam(
                        id: "riders-1", name: "一队", ledgerId: "nanchang", leaderId: "rider-1", memberIds: ["rider-1"])
                ]
                $0.prizes = [prize("helmet", 80), prize("gloves", 30)]
                $0.stations = [
                    PackStation(
                        id: "mingdu-station", name: "名都驿站", communityId: "mingdu", address: "南门", hours: "全天",
                        staffIds: ["station-1"])
                ]
            })
    }
}

/// The ledger with its shelf, asked as portal asks it.
final class CounterUnderTest: Sendable {
    static let day: Int64 = 86_400_000
    static let staff = Actor(personId: "station-1", roles: ["station"])
    static let admin = Actor(personId: "admin-1", roles: ["admin"])

    let store: StoreUnderTest

    init(_ pack: Pack = .shop()) async throws {
        store = try await StoreUnderTest(PointsProcessor())
        try await store.putInForce(pack, at: Timestamp.morning.milliseconds)
    }

    static func at(_ days: Int64, _ milliseconds: Int64 = 0) -> Int64 {
        Timestamp.morning.milliseconds + days * day + milliseconds
    }

    /// Gives a command and says how it was answered: `applied`, or the code of the refusal.
    @discardableResult
    func give(
        _ command: some Message, id: MessageID = .random(), at milliseconds: Int64 = at(0)
    ) async throws -> String {
        let messages = try await store.apply(command, id: id, at: milliseconds)
        if messages.contains(where: { $0.topic == "points-dead-letters.v1" }) { return "dead letter" }
        return try messages.first { $0.attributes.type == CommandRefused.type }?.read(CommandRefused.self).code
            ?? "applied"
    }

    /// Hands somebody points.
    func award(_ points: Int, to account: AccountID = "available:nanchang:rider-1") async throws {
        try await give(
            MovePoints(
                transferId: TransferID("award-\(MessageID.random())"), ledgerId: "nanchang", from: "issued:nanchang",
                to: account, points: points, reason: "奖励", actor: Self.admin))
    }

    func deliver(_ count: Int, _ prize: PrizeID = "helmet") async throws {
        try await give(stock(.delivered, count, prize))
    }

    func stock(_ move: StockMove, _ count: Int, _ prize: PrizeID = "helmet") -> MoveStock {
        MoveStock(
            ledgerId: "nanchang", stationId: "mingdu-station", move: move,
            lines: [PrizeCount(prizeId: prize, count: count)], actor: Self.staff)
    }

    func place(
        _ id: OrderID = "order-1", _ count: Int = 1, _ prize: PrizeID = "helmet", by person: PersonID = "rider-1",
        team: TeamID? = nil
    ) -> PlaceOrder {
        PlaceOrder(
            orderId: id, ledgerId: "nanchang", stationId: "mingdu-station", personId: person, teamId: team,
            lines: [PrizeCount(prizeId: prize, count: count)], actor: Actor(personId: person, roles: ["rider"]))
    }

    func act(
        _ action: OrderAction, _ count: Int? = nil, on id: OrderID = "order-1", prize: PrizeID = "helmet",
        reusable: Bool? = nil, doneAt: Timestamp? = nil, by actor: Actor = CounterUnderTest.staff
    ) -> ActOnOrder {
        ActOnOrder(
            orderId: id, ledgerId: "nanchang", action: action,
            lines: count.map { [PrizeCount(prizeId: prize, count: $0)] }, reusable: reusable, doneAt: doneAt,
            reason: action == .outOfStock ? "到货破损" : nil, actor: actor)
    }

    /// Lets every timer go off that is due.
    func wake(at milliseconds: Int64) async throws {
        let due = try await store.store.queue.read { db in
            try Row.fetchAll(
                db, sql: "SELECT id, kind, about, dueAt FROM timer WHERE dueAt <= ? ORDER BY dueAt, id",
                arguments: [milliseconds]
            ).map {
                TimerDue(
                    timerId: $0["id"], kind: $0["kind"], about: $0["about"],
                    dueAt: Timestamp(milliseconds: $0["dueAt"]))
            }
        }
        for timer in due { try await store.apply(timer, source: "/points/0", at: milliseconds) }
    }

    // MARK: - What the books say

    func balances() async throws -> [AccountID: Int] {
        try await store.store.queue.read { db in
            try Row.fetchAll(db, sql: "SELECT id, balance FROM account WHERE balance <> 0 ORDER BY id").reduce(
                into: [:]
            ) { $0[AccountID($1["id"] as String)] = $1["balance"] as Int }
        }
    }

    func balance(_ account: AccountID) async throws -> Int { try await balances()[account] ?? 0 }

    /// The last word on each order.
    func orders() async throws -> [OrderID: OrderState] {
        try await store.messages().filter { $0.attributes.type == OrderState.type }.reduce(into: [:]) {
            orders, message in
            let state = try message.read(OrderState.self)
            orders[state.orderId] = state
        }
    }

    /// The last word on each prize.
    func shelves() async throws -> [PrizeID: StockState] {
        try await store.messages().filter { $0.attributes.type == StockState.type }.reduce(into: [:]) {
            shelves, message in
            let state = try message.read(StockState.self)
            shelves[state.prizeId] = state
        }
    }

    func shelf(_ prize: PrizeID = "helmet") async throws -> [Int] {
        let state = try await shelves()[prize]
        return [state?.onHand ?? 0, state?.held ?? 0]
    }

    func events<Event: Payload>(_ type: Event.Type, where fits: (String) -> Bool) async throws -> [Event] {
        try await store.messages().filter { $0.topic == TopicCatalogue.pointsEvents.name && fits($0.attributes.type) }
            .map { try $0.read(type) }
    }

    func moved() async throws -> [PointsMoved] {
        try await events(PointsMoved.self) { PointsMoved.Step(rawValue: $0) != nil }
    }

    func steps() async throws -> [OrderChanged] {
        try await events(OrderChanged.self) { OrderChanged.Step(rawValue: $0) != nil }
    }
}
