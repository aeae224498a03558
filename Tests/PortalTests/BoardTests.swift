import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

@Test func `the board counts what is open, late, new and done today`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        let midnight = CitySample.moment("2026-11-23T00:00:00.000+08:00")
        let yesterday = midnight.adding(milliseconds: -1)
        try await portal.hear(
            CaseState.sample("a", openedAt: midnight),
            CaseState.sample("b", stage: .dispatched, openedAt: yesterday, isOverdue: true),
            CaseState.sample("c", stage: .closed, openedAt: yesterday, isOverdue: true, closedAt: midnight))
        try await portal.hear(
            CaseState.sample("d", stage: .closed, openedAt: yesterday, closedAt: yesterday), at: yesterday)
        try await portal.hear(PointsMoved.sample(.released, 1), PointsMoved.sample(.pended, 2))

        let board = try await client.ask("/v1/board").json

        #expect(
            board["counters"] == ["open": 2, "overdue": 1, "openedToday": 1, "closedToday": 1, "pointsPaid": 10])
        let columns = try #require(board["columns"]?.array)
        #expect(columns.map { $0["stage"] } == ["opened", "filed", "dispatched", "handled", "closed"])
        #expect(columns.map { $0["count"] } == [1, 0, 1, 0, 1])
        #expect(
            columns.map { $0["cases"]?.array?.compactMap { $0["caseNumber"] } } == [
                ["MD-a"], [], ["MD-b"], [], ["MD-c"],
            ])
        #expect(board["communities"]?.array?.map { $0["open"] } == [2])
    }
}

/// What must never stand on a board: words, people, exact places, the door number.
private let secrets = ["<script>", "垃圾袋旁边", "3 栋", "rider-1", "worker-a", "desk", "不归我们管", "28.6829", "115.8582"]

@Test(arguments: ["/wall", "/wall/live", "/v1/board"])
func `a board tells nothing of people, words and doors`(uri: String) async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        let state = CaseState.sample(
            stage: .dispatched, saying: "<script>alert(1)</script>垃圾袋旁边", handler: "worker-a")
        try await portal.hear(state, state.opening, state.step(.returned, reason: "不归我们管"))

        let answer = try await client.ask(uri)

        #expect(answer.text.contains("MD-case-1"))
        #expect(answer.text.contains("名都"))
        for secret in secrets { #expect(!answer.text.contains(secret), "\(secret)") }
    }
}

@Test func `a page shows names as they are written and never runs them`() async throws {
    let script = "<script>alert('x')</script>\"&"
    let escaped = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town(title: "题\(script)", community: "社\(script)", category: "类\(script)"))
        let id = CaseID(script)
        try await portal.hear(CaseState.sample(id), CaseState.sample(id).opening)

        let page = try await client.ask("/wall")

        for word in ["题", "社", "MD-"] { #expect(page.text.contains(word + escaped), "\(word)") }
        // What stands in brackets behind a category's name is left out.
        #expect(page.text.contains("类&lt;script&gt;alert "))
        #expect(!page.text.contains("<script>alert"))
        #expect(page.text.components(separatedBy: "<script").count == 2, "only the page's own")
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        let policy = try #require(page.headers[.contentSecurityPolicy])
        #expect(policy.contains("default-src 'self'") && !policy.contains("unsafe"))
    }
}

@Test func `text that goes into a page is escaped, once`() {
    let word = "<a href=\"x\" title='y'>&amp;"
    let part: HTML = "<b>\(word)</b>"
    let whole: HTML = "<p>\(part)\([part, part])\(7)</p>"

    let escaped = "<b>&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;</b>"
    #expect(whole.text == "<p>\(escaped)\(escaped)\(escaped)7</p>")
}

@Test func `a board that nothing has reached yet stands, and says that it waits`() async throws {
    try await PortalUnderTest.run { portal, client in
        let page = try await client.ask("/wall", [.acceptLanguage: "en"])
        let reference = try await client.ask("/v1/reference")

        #expect(page.status == 200)
        #expect(page.text.contains("waiting for the first report."))
        #expect(try await client.ask("/v1/board").json["counters"]?["open"] == 0)
        #expect(reference.status == 404)
        #expect(reference.json["detail"]?.string?.contains("suishoupai pack apply") == true)
    }
}

@Test func `the reference tells places, units and categories, and neither people nor webhooks`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town(title: "新区", version: 3))

        let answer = try await client.ask("/v1/reference")

        #expect(answer.json["title"] == "新区")
        #expect(answer.json["version"] == 3)
        #expect(
            answer.json["communities"] == [
                [
                    "id": "mingdu", "name": "名都",
                    "bounds": ["south": 28.68, "west": 115.85, "north": 28.69, "east": 115.86],
                ]
            ])
        #expect(answer.json["grids"] == [["id": "mingdu-01", "name": "一网格", "communityId": "mingdu"]])
        #expect(answer.json["categories"]?.array?.map { $0["code"] } == ["E0102"])
        #expect(!answer.text.contains("worker-a") && !answer.text.contains("hook.example"))
    }
}

@Test func `a crowd before the board is counted for once`() async throws {
    let counted = Counted()
    let gate = Counted()
    let desk = BoardDesk(goodFor: 500, now: { PortalUnderTest.noon }) { _ in
        counted.count()
        try await eventually("the gate is open") { gate.value > 0 }
        return BoardFigures()
    }

    try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<50 { group.addTask { _ = try await desk.figures() } }
        try await eventually("somebody counts") { counted.value > 0 }
        gate.count()
        try await group.waitForAll()
    }
    _ = try await desk.figures()

    #expect(counted.value == 1)
}

@Test func `a count that fails is not given to the others`() async throws {
    struct Failure: Error {}
    let counted = Counted()
    let desk = BoardDesk(goodFor: 500, now: { PortalUnderTest.noon }) { _ in
        guard counted.count() > 1 else { throw Failure() }
        return BoardFigures()
    }

    await #expect(throws: Failure.self) { try await desk.figures() }
    _ = try await desk.figures()

    #expect(counted.value == 2)
}

@Test func `every stage has a name of its own`() {
    let stages = CaseStage.allCases.map(\.label)
    #expect(stages.map(\.chinese) == CaseStage.allCases.map(\.chinese))
    #expect(Set(stages.map(\.english)).count == stages.count)
}
