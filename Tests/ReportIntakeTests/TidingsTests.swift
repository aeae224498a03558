import Contracts
import EventProcessing
import GRDB
import HTTPTypes
import HummingbirdTesting
import NIOCore
import ServiceKit
import Testing

@testable import ReportIntake

extension Pack {
    /// The town with something to report and one danger.
    fileprivate static let dangerous = Pack(
        name: "town", title: "Town", version: 2, calendar: town.calendar, communities: town.communities, units: [],
        people: [], categories: offering.categories, routingRules: [], pointRules: [],
        templates: [], webhooks: [], mergeDistance: 3_000,
        emergencies: [
            PackEmergency(
                id: "fire", words: ["着火"], exceptions: [], call: ["119"], advice: "快走。", englishAdvice: "Get away.")
        ])
}

private let danger: JSONValue = ["call": ["119"], "words": ["着火"], "advice": "快走。 Get away."]
private let nearest = NearestCommunity(id: "mingdu", name: "名都", distance: 1_112)
private let outside: JSONValue = ["latitude": 28.67, "longitude": 115.8551]

extension TestClientProtocol {
    fileprivate func follow(_ link: String) async throws -> Answer {
        try await execute(uri: link, method: .get, headers: [:], body: nil) { Answer($0) }
    }

    fileprivate func amend(
        _ method: HTTPRequest.Method, _ uri: String, _ body: JSONValue, token: String? = nil
    ) async throws -> Answer {
        try await execute(
            uri: uri, method: method, headers: token.map { [.authorization: "Bearer \($0)"] } ?? [:],
            body: ByteBuffer(string: body.text())
        ) { Answer($0) }
    }
}

@Test func `a line is told its link, and outside all communities the nearest one, also when it comes again`()
    async throws
{
    try await IntakeUnderTest.run(pack: .dangerous) { intake, client in
        let token = try await intake.token("platform-a", .platform)
        let line = JSONValue.report(["externalId": "a", "location": outside, "identity": "anonymous"]).text()

        let lines = try await client.stream([line, line, JSONValue.report().text()], token: token).lines

        #expect(lines.map { $0["status"] } == ["accepted", "duplicate", "accepted"])
        #expect(lines[0]["nearestCommunity"] == nearest.json && lines[1]["nearestCommunity"] == nearest.json)
        #expect(lines[2]["nearestCommunity"] == nil)
        #expect(lines[0]["follow"] == lines[1]["follow"])
        let followed = try await client.follow(try #require(lines[0]["follow"]?.string))
        #expect(followed.json["reportId"] == lines[0]["reportId"])
    }
}

@Test func `the event names the nearest community of a place that lies in none`() async throws {
    try await IntakeUnderTest.run(pack: .dangerous) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        _ = try await client.report(.report(["location": outside]), token: rider)
        _ = try await client.report(.report(), token: rider)

        #expect(try intake.outbox().map(\.data.nearestCommunity) == [nearest, nil])
    }
}

@Test func `a request is told of danger and of the nearest community in words, and its link where that is asked for`()
    async throws
{
    try await IntakeUnderTest.run(pack: .dangerous) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        func post(_ more: (String, String)...) async throws -> JSONValue {
            var form = "service_code=E0102&lat=28.67&long=115.8551&description=%E7%9D%80%E7%81%AB&api_key=\(key)"
            for (name, value) in more { form += "&\(name)=\(value)" }
            let reply = try await client.post(body: form, type: "application/x-www-form-urlencoded")
            #expect(reply.status == 200)
            return try #require(try reply.json().array?.first)
        }

        let plain = try await post()
        let extended = try await post(("extensions", "true"))

        let notice = try #require(plain["service_notice"]?.string)
        #expect(notice.hasPrefix("快走。 Get away."))
        #expect(notice.contains("最近的是名都，1112 米") && notice.contains("1112 metres"))
        #expect(plain["extended_attributes"] == nil)
        let attributes = try #require(extended["extended_attributes"])
        #expect(attributes["emergency_call"] == ["119"])
        #expect(attributes["nearest_community"] == "mingdu")
        let followed = try await client.follow(try #require(attributes["follow"]?.string))
        #expect(followed.json["reportId"] == extended["token"])
    }
}

@Test func `a request that is posted as XML is answered as XML, and stored`() async throws {
    try await IntakeUnderTest.run(pack: .dangerous) { intake, client in
        let key = try await intake.token("platform-a", .platform)

        let reply = try await client.post(
            ["api_key": key, "service_code": "E0102", "lat": "28.6829", "long": "115.8551", "extensions": "true"],
            to: "v2/requests.xml")

        #expect(reply.status == 200)
        #expect(reply.headers[.contentType] == "text/xml; charset=utf-8")
        let root = try reply.xml()
        #expect(root.name == "service_requests")
        let token = try #require(root["request"]?["token"]?.text)
        #expect(try intake.outbox().map(\.id.description) == [token])
        #expect(root["request"]?["extended_attributes"]?["follow"]?.text.hasPrefix("/v1/follow/") == true)
    }
}

@Test func `a receipt tells all of that, the link only to who sent the record`() async throws {
    try await IntakeUnderTest.run(pack: .dangerous) { intake, client in
        try await intake.read([Platform.granted()], into: PlatformKeys())
        let values = [
            Platform.event("a", [:], ["description": "着火了", "location": outside]), Platform.event("b"),
            Platform.event("c", [:], ["location": "nowhere"]),
        ]

        let receipts = try await intake.door.answers(
            to: values.enumerated().map { offset, value in
                ForeignRecord(
                    log: "a log", partition: 0, offset: Int64(offset), value: value, headers: Platform.signed(value))
            }
        ).map { answered in
            guard case .now(_, let value) = answered else { throw ContractError.malformed("it has to wait") }
            return try Envelope<PlatformReceipt>(value: value).data
        }

        #expect(
            receipts[0].emergency
                == PlatformReceipt.Emergency(call: ["119"], words: ["着火"], advice: "快走。 Get away."))
        #expect(receipts[0].nearestCommunity == nearest)
        #expect(receipts[1].emergency == nil && receipts[1].nearestCommunity == nil)
        #expect(receipts[2].status == .rejected && receipts[2].sealedFollow == nil)
        let id = try #require(receipts[1].reportId)
        let sealed = try #require(receipts[1].sealedFollow)
        let link = try SealedLink.open(sealed, of: id, secret: Platform.secret)
        #expect(try await client.follow(link).json["reportId"] == .string(id.rawValue))
        #expect(throws: (any Error).self) {
            try SealedLink.open(sealed, of: id, secret: PlatformKey.hash(of: "another platform's key"))
        }
    }
}

@Test func `who adds words of danger, or edits them in, is told whom to call`() async throws {
    try await IntakeUnderTest.run(pack: .dangerous) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let sent = try await client.report(.report(), token: rider).json
        let report = "/v1/reports/\(try #require(sent["reportId"]?.string))"
        let link = try #require(sent["follow"]?.string)

        for (place, token) in [(report, rider), (link, nil)] {
            let added = try await client.amend(.post, "\(place)/additions", ["text": "着火了"], token: token)
            let edited = try await client.amend(.patch, place, ["description": "着火了"], token: token)
            let harmless = try await client.amend(.post, "\(place)/additions", ["text": "还在"], token: token)
            #expect(added.status == 202 && added.json["emergency"] == danger)
            #expect(edited.status == 202 && edited.json["emergency"] == danger)
            #expect(harmless.status == 202 && harmless.json["emergency"] == nil)
        }
        // It is said when it is sent; what is listed later is no alarm.
        let amendments = try await client.look(String(report.dropFirst("/v1/reports/".count)), token: rider)
            .json["amendments"]?.array
        #expect(amendments?.count == 6)
        #expect(amendments?.allSatisfy { $0["emergency"] == nil } == true)
    }
}

@Test func `another system's update is told of danger and of what is not kept`() async throws {
    try await IntakeUnderTest.run(pack: .dangerous) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let posted = try await client.post([
            "api_key": key, "service_code": "E0102", "lat": "28.6829", "long": "115.8551",
        ])
        let report = try #require(try posted.json().array?.first?["token"]?.string)
        try await intake.read([.sample(reports: [ReportID(report)])])
        func update(_ id: String, _ words: String, _ more: (String, String)...) async throws -> JSONValue? {
            var form = "api_key=\(key)&service_request_id=case-1&update_id=\(id)&description=\(words)"
            for (name, value) in more { form += "&\(name)=\(value)" }
            let reply = try await client.post(
                "v2/servicerequestupdates.json", body: form, type: "application/x-www-form-urlencoded")
            #expect(reply.status == 200)
            return try reply.json().array?.first
        }

        #expect(try await update("1", "fine")?["service_notice"] == nil)
        #expect(try await update("2", "%E7%9D%80%E7%81%AB")?["service_notice"] == "快走。 Get away.")
        let dropped = try await update(
            "3", "x", ("media_url", "http://x/y.jpg"), ("email", "a@b.c"), ("first_name", "A"))
        let notice = try #require(dropped?["service_notice"]?.string)
        #expect(notice.contains("Contact details are not kept.") && notice.contains("media_url is not kept."))
    }
}
