import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let closed = CallRight.pages.filter { $0.caller != .everybody }

extension Browsing {
    /// Opens the page, or sends an empty form with the session's own token.
    fileprivate func visit(_ right: CallRight, formToken: String?) async throws -> Answer {
        guard right.method == .post else { return try await open(right.address) }
        return try await send(right.address, formToken.map { ["formToken": $0] } ?? [:])
    }
}

@Test func `a stranger is led to sign in from every page and form that is not for everybody`() async throws {
    try await PortalUnderTest.run(pages: .withIntake) { _, client in
        for right in closed {
            let answer = try await Browsing(client).visit(right, formToken: nil)

            let back = right.method == .get ? FormQuery.escaped(right.address) : "/me"
            #expect(answer.status == 303 && answer.headers[.location] == "/sign-in?back=\(back)", "\(right.call)")
        }
    }
}

@Test func `a stranger is led to sign in from no page that is for everybody`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        for right in CallRight.pages where right.caller == .everybody && right.method == .get {
            let answer = try await Browsing(client).open(right.address)

            #expect(answer.headers[.location]?.hasPrefix("/sign-in") != true, "\(right.call)")
        }
    }
}

@Test(arguments: Role.allCases.map { $0 as Role? } + [nil])
func `a role may open the pages and send the forms that its column says, and no others`(role: Role?) async throws {
    try await PortalUnderTest.run(patience: .milliseconds(20), pages: .withIntake) { portal, client in
        try await portal.putInForce(.town())
        let browser = Browsing(client)
        let held = Set([role].compactMap(\.self))
        let cookie = try portal.front.sessions.begin(Principal(subject: "somebody-9", roles: held))
        browser.setCookie(cookie.name, cookie.value)
        let formToken = portal.front.sessions.formToken(of: try #require(try browser.session(portal)))
        for right in closed {
            let answer = try await browser.visit(right, formToken: formToken)

            #expect((answer.status == 403) == !right.suffices(held), "\(right.call): \(answer.status)")
            #expect(answer.headers[.location]?.hasPrefix("/sign-in") != true, "\(right.call)")
        }
    }
}

/// The addresses of the console that a page links to, without what they ask for.
private func ways(_ page: Answer) -> Set<String> {
    Set(page.text.matches(of: /href="(\/console[a-z\/]*)"/).map { String($0.1) })
}

@Test(arguments: Role.allCases)
func `every way into the console and around it leads where a role may go`(role: Role) async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        let browser = try portal.browser(of: "somebody-9", role, on: client)
        var open: Set<String> = []
        for part in StaffNavigation.allCases {
            let status = try await browser.open(part.path).status
            if status != 403 { open.insert(part.path) }
        }

        let outside = ways(try await browser.open("/settings"))
        #expect(outside.isSubset(of: open) && outside.count == (open.isEmpty ? 0 : 1), "\(outside)")
        guard let entrance = outside.first else { return }
        let inside = ways(try await browser.open(entrance))
        #expect(inside.intersection(StaffNavigation.allCases.map(\.path)) == open)
    }
}
