import Contracts
import Foundation
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let counter = "/console/station/mingdu-station"

extension PortalUnderTest {
    fileprivate func code(of id: OrderID) -> String { core.pickUp.code(of: id.rawValue) }
}

@Test func `an order is found by its code, and a part of it handed over`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        try await portal.hear(OrderState.sample(), StockState.sample(onHand: 5, held: 2))
        let staff = try portal.browser(of: "station-1", .station, on: client)
        #expect(try await staff.open("/console/station").headers[.location] == counter)
        let typed = portal.code(of: "order-1").lowercased()
        let page = try await staff.open("\(counter)?code=\(typed)")
        #expect(page.status == 200 && page.text.contains("安全头盔 × 2") && page.text.contains("name=\"count-helmet\""))
        #expect(!page.text.contains("rider-1"), "who ordered is nobody's business at the counter")

        async let waiting = staff.send(
            "\(counter)/orders",
            [
                "formToken": try #require(page.hidden("formToken")), "key": "hand-1", "orderId": "order-1",
                "action": "hand-over", "count-helmet": "1",
            ])
        let command = try await portal.command()
        let sent = try command.read(ActOnOrder.self).data
        #expect(sent.action == .handOver && sent.lines == [PrizeCount(prizeId: "helmet", count: 1)])
        let after = OrderState.sample(version: 2, handedOver: 1)
        try await portal.hear(after.changed(.handedOver, by: "station-1"), after, cause: command.id)
        let answer = try await waiting
        #expect(answer.status == 303 && answer.headers[.location] == "\(counter)?done=1")
    }
}

@Test func `all that is left is handed over whole, and nothing at all is not taken for all`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        try await portal.putInForce(.shop())
        try await portal.hear(OrderState.sample())
        let staff = try portal.browser(of: "station-1", .station, on: client)
        let token = try #require(try await staff.open(counter).hidden("formToken"))
        func handOver(_ count: String, _ key: String) async throws -> ActOnOrder {
            let before = try await portal.commands().count
            let answer = try await staff.send(
                "\(counter)/orders",
                [
                    "formToken": token, "key": key, "orderId": "order-1", "action": "hand-over", "count-helmet": count,
                ])
            #expect(answer.headers[.location] == "\(counter)?pending=1", "\(answer.text)")
            return try await portal.command(before + 1).read(ActOnOrder.self).data
        }

        #expect(try await handOver("2", "k-1").lines == nil)
        #expect(try await handOver("0", "k-2").lines == [PrizeCount(prizeId: "helmet", count: 0)])
        #expect(try await handOver("", "k-3").lines == [PrizeCount(prizeId: "helmet", count: 0)])
        let wrong = try await staff.send(
            "\(counter)/orders",
            ["formToken": token, "key": "k-4", "orderId": "order-1", "action": "hand-over", "count-helmet": "two"])
        #expect(wrong.status == 409 && wrong.text.contains("count"))
        #expect(try await portal.commands().count == 3)
    }
}

@Test func `a code that fits nothing is said to be none, and orders of other stations are not found`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        try await portal.hear(OrderState.sample(station: "longjiang-station"))
        let staff = try portal.browser(of: "station-1", .station, on: client)
        for code in [portal.code(of: "order-1"), "ABCDEFGH", "x"] {
            let answer = try await staff.open("\(counter)?code=\(code)")
            #expect(answer.status == 409 && answer.text.contains("没有此取货码"), "\(code)")
        }
        #expect(try await staff.open("\(counter)?order=order-1").status == 404)
    }
}

@Test func `what was counted is sent, and the difference stands among the movements`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        try await portal.hear(StockState.sample(onHand: 5, held: 6))
        let staff = try portal.browser(of: "station-1", .station, on: client)
        let page = try await staff.open(counter)
        #expect(page.text.contains("缺 1") && page.text.contains("data-on-hand=\"5\""))

        async let waiting = staff.send(
            "\(counter)/stock",
            [
                "formToken": try #require(page.hidden("formToken")), "key": "count-1", "move": "counted",
                "count-helmet": "3", "count-gloves": "",
            ])
        let command = try await portal.command()
        let sent = try command.read(MoveStock.self).data
        #expect(sent.move == .counted && sent.lines == [PrizeCount(prizeId: "helmet", count: 3)])
        let counted = StockMoved(
            move: .counted, ledgerId: "gaoxin", stationId: "mingdu-station",
            lines: [StockMoved.Line(prizeId: "helmet", before: 5, after: 3)], at: PortalUnderTest.noon,
            actorId: "station-1", reason: nil)
        try await portal.hear(counted, StockState.sample(version: 2, onHand: 3, held: 6), cause: command.id)
        #expect(try await waiting.status == 303)
        let after = try await staff.open(counter).text
        #expect(after.contains("盘点") && after.contains("−2"))

        let unsaid = try await staff.send(
            "\(counter)/stock",
            [
                "formToken": try #require(page.hidden("formToken")), "key": "off-1", "move": "written-off",
                "count-helmet": "1",
            ])
        #expect(unsaid.status == 409 && unsaid.text.contains("reason"))
    }
}

@Test func `an administrator sees what is outstanding against what was funded`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.shop())
        try await portal.hear(
            AccountState.sample(.funder, of: nil, -1_500), AccountState.sample(.issued, of: nil, 1_300),
            AccountState.sample(.available, 150), AccountState.sample(.held, 50))
        let page = try await portal.browser(of: "boss", .admin, on: client).open("/console/station").text
        #expect(page.contains("<p class=\"value\">200</p>") && page.contains("<p class=\"value\">1,500</p>"))
        #expect(page.contains("未兑付积分均有注资") && !page.contains("suishoupai audit"))
        try await portal.hear(AccountState.sample(.available, version: 2, 151))
        let wrong = try await portal.browser(of: "boss", .admin, on: client).open("/console/station").text
        #expect(wrong.contains("suishoupai audit"))
    }
}
