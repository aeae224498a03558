import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import TestSupport
import Testing

@testable import Portal

@Test func `the wall shows counters, the flow, the map and the latest steps, in the language of who looks`()
    async throws
{
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        let state = CaseState.sample(stage: .dispatched, isOverdue: true)
        try await portal.hear(state, state.opening, state.step(.dispatched))

        let chinese = try await client.ask("/wall").text
        let english = try await client.ask("/wall", [.acceptLanguage: "en"]).text

        for part in [
            "<b data-count=\"open\">1</b>", "<b data-count=\"overdue\">1</b>",
            "<b data-count=\"stage-dispatched\">1</b>",
            "<circle data-tone=\"overdue\"", "<path class=\"area\"",
        ] {
            #expect(chinese.contains(part) && english.contains(part), "\(part)")
        }
        #expect(chinese.contains("处理中") && chinese.contains("派遣") && chinese.contains("暴露垃圾"))
        #expect(english.contains("Open</span>") && english.contains("Dispatched</b>") && english.contains("Garbage"))
    }
}

@Test func `what the script fetches is the page's own part, and names the version of its files`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        let page = try await client.ask("/wall").text
        let live = try await client.ask("/wall/live")

        #expect(page.contains(live.text.trimmingCharacters(in: .newlines)))
        let version = try #require(page.firstMatch(of: /<body[^>]* data-version="([0-9a-f]{16})"/)?.1)
        #expect(live.text.hasPrefix("<div class=\"wall-live\" data-version=\"\(version)\">"))
        #expect(live.headers[.cacheControl] == "no-store")
    }
}

@Test func `newcomers find the ways in, and who has signed in their first page`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(CaseState.sample())
        let welcome = try await client.ask("/").text
        for link in ["/report", "/report?kind=request", "/wall", "/sign-in?back=/"] {
            #expect(welcome.contains("href=\"\(link)\""), "\(link)")
        }
        #expect(welcome.contains("<strong>1</strong>"))

        func first(_ roles: Role...) async throws -> String? {
            let browser = Browsing(client)
            let cookie = try portal.front.sessions.begin(Principal(subject: "somebody", roles: Set(roles)))
            browser.setCookie(cookie.name, cookie.value)
            return try await browser.open("/").headers[.location]
        }
        #expect(try await first(.rider) == "/report")
        #expect(try await first(.dispatcher) == "/console")
        #expect(try await first(.station) == "/console/station")
        #expect(try await first() == "/report")
    }
}

@Test func `who has no role is told on the report page what to do`() async throws {
    try await PortalUnderTest.run { portal, client in
        let stranger = try await portal.browser(of: "nobody-7", on: client).open("/report")
        #expect(stranger.status == 403)
        #expect(stranger.text.contains("nobody-7") && stranger.text.contains("角色"))
        #expect(!stranger.text.contains("href=\"/console\""))
        let worker = try await portal.browser(of: "worker-a", .worker, on: client).open("/report")
        #expect(worker.status == 403 && worker.text.contains("href=\"/console\""))
    }
}

@Test func `large type is the browser's, without a script`() async throws {
    try await PortalUnderTest.run { portal, client in
        let browser = try portal.browser(of: "rider-1", .rider, on: client)
        let page = try await browser.open("/settings").text
        #expect(!page.contains("class=\"large\""))
        let token = try #require(try await browser.open("/settings").hidden("formToken"))
        let answer = try await browser.send(
            "/settings/look", ["formToken": token, "large": "yes", "pages": "en"])
        #expect(answer.headers[.location] == "/settings?done=1")
        let large = try await browser.open("/me").text
        #expect(large.contains("<html lang=\"en\" class=\"large\">"))
        _ = try await browser.send("/settings/look", ["formToken": token, "pages": "zh"])
        #expect(try await browser.open("/me").text.contains("<html lang=\"zh-CN\">"))
    }
}

@Test func `a stranger comes back to what they asked for, filter and all`() async throws {
    try await PortalUnderTest.run { portal, client in
        let stranger = Browsing(client)
        let led = try await stranger.open("/console/map?stage=filed,closed&q=%E5%9E%83").headers[.location]
        #expect(led == "/sign-in?back=/console/map?stage%3Dfiled%2Cclosed%26q%3D%25E5%259E%2583")
        let page = try await stranger.open(try #require(led)).text
        #expect(page.contains("back=/sign-in?back"))
        #expect(FormQuery.text([("a b", "c&d=é/?"), ("\u{1}", "")]) == "a%20b=c%26d%3D%C3%A9/?&%01=")
    }
}
