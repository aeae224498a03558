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

extension TestClientProtocol {
    fileprivate func call(_ right: CallRight, token: String?) async throws -> Int {
        let parts = right.call.split(separator: " ")
        let method = try #require(HTTPRequest.Method(String(parts[0])))
        let uri = parts[1].replacing(/\{[a-z]+\}/, with: "none-of-these")
        var fields: HTTPFields = [.idempotencyKey: "a-key-of-this-test"]
        if let token { fields[.authorization] = "Bearer \(token)" }
        let body = method == .get ? nil : ByteBuffer(string: "{}")
        return try await execute(uri: String(uri), method: method, headers: fields, body: body) { $0.status.code }
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

    #expect(described.subtracting(CallRight.byCall.keys).sorted() == [], "without rights")
    #expect(Set(CallRight.byCall.keys).subtracting(described).sorted() == [], "no calls")
}

@Test func `whoever asks without a token gets what is for everybody, and 401 of all else`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(20)) { _, client in
        for right in CallRight.all where !endless.contains(right.call) || right.caller != .everybody {
            let status = try await client.call(right, token: nil)
            #expect((status == 401) == (right.caller != .everybody), "\(right.call): \(status)")
        }
    }
}

@Test(arguments: Role.allCases)
func `a role may make the calls that its column says, and gets 403 of all others`(role: Role) async throws {
    try await PortalUnderTest.run(patience: .milliseconds(20)) { portal, client in
        try await portal.putInForce(.town())
        let token = try await portal.token("somebody-9", role)
        for right in CallRight.all where !endless.contains(right.call) {
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

@Test(arguments: Role.allCases)
func `a role may enter the pages that its column says`(role: Role) async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.putInForce(.town())
        let token = try await portal.token("somebody-9", role)
        var pages = StaffNavigation.allCases.map { ($0.path, $0.roles) }
        pages += [("/console/verify", Posts.verifiers), ("/console/people/rider-1", Posts.desk)]
        for (path, roles) in pages {
            let status = try await client.ask(path, token: token).status
            #expect(status == (roles.contains(role) ? 200 : 403), "\(path)")
        }
    }
}
