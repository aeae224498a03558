import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing

@testable import ReportIntake

private let noon = IntakeUnderTest.noon

extension TestClientProtocol {
    /// The ids that a query finds, in order.
    fileprivate func found(_ query: String, token: String? = nil) async throws -> [String] {
        let json = try await both("v2/requests", query, root: "service_requests", token: token)
        return json.array?.compactMap { $0["service_request_id"]?.string } ?? []
    }
}

@Test func `everybody sees a case, but neither its address nor its exact place`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        try await intake.read(
            [.sample(version: 3, stage: .dispatched, unit: "property", deadline: noon.later(minutes: 240))],
            at: noon.later(minutes: 30))

        let json = try await client.both("v2/requests/case-1", root: "service_requests")

        #expect(
            json == [
                [
                    "service_request_id": "case-1", "status": "open", "status_notes": "已派遣",
                    "service_name": "暴露垃圾", "service_code": "E0102", "description": "楼下垃圾 <堆积> & 挡路",
                    "agency_responsible": "名都物业", "service_notice": "案件号 MD-case-1",
                    "requested_datetime": "2026-09-21T14:13:20Z", "updated_datetime": "2026-09-21T14:43:20Z",
                    "expected_datetime": "2026-09-21T18:13:20Z", "address": nil, "address_id": nil, "zipcode": nil,
                    "lat": 28.683, "long": 115.855, "media_url": nil,
                ]
            ])
        #expect(try await client.both("v2/request/case-1", root: "service_requests") == json)
    }
}

@Test func `platforms and staff see all that the topic tells, and nobody the words of a request else`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        try await intake.read([.sample(category: "D0103", kind: .request)])
        for role in [Role.platform, .worker, .verifier, .dispatcher, .admin] {
            let token = try await intake.token("p", role)
            let json = try await client.both("v2/requests/case-1", root: "service_requests", token: token)
            let request = try #require(json.array?.first)
            #expect(request["address"] == "3 栋东侧")
            #expect(request["lat"] == 28.6829123)
            #expect(request["long"] == 115.8551456)
            #expect(request["description"] == "楼下垃圾 <堆积> & 挡路")
        }
        for token in [nil, try await intake.token("rider-7", .rider), try await intake.token("r", .resident)] {
            let json = try await client.both("v2/requests/case-1", root: "service_requests", token: token)
            #expect(json.array?.first?["description"] == .null)
            #expect(json.array?.first?["lat"] == 28.683)
        }
    }
}

@Test(arguments: CaseStage.allCases)
func `every stage is open or closed, with its name`(stage: CaseStage) async throws {
    try await IntakeUnderTest.run { intake, client in
        try await intake.read(
            [.sample(version: 2, stage: stage, closedAt: stage == .closed ? noon.later(minutes: 3) : nil)],
            at: noon.later(minutes: 5))

        let json = try await client.both("v2/requests/case-1", root: "service_requests")

        let request = try #require(json.array?.first)
        #expect(request["status"] == (stage.isOpen ? "open" : "closed"))
        #expect(request["status_notes"]?.string?.isEmpty == false)
        #expect(request["updated_datetime"] == (stage == .closed ? "2026-09-21T14:16:20Z" : "2026-09-21T14:18:20Z"))
        // The pack does not name this category or unit.
        #expect(request["service_name"] == .null)
        #expect(request["agency_responsible"] == .null)
    }
}

@Test func `what goes beyond the standard comes when it is asked for`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        try await intake.read([.sample(version: 1)], at: noon)
        let filed = noon.later(minutes: 1)
        try await intake.read([.sample(version: 2, stage: .filed, changedAt: filed)], at: filed)
        try await intake.read(
            [.sample(version: 3, stage: .filed, changed: 2, changedAt: filed)], at: noon.later(minutes: 2))

        let json = try await client.both("v2/requests", "extensions=true", root: "service_requests")

        let request = try #require(json.array?.first)
        #expect(
            request["extended_attributes"] == [
                "case_number": "MD-case-1", "community_id": "mingdu", "kind": "snapshot", "stage": "filed",
                "version": 3,
            ])
        #expect(request["attributes"] == [])
        #expect(request["photos"] == [])
        #expect(
            request["notes"] == [["datetime": "2026-09-21T14:14:20Z", "description": "已立案", "type": "filed"]])
        let plain = try await client.both("v2/requests", "extensions=", root: "service_requests")
        #expect(plain.array?.first?["notes"] == nil)
    }
}

@Test func `an unknown id is not found, in a list it is left out`() async throws {
    try await IntakeUnderTest.run { intake, client in
        try await intake.read([.sample("a"), .sample("b", submittedAt: noon.later(minutes: 1))])

        #expect(try await client.bothRefuse("v2/requests/none", status: 404).count == 1)
        #expect(try await client.found("service_request_id=none") == [])
        #expect(try await client.found("service_request_id=a,none,b") == ["b", "a"])
        // Whatever else is asked is not looked at.
        #expect(try await client.found("service_request_id=a&status=closed&page=x&start_date=x") == ["a"])
        let many = (0...RequestFilter.mostIDs).map { "\($0)" }.joined(separator: ",")
        #expect(try await client.bothRefuse("v2/requests", "service_request_id=\(many)", status: 400).count == 1)
    }
}

@Test func `cases are found by status, service and date`() async throws {
    try await IntakeUnderTest.run { intake, client in
        try await intake.read([
            .sample("old", submittedAt: noon.later(days: -91)), .sample("week", submittedAt: noon.later(days: -7)),
            .sample("road", category: "P0101", submittedAt: noon.later(days: -2)),
            .sample("done", stage: .closed, submittedAt: noon.later(minutes: -30)),
            .sample("new", submittedAt: noon),
        ])

        #expect(try await client.found("") == ["new", "done", "road", "week"])
        #expect(try await client.found("status=open") == ["new", "road", "week"])
        #expect(try await client.found("status=closed") == ["done"])
        #expect(try await client.found("status=open,closed") == ["new", "done", "road", "week"])
        let empty = "status=&service_code=&start_date=&page_size="
        #expect(try await client.found(empty) == ["new", "done", "road", "week"])
        #expect(try await client.found("service_code=P0101") == ["road"])
        #expect(try await client.found("service_code=P0101,E0102&status=open") == ["new", "road", "week"])
        #expect(try await client.found("service_code=E9999") == [])
        // From one second to one second, both included.
        let day = "start_date=2026-09-19T14:13:20Z&end_date=2026-09-21T13:43:20Z"
        #expect(try await client.found(day) == ["done", "road"])
        #expect(try await client.found("end_date=2026-09-14T14:13:20Z") == ["week", "old"])
        #expect(try await client.found("start_date=2026-09-21T22:13:20%2B08:00") == ["new"])
        #expect(try await client.found("start_date=2026-09-21T22:13:20+08:00") == ["new"])
        #expect(try await client.found("start_date=2026-06-20T00:00:00Z") == ["week", "old"])
    }
}

@Test(arguments: [
    ("status=shut", 1), ("start_date=yesterday", 1), ("start_date=2026-09-21T10:00:00", 1),
    ("start_date=2026-09-21T10:00:00Z&end_date=2026-09-20T10:00:00Z", 1),
    ("start_date=2026-01-01T00:00:00Z&end_date=2026-04-01T00:00:01Z", 1), ("page=0", 1), ("page_size=0", 1),
    ("page_size=1001", 1), ("page=1.5", 1), ("page=99999999999999999999", 1), ("lat_ne=1&long_ne=1&lat_sw=0", 1),
    ("lat_ne=0&long_ne=1&lat_sw=1&long_sw=0", 1), ("lat_ne=91&long_ne=1&lat_sw=1&long_sw=0", 1),
    ("lat_ne=nan&long_ne=1&lat_sw=1&long_sw=0", 1), ("status=shut&page=0&start_date=x&lat_ne=x", 4),
    ("status=%zz", 1), ("status=%ff", 1), ("status=%f", 1),
])
func `a filter that is none is refused`(query: String, sentences: Int) async throws {
    try await IntakeUnderTest.run { _, client in
        let told = try await client.bothRefuse("v2/requests", query, status: 400)
        #expect(told.count == sentences)
    }
}

@Test func `a list comes in pages`() async throws {
    try await IntakeUnderTest.run { intake, client in
        // Two of each moment: the order is the same on every page.
        try await intake.read(
            (1...7).map { .sample(CaseID("c\($0)"), submittedAt: noon.later(minutes: Int64($0 / 2 * -1))) })
        let all = try await client.found("")
        #expect(all.count == 7)
        #expect(all.first == "c1")

        var paged: [String] = []
        for page in 1...3 { paged += try await client.found("page=\(page)&page_size=3") }
        #expect(paged == all)
        #expect(try await client.found("page=4&page_size=3") == [])
        #expect(try await client.found("page=1000000&page_size=1000") == [])
    }
}

@Test func `cases are found in a box, by no more of their place than the caller may know`() async throws {
    try await IntakeUnderTest.run { intake, client in
        try await intake.read([
            .sample("here", location: Location(latitudeE7: 286_829_000, longitudeE7: 1_158_551_000)),
            .sample("fiji", location: Location(latitudeE7: -170_000_000, longitudeE7: -1_799_000_000)),
        ])
        #expect(try await client.found("lat_sw=28.68&long_sw=115.85&lat_ne=28.69&long_ne=115.86") == ["here"])
        #expect(try await client.found("lat_sw=28.684&long_sw=115.85&lat_ne=28.69&long_ne=115.86") == [])
        // Across the date line.
        #expect(try await client.found("lat_sw=-18&long_sw=179&lat_ne=-16&long_ne=-179") == ["fiji"])
        #expect(try await client.found("lat_sw=-90&long_sw=-180&lat_ne=90&long_ne=180").count == 2)

        // Around the exact place only, and around the rounded one only.
        let exact = "lat_sw=28.6828&long_sw=115.855&lat_ne=28.68295&long_ne=115.8552"
        let rounded = "lat_sw=28.68295&long_sw=115.8549&lat_ne=28.6831&long_ne=115.85505"
        #expect(try await client.found(exact) == [])
        #expect(try await client.found(rounded) == ["here"])
        let token = try await intake.token("platform-a", .platform)
        #expect(try await client.found(exact, token: token) == ["here"])
        #expect(try await client.found(rounded, token: token) == [])
    }
}

@Test func `the answers to a service's questions are told, of a personal matter only to partners`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let posted = try await client.post([
            "api_key": key, "service_code": "E0102", "lat": "28.6829", "long": "115.8551",
            "attribute[size]": "truck", "attribute[kinds][]": "food", "attribute[words]": "电话13812345678",
        ])
        let report = ReportID(try #require(try posted.json().array?.first?["token"]?.string))
        let answers: JSONValue = [
            ["code": "size", "values": ["truck"]], ["code": "kinds", "values": ["food"]],
            ["code": "words", "values": ["电话***********"]],
        ]
        func told(_ id: CaseID, token: String? = nil) async throws -> JSONValue? {
            try await client.both(
                "v2/requests/\(id)", "extensions=true", root: "service_requests", token: token
            ).array?.first?["attributes"]
        }
        try await intake.read([
            .sample(reports: ["report-1", report]), .sample("mine", kind: .request, reports: [report]),
            .sample("other"),
        ])

        let (everybody, none) = (try await told("case-1"), try await told("other"))
        let (hidden, partner) = (try await told("mine"), try await told("mine", token: key))

        #expect(everybody == answers && partner == answers)
        #expect(hidden == [] && none == [])
    }
}
