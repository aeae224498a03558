import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing

@testable import ReportIntake

private let place: KeyValuePairs = ["service_code": "E0102", "lat": "28.6829", "long": "115.8551"]

/// The fields of a proper request, with others behind them.
private func fields(_ others: KeyValuePairs<String, String>) -> String {
    (place.map { ($0.key, $0.value) } + others.map { ($0.key, $0.value) })
        .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
}

private let urlEncoded = "application/x-www-form-urlencoded"

@Test func `a request is stored and told of like any report, and answered with a token`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("platform-a", .platform)

        let reply = try await client.post([
            "api_key": key, "service_code": "E0102", "lat": "28.6829", "long": "115.8551",
            "description": "请致电 13812345678\n谢谢", "address_string": "3 栋东侧", "account_id": "rider-7", "email": "",
        ])

        #expect(reply.status == 200)
        let told = try #require(try intake.outbox().first)
        #expect(
            try reply.json() == [
                ["token": .string(told.id.description), "service_notice": nil, "account_id": "rider-7"]
            ])
        #expect(
            told.data
                == ReportSubmitted(
                    reportId: ReportID(told.id.description), communityId: "mingdu", kind: .snapshot, category: "E0102",
                    description: "请致电 ***********\n谢谢",
                    location: Location(latitudeE7: 286_829_000, longitudeE7: 1_158_551_000), address: "3 栋东侧",
                    observedAt: nil, submittedAt: IntakeUnderTest.noon, reporterId: "rider-7", channel: "platform-a"))
    }
}

@Test func `XML and JSON answer a post with the same`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let body = fields(["api_key": try await intake.token("platform-a", .platform)])

        let json = try await client.post("v2/requests.json", body: body, type: urlEncoded, key: "k-1")
        let xml = try await client.post("v2/requests.xml", body: body, type: urlEncoded, key: "k-1")

        let element = try xml.xml()
        #expect(element.name == "service_requests")
        #expect(element.children.map(\.name) == ["request"])
        #expect(try element.differences(from: json.json()) == [])
        #expect(try intake.count("report") == 1)
    }
}

@Test func `a token leads to the id once the case is there, and the id to the request`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let reply = try await client.post("v2/requests.xml", body: fields(["api_key": key]), type: urlEncoded)
        let text = try #require(try reply.xml()["request"]?["token"]?.text)

        let early = try await client.both("v2/tokens/\(text)", root: "service_requests")
        #expect(early == [["service_request_id": nil, "token": .string(text)]])

        try await intake.read([.sample("case-9", reports: [ReportID(text)])])
        let later = try await client.both("v2/tokens/\(text)", root: "service_requests")
        #expect(later == [["service_request_id": "case-9", "token": .string(text)]])
        let shown = try await client.both("v2/requests/case-9", root: "service_requests")
        #expect(shown.array?.first?["status_notes"] == "已上报")

        for wrong in [MessageID.random().description, "none"] {
            #expect(try await client.bothRefuse("v2/tokens/\(wrong)", status: 404).count == 1)
        }
    }
}

@Test func `a key comes in the form, the query or the header`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let inQuery = try await client.post("v2/requests.json?api_key=\(key)", body: fields([:]), type: urlEncoded)
        #expect(inQuery.status == 200)
        let inHeader = try await client.execute(
            uri: "/open311/v2/requests.json", method: .post,
            headers: [.authorization: "Bearer \(key)", .contentType: urlEncoded], body: ByteBuffer(string: fields([:]))
        ) { Open311Reply($0) }
        #expect(inHeader.status == 200)
        #expect(try intake.count("report") == 2)
    }
}

@Test func `a platform posts with its own key, and no more than it may`() async throws {
    let key = "ssp_" + String(repeating: "ab", count: 32)
    let granted = PlatformKeyGranted(keyId: "k-1", platform: "meituan", hash: PlatformKey.hash(of: key), perMinute: 1)
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        #expect(try await client.post(body: fields(["api_key": key]), type: urlEncoded).status == 403)
        try await intake.read([granted], into: PlatformKeys())

        let first = try await client.post(body: fields(["api_key": key]), type: urlEncoded)
        let second = try await client.post("v2/requests.xml", body: fields(["api_key": key]), type: urlEncoded)

        #expect(first.status == 200)
        #expect(try intake.outbox().map(\.data.channel) == ["meituan"])
        #expect(second.status == 429)
        #expect(second.headers[.retryAfter] != nil)
        #expect(try second.xml().name == "errors")
    }
}

@Test func `without a key that may report nothing is stored`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let bodies = [
            fields([:]), fields(["api_key": ""]), fields(["api_key": "wrong"]),
            fields(["api_key": try await intake.token("w", .worker)]),
        ]
        for format in ["json", "xml"] {
            for body in bodies {
                let reply = try await client.post("v2/requests.\(format)", body: body, type: urlEncoded)
                #expect(reply.status == 403)
                #expect(reply.text.contains("api_key"))
            }
        }
        let large = Array(repeating: UInt8(ascii: "x"), count: 70_000)
        let early = try await client.post("v2/requests.json?api_key=wrong", bytes: large, type: urlEncoded)
        #expect(early.status == 403)
        #expect(try await client.post(bytes: large, type: urlEncoded).status == 413)
        #expect(try intake.count("report") == 0)
        #expect(try await client.bothRefuse("v2/requests", "api_key=wrong", status: 403).count == 1)
        #expect(try await client.bothRefuse("v2/requests", status: 403, token: "wrong").count == 1)
    }
}

@Test(arguments: [
    ("service_code=&lat=1&long=1", 400, "service_code is missing"), ("lat=1&long=1", 400, "service_code is missing"),
    ("service_code=E9999&lat=1&long=1", 404, "not offered"), ("service_code=E0102", 400, "location is missing"),
    ("service_code=E0102&lat=1", 400, "together"), ("service_code=E0102&lat=&long=1", 400, "together"),
    ("service_code=E0102&lat=91&long=1", 400, "WGS-84"), ("service_code=E0102&lat=nan&long=1", 400, "WGS-84"),
    ("service_code=E0102&lat=x&long=1", 400, "WGS-84"),
    ("service_code=E0102&address_string=Street+1", 400, "An address alone"),
    ("service_code=E0102&address_id=7", 400, "An address alone"),
    ("service_code=E0102&lat=1&long=1&description=%20", 400, "description must not be blank"),
    ("service_code=E0102&lat=1&long=1&description=%zz", 400, "%25"),
    ("service_code=E0102&lat=1&long=1&description=%ff", 400, "UTF-8"),
    ("service_code=E0102&lat=1&long=1&account_id=with%20space", 400, "account_id must be"),
    ("service_code=E0102&lat=1&long=1&attribute[X]=1", 400, "attributes"),
])
func `a wrong argument is named`(body: String, status: Int, sentence: String) async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        for format in ["json", "xml"] {
            let reply = try await client.post("v2/requests.\(format)?api_key=\(key)", body: body, type: urlEncoded)
            #expect(reply.status == status)
            #expect(reply.text.contains(sentence), "\(reply.text)")
        }
        #expect(try intake.count("report") == 0)
    }
}

@Test func `everything that is wrong is told at once`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("rider-7", .rider)
        let reply = try await client.post([
            "api_key": key, "service_code": "E0102", "lat": "91", "long": "1", "account_id": "somebody-else",
            "description": String(repeating: "x", count: 4_001),
        ])

        #expect(reply.status == 400)
        #expect(try reply.descriptions().count == 3)
        #expect(intake.metrics.text().contains(#"reports_rejected_total{door="open311"} 1"#))
    }
}

@Test func `a request without words has its service's name, and is of its kind`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("rider-7", .rider)
        let reply = try await client.post(["api_key": key, "service_code": "D0103", "lat": "0", "long": "0"])

        #expect(reply.status == 200)
        let told = try #require(try intake.outbox().first?.data)
        #expect(told.description == "一般诉求")
        #expect(told.kind == .request)
        #expect(told.communityId == .unassigned)
        #expect(told.channel == nil)
    }
}

@Test func `what is not kept is said`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let reply = try await client.post([
            "api_key": key, "service_code": "E0102", "lat": "28.6829", "long": "115.8551", "phone": "13812345678",
            "media_url": "https://example.org/1.jpg",
        ])

        let notice = try #require(try reply.json().array?.first?["service_notice"]?.string)
        #expect(notice.contains("Contact details are not kept."))
        #expect(notice.contains("The photo at media_url is not kept."))
    }
}

@Test func `the same request under the same key is one report, another is refused`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let path = "v2/requests.json?api_key=\(key)"
        let first = try await client.post(path, body: fields([:]), type: urlEncoded, key: "k-1")
        let again = try await client.post(path, body: fields([:]), type: urlEncoded, key: "k-1")
        let other = try await client.post(path, body: fields(["description": "x"]), type: urlEncoded, key: "k-1")
        let noKey = try await client.post(path, body: fields([:]), type: urlEncoded, key: "with space")

        #expect(first.status == 200)
        #expect(first.text == again.text)
        #expect(other.status == 400)
        #expect(noKey.status == 400)
        #expect(try intake.count("report") == 1)
    }
}

@Test func `with too many unanswered reports a request is put off`() async throws {
    let settings = IntakeSettings(acceptAfter: .store, backlogLimit: 1)
    try await IntakeUnderTest.run(settings: settings, pack: .offering) { intake, client in
        let body = fields(["api_key": try await intake.token("platform-a", .platform)])
        #expect(try await client.post("v2/requests.xml", body: body, type: urlEncoded).status == 200)

        let reply = try await client.post("v2/requests.xml", body: body, type: urlEncoded)

        #expect(reply.status == 503)
        #expect(reply.headers[.retryAfter] == "30")
        #expect(try reply.xml().name == "errors")
    }
}
