import Contracts
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// Four cases, the newest last, that differ in everything that can be asked for.
private func keepTown(_ portal: PortalUnderTest) async throws {
    try await portal.hear(
        CaseState.sample("a", stage: .opened, openedAt: .minutes(1), deadline: .minutes(1_440), flagged: nil),
        CaseState.sample(
            "b", category: CitySample.parking, stage: .dispatched, reporters: ["rider-2"], unit: CitySample.sanitation,
            handler: "worker-a", openedAt: .minutes(2), isOverdue: true, grid: "mingdu-02",
            deadline: .minutes(60)),
        CaseState.sample(
            "c", in: CitySample.longjiang, stage: .closed, reporters: ["rider-2", "desk"], unit: CitySample.property,
            handler: "desk", openedAt: .minutes(3), closedAt: .minutes(9),
            deadline: .minutes(30)),
        CaseState.sample(
            "d", in: CitySample.longjiang, kind: .request, category: "D0103", stage: .filed, unit: CitySample.property,
            openedAt: .minutes(4)))
}

@Test(arguments: [
    ("", ["d", "c", "b", "a"]), ("stage=opened", ["a"]), ("stage=refused", []), ("stage=opened,filed", ["d", "a"]),
    ("open=true", ["d", "b", "a"]), ("open=false", ["c"]), ("open=true&stage=closed", []),
    ("open=true&stage=closed,filed", ["d"]), ("kind=request", ["d"]), ("kind=snapshot", ["c", "b", "a"]),
    ("from=2026-11-23T12:02:00%2B08:00&before=2026-11-23T12:04:00%2B08:00", ["c", "b"]),
    ("due=2026-11-23T20:00:00+08:00", ["b"]), ("due=2026-11-24T20:00:00+08:00", ["b", "a"]),
    ("due=2026-11-24T20:00:00+08:00&order=deadline", ["b", "a"]), ("order=deadline", ["b", "a", "d", "c"]),
    ("order=deadline&open=true&kind=snapshot", ["b", "a"]), ("flagged=true", ["d", "c", "b"]), ("flagged=false", ["a"]),
    ("q=%20&stage=&order=", ["d", "c", "b", "a"]),
    ("communityId=longjiang", ["d", "c"]), ("communityId=nowhere", []), ("category=E0102", ["c", "a"]),
    ("ownerUnitId=mingdu-property", ["d", "c"]), ("handlerId=worker-a", ["b"]), ("handlerId=me", ["c"]),
    ("gridId=mingdu-02", ["b"]), ("gridId=mingdu-03", []), ("overdue=true", ["b"]), ("overdue=false", ["d", "c", "a"]),
    ("reporter=me", ["c"]),
    ("communityId=longjiang&stage=closed&reporter=me", ["c"]), ("stage=opened&overdue=true", []),
    ("category=E0102%27%20OR%201=1%20--", []),
])
func `a filter finds what fits and nothing else`(query: String, expected: [String]) async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)

        let answer = try await client.ask("/v1/cases?\(query)", token: try await portal.token("desk", .dispatcher))

        #expect(answer.status == 200)
        #expect(answer.items("caseId") == expected)
        #expect(answer.json["nextCursor"] == .null)
    }
}

@Test func `every wrong parameter is named at once, and those of the page too`() async throws {
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("desk", .dispatcher)

        let answer = try await client.ask(
            "/v1/cases?stage=gone&open=1&q=%3F!&kind=x&overdue=maybe&due=now&order=up&reporter=rider-2&limit=0&cursor=x",
            token: token)

        #expect(answer.status == 400)
        #expect(answer.headers[.contentType] == "application/problem+json")
        #expect(
            answer.wrongFields == [
                "stage", "open", "q", "kind", "overdue", "due", "order", "reporter", "limit", "cursor",
            ])
        #expect(answer.json["errors"]?.array?.first?["message"]?.string?.contains("opened, filed") == true)
        for uri in ["/v1/me/reports", "/v1/me/points", "/v1/me/inbox"] {
            let answer = try await client.ask("\(uri)?limit=201&cursor=e30", token: token)
            #expect(answer.status == 400, "\(uri)")
            #expect(answer.wrongFields == ["limit", "cursor"], "\(uri)")
        }
    }
}

@Test func `a list is read page by page, with neither gap nor repetition`() async throws {
    var generator = SeededGenerator()
    // Few moments for many cases, so that pages end between cases of one moment.
    let cases = (0..<40).map { number in
        CaseState.sample(
            CaseID("case-\(number)"), openedAt: .minutes(.random(in: 0...5, using: &generator)),
            deadline: number % 3 == 0 ? nil : .minutes(.random(in: 0...5, using: &generator)))
    }
    let limits = [1, 3, 7, 39, 40, 41].shuffled(using: &generator)
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("desk", .dispatcher)
        try await portal.hear(cases.map { try .of($0) })
        for order in CaseOrder.allCases {
            let list = "/v1/cases?order=\(order.rawValue)&"
            let whole = try await client.ask("\(list)limit=200", token: token).items("caseId")
            #expect(Set(whole).count == 40)

            for limit in limits {
                let pages = try await client.pages(list, limit: limit, token: token)
                #expect(pages.flatMap { $0.items("caseId") } == whole, "\(order), pages of \(limit)")
                #expect(pages.count == (40 + limit - 1) / limit, "\(order), pages of \(limit)")
            }
        }
    }
}

@Test func `what is opened meanwhile does not move the later pages`() async throws {
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("desk", .dispatcher)
        try await keepTown(portal)
        let first = try await client.ask("/v1/cases?limit=2", token: token)
        try await portal.hear(CaseState.sample("e", openedAt: .minutes(5)))
        let cursor = try #require(first.json["nextCursor"]?.string)

        let second = try await client.ask("/v1/cases?limit=2&cursor=\(cursor)", token: token)

        #expect(first.items("caseId") + second.items("caseId") == ["d", "c", "b", "a"])
    }
}

@Test func `a cursor counts only where it was given`() async throws {
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("desk", .dispatcher)
        try await keepTown(portal)
        let page = try await client.ask("/v1/cases?limit=1", token: token)
        let cursor = try #require(page.json["nextCursor"]?.string)

        let answer = try await client.ask("/v1/me/inbox?cursor=\(cursor)", token: token)

        #expect(answer.status == 400)
        #expect(answer.wrongFields == ["cursor"])
    }
}

@Test func `only staff finds the cases of another person`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)
        let rider = try await portal.token("rider-1", .rider)

        let others = try await client.ask("/v1/cases?handlerId=worker-a", token: rider)
        let own = try await client.ask("/v1/cases?handlerId=rider-1", token: rider)
        let asStaff = try await client.ask(
            "/v1/cases?handlerId=worker-a", token: try await portal.token("v", .verifier))

        #expect(others.status == 403)
        #expect(others.json["detail"]?.string?.contains("handlerId=me") == true)
        #expect(own.status == 200)
        #expect(asStaff.items("caseId") == ["b"])
    }
}

@Test func `a grid is for those who may know the place`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)
        let rider = try await portal.token("rider-1", .rider)
        let desk = try await portal.token("desk", .dispatcher)

        let asked = try await client.ask("/v1/cases?gridId=mingdu-02", token: rider)
        #expect(asked.status == 403)
        #expect(asked.json["detail"]?.string?.contains("communityId") == true)
        #expect(try await client.ask("/v1/cases/b", token: rider).json["gridId"] == nil)
        #expect(try await client.ask("/v1/cases/b", token: desk).json["gridId"] == "mingdu-02")
        // A later state moves it.
        try await portal.hear(CaseState.sample("b", version: 2, grid: "mingdu-03"))
        #expect(try await client.ask("/v1/cases?gridId=mingdu-03", token: desk).items("caseId") == ["b"])
        #expect(try await client.ask("/v1/cases?gridId=mingdu-02", token: desk).items("caseId") == [])
    }
}

@Test func `my reports are the cases that I reported, also those that others opened`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)
        let token = try await portal.token("rider-2", .rider)

        let answer = try await client.ask("/v1/me/reports", token: token)
        let pages = try await client.pages("/v1/me/reports?", limit: 1, token: token)

        #expect(answer.items("caseId") == ["c", "b"])
        #expect(answer.json["items"]?.array?.map { $0["isMine"] } == [true, true])
        #expect(pages.map { $0.items("caseId") } == [["c"], ["b"]])
        #expect(try await client.ask("/v1/me/reports", token: portal.token("x", .rider)).items("caseId").isEmpty)
    }
}

@Test func `a case that is not here is told apart from one that is`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await keepTown(portal)
        let token = try await portal.token("desk", .dispatcher)

        #expect(try await client.ask("/v1/cases/a", token: token).json["caseNumber"] == "MD-a")
        for uri in ["/v1/cases/none", "/v1/cases/none/timeline"] {
            let answer = try await client.ask(uri, token: token)
            #expect(answer.status == 404, "\(uri)")
            #expect(answer.json["detail"]?.string?.contains("not come here yet") == true, "\(uri)")
        }
    }
}
