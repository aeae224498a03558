import Contracts
import Foundation
import GRDB
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
        let (filed, dispatched) = (noon.later(minutes: -50), noon.later(minutes: -30))
        try await intake.read([.sample(version: 1)], at: noon.later(minutes: -60))
        try await intake.read([.sample(version: 2, stage: .filed, changedAt: filed)], at: filed)
        // Another report joined: no news.
        try await intake.read(
            [.sample(version: 3, stage: .filed, changed: 2, changedAt: filed)], at: noon.later(minutes: -40))
        try await intake.read([.sample(version: 4, stage: .dispatched, changedAt: dispatched)], at: dispatched)
        // Said once more, as owners do daily.
        try await intake.read(
            [.sample(version: 4, stage: .dispatched, changedAt: dispatched)], at: noon.later(minutes: -1))

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

@Test func `an instance that sees only the newest state calls the update the same as one that saw them all`()
    async throws
{
    let filed = noon.later(minutes: -50)
    let all: [CaseState] = [
        .sample(version: 1), .sample(version: 2, stage: .filed, changedAt: filed),
        .sample(version: 3, stage: .filed, reports: ["report-1", "report-2"], changed: 2, changedAt: filed),
    ]
    let seen = KeptValue<[[JSONValue]]>([])
    for states in [all, [all[2]], [all[2], all[1]]] {
        try await IntakeUnderTest.run { intake, client in
            try await intake.read(states, at: noon.later(minutes: -1))
            seen.set(seen.value + [try await client.updates()])
        }
    }

    #expect(seen.value[0].map { $0["update_id"] } == ["case-1-2"])
    #expect(seen.value[0].map { $0["updated_datetime"] } == ["2026-09-21T13:23:20Z"])
    #expect(seen.value[1] == seen.value[0] && seen.value[2] == seen.value[0])
}

@Test func `updates are told by when they happened`() async throws {
    try await IntakeUnderTest.run { intake, client in
        try await intake.read([
            .sample("a", stage: .filed, changedAt: noon.later(minutes: -121)),
            .sample("b", stage: .closed, changedAt: noon.later(minutes: -119)), .sample("c", stage: .refused),
        ])

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

@Test func `an update from outside reaches the case once, from who sent its report`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let posted = try await client.post([
            "api_key": key, "service_code": "E0102", "lat": "28.6829", "long": "115.8551", "account_id": "rider-7",
        ])
        let report = try #require(try posted.json().array?.first?["token"]?.string)
        try await intake.read([.sample(reports: [ReportID(report)])])
        func update(_ key: String, _ id: String = "7", status: String = "FIXED") async throws -> Open311Reply {
            try await client.post(
                [
                    "api_key": key, "service_request_id": "case-1", "update_id": id, "status": status,
                    "description": "x13812345678", "updated_datetime": "2026-09-21T12:00:00Z",
                ], to: "v2/servicerequestupdates.json")
        }

        let reply = try await update(key)
        let again = try await update(key)

        #expect(reply.status == 200)
        #expect(try again.json() == reply.json())
        let values = try await intake.core.store.pool.read { db in
            try Data.fetchAll(db, sql: "SELECT value FROM edgeOutbox ORDER BY number")
        }
        #expect(values.count == 2)
        let told = try Envelope<ReportAmended>(value: values[1])
        #expect(try reply.json() == [["update_id": .string(told.id.description)]])
        #expect(told.data.externalStatus == "FIXED")
        #expect(told.data.text == "x***********")
        #expect(told.data.actorId == "platform-a")
        #expect(told.data.reportId == ReportID(report))

        let strange = try await update(try await intake.token("platform-b", .platform))
        #expect(strange.status == 404)
        let wrong = try await update(key, "", status: "DONE")
        #expect(wrong.status == 400)
        #expect(try wrong.descriptions().count == 2)
        let none = try await client.post(["service_request_id": "case-1"], to: "v2/servicerequestupdates.xml")
        #expect(none.status == 403)
    }
}

@Test func `photos of a case are told to partners, at addresses that nobody guesses`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let photo = PhotoID(String(repeating: "ab", count: 32))
        try await intake.read([.sample(photos: [photo])])
        let key = try await intake.token("platform-a", .platform)

        let everybody = try await client.ask("v2/requests/case-1.json?extensions=true").json().array?.first
        let partner = try await client.ask("v2/requests/case-1.json?extensions=true&api_key=\(key)").json().array?.first

        #expect(everybody?["media_url"] == .null)
        #expect(everybody?["photos"] == [])
        let address = try #require(partner?["media_url"]?.string)
        #expect(partner?["photos"] == [["url": .string(address)]])
        let code = try #require(address.split(separator: "/").last).description
        #expect(intake.core.desk.media.photo(of: code) == photo)
        for position in [0, 63, 64, 95] {
            var other = Array(code)
            other[position] = other[position] == "0" ? "1" : "0"
            #expect(intake.core.desk.media.photo(of: String(other)) == nil)
        }
        let missing = try await client.execute(uri: "/open311/v2/media/\(code)", method: .get) { $0.status.code }
        #expect(missing == 404, "nobody sent this photo here")
    }
}

@Test func `partners are shown the work once it is said to be done`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let photos = ["ab", "cd"].map { PhotoID(String(repeating: $0, count: 32)) }
        let course = CaseCourse { $0.workPhotos = photos }
        try await intake.read([
            .sample("a", stage: .handled, course: course), .sample("b", stage: .closed, course: course),
            .sample("c", stage: .dispatched, course: course), .sample("d", stage: .closed),
        ])
        let key = try await intake.token("platform-a", .platform)
        func media(token: String?) async throws -> [JSONValue?] {
            try await client.both(
                "v2/servicerequestupdates", root: "service_requests_updates", token: token
            ).array?.map { $0["media_url"] } ?? []
        }

        let seen = try await media(token: key)
        let everybody = try await media(token: nil)

        let codes = seen.map { $0?.string?.split(separator: "/").last.map(String.init) }
        #expect(codes.map { $0.flatMap(intake.core.desk.media.photo(of:)) } == [photos[1], photos[1], nil, nil])
        #expect(everybody == [.null, .null, .null, .null])
    }
}
