import Contracts
import EventProcessing
import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ReportIntakeDomain
import ServiceKit
import Testing

@testable import ReportIntake

@Test func `a report is stored and told of in one step`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let answer = try await client.report(
            .report(["category": "E0102", "address": "12 号楼", "observedAt": "2026-09-21T20:00:00+08:00"]),
            token: try await intake.token("rider-7", .rider))

        #expect(answer.status == 201)
        let id = try #require(answer.json["reportId"]?.string)
        #expect(
            answer.json
                == [
                    "reportId": .string(id), "communityId": "mingdu", "status": "accepted", "durability": "local",
                    "follow": .string(intake.core.desk.links.path(of: try #require(MessageID(id)))),
                ])
        #expect(answer.headers[.location] == "/v1/reports/\(id)")
        let told = try #require(try intake.outbox().first)
        #expect(
            told.data
                == ReportSubmitted(
                    reportId: ReportID(id), communityId: "mingdu", kind: .snapshot, category: "E0102",
                    description: "井盖破损，行人危险", location: Location(latitudeE7: 286_829_000, longitudeE7: 1_158_551_000),
                    address: "12 号楼", observedAt: Timestamp("2026-09-21T12:00:00Z"), submittedAt: IntakeUnderTest.noon,
                    reporterId: "rider-7", channel: nil))
        #expect(told.id.description == id)
        #expect(told.attributes.source == "/report-intake/1")
        #expect(intake.broker.nudges == 1)
    }
}

@Test func `every wrong field is named at once and nothing is stored`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let answer = try await client.report(
            [
                "description": " ", "category": "暴露垃圾", "kind": "rumour", "observedAt": "yesterday",
                "address": .string(String(repeating: "x", count: 201)), "externalId": "with space",
                "reporterId": "somebody-else", "location": ["latitude": 91, "datum": "bd09"], "colour": "red",
            ],
            token: try await intake.token("rider-7", .rider))

        #expect(answer.status == 422)
        #expect(answer.headers[.contentType] == "application/problem+json")
        #expect(
            Set(answer.wrongFields) == [
                "description", "category", "kind", "observedAt", "address", "externalId", "reporterId",
                "location.latitude", "location.longitude", "location.datum", "colour",
            ])
        #expect(try intake.count("report") == 0)
        #expect(try intake.count("edgeOutbox") == 0)
    }
}

@Test(arguments: [("{\"description\":", 400), ("", 400), ("[]", 422), ("null", 422)])
func `what is no report is refused`(text: String, status: Int) async throws {
    try await IntakeUnderTest.run { intake, client in
        let answer = try await client.report(text: text, token: try await intake.token("rider-7", .rider))

        #expect(answer.status == status)
        #expect(try intake.count("report") == 0)
    }
}

@Test func `a body of more than 64 KB is refused`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let padding = String(repeating: " ", count: 64 * 1_024)
        let token = try await intake.token("rider-7", .rider)

        let answer = try await client.report(text: JSONValue.report().text() + padding, token: token)

        #expect(answer.status == 413)
        #expect(try intake.count("report") == 0)
    }
}

@Test func `only those who may report get in`() async throws {
    try await IntakeUnderTest.run { intake, client in
        #expect(try await client.report(.report(), token: nil).status == 401)
        #expect(try await client.report(.report(), token: "no.such.token").status == 401)
        #expect(try await client.stream([JSONValue.report().text()], token: nil).status == 401)
        for role in [Role.worker, .verifier, .dispatcher] {
            let token = try await intake.token("staff-1", role)
            #expect(try await client.report(.report(), token: token).status == 403)
            #expect(try await client.stream([JSONValue.report().text()], token: token).status == 403)
        }
        #expect(try intake.count("report") == 0)
        for role in ReportRoutes.reporters {
            #expect(try await client.report(.report(), token: try await intake.token("p-1", role)).status == 201)
        }
        #expect(try intake.count("report") == 4)
    }
}

@Test func `a platform may name who saw it, and the topic says who sent it`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let answer = try await client.report(
            .report(["reporterId": "rider-7"]), token: try await intake.token("platform-a", .platform))

        #expect(answer.status == 201)
        let told = try #require(try intake.outbox().first)
        #expect(told.data.reporterId == "rider-7")
        #expect(told.data.channel == "platform-a")
    }
}

@Test func `a place on a shifted map is put right before its community is sought`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        // On the shifted map this point of longjiang's western edge lies about 500 m further east than it is.
        let location: JSONValue = ["latitude": 28.6829, "longitude": 115.8610, "datum": "gcj02"]
        let plain: JSONValue = ["latitude": 28.6829, "longitude": 115.8610]

        let shifted = try await client.report(.report(["location": location]), token: token)
        let unshifted = try await client.report(.report(["location": plain]), token: token)

        #expect(shifted.json["communityId"] == "mingdu")
        #expect(unshifted.json["communityId"] == "longjiang")
    }
}

@Test func `before any pack every report is unassigned`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let before = try await client.report(.report(), token: token)
        try await intake.apply(.town)
        let after = try await client.report(.report(), token: token)

        #expect(before.json["communityId"] == "unassigned")
        #expect(after.json["communityId"] == "mingdu")
    }
}

@Test func `the answer waits for the broker where it shall`() async throws {
    try await IntakeUnderTest.run(settings: IntakeSettings(acceptAfter: .broker)) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let without = try await client.report(.report(), token: token)
        intake.broker.begin()
        let with = try await client.report(.report(), token: token)

        #expect(without.status == 201)
        #expect(without.json["durability"] == "local")
        #expect(with.json["durability"] == "broker")
    }
}

@Test func `too great a backlog closes the door for a while`() async throws {
    let settings = IntakeSettings(acceptAfter: .store, backlogLimit: 2)
    try await IntakeUnderTest.run(settings: settings) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        #expect(try await client.report(.report(), token: token).status == 201)
        #expect(try await client.report(.report(), token: token).status == 201)

        let refused = try await client.report(.report(), token: token)

        #expect(refused.status == 503)
        #expect(refused.headers[.retryAfter] == "30")
        #expect(try await client.stream([JSONValue.report().text()], token: token).status == 503)
        #expect(try intake.count("report") == 2)
        #expect(await intake.health.ready().isOK == false)
    }
}

@Test func `what was measured can be read`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)
        for _ in 0..<2 { _ = try await client.report(.report(), token: token, key: "k") }
        _ = try await client.report(.report(["kind": "request"]), token: token)
        _ = try await client.report([:], token: token)

        let text = intake.metrics.text()

        #expect(text.contains(#"reports_accepted_total{kind="snapshot",outcome="accepted"} 1"#))
        #expect(text.contains(#"reports_accepted_total{kind="snapshot",outcome="repeated"} 1"#))
        #expect(text.contains(#"reports_accepted_total{kind="request",outcome="accepted"} 1"#))
        #expect(text.contains(#"reports_rejected_total{door="single"} 1"#))
        #expect(text.contains("intake_batch_size_count 3"))
    }
}

@Test func `a trace goes on with the report`() async throws {
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)
        for text in [trace, "rubbish"] {
            var headers: HTTPFields = [.authorization: "Bearer \(token)"]
            headers[.traceParent] = text
            try await client.execute(
                uri: "/v1/reports", method: .post, headers: headers,
                body: ByteBuffer(string: JSONValue.report().text())
            ) { #expect($0.status == .created) }
        }

        #expect(try intake.outbox().map(\.attributes.traceParent) == [trace, nil])
        // A stream is read when the request's own task is over.
        try await client.execute(
            uri: "/v1/reports/stream?key=1", method: .post, headers: [.authorization: "Bearer \(token)"],
            body: ByteBuffer(string: JSONValue.report().text() + "\n")
        ) { #expect($0.status == .ok) }
        let routes = try intake.outbox().map(\.attributes.request)
        #expect(routes == ["POST /v1/reports", "POST /v1/reports", "POST /v1/reports/stream"], "never a query")
    }
}
