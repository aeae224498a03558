import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let twoHelmets: JSONValue = [
    "stationId": "mingdu-station", "lines": [["prizeId": "helmet", "count": 2]],
]

@Test func `the catalogue shows today's prices, pictures and what is free, to everybody`() async throws {
    try await PortalUnderTest.run { portal, client in
        #expect(try await client.ask("/v1/prizes").status == 404)
        try await portal.putInForce(.shop())
        try await portal.hear(
            StockState.sample(onHand: 5, held: 2), StockState.sample("longjiang-station", onHand: 1, held: 3))
        // Older than what is known: changes nothing.
        try await portal.hear(StockState.sample(version: 1, onHand: 50, held: 0))

        let all = try await client.ask("/v1/prizes")
        let helmet = all.json["items"]?.array?.first
        #expect(helmet?["price"] == 60 && helmet?["free"] == 3)
        #expect(helmet?["photo"] == "/v1/prizes/helmet/photo")
        let gloves = all.json["items"]?.array?.last
        #expect(gloves?["price"] == nil && gloves?["photo"] == nil && gloves?["free"] == 0)
        let there = try await client.ask("/v1/prizes?station=longjiang-station")
        #expect(there.json["items"]?.array?.first?["free"] == 0)
        #expect(try await client.ask("/v1/prizes?station=nowhere").wrongFields == ["station"])

        let photo = try await client.ask("/v1/prizes/helmet/photo")
        #expect(photo.status == 200 && photo.headers[.contentType] == "image/png")
        var known = HTTPFields()
        known[.ifNoneMatch] = photo.headers[.eTag]
        #expect(try await client.ask("/v1/prizes/helmet/photo", known).status == 304)
        #expect(try await client.ask("/v1/prizes/gloves/photo").status == 404)
        #expect(try await client.ask("/v1/stations").items("stationId") == ["mingdu-station", "longjiang-station"])
    }
}

@Test func `an order is placed once for a key, and shows the code and the pass of its owner`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        let token = try await portal.token("rider-1", .rider)

        async let waiting = client.send("/v1/me/orders", twoHelmets, token: token, key: "k-1")
        let command = try await portal.command()
        let sent = try command.read(PlaceOrder.self).data
        let order = OrderState.sample(sent.orderId)
        try await portal.hear(
            order.changed(.placed, by: "rider-1"), StockState.sample(onHand: 5, held: 2), order, cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 201 && answer.json["outcome"] == "applied")
        #expect(command.topic == "points-commands.v1" && command.key == "gaoxin")
        #expect(sent.orderId.rawValue == command.id.description)
        #expect(sent.personId == "rider-1" && sent.lines == [PrizeCount(prizeId: "helmet", count: 2)])
        #expect(try await portal.unanswered() == 0)
        let code = try #require(answer.json["order"]?["code"]?.string)
        #expect(code == portal.core.pickUp.code(of: sent.orderId.rawValue))
        let pass = try #require(answer.json["order"]?["pass"]?.string)
        let keys = try await client.ask("/v1/stations/pick-up-key")
        let read = try await PickUpPass.read(
            pass, keys: Array(keys.text.utf8), at: "mingdu-station",
            now: Date(timeIntervalSince1970: Double(PortalUnderTest.noon.milliseconds) / 1_000))
        #expect(read.order == sent.orderId.rawValue && read.lines == [PickUpPass.Line(prize: "helmet", count: 2)])
        // Nothing that opens a shelf lies in what is sent or kept.
        #expect(!String(decoding: command.value, as: UTF8.self).contains(code))
        #expect(portal.metrics.text().contains(#"commands_total{action="order-place",outcome="applied"} 1"#))

        #expect(try await client.send("/v1/me/orders", twoHelmets, token: token, key: "k-1").status == 201)
        #expect(try await portal.commands().count == 1)
        #expect(try await client.send("/v1/me/orders", twoHelmets, token: token).status == 400)
    }
}

@Test func `what is not free or not paid for is told in the owner's words`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        let token = try await portal.token("rider-1", .rider)

        async let waiting = client.send("/v1/me/orders", twoHelmets, token: token, key: "k-1")
        let command = try await portal.command()
        try await portal.hear(
            CommandRefused(
                commandId: command.id, commandType: PlaceOrder.type, code: "out-of-stock", reason: "只剩 1 件"),
            cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 409 && answer.json["code"] == "out-of-stock")
        #expect(answer.json["detail"] == "只剩 1 件")
    }
}

@Test func `what is wrong with an order is named`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        let token = try await portal.token("rider-1", .rider)

        let empty = try await client.send("/v1/me/orders", [:], token: token, key: "k-1")
        #expect(empty.status == 422 && Set(empty.wrongFields) == ["stationId", "lines"])
        let odd = try await client.send(
            "/v1/me/orders",
            ["stationId": "mingdu-station", "lines": [["prizeId": "helmet", "count": -1]], "price": 1], token: token,
            key: "k-2")
        #expect(Set(odd.wrongFields) == ["lines[0].count", "price"])
        let nowhere = try await client.send(
            "/v1/me/orders", ["stationId": "nowhere", "lines": [["prizeId": "helmet", "count": 1]]], token: token,
            key: "k-3")
        #expect(nowhere.wrongFields == ["stationId"])
        #expect(try await client.send("/v1/me/orders", twoHelmets, token: nil, key: "k-4").status == 401)
        #expect(try await portal.commands().isEmpty)
    }
}

@Test func `people see their own orders page by page, under each of their names, and nobody else's`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        let hidden = PersonID(portal.pseudonyms.confidentialName(of: "rider-1"))
        for number in 1...5 {
            try await portal.hear(
                OrderState.sample(
                    OrderID("order-\(number)"), person: number == 2 ? hidden : "rider-1",
                    placedAt: .minutes(Int64(number))))
        }
        try await portal.hear(
            OrderState.sample("order-3", version: 2, handedOver: 2, stage: .handedOver, placedAt: .minutes(3)),
            OrderState.sample("order-9", person: "rider-2"))
        let token = try await portal.token("rider-1", .rider)

        let pages = try await client.pages("/v1/me/orders?", limit: 2, token: token)
        #expect(pages.flatMap { $0.items("orderId") } == (1...5).reversed().map { "order-\($0)" })
        #expect(pages.flatMap { $0.items("code") }.isEmpty)
        let done = try await client.ask("/v1/me/orders/order-3", token: token)
        #expect(done.json["stage"] == "handed-over" && done.json["code"] == nil && done.json["pass"] == nil)
        #expect(try await client.ask("/v1/me/orders/order-2", token: token).json["code"] != nil)
        #expect(try await client.ask("/v1/me/orders/order-9", token: token).status == 404)
        #expect(try await client.send("/v1/me/orders/order-9/cancel", [:], token: token).status == 404)
    }
}

@Test func `an order is called off by the name that placed it`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        let hidden = PersonID(portal.pseudonyms.confidentialName(of: "rider-1"))
        try await portal.hear(OrderState.sample(person: hidden))
        let token = try await portal.token("rider-1", .rider)

        async let waiting = client.send("/v1/me/orders/order-1/cancel", [:], token: token)
        let command = try await portal.command()
        let sent = try command.read(ActOnOrder.self).data
        let over = OrderState.sample(version: 2, person: hidden, givenBack: 2, stage: .cancelled, endedAt: .minutes(1))
        try await portal.hear(over.changed(.cancelled, by: hidden), over, cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 200 && answer.json["order"]?["stage"] == "cancelled")
        #expect(sent.action == .cancel && sent.actor.personId == hidden && sent.lines == nil)
    }
}
