import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit
import Testing

@testable import ReportIntake

@Test func `the same report under the same key gets the same answer`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let first = try await client.report(.report(), token: token, key: "k-1")
        // Written otherwise, it is still the same report.
        let again = try await client.report(
            text: #"{ "location": {"longitude": 115.8551, "latitude": 28.68290}, "description": "井盖破损，行人危险" }"#,
            token: token, key: "k-1")

        #expect(first.status == 201)
        #expect(again.status == 201)
        #expect(first.json == again.json)
        #expect(first.headers[.idempotencyHit] == nil)
        #expect(again.headers[.idempotencyHit] == "true")
        #expect(try intake.count("report") == 1)
        #expect(try intake.count("edgeOutbox") == 1)
    }
}

@Test func `another report under the same key is refused`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)
        _ = try await client.report(.report(), token: token, key: "k-1")

        let other = try await client.report(.report(["description": "别的事"]), token: token, key: "k-1")

        #expect(other.status == 422)
        #expect(other.wrongFields == ["Idempotency-Key"])
        #expect(try intake.count("report") == 1)
    }
}

@Test func `two people may use the same key`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let first = try await client.report(.report(), token: try await intake.token("rider-7", .rider), key: "k-1")
        let second = try await client.report(.report(), token: try await intake.token("rider-8", .rider), key: "k-1")

        #expect(first.json["reportId"] != second.json["reportId"])
        #expect(try intake.count("report") == 2)
    }
}

@Test func `a platform's own id makes a report known again`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("platform-a", .platform)
        let first = try await client.report(.report(["externalId": "order-9"]), token: token)
        let again = try await client.report(.report(["externalId": "order-9"]), token: token)
        let underKey = try await client.report(.report(["externalId": "order-9"]), token: token, key: "k")
        let other = try await client.report(
            .report(["externalId": "order-9", "description": "别的事"]), token: token)

        #expect(again.json["reportId"] == first.json["reportId"])
        #expect(underKey.headers[.idempotencyHit] == "true")
        #expect(other.status == 422)
        #expect(other.wrongFields == ["externalId"])
        #expect(try intake.count("report") == 1)
    }
}

@Test func `two replicas give a report the same id`() async throws {
    var ids: [JSONValue?] = []
    for _ in 0..<2 {
        let id = KeptValue<JSONValue?>(nil)
        try await IntakeUnderTest.run { intake, client in
            let token = try await intake.token("rider-7", .rider)
            id.set(try await client.report(.report(), token: token, key: "k-1").json["reportId"])
        }
        ids.append(id.value)
    }

    #expect(ids[0] != nil)
    #expect(ids[0] == ids[1])
}

@Test func `a key that is none is refused`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)

        #expect(try await client.report(.report(), token: token, key: "with space").status == 400)
        #expect(try intake.count("report") == 0)
    }
}

@Test func `many at once under one key are one report`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<40 { group.addTask { try await client.report(.report(), token: token, key: "k-1") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        #expect(answers.allSatisfy { $0.status == 201 })
        #expect(Set(answers.map(\.json)).count == 1)
        #expect(answers.count { $0.headers[.idempotencyHit] == nil } == 1)
        #expect(try intake.count("report") == 1)
    }
}
