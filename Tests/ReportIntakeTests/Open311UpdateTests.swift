import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing

@testable import ReportIntake

private let noon = IntakeUnderTest.noon

extension TestClientProtocol {
    fileprivate func updates(_ query: String = "") async throws -> [JSONValue] {
        try await both("v2/servicerequestupdates", query, root: "service_requests_updates").array ?? []
    }
}

@Test func `each change of stage is an update, under the same id however often it is asked`() async throws {
    try await IntakeUnderTest.run { intake, client in
        try await intake.read([.sample(version: 1)], at: noon.later(minutes: -60))
        try await intake.read([.sample(version: 2, stage: .filed)], at: noon.later(minutes: -50))
        // Another report joined: no news.
        try await intake.read([.sample(version: 3, stage: .filed)], at: noon.later(minutes: -40))
        try await intake.read([.sample(version: 4, stage: .dispatched)], at: noon.later(minutes: -30))
        // Said once more, as owners do daily.
        try await intake.read([.sample(version: 4, stage: .dispatched)], at: noon.later(minutes: -1))

        let updates = try await client.updates()

        #expect(updates.map { $0["update_id"] } == ["case-1-2", "case-1-4"])
        #expect(
            updates.last == [
                "update_id": "case-1-4", "service_request_id": "case-1", "status": "IN_PROGRESS",
                "updated_datetime": "2026-09-21T13:43:20Z", "description": "已派遣", "media_url": nil,
                "external_status_code": "dispatched",
            ])
    }
}

@Test func `updates are told by when they happened`() async throws {
    try await IntakeUnderTest.run { intake, client in
        try await intake.read([.sample("a", stage: .filed)], at: noon.later(minutes: -121))
        try await intake.read([.sample("b", stage: .closed)], at: noon.later(minutes: -119))
        try await intake.read([.sample("c", stage: .refused)], at: noon)

        func ids(_ query: String) async throws -> [JSONValue?] {
            try await client.updates(query).map { $0["service_request_id"] }
        }
        #expect(try await ids("") == ["b", "c"])
        #expect(try await ids("page_size=1&page=2") == ["c"])
        #expect(try await ids("start_date=2026-09-21T12:00:00Z") == ["a", "b", "c"])
        #expect(try await ids("start_date=2026-09-21T12:12:20Z&end_date=2026-09-21T12:14:20Z") == ["a", "b"])
        #expect(try await ids("end_date=2026-09-21T14:13:19Z") == ["b"])
        let wrong = try await client.bothRefuse("v2/servicerequestupdates", "start_date=x&page=0", status: 400)
        #expect(wrong.count == 2)
    }
}

@Test func `an update from outside is refused with a sentence, and without a key with another`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let fields: KeyValuePairs = [
            "api_key": key, "service_request_id": "case-1", "update_id": "7", "status": "FIXED", "description": "x",
            "updated_datetime": "2026-09-21T12:00:00Z",
        ]

        let reply = try await client.post(fields, to: "v2/servicerequestupdates.json")
        #expect(reply.status == 400)
        #expect(try reply.descriptions().first?.hasPrefix("Updates cannot be taken here yet.") == true)

        let none = try await client.post(
            ["service_request_id": "case-1"], to: "v2/servicerequestupdates.xml")
        #expect(none.status == 403)
    }
}
