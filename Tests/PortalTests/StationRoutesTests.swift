import Contracts
import Foundation
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let counter = "/v1/stations/mingdu-station/hand-overs"

private func pass(for order: OrderState, of portal: PortalUnderTest) async throws -> String {
    try await portal.core.pickUp.token(of: PickUpPass(order))
}

@Test func `a hand-over by code finds the order, and the code is used up with it`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        try await portal.hear(OrderState.sample(), OrderState.sample("order-2"))
        let token = try await portal.token("station-1", .station)
        let code = portal.core.pickUp.code(of: "order-1")
        let typed = JSONValue.string("\(code.prefix(4).lowercased())-\(code.suffix(4))")

        let body: JSONValue = ["code": typed, "lines": [["prizeId": "helmet", "count": 1]]]
        #expect(try await client.send(counter, body, token: token).status == 400)
        async let waiting = client.send(counter, body, token: token, key: "k-1")
        let command = try await portal.command()
        let sent = try command.read(ActOnOrder.self).data
        let part = OrderState.sample(version: 2, handedOver: 1)
        try await portal.hear(part.changed(.handedOver, by: "station-1"), part, cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 200 && answer.json["order"]?["lines"]?.array?.first?["handedOver"] == 1)
        #expect(answer.json["order"]?["code"] == nil)
        #expect(sent.orderId == "order-1" && sent.action == .handOver)
        #expect(sent.lines == [PrizeCount(prizeId: "helmet", count: 1)])
        #expect(sent.actor == Actor(personId: "station-1", roles: ["station"]))
        #expect(command.key == "gaoxin")

        try await portal.hear(OrderState.sample(version: 3, handedOver: 2, stage: .handedOver, endedAt: .minutes(2)))
        let twice = try await client.send(counter, ["code": .string(code)], token: token)
        #expect(twice.status == 404)
        #expect(try await portal.commands().count == 1)
    }
}

@Test func `a pass is good at its station, in its time, as it was made`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        let order = OrderState.sample()
        let over = OrderState.sample("order-2", placedAt: PortalUnderTest.noon.adding(milliseconds: -8 * 86_400_000))
        try await portal.hear(order, over)
        let here = try await portal.token("station-1", .station)
        let there = try await portal.token("station-2", .station)
        let good = try await pass(for: order, of: portal)

        let flipped = good.replacing(".", with: ".x", maxReplacements: 1)
        let wrong = try await client.send(counter, ["pass": .string(flipped)], token: here)
        #expect(wrong.status == 422 && wrong.wrongFields == ["pass"])
        let elsewhere = try await client.send(
            "/v1/stations/longjiang-station/hand-overs", ["pass": .string(good)], token: there)
        #expect(elsewhere.status == 422 && elsewhere.text.contains("mingdu-station"))
        let old = JSONValue.string(try await pass(for: over, of: portal))
        #expect(try await client.send(counter, ["pass": old], token: here).text.contains("was over"))
        #expect(try await portal.commands().isEmpty)

        async let late = client.send(
            counter, ["pass": old, "doneAt": "2026-11-16T12:00:00+08:00"], token: here, key: "k-1")
        let command = try await portal.command()
        #expect(try command.read(ActOnOrder.self).data.doneAt == CitySample.moment("2026-11-16T04:00:00.000Z"))
        try await portal.hear(over.changed(.handedOver, by: "station-1"), over, cause: command.id)
        #expect(try await late.status == 200)
    }
}

@Test func `a code that was used without a net still finds its order after that has ended`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        try await portal.hear(OrderState.sample(version: 2, givenBack: 2, stage: .expired, endedAt: .minutes(60)))
        let token = try await portal.token("station-1", .station)
        let code = JSONValue.string(portal.core.pickUp.code(of: "order-1"))
        func text(_ minutes: Int64) -> JSONValue { .string(Timestamp.minutes(minutes).description) }

        #expect(try await client.send(counter, ["code": code], token: token).status == 404)
        #expect(try await client.send(counter, ["code": code, "doneAt": text(60)], token: token).status == 404)
        async let found = client.send(counter, ["code": code, "doneAt": text(59)], token: token)
        let command = try await portal.command()
        try await portal.hear(
            CommandRefused(
                commandId: command.id, commandType: ActOnOrder.type, code: "spent-meanwhile", reason: "已用去"),
            cause: command.id)
        #expect(try await found.json["code"] == "spent-meanwhile")
    }
}

@Test func `orders and stock of a station are shown to those who work there`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        try await portal.hear(
            OrderState.sample("order-1", placedAt: .minutes(1)), OrderState.sample("order-2", placedAt: .minutes(2)),
            OrderState.sample("order-3", handedOver: 2, stage: .handedOver, placedAt: .minutes(3)),
            OrderState.sample("order-4", station: "longjiang-station"), StockState.sample(onHand: 1, held: 4))
        let here = try await portal.token("station-1", .station)
        let there = try await portal.token("station-2", .station)
        let rider = try await portal.token("station-1", .rider)
        let admin = try await portal.token("boss", .admin)
        let orders = "/v1/stations/mingdu-station/orders"

        let pages = try await client.pages("\(orders)?", limit: 1, token: here)
        #expect(pages.flatMap { $0.items("orderId") } == ["order-2", "order-1"])
        #expect(pages.allSatisfy { !$0.text.contains("rider-1") && $0.items("code").isEmpty })
        #expect(try await client.ask("\(orders)?stage=all", token: admin).items("orderId").count == 3)
        #expect(try await client.ask("\(orders)?stage=handed-over", token: here).items("orderId") == ["order-3"])
        #expect(try await client.ask("\(orders)?stage=lost", token: here).wrongFields == ["stage"])
        let stock = try await client.ask("/v1/stations/mingdu-station/stock", token: here)
        #expect(stock.json["items"]?.array?.first?["short"] == 3 && stock.json["items"]?.array?.first?["free"] == 0)

        for token in [there, rider] {
            #expect(try await client.ask(orders, token: token).status == 403)
            #expect(try await client.send(counter, ["orderId": "order-1"], token: token).status == 403)
        }
        #expect(try await client.ask("/v1/stations/nowhere/stock", token: admin).status == 404)
        #expect(try await client.send(counter, ["orderId": "order-4"], token: here).status == 404)
        #expect(try await client.send(counter, [:], token: here).wrongFields == ["code"])
        let both = try await client.send(counter, ["orderId": "order-1", "code": "ABCDEFGH"], token: here)
        #expect(both.wrongFields == ["code"])
        #expect(try await portal.commands().isEmpty)
    }
}

@Test func `goods that come back need a word on whether they can be given again, and a reason`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        try await portal.hear(OrderState.sample(handedOver: 2, stage: .handedOver))
        let token = try await portal.token("station-1", .station)
        let place = "/v1/stations/mingdu-station/take-backs"

        let bare = try await client.send(place, ["orderId": "order-1"], token: token)
        #expect(Set(bare.wrongFields) == ["reusable", "reason"])
        async let waiting = client.send(
            place, ["orderId": "order-1", "reusable": true, "reason": "太小，电话 13812345678"], token: token)
        let command = try await portal.command()
        let sent = try command.read(ActOnOrder.self).data
        let back = OrderState.sample(version: 2, givenBack: 2, stage: .handedOver)
        try await portal.hear(back.changed(.takenBack, by: "station-1"), back, cause: command.id)

        #expect(try await waiting.status == 200)
        #expect(sent.action == .takeBack && sent.reusable == true && sent.reason == "太小，电话 ***********")
    }
}

@Test func `a count is sent and answered with what lies there now`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        let token = try await portal.token("station-1", .station)
        let place = "/v1/stations/mingdu-station/stock"
        let body: JSONValue = ["move": "counted", "lines": [["prizeId": "helmet", "count": 0]], "reason": "盘点"]

        #expect(try await client.send(place, body, token: token).status == 400)
        let off = try await client.send(
            place, ["move": "written-off", "lines": [["prizeId": "helmet", "count": 1]]], token: token, key: "k-0")
        #expect(off.wrongFields == ["reason"])
        async let waiting = client.send(place, body, token: token, key: "k-1")
        let command = try await portal.command()
        let sent = try command.read(MoveStock.self).data
        let moved = StockMoved(
            move: .counted, ledgerId: "gaoxin", stationId: "mingdu-station",
            lines: [StockMoved.Line(prizeId: "helmet", before: 3, after: 0, short: 1)], at: PortalUnderTest.noon,
            actorId: "station-1")
        try await portal.hear(moved, StockState.sample(onHand: 0, held: 1), cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 200 && answer.json["stock"]?["items"]?.array?.first?["short"] == 1)
        #expect(sent.move == .counted && sent.lines == [PrizeCount(prizeId: "helmet", count: 0)])
        #expect(command.key == "gaoxin" && sent.ledgerId == "gaoxin")
    }
}

@Test func `what the clock or a rule does answers no command, what a person does answers theirs`() async throws {
    try await PortalUnderTest.run { portal, _ in
        let moved = PointsMoved(
            step: .moved, transferId: "grant-1", ledgerId: "gaoxin", points: 5, causeEventId: .random(),
            explanation: "奖励"
        ) { $0.actorId = "boss" }
        let expired = PointsMoved(
            step: .expired, transferId: "gone-1", ledgerId: "gaoxin", points: 5, causeEventId: .random(),
            explanation: "过期")
        let (asked, clock) = (MessageID.random(), MessageID.random())

        try await portal.hear(moved, cause: asked)
        try await portal.hear(expired, cause: clock)
        try await portal.hear(OrderState.sample(stage: .expired).changed(.expired, by: nil), cause: clock)

        #expect(try await portal.readModel.outcome(of: asked) == .applied([]))
        #expect(try await portal.readModel.outcome(of: clock) == nil)
        #expect(try await portal.count("pointsEvent") == 2)
    }
}
