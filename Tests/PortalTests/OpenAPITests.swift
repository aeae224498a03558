import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// Pages for people are no doors for programs.
private func isForPrograms(_ name: String) -> Bool {
    let path = name.split(separator: " ").last ?? ""
    let prefixes = ["/v1/", "/open/", "/openapi.json", "/console/cases.", "/health/", "/metrics"]
    return prefixes.contains { path.hasPrefix($0) }
}

@Test func `every door for programs is described, and nothing that is no door`() async throws {
    try await PortalUnderTest.run { portal, _ in
        let described = try DescribedDoors(PortalFront.descriptionFile)
        let routed = Set(
            portal.router().routes.filter { DescribedDoors.methods.contains($0.method.rawValue) }.map(\.description)
                .filter(isForPrograms))

        #expect(routed.subtracting(described.names).sorted() == [], "these are doors, and not described")
        #expect(described.names.subtracting(routed).sorted() == [], "these are described, and no doors")
        #expect(described.references.count > 500)
        #expect(described.brokenReferences == [])
    }
}

@Test func `everybody gets the description`() async throws {
    try await PortalUnderTest.run { _, client in
        let answer = try await client.ask("/openapi.json")

        #expect(answer.status == 200)
        #expect(answer.headers[.accessControlAllowOrigin] == "*")
        #expect(answer.json == (try JSONValue(parsing: try Data(contentsOf: PortalFront.descriptionFile))))
    }
}

/// The running portal against its description, seen by a program that is not ours.
@Suite(.timeLimit(.minutes(5)), .enabled(if: Schemathesis.isInstalled, Comment(rawValue: Schemathesis.absence)))
struct PortalSchemathesisTests {
    @Test func `portal answers as its description says`() async throws {
        try await PortalUnderTest.run(.live, patience: .milliseconds(20)) { portal, client in
            let port = try #require(client.port)
            try await portal.putInForce(.town())
            try await portal.hear(CaseState.sample(), CaseState.sample("b", kind: .request, openedAt: .minutes(1)))
            var generator = SeededGenerator()
            let seed = UInt64.random(in: 0...UInt64(UInt32.max), using: &generator)
            let token = try await portal.token("admin-1", .admin)

            let (isFine, words) = try await Schemathesis.run(
                port: port, token: token, seed: seed, passingOver: "/v1/feed|inbox/live$",
                // Nothing comes of any command here.
                headers: ["Prefer: respond-async"])

            #expect(isFine, "\(words)")
            let counted = portal.metrics.text()
            let missed = try DescribedDoors(PortalFront.descriptionFile).names.filter { name in
                let parts = name.split(separator: " ", maxSplits: 1)
                return !counted.contains("{method=\"\(parts[0])\",route=\"\(parts[1])\",")
            }
            #expect(missed.sorted() == ["GET /v1/feed", "GET /v1/feed/board", "GET /v1/me/inbox/live"], "never asked")
        }
    }
}
