import Contracts
import Foundation
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let november = CitySample.moment("2026-11-10T10:00:00+08:00")
private let december = CitySample.moment("2026-12-02T10:00:00+08:00")

/// A transfer of points to a rider, booked by rule.
private func moved(
    _ number: Int, _ amount: Int, balance: Int, lots: [LotPart]? = nil, step: PointsMoved.Step = .released,
    why: String = "规则「立案」"
) -> PointsMoved {
    let id = TransferID("transfer-\(number)")
    func posting(_ account: AccountID, _ amount: Int, _ balance: Int, _ lots: [LotPart]?) -> Posting {
        Posting(
            accountId: account, amount: amount, lots: lots,
            chain: PostingLink(
                number: number, balance: balance, previous: "", accountId: account, amount: amount, lots: lots,
                transferId: id, content: "", time: november))
    }
    return PointsMoved(
        step: step, transferId: id, ledgerId: "gaoxin",
        postings: [
            posting("issued:gaoxin", -amount, 1_000 - balance, nil),
            posting("available:gaoxin:rider-1", amount, balance, lots),
        ], points: abs(amount), causeEventId: MessageID(namespace: .suishoupai, name: "cause"),
        explanation: Explanation(written: why)
    ) {
        $0.personId = "rider-1"
    }
}

private func account(
    _ id: AccountID, _ kind: AccountKind, _ balance: Int, of person: PersonID? = nil, version: Int = 1
)
    -> AccountState
{
    AccountState(accountId: id, version: version, ledgerId: "gaoxin", kind: kind, personId: person, balance: balance)
}

extension Pack {
    /// The town with a funder.
    fileprivate static let funded = town(
        points: PackPoints {
            $0.funders = [PackFunder(id: "street", name: "街道", ledgerId: "gaoxin", line: 5_000, budgets: [])]
            $0.stations = [
                PackStation(
                    id: "mingdu-station", name: "名都驿站", communityId: CitySample.mingdu, address: "", hours: "",
                    staffIds: ["station-1"])
            ]
            $0.teams = [
                PackTeam(id: "riders", name: "小哥队", ledgerId: "gaoxin", leaderId: "rider-1", memberIds: ["rider-1"])
            ]
        })
}

@Suite struct StatementTests {
    @Test func `a month's statement begins with what was there and ends with what is, as JSON, CSV and page`()
        async throws
    {
        try await PortalUnderTest.run { portal, client in
            try await portal.putInForce(.funded)
            try await portal.hear(
                account("available:gaoxin:rider-1", .available, 25, of: "rider-1"), at: november)
            try await portal.hear(moved(1, 10, balance: 10), at: november.adding(milliseconds: -20 * 86_400_000))
            try await portal.hear(moved(2, 20, balance: 30, why: "=HYPERLINK(\"x\")<b>"), at: november)
            try await portal.hear(moved(3, -5, balance: 25), at: december)
            let token = try await portal.token("rider-1", .rider)

            let statement = try await client.ask("/v1/me/statement?month=2026-11", token: token).json
            let own = try #require(statement["accounts"]?.array?.first)
            #expect(own["opening"] == 10 && own["credits"] == 20 && own["debits"] == 0 && own["closing"] == 30)
            #expect(own["lines"]?.array?.count == 1)
            let csv = try await client.ask("/v1/me/statement?month=2026-11&format=csv", token: token)
            #expect(csv.headers[.contentType] == "text/csv; charset=utf-8")
            #expect(csv.text.split(separator: "\n").count == 3)
            // A spreadsheet must not run somebody's words.
            #expect(csv.text.contains("\"'=HYPERLINK(\"\"x\"\")<b>\""))
            let page = try await client.ask("/v1/me/statement?month=2026-11&format=html", token: token)
            #expect(
                page.text.contains("2026-11-10 10:00") && page.text.contains("&lt;b&gt;") && !page.text.contains("<b>")
                    && page.text.contains("2026-11"))
            #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
            let others = try await client.ask(
                "/v1/me/statement?month=2026-11", token: try await portal.token("rider-2", .rider)
            ).json
            #expect(others["accounts"] == [])
            let wrong = try await client.ask("/v1/me/statement?month=November", token: token)
            #expect(wrong.status == 400)
        }
    }

    @Test func `an account's statement is for who keeps the books`() async throws {
        try await PortalUnderTest.run { portal, client in
            try await portal.putInForce(.funded)
            try await portal.hear(moved(1, 10, balance: 10), at: november)
            let path = "/v1/points/statements/issued:gaoxin?month=2026-11"

            let seen = try await client.ask(path, token: try await portal.token("boss", .admin)).json
            #expect(seen["accounts"]?.array?.first?["closing"] == 990)
            let rider = try await client.ask(path, token: try await portal.token("rider-1", .rider))
            #expect(rider.status == 403)
            let nobody = try await client.ask(
                "/v1/points/statements/issued:elsewhere", token: try await portal.token("boss", .admin))
            #expect(nobody.status == 404)
        }
    }

    @Test func `the budget shows what is out against what was put in`() async throws {
        try await PortalUnderTest.run { portal, client in
            try await portal.putInForce(.funded)
            try await portal.hear(
                account("funder:gaoxin:street", .funder, -1_000), account("issued:gaoxin", .issued, 800),
                account("pending:gaoxin:rider-1", .pending, 30, of: "rider-1"),
                account("available:gaoxin:rider-1", .available, 100, of: "rider-1"),
                account("held:gaoxin:rider-1", .held, 20, of: "rider-1"), account("prizes:gaoxin", .prizes, 50),
                at: november)

            let budget = try await client.ask("/v1/points/budget", token: try await portal.token("boss", .admin)).json
            #expect(budget["funded"] == 1_000 && budget["unspent"] == 800 && budget["outstanding"] == 150)
            #expect(budget["spent"] == 50 && budget["sums"] == true)
            let street = try #require(budget["funders"]?.array?.first)
            #expect(street["line"] == 5_000 && street["owed"] == 1_000 && street["left"] == 4_000)
            try await portal.hear(account("issued:gaoxin", .issued, 801, version: 2), at: november)
            let made = try await client.ask("/v1/points/budget", token: try await portal.token("boss", .admin)).json
            #expect(made["sums"] == false)
        }
    }

    @Test func `what expires within thirty days is shown, less what was spent of it`() async throws {
        try await PortalUnderTest.run { portal, client in
            let soon = PortalUnderTest.noon.adding(milliseconds: 5 * 86_400_000)
            let late = PortalUnderTest.noon.adding(milliseconds: 50 * 86_400_000)
            try await portal.hear(
                account("available:gaoxin:rider-1", .available, 36, of: "rider-1"),
                moved(1, 10, balance: 10, lots: [LotPart(number: 1, points: 10, expiresAt: soon)]),
                moved(2, 30, balance: 40, lots: [LotPart(number: 2, points: 30, expiresAt: late)]),
                moved(3, -4, balance: 36, lots: [LotPart(number: 1, points: 4, expiresAt: soon)]))

            let points = try await client.ask("/v1/me/points", token: try await portal.token("rider-1", .rider)).json
            #expect(points["expiringSoon"]?.array?.count == 1)
            #expect(points["expiringSoon"]?.array?.first?["points"] == 6)
        }
    }

    @Test func `a station's month shows what came, went and was counted, to its staff alone`() async throws {
        try await PortalUnderTest.run { portal, client in
            try await portal.putInForce(.funded)
            try await portal.hear(
                StockMoved(
                    move: .counted, ledgerId: "gaoxin", stationId: "mingdu-station",
                    lines: [StockMoved.Line(prizeId: "helmet", before: 9, after: 7)], at: november,
                    actorId: "station-1", reason: "<i>少两个"),
                OrderChanged(
                    step: .handedOver, orderId: "order-1", ledgerId: "gaoxin", stationId: "mingdu-station",
                    personId: "rider-1", teamId: nil, lines: [PrizeCount(prizeId: "helmet", count: 1)], points: 80,
                    stage: .handedOver, at: november, actorId: "station-1"), at: november)
            let staff = try await portal.token("station-1", .station)
            let path = "/v1/stations/mingdu-station/statement?month=2026-11"

            let month = try await client.ask(path, token: staff).json
            #expect(month["pointsHandedOver"] == 80 && month["lines"]?.array?.count == 2)
            #expect(Set(month["lines"]?.array?.compactMap { $0["change"] } ?? []) == [-2, -1])
            let csv = try await client.ask("\(path)&format=csv", token: staff).text
            #expect(csv.split(separator: "\n").count == 3 && csv.contains("stock.counted"))
            let page = try await client.ask("\(path)&format=html", token: staff).text
            #expect(page.contains("名都驿站") && page.contains("&lt;i&gt;") && page.contains("−2"))
            #expect(try await client.ask(path, token: try await portal.token("station-2", .station)).status == 403)
            #expect(try await client.ask("/v1/stations/none/statement", token: staff).status == 404)
        }
    }

    @Test func `a team's month is for its members`() async throws {
        try await PortalUnderTest.run { portal, client in
            try await portal.putInForce(.funded)
            let path = "/v1/points/teams/riders/statement?month=2026-11"
            let seen = try await client.ask(path, token: try await portal.token("rider-1", .rider)).json
            #expect(seen["title"] == "小哥队" && seen["accounts"]?.array?.count == 3)
            #expect(try await client.ask(path, token: try await portal.token("rider-2", .rider)).status == 403)
        }
    }

    @Test func `everybody reads the roots of closed months, the newest first`() async throws {
        try await PortalUnderTest.run { portal, client in
            try await portal.putInForce(.funded)
            for period in ["2026-10", "2026-11"] {
                try await portal.hear(
                    PeriodClosed(
                        ledgerId: "gaoxin", period: period, endedAt: november, accounts: 1, root: "root of \(period)",
                        previous: "", totals: []), at: november)
            }
            let months = try await client.ask("/v1/points/months", token: nil).json
            #expect(months["months"]?.array?.map { $0["period"] } == ["2026-11", "2026-10"])
            #expect(try await client.ask("/v1/points/months?ledger=x", token: nil).status == 400)
        }
    }
}

@Suite struct TransferRouteTests {
    private static let grant: JSONValue = [
        "ledgerId": "gaoxin", "from": "issued:gaoxin", "to": "available:gaoxin:rider-1", "points": 10,
        "reason": "夜间巡逻，电话 13800138000",
    ]

    @Test func `a grant goes to the ledger once for each key, with its words masked`() async throws {
        try await PortalUnderTest.run(patience: .zero) { portal, client in
            let token = try await portal.token("boss", .admin)
            for _ in 0..<2 {
                let answer = try await client.send("/v1/points/transfers", Self.grant, token: token, key: "key-1")
                #expect(answer.status == 202)
            }
            let sent = try await portal.commands().map { try Envelope<MovePoints>(value: $0.value).data }
            #expect(sent.map(\.points) == [10] && sent.first?.actor.personId == "boss")
            #expect(sent.first?.reason.contains("13800138000") == false)
            let rider = try await client.send(
                "/v1/points/transfers", Self.grant, token: try await portal.token("rider-1", .rider), key: "k")
            #expect(rider.status == 403)
            let keyless = try await client.send("/v1/points/transfers", Self.grant, token: token)
            #expect(keyless.status == 400)
            let unknown = try await client.send(
                "/v1/points/transfers/none/correction", ["reason": "x"], token: token, key: "k2")
            #expect(unknown.status == 404)
        }
    }

    @Test func `a transfer that was booked is corrected under an id of its own`() async throws {
        try await PortalUnderTest.run(patience: .zero) { portal, client in
            try await portal.hear(moved(1, 10, balance: 10, step: .awarded), at: november)
            let token = try await portal.token("boss", .admin)
            let answer = try await client.send(
                "/v1/points/transfers/transfer-1/correction", ["reason": "给错了人"], token: token, key: "key-2")
            #expect(answer.status == 202)
            let sent = try #require(
                try await portal.commands().first.map { try Envelope<CorrectTransfer>(value: $0.value).data })
            #expect(sent.corrects == "transfer-1" && sent.ledgerId == "gaoxin" && sent.transferId != "transfer-1")
        }
    }
}
