import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/rights.md")

/// Streams that do not end; whoever is signed in may open one, and other tests do.
private let endless: Set<String> = ["GET /v1/feed", "GET /v1/me/inbox/live", "GET /v1/feed/board"]

extension CallRight {
    var method: HTTPRequest.Method? { HTTPRequest.Method(String(call.prefix { $0 != " " })) }
    /// Where nothing has the ids that the address asks for.
    var address: String { String(call.drop { $0 != "/" }).replacing(/\{[a-z]+\}/, with: "none-of-these") }
}

extension PageSettings {
    /// Portal hands on to an intake that is not there: 503 is its answer to whoever gets that far.
    static var withIntake: PageSettings {
        var settings = PageSettings()
        settings.intake = "/no-such-folder/intake.json"
        return settings
    }
}

extension TestClientProtocol {
    fileprivate func call(_ right: CallRight, token: String?) async throws -> Int {
        var fields: HTTPFields = [.idempotencyKey: "a-key-of-this-test"]
        if let token { fields[.authorization] = "Bearer \(token)" }
        let method = try #require(right.method)
        let body = method == .get ? nil : ByteBuffer(string: "{}")
        return try await execute(uri: right.address, method: method, headers: fields, body: body) { $0.status.code }
    }
}

@Test func `the page of rights is what portal decides by`() throws {
    let isAsked = ProcessInfo.processInfo.environment["WRITE_MISSING_GOLDEN"] == "1"
    if isAsked, !FileManager.default.fileExists(atPath: page.path) {
        try Data(RightsPage.text.utf8).write(to: page)
    }

    #expect(try String(contentsOf: page, encoding: .utf8) == RightsPage.text, "its first lines say how to write it")
}

@Test func `every call that is described has a row of rights, and no other`() throws {
    let described = try DescribedDoors(PortalFront.descriptionFile).names
    let rights = Set(CallRight.calls.map(\.call))

    #expect(described.subtracting(rights).sorted() == [], "without rights")
    #expect(rights.subtracting(described).sorted() == [], "no calls")
}

/// Every way of signing in, which no portal has together.
private func allDoors() throws -> SignInSettings {
    let discovery = try #require(URL(string: "https://id.example/.well-known/openid-configuration"))
    return SignInSettings(
        provider: .init(
            issuer: "https://id.example", discovery: try #require(KeyProvider(discovery)), clientID: "portal",
            clientSecret: nil, scope: "openid", rolesClaim: "roles", defaultRole: nil,
            redirectURI: "https://portal.example/sign-in/back"),
        isTrial: true, isSecure: false)
}

@Test func `every page, form and call that portal answers has a row of rights, and no other`() async throws {
    try await PortalUnderTest.run(signIn: try allDoors(), pages: .withIntake) { portal, _ in
        let routed = Set(
            portal.router().routes.filter { DescribedDoors.methods.contains($0.method.rawValue) }.map(\.description))
        let rights = Set(CallRight.byCall.keys)

        #expect(routed.subtracting(rights).sorted() == [], "without rights")
        #expect(rights.subtracting(routed).sorted() == [], "not there")
    }
}

@Test func `whoever asks without a token gets what is for everybody, and 401 of all else`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(20), pages: .withIntake) { _, client in
        for right in CallRight.all where !endless.contains(right.call) || right.caller != .everybody {
            let status = try await client.call(right, token: nil)
            #expect((status == 401) == (right.caller != .everybody), "\(right.call): \(status)")
        }
    }
}

@Test(arguments: Role.allCases)
func `a role may make the calls that its column says, and gets 403 of all others`(role: Role) async throws {
    try await PortalUnderTest.run(patience: .milliseconds(20), pages: .withIntake) { portal, client in
        try await portal.putInForce(.town())
        let token = try await portal.token("somebody-9", role)
        for right in CallRight.calls + CallRight.forwarded where !endless.contains(right.call) {
            let status = try await client.call(right, token: token)
            #expect(status != 401 || right.caller == .everybody, "\(right.call)")
            switch right.caller {
            case .everybody: break
            case .signedIn: #expect(status != 403, "\(right.call)")
            case .roles(let roles): #expect((status == 403) == !roles.contains(role), "\(right.call): \(status)")
            case .related(let roles):
                let isRefused = [403, 404].contains(status)
                #expect(isRefused || roles.contains(role), "\(right.call): \(status)")
                #expect(status != 403 || !roles.contains(role), "\(right.call)")
            }
        }
    }
}

@Test(arguments: Role.allCases)
func `a role may try the actions that its column says`(role: Role) async throws {
    try await PortalUnderTest.run(patience: .milliseconds(20)) { portal, client in
        try await portal.hear(CaseState.sample())
        let token = try await portal.token("somebody-9", role)
        for action in CaseAction.allCases {
            let answer = try await client.act(["action": .string(action.rawValue)], token: token)

            #expect((answer.status == 403) == !action.roles.contains(role), "\(action): \(answer.status)")
        }
        let wrong = try await client.act(["action": "nothing"], token: token)
        #expect(wrong.status == (Posts.actors.contains(role) ? 422 : 403))
    }
}
