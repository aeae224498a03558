import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import Portal

@Test func `who has a session is known to pages and to the API; who has none is led to sign in`() async throws {
    try await PortalUnderTest.run { portal, client in
        let stranger = Browsing(client)
        let led = try await stranger.open("/me")
        #expect(led.status == 303 && led.headers[.location] == "/sign-in?back=/me")
        #expect(try await stranger.open("/v1/me/points").status == 401)
        let browser = try portal.browser(of: "rider-1", .rider, on: client)
        #expect(try await browser.open("/me").status == 200)
        #expect(try await browser.open("/v1/me/points").status == 200)
    }
}

@Test func `a session cookie that was changed, or made elsewhere, names nobody`() async throws {
    let other = try Sessions(
        DataFolderKeys(.sessions, in: TemporaryFolder().url), dataFolder: TemporaryFolder().url, isSecure: false,
        now: { PortalUnderTest.today })
    let foreign = try other.begin(Principal(subject: "rider-1", roles: [.admin])).value
    try await PortalUnderTest.run { portal, client in
        let browser = try portal.browser(of: "rider-1", .rider, on: client)
        let good = try #require(browser.cookie(Sessions.cookieName))
        for bad in [
            String(good.dropLast(2)) + "AA", "A" + good.dropFirst(), foreign, "x", String(repeating: "A", count: 9_000),
        ] {
            browser.setCookie(Sessions.cookieName, bad)
            #expect(try await browser.open("/me").status == 303)
        }
        browser.setCookie(Sessions.cookieName, good)
        #expect(try await browser.open("/me").status == 200)
    }
}

@Test func `a session ends with its time`() async throws {
    let clock = Mutex(PortalUnderTest.today)
    try await PortalUnderTest.run(clock: { clock.withLock(\.self) }) { portal, client in
        let browser = try portal.browser(of: "rider-1", .rider, on: client)
        clock.withLock { $0.addTimeInterval(Double(Sessions.lifetime) - 1) }
        #expect(try await browser.open("/me").status == 200)
        clock.withLock { $0.addTimeInterval(1) }
        #expect(try await browser.open("/me").status == 303)
    }
}

@Test func `signing out ends the session also for who has kept its cookie, at every instance on the folder`()
    async throws
{
    let folder = try TemporaryFolder()
    try await PortalUnderTest.run(in: folder) { portal, client in
        let browser = try portal.browser(of: "rider-1", .rider, on: client)
        let kept = try #require(browser.cookie(Sessions.cookieName))
        let token = try #require(try await browser.open("/me").hidden("formToken"))
        let other = try Sessions(
            DataFolderKeys(.sessions, in: folder.url), dataFolder: folder.url, isSecure: false,
            now: { PortalUnderTest.today })
        let request = Request(
            head: .init(
                method: .get, scheme: nil, authority: nil, path: "/",
                headerFields: [.cookie: "\(Sessions.cookieName)=\(kept)"]),
            body: .init(buffer: .init()))
        #expect(other.session(of: request)?.subject == "rider-1")
        #expect(try await browser.send("/sign-out", [:]).status == 403)
        #expect(try await browser.send("/sign-out", ["formToken": token]).status == 303)
        #expect(browser.cookie(Sessions.cookieName) == nil)
        browser.setCookie(Sessions.cookieName, kept)
        #expect(try await browser.open("/me").status == 303)
        #expect(other.session(of: request) == nil)
    }
}

@Test func `what changes something by a cookie needs the session's own form token; a bearer token needs none`()
    async throws
{
    try await PortalUnderTest.run(patience: .milliseconds(50)) { portal, client in
        try await portal.hear(CaseState.sample(stage: .closed, reporters: ["rider-1"]))
        let browser = try portal.browser(of: "rider-1", .rider, on: client)
        let neighbour = try portal.browser(of: "rider-2", .rider, on: client)
        let token = try #require(try await browser.open("/me").hidden("formToken"))
        let foreign = try #require(try await neighbour.open("/me").hidden("formToken"))
        let json: HTTPFields = [.accept: "application/json"]
        func act(_ fields: HTTPFields) async throws -> Int {
            try await browser.send("/v1/cases/case-1/actions", [:], fields).status
        }
        #expect(try await act(json) == 403)
        #expect(try await act([.accept: "application/json", .formToken: foreign]) == 403)
        // The body is no JSON: it came through to the door.
        #expect(try await act([.accept: "application/json", .formToken: token]) == 400)
        let form = ["action": "rate", "solved": "yes", "satisfied": "yes", "key": "k-1"]
        #expect(try await browser.send("/me/cases/case-1", form).status == 403)
        #expect(try await browser.send("/me/cases/case-1", form.merging(["formToken": foreign]) { $1 }).status == 403)
        #expect(try await portal.commands().isEmpty)
        let sent = try await browser.send("/me/cases/case-1", form.merging(["formToken": token]) { $1 })
        #expect(sent.headers[.location] == "/me/cases/case-1?pending=1")
        #expect(try await portal.commands().count == 1)
        // Sent twice it is one command.
        _ = try await browser.send("/me/cases/case-1", form.merging(["formToken": token]) { $1 })
        #expect(try await portal.commands().count == 1)
        let bearer = try await portal.token("rider-1", .rider)
        #expect(try await client.act(["action": "rate", "solved": true], token: bearer, key: "k-2").status == 202)
    }
}

@Test func `cookies are for http and this site alone, and for https alone where browsers come by it`() async throws {
    let folder = try TemporaryFolder()
    for isSecure in [false, true] {
        let sessions = try Sessions(
            DataFolderKeys(.sessions, in: folder.url), dataFolder: folder.url, isSecure: isSecure,
            now: { PortalUnderTest.today })
        let cookie = try sessions.begin(Principal(subject: "rider-1", roles: [.rider])).description
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"))
        #expect(cookie.contains("Secure") == isSecure)
        #expect(!cookie.contains("rider-1"))
    }
}

@Test func `a session, its forms and a code at the counter outlast a change of keys, until the former are retired`()
    async throws
{
    let folder = try TemporaryFolder()
    @Sendable func exchange(_ change: (KeyFile) -> KeyFile) throws {
        for name in [DataFolderKey.Name.sessions, .pickUp, .jwt] {
            let file = KeyFile.url(of: name, in: folder.url)
            let keys = try #require(try KeyFile.read(file))
            try change(keys).replace(file)
        }
    }
    let now = PortalUnderTest.today
    try await PortalUnderTest.run(in: folder, patience: .milliseconds(50)) { portal, client in
        try await portal.putInForce(.shop())
        try await portal.hear(OrderState.sample())
        let browser = try portal.browser(of: "rider-1", .rider, on: client)
        let leaver = try portal.browser(of: "rider-3", .rider, on: client)
        let formToken = try #require(try await leaver.open("/me").hidden("formToken"))
        let (code, staff) = (portal.core.pickUp.code(of: "order-1"), try await portal.token("station-1", .station))
        func handOver(_ code: String) async throws -> Int {
            try await client.send(
                "/v1/stations/mingdu-station/hand-overs", ["code": .string(code)], token: staff
            ).status
        }

        try exchange { $0.rotated(to: .random(), at: now, lead: 0, grace: 3_600) }
        #expect(try await browser.open("/me").status == 200)
        // A form that was opened before is taken.
        #expect(try await leaver.send("/sign-out", ["formToken": "\(formToken)x"]).status == 403)
        #expect(try await leaver.send("/sign-out", ["formToken": formToken]).status == 303)
        let newcomer = try portal.browser(of: "rider-2", .rider, on: client)
        #expect(try await newcomer.open("/me").status == 200)
        #expect(portal.core.pickUp.code(of: "order-1") != code)
        #expect(try await handOver(code) == 202, "the command waits for its outcome")
        #expect(try await handOver(portal.core.pickUp.code(of: "order-1")) == 202)
        #expect(try await client.ask("/v1/stations/pick-up-key").json["keys"]?.array?.count == 2)

        try exchange { $0.retired(at: now) }
        #expect(try await browser.open("/me").status == 303)
        #expect(try await newcomer.open("/me").status == 200)
        #expect(try await handOver(code) == 401, "the token of the station, too, is of the former key")
    }
}
