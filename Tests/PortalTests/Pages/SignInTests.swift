import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// Signing in with a real provider.
@Suite(.serialized, .enabled(if: OpenIDMock.isInstalled, Comment(rawValue: OpenIDMock.absence)))
struct ProviderSignInTests {
    private static func settings(
        _ mock: OpenIDMock, issuer: String? = nil, client: String = "portal"
    ) throws -> SignInSettings {
        try SignInSettings(
            config: Settings.reader(
                options: [
                    "oidc.issuer": issuer ?? mock.issuer, "oidc.client.id": client, "oidc.client.secret": "s3cret",
                    "portal.address": "http://portal.example",
                ], environment: [:]), host: "127.0.0.1", signsOwnTokens: true)
    }

    /// A portal that trusts the provider.
    private static func run(
        issuer: @escaping @Sendable (OpenIDMock) -> String = { $0.issuer }, later seconds: Double = 0,
        _ body: @escaping @Sendable (OpenIDMock, any TestClientProtocol) async throws -> Void
    ) async throws {
        try await OpenIDMock.running { mock in
            try await mock.know("rider-9", roles: ["rider", "king"])
            try await PortalUnderTest.run(
                signIn: settings(mock, issuer: issuer(mock)), clock: { Date().addingTimeInterval(seconds) }
            ) { _, client in try await body(mock, client) }
        }
    }

    /// Where the provider's answer leads, on this portal.
    private static func path(_ address: String) throws -> String {
        #expect(address.hasPrefix("http://portal.example/sign-in/back?"))
        return address.replacing("http://portal.example", with: "")
    }

    private static func isRefused(_ answer: Answer, _ browser: Browsing) async throws -> Bool {
        let stranger = try await browser.open("/me").status == 303
        return answer.status == 400 && stranger && browser.cookie(Sessions.cookieName) == nil
    }

    @Test func `who signs in there is known here, by id and roles, and comes to the page that was wanted`() async throws
    {
        try await Self.run { mock, client in
            let browser = Browsing(client)
            let start = try await browser.open("/sign-in/start?back=/wallet")
            let address = try #require(start.headers[.location])
            #expect(address.contains("code_challenge_method=S256") && address.contains("response_type=code"))
            let back = try await browser.open(Self.path(try await mock.signIn("rider-9", at: address)))
            #expect(back.status == 303 && back.headers[.location] == "/wallet", "\(back.text)")
            let page = try await browser.open("/wallet")
            #expect(page.status == 200 && page.text.contains("data-person=\"rider-9\""))
            #expect(try await browser.open("/v1/me/points").status == 200)
            #expect(browser.cookie("suishoupai_sign_in") == nil)
        }
    }

    @Test func `an answer that was not asked for by this browser is refused`() async throws {
        try await Self.run { mock, client in
            let browser = Browsing(client)
            let start = try await browser.open("/sign-in/start")
            let back = try Self.path(try await mock.signIn("rider-9", at: try #require(start.headers[.location])))
            // Another's browser has no attempt, or another one.
            let other = Browsing(client)
            let unasked = try await other.open(back)
            #expect(try await Self.isRefused(unasked, other))
            _ = try await other.open("/sign-in/start")
            let foreign = try await other.open(back)
            #expect(try await Self.isRefused(foreign, other))
            let changed = try await browser.open(back.replacing("state=", with: "state=x"))
            #expect(try await Self.isRefused(changed, browser))
            // Even the right answer comes too late now.
            let late = try await browser.open(back)
            #expect(try await Self.isRefused(late, browser))
        }
    }

    @Test func `an id token of another sign-in is refused`() async throws {
        try await Self.run { mock, client in
            let browser = Browsing(client)
            let address = try #require(try await browser.open("/sign-in/start").headers[.location])
            let back = try Self.path(
                try await mock.signIn("rider-9", at: address.replacing(/nonce=[^&]+/, with: "nonce=another")))
            let answer = try await browser.open(back)
            #expect(try await Self.isRefused(answer, browser))
            #expect(answer.text.contains("登录服务的回答无法确认"))
        }
    }

    @Test func `a code that was used, or given to another client, is refused`() async throws {
        try await Self.run { mock, client in
            let browser = Browsing(client)
            let address = try #require(try await browser.open("/sign-in/start").headers[.location])
            let kept = browser.cookie("suishoupai_sign_in")
            let back = try Self.path(try await mock.signIn("rider-9", at: address))
            #expect(try await browser.open(back).status == 303)
            let thief = Browsing(client)
            thief.setCookie("suishoupai_sign_in", kept)
            let again = try await thief.open(back)
            #expect(try await Self.isRefused(again, thief))
            let other = Browsing(client)
            let theirs = try #require(try await other.open("/sign-in/start").headers[.location])
            let foreign = try await other.open(
                Self.path(
                    try await mock.signIn("rider-9", at: theirs.replacing("client_id=portal", with: "client_id=shop"))))
            #expect(try await Self.isRefused(foreign, other))
        }
    }

    @Test func `an id token that has expired is refused`() async throws {
        try await Self.run(later: 7_200) { mock, client in
            let browser = Browsing(client)
            let address = try #require(try await browser.open("/sign-in/start").headers[.location])
            let answer = try await browser.open(Self.path(try await mock.signIn("rider-9", at: address)))
            #expect(try await Self.isRefused(answer, browser))
        }
    }

    @Test func `a provider that calls itself otherwise is not asked`() async throws {
        try await Self.run(issuer: { "\($0.issuer)/" }) { _, client in
            let browser = Browsing(client)
            let answer = try await browser.open("/sign-in/start")
            #expect(answer.status == 400 && answer.text.contains("连不上"))
        }
        try await Self.run { mock, client in
            let browser = Browsing(client)
            let address = try #require(try await browser.open("/sign-in/start").headers[.location])
            let back = try Self.path(try await mock.signIn("rider-9", at: address))
            let answer = try await browser.open(back + "&iss=https%3A%2F%2Fother.example")
            #expect(try await Self.isRefused(answer, browser))
        }
    }

    @Test func `who gives up there can try again, and nobody is led to another site`() async throws {
        try await Self.run { mock, client in
            let browser = Browsing(client)
            let address = try #require(try await browser.open("/sign-in/start?back=//evil.example/").headers[.location])
            let state = try #require(address.firstMatch(of: /state=([^&]+)/)?.1)
            let answer = try await browser.open("/sign-in/back?error=access_denied&state=\(state)")
            #expect(try await Self.isRefused(answer, browser))
            let again = try #require(try await browser.open("/sign-in/start?back=//evil.example/").headers[.location])
            let back = try await browser.open(Self.path(try await mock.signIn("rider-9", at: again)))
            #expect(back.headers[.location] == "/me")
        }
    }
}

@Test func `the challenge follows from the verifier as RFC 7636 shows`() {
    #expect(
        SignInAttempt.challenge(of: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
            == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
}

@Test(
    arguments: [
        ("/me", [Role.dispatcher], "/console"), ("/report", [.worker], "/console"),
        ("/report", [.worker, .rider], "/report"),
        ("/me", [.verifier, .resident], "/console"), ("/me", [.rider], "/me"),
        ("/console/map", [.admin], "/console/map"),
        ("/me/cases/case-1", [.dispatcher], "/me/cases/case-1"), ("/me", [.station], "/console/station"),
        ("/me", [], "/me"),
    ] as [(String, Set<Role>, String)])
func `signing in leads staff to their part of the console, unless they wanted something else`(
    back: String, roles: Set<Role>, place: String
) {
    #expect(WayBack.landing(back, for: Principal(subject: "somebody", roles: roles)) == place)
}

@Test func `who reports and works on cases finds a way from either's pages to the other's`() async throws {
    try await PortalUnderTest.run { portal, client in
        let both = try portal.browser(of: "worker-a", .worker, .rider, on: client)
        #expect(try await both.open("/me").text.contains("href=\"/console\""))
        #expect(try await both.open("/console").text.contains("href=\"/report\""))
        let rider = try portal.browser(of: "rider-1", .rider, on: client)
        #expect(!(try await rider.open("/me").text.contains("href=\"/console\"")))
        let worker = try portal.browser(of: "worker-a", .worker, on: client)
        #expect(!(try await worker.open("/console").text.contains("href=\"/report\"")))
    }
}

@Test func `a trial lets one choose who to be, on this machine and from its own page alone`() async throws {
    let trial = SignInSettings(provider: nil, isTrial: true, isSecure: false)
    try await PortalUnderTest.run(.live, signIn: trial) { portal, client in
        try await portal.putInForce(.town())
        let browser = Browsing(client)
        let page = try await browser.open("/sign-in")
        #expect(page.text.contains("value=\"worker-a\"") && page.text.contains("rider-yu"))
        let form = ["subject": "worker-a", "role": "worker"]
        let crossSite: HTTPFields = [try #require(HTTPField.Name("Sec-Fetch-Site")): "cross-site"]
        #expect(try await browser.send("/sign-in/trial", form, crossSite).status == 403)
        #expect(try await browser.send("/sign-in/trial", ["subject": "a b", "role": "worker"]).status == 400)
        #expect(try await browser.send("/sign-in/trial", form).status == 303)
        #expect(try await browser.open("/me").text.contains("体验模式"))
    }
    try await PortalUnderTest.run { _, client in
        let browser = Browsing(client)
        let refused = try await browser.send("/sign-in/trial", ["subject": "admin", "role": "admin"])
        #expect(refused.status == 404)
        let page = try await browser.open("/sign-in")
        #expect(page.text.contains("还没有设置登录方式"))
    }
}

@Test func `settings that would let anyone in, or lead nowhere, are refused with the key's name`() throws {
    func refusedKey(_ options: [String: String?], host: String = "127.0.0.1", own: Bool = true) -> String? {
        do {
            _ = try SignInSettings(
                config: Settings.reader(options: options, environment: [:]), host: host, signsOwnTokens: own)
            return nil
        } catch {
            return (error as? ConfigurationError)?.key
        }
    }
    let provider = [
        "oidc.issuer": "https://id.example", "oidc.client.id": "portal", "portal.address": "https://ssp.example",
    ]
    #expect(refusedKey([:]) == nil)
    #expect(refusedKey(provider) == nil)
    #expect(refusedKey(["portal.trial": "true"]) == nil)
    #expect(refusedKey(["portal.trial": "true"], host: "0.0.0.0") == "portal.trial")
    #expect(refusedKey(["portal.trial": "true"], own: false) == "portal.trial")
    #expect(refusedKey(provider.merging(["portal.trial": "true"]) { $1 }) == "portal.trial")
    #expect(refusedKey(provider.merging(["oidc.issuer": "http://id.example"]) { $1 }) == "oidc.issuer")
    #expect(refusedKey(provider.merging(["portal.address": "ssp.example"]) { $1 }) == "portal.address")
    #expect(refusedKey(["oidc.issuer": "https://id.example", "oidc.client.id": "p"]) == "portal.address")
    #expect(
        refusedKey(["oidc.issuer": "https://id.example", "portal.address": "https://a.example"]) == "oidc.client.id")
    #expect(refusedKey(provider.merging(["oidc.client.secret.file": "/none"]) { $1 }) == "oidc.client.secret.file")
}
