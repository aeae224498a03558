import Contracts
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

@Test func `a balance is what all ledgers together say, and nobody else's`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(
            AccountState.sample(.available, 30), AccountState.sample(.available, in: "another", 5),
            AccountState.sample(.pending, 10), AccountState.sample(.funder, of: nil, -45),
            AccountState.sample(.available, of: "rider-2", 700))
        func points(_ subject: String) async throws -> JSONValue {
            try await client.ask("/v1/me/points", token: try await portal.token(subject, .rider)).json
        }

        #expect(try await points("rider-1")["balance"] == 35)
        #expect(try await points("rider-1")["pending"] == 10)
        #expect(try await points("rider-2")["balance"] == 700)
        #expect(try await points("rider-3")["balance"] == 0)
    }
}

@Test func `what somebody reported confidentially is theirs, and staff knows no name`() async throws {
    try await PortalUnderTest.run { portal, client in
        let hidden = PersonID(portal.pseudonyms.confidentialName(of: "rider-1"))
        try await portal.hear(
            CaseState.sample(kind: .request, stage: .closed, reporters: [hidden]),
            AccountState.sample(.available, 30), AccountState.sample(.available, of: hidden, version: 1, 12),
            InboxMessageState.sample("m-1", to: hidden))
        let token = try await portal.token("rider-1", .rider)

        let points = try await client.ask("/v1/me/points", token: token).json
        #expect(points["balance"] == 42)
        let inbox = try await client.ask("/v1/me/inbox", token: token).json
        #expect(inbox["unread"] == 1)
        let mine = try await client.ask("/v1/me/reports", token: token).json
        #expect(mine["items"]?.array?.first?["isMine"] == true)
        #expect(mine["items"]?.array?.first?["description"] != nil)
        let seen = try await client.ask("/v1/cases/case-1", token: try await portal.token("d-1", .dispatcher))
        #expect(seen.json["reporterIds"] == [.string(hidden.rawValue)])
        #expect(!seen.json.text().contains("rider-1"))
        let handled = try await client.ask("/v1/cases/case-1", token: try await portal.token("w-1", .worker))
        #expect(handled.json["reporterIds"] == nil)
        #expect(!handled.json.text().contains(hidden.rawValue))
        let others = try await client.ask("/v1/me/reports", token: try await portal.token("rider-2", .rider)).json
        #expect(others["items"] == [])
        #expect(
            Principal(subject: "rider-1", roles: [.rider], confidentialName: hidden.rawValue)
                .actor(among: [hidden, "rider-2"]).personId == hidden)
    }
}

@Test func `a statement tells every movement with its rule, newest first, page by page`() async throws {
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("rider-1", .rider)
        for number in 1...5 {
            try await portal.hear(
                PointsMoved.sample(number == 5 ? .released : .pended, number, points: number),
                PointsMoved.sample(.pended, 90 + number, to: "rider-2"), at: .minutes(Int64(number) / 2))
        }

        let whole = try #require(
            try await client.ask("/v1/me/points", token: token).json["statement"]?["items"]?.array)
        var paged: [JSONValue] = []
        var uri = "/v1/me/points?limit=2"
        for _ in 1...9 {
            let page = try #require(try await client.ask(uri, token: token).json["statement"])
            paged += page["items"]?.array ?? []
            guard let cursor = page["nextCursor"]?.string else { break }
            uri = "/v1/me/points?limit=2&cursor=\(cursor)"
        }

        #expect(Set(whole.compactMap { $0["caseNumber"]?.string }) == Set((1...5).map { "MD-\($0)" }))
        let moments = whole.compactMap { $0["at"]?.string }
        #expect(moments == moments.sorted(by: >))
        #expect(paged == whole)
        let released = try #require(whole.first { $0["type"] == "points.released" })
        #expect(released["points"] == 5)
        #expect(released["ruleId"] == "filed")
        #expect(released["explanation"] == "规则「立案」")
        #expect(released["explanationInEnglish"] == "Rule filed")
        #expect(released["postings"] == nil)
    }
}

@Test func `an inbox shows its owner's messages, newest first, and counts what is unread in all of it`() async throws {
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("rider-1", .rider)
        try await portal.hear(
            InboxMessageState.sample("m-1", writtenAt: .minutes(1)),
            InboxMessageState.sample("m-2", writtenAt: .minutes(2), readAt: .minutes(3)),
            InboxMessageState.sample("m-3", writtenAt: .minutes(2)),
            InboxMessageState.sample("m-4", to: "rider-2", writtenAt: .minutes(4)))

        let whole = try await client.ask("/v1/me/inbox", token: token)
        let pages = try await client.pages("/v1/me/inbox?", limit: 2, token: token)

        #expect(whole.items("messageId") == ["m-3", "m-2", "m-1"])
        #expect(whole.json["unread"] == 2)
        #expect(whole.json["nextCursor"] == .null)
        #expect(whole.json["items"]?.array?.map { $0["readAt"]?.string != nil } == [false, true, false])
        #expect(pages.map { $0.items("messageId") } == [["m-3", "m-2"], ["m-1"]])
        #expect(pages.map { $0.json["unread"] } == [2, 2])
        #expect(pages.last?.json["nextCursor"] == .null)
    }
}

@Test func `the roles of a person make no difference to what is their own`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(InboxMessageState.sample("m-1"), AccountState.sample(.available, 30))
        let boss = try await portal.token("boss", .admin)

        #expect(try await client.ask("/v1/me/inbox", token: boss).items("messageId").isEmpty)
        #expect(try await client.ask("/v1/me/points", token: boss).json["balance"] == 0)
        #expect(try await client.send("/v1/me/inbox/m-1/read", .null, token: boss).status == 404)
        #expect(try await portal.commands().isEmpty)
    }
}
