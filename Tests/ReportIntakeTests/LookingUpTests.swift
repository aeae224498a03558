import Contracts
import EventProcessing
import Foundation
import GRDB
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing

@testable import ReportIntake

private func opened(_ report: String, case id: CaseID = "case-1", number: String = "MD-20260921-0001") -> CaseOpened {
    CaseOpened(
        caseId: id, caseNumber: number, reportId: ReportID(report), communityId: "mingdu", ledgerId: "town",
        category: "E0102", kind: .snapshot, reporterId: "rider-7", ownerUnitId: nil, handlerId: nil,
        location: Location(latitudeE7: 286_829_000, longitudeE7: 1_158_551_000), submittedAt: IntakeUnderTest.noon,
        openedAt: IntakeUnderTest.noon, routing: "first rule", flagged: nil)
}

private func submit(_ intake: IntakeUnderTest, _ client: any TestClientProtocol) async throws -> String {
    let answer = try await client.report(
        .report(["description": "请致电13812345678"]), token: try await intake.token("rider-7", .rider))
    return try #require(answer.json["reportId"]?.string)
}

@Test func `a reporter reads their own words back`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let id = try await submit(intake, client)

        let answer = try await client.look(id, token: try await intake.token("rider-7", .rider))

        #expect(
            answer.json == [
                "reportId": .string(id), "status": "accepted", "communityId": "mingdu", "kind": "snapshot",
                "description": "请致电13812345678", "location": ["latitude": 28.6829, "longitude": 115.8551],
                "submittedAt": .string(IntakeUnderTest.noon.description),
            ])
    }
}

@Test func `a report is the business of its reporter, its sender and staff only`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let answer = try await client.report(
            .report(["reporterId": "rider-7"]), token: try await intake.token("platform-a", .platform))
        let id = try #require(answer.json["reportId"]?.string)

        for token in [
            try await intake.token("rider-7", .rider), try await intake.token("platform-a", .platform),
            try await intake.token("w", .worker), try await intake.token("v", .verifier),
            try await intake.token("d", .dispatcher), try await intake.token("a", .admin),
        ] {
            #expect(try await client.look(id, token: token).status == 200)
        }
        #expect(try await client.look(id, token: try await intake.token("rider-8", .rider)).status == 404)
        #expect(try await client.look(id, token: try await intake.token("platform-b", .platform)).status == 404)
        #expect(try await client.look(id, token: nil).status == 401)
        let staff = try await intake.token("a", .admin)
        #expect(try await client.look(MessageID.random().description, token: staff).status == 404)
        #expect(try await client.look("no-id", token: staff).status == 404)
    }
}

@Test func `a report that opened a case says which`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let id = try await submit(intake, client)
        try await intake.read([opened(id)], into: CaseAnswers(outbox: intake.core.store.outbox))

        let answer = try await client.look(id, token: try await intake.token("rider-7", .rider))

        #expect(answer.json["status"] == "registered")
        #expect(answer.json["caseId"] == "case-1")
        #expect(answer.json["caseNumber"] == "MD-20260921-0001")
        #expect(try await unanswered(intake) == 0)
    }
}

@Test func `a report that another instance took, and that was answered, is answered here at once`() async throws {
    try await IntakeUnderTest.run { first, firstClient in
        let sent = try await firstClient.report(.report(), token: first.token("rider-7", .rider), key: "k-1")
        let id = try #require(sent.json["reportId"]?.string)
        try await IntakeUnderTest.run { second, client in
            try await second.read([opened(id)], into: CaseAnswers(outbox: second.core.store.outbox))
            let token = try await second.token("rider-7", .rider)

            #expect(try await client.report(.report(), token: token, key: "k-1").json["reportId"]?.string == id)

            #expect(try await client.look(id, token: token).json["caseNumber"] == "MD-20260921-0001")
            #expect(try await unanswered(second) == 0)
        }
    }
}

@Test func `a report that joined a case says which`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let id = try await submit(intake, client)
        let joined = ReportJoined(
            case: opened("another").reference, reportId: ReportID(id), reporterId: "rider-7", distance: 120)
        try await intake.read([joined], into: CaseAnswers(outbox: intake.core.store.outbox))

        let answer = try await client.look(id, token: try await intake.token("rider-7", .rider))

        #expect(answer.json["status"] == "registered")
        #expect(answer.json["caseNumber"] == "MD-20260921-0001")
        #expect(try await unanswered(intake) == 0)
    }
}

@Test func `after a transfer the later case counts, in whatever order the two are read`() async throws {
    for isReversed in [false, true] {
        try await IntakeUnderTest.run { intake, client in
            let id = try await submit(intake, client)
            let answers = CaseAnswers(outbox: intake.core.store.outbox)
            let first = (opened(id), IntakeUnderTest.noon)
            let second = (opened(id, case: "case-2", number: "LJ-1"), IntakeUnderTest.noon.adding(milliseconds: 5))
            for (event, moment) in isReversed ? [second, first] : [first, second] {
                try await intake.read([event], into: answers, at: moment)
            }

            let answer = try await client.look(id, token: try await intake.token("rider-7", .rider))

            #expect(answer.json["caseId"] == "case-2")
        }
    }
}

@Test func `a report that could not be taken is answered, too`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let id = try #require(MessageID(try await submit(intake, client)))
        let command = MessageID.random()
        let records: [IncomingRecord] = [
            try IntakeUnderTest.record(
                CommandFailed(commandId: command, commandType: "report.register", reason: "no"),
                at: IntakeUnderTest.noon,
                correlation: id),
            // Of somebody else's command: nothing to us.
            try IntakeUnderTest.record(
                CommandRefused(commandId: command, commandType: "case.close", code: "x", reason: "y"),
                at: IntakeUnderTest.noon),
        ]
        let answers = CaseAnswers(outbox: intake.core.store.outbox)
        try await intake.core.store.pool.write { db in for record in records { try answers.apply(record, in: db) } }

        let answer = try await client.look(id.description, token: try await intake.token("rider-7", .rider))

        #expect(answer.json["status"] == "published")
        #expect(try await unanswered(intake) == 0)
    }
}

@Test func `a report that the broker has is published`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let id = try await submit(intake, client)
        // As the relay notes it.
        try await intake.core.store.pool.write { db in try db.execute(sql: "UPDATE edgeOutbox SET state = 1, sends = 1")
        }

        #expect(
            try await client.look(id, token: try await intake.token("rider-7", .rider)).json["status"] == "published")
    }
}

private func unanswered(_ intake: IntakeUnderTest) async throws -> Int {
    try await intake.core.store.pool.read { [outbox = intake.core.store.outbox] db in
        try outbox.unansweredCount(in: db)
    }
}
