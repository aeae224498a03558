import Contracts
import Foundation
import HTTPTypes
import ServiceKit
import Testing

@testable import ReportIntake

@Test func `before the boundaries are known nothing is taken in, and its sender asked to come again`() async throws {
    let isReady = KeptValue(false)
    try await IntakeUnderTest.run(isReady: { $0.hasPack && isReady.value }) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let early = try await client.report(.report(), token: rider, key: "k-1")
        #expect(early.status == 503)
        #expect(early.headers[.retryAfter] == "2")
        let lines = try await client.stream([JSONValue.report().text()], token: rider).lines
        #expect(lines.map { $0["status"] } == ["rejected"])
        #expect(lines.first?["retry"] == .bool(true))

        try await intake.apply(.town)
        #expect(try await client.report(.report(), token: rider, key: "k-1").status == 503, "answers are not read yet")
        isReady.set(true)
        let later = try await client.report(.report(), token: rider, key: "k-1")
        #expect(later.status == 201)
        #expect(later.json["communityId"] == "mingdu")
        // Once it knows them it goes on, whatever becomes of the broker.
        isReady.set(false)
        #expect(try await client.report(.report(), token: rider, key: "k-2").status == 201)
        #expect(try intake.count("report") == 2)
    }
}
