import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import Testing

@testable import ReportIntake

extension Pack {
    /// The town with two categories and one danger.
    fileprivate static let advising = Pack(
        name: "town", title: "Town", version: 2, calendar: town.calendar, communities: town.communities, units: [],
        people: [], categories: [category("E0102", ["垃圾", "生活垃圾"]), category("P0101", ["井盖"])], routingRules: [],
        pointRules: [], templates: [], webhooks: [], mergeDistance: 3_000,
        emergencies: [
            PackEmergency(
                id: "fire", words: ["着火"], exceptions: ["万一着火"], call: ["119"], advice: "快走。",
                englishAdvice: "Get away.")
        ])

    private static func category(_ code: CategoryCode, _ keywords: [String]) -> PackCategory {
        PackCategory(
            code: code, name: "类别 \(code)", englishName: "Category \(code)", kind: .snapshot, filingLimit: "2w",
            handlingLimit: "4w", keywords: keywords, gbCode: nil, gbVerified: false)
    }
}

extension TestClientProtocol {
    fileprivate func preview(_ body: JSONValue, token: String?) async throws -> Answer {
        var headers: HTTPFields = [:]
        if let token { headers[.authorization] = "Bearer \(token)" }
        return try await execute(
            uri: "/v1/reports/preview", method: .post, headers: headers, body: ByteBuffer(string: body.text())
        ) { Answer($0) }
    }
}

private let danger: JSONValue = ["call": ["119"], "words": ["着火"], "advice": "快走。 Get away."]

@Test func `a report of danger is stored and sent as any other, and its answer says whom to call`() async throws {
    try await IntakeUnderTest.run(pack: .advising) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let report = JSONValue.report(["description": "楼道着火了"])

        let answer = try await client.report(report, token: rider, key: "k-1")
        let again = try await client.report(report, token: rider, key: "k-1")
        let harmless = try await client.report(.report(["description": "万一着火怎么办"]), token: rider)

        #expect(answer.status == 201)
        #expect(answer.json["emergency"] == danger)
        #expect(again.json["emergency"] == danger)
        #expect(again.json["reportId"] == answer.json["reportId"])
        #expect(harmless.json["emergency"] == nil)
        #expect(try intake.outbox().map(\.data.description) == ["楼道着火了", "万一着火怎么办"])
    }
}

@Test func `a line of danger is answered so, and the others are not`() async throws {
    try await IntakeUnderTest.run(pack: .advising) { intake, client in
        let lines = ["着火了", "井盖坏了"].map { JSONValue.report(["description": .string($0)]).text() }

        let answer = try await client.stream(lines, token: try await intake.token("platform-a", .platform))

        #expect(answer.lines.map { $0["status"] } == ["accepted", "accepted"])
        #expect(answer.lines.map { $0["emergency"] } == [danger, nil])
    }
}

@Test func `a report outside all communities names the nearest one`() async throws {
    try await IntakeUnderTest.run(pack: .advising) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let outside: JSONValue = ["latitude": 28.67, "longitude": 115.8551]
        let inside = try await client.report(.report(), token: rider)

        let answer = try await client.report(.report(["location": outside]), token: rider)

        #expect(answer.json["communityId"] == "unassigned")
        #expect(answer.json["nearestCommunity"] == ["id": "mingdu", "name": "名都", "distance": 1_112])
        #expect(inside.json["nearestCommunity"] == nil)
    }
}

@Test func `a preview says what will be public, where it belongs and what it may be, and stores nothing`() async throws
{
    try await IntakeUnderTest.run(pack: .advising) { intake, client in
        let report = JSONValue.report([
            "description": "井盖旁边有生活垃圾，致电13812345678", "address": "赣A12345 旁",
            "location": ["latitude": 28.67, "longitude": 115.8551],
        ])

        let answer = try await client.preview(report, token: try await intake.token("rider-7", .rider))

        #expect(answer.status == 200)
        #expect(
            answer.json == [
                "publicDescription": "井盖旁边有生活垃圾，致电***********", "publicAddress": "******* 旁",
                "hidden": ["phone", "plate"], "location": ["latitude": 28.67, "longitude": 115.8551],
                "communityId": "unassigned",
                "nearestCommunity": ["id": "mingdu", "name": "名都", "distance": 1_112],
                "guess": [
                    "isSure": false, "sureness": 57,
                    "candidates": [
                        [
                            "category": "E0102", "score": 12, "words": ["生活垃圾"], "name": "类别 E0102",
                            "englishName": "Category E0102",
                        ],
                        [
                            "category": "P0101", "score": 6, "words": ["井盖"], "name": "类别 P0101",
                            "englishName": "Category P0101",
                        ],
                    ],
                ],
            ])
        for table in ["report", "reportName", "edgeOutbox"] { #expect(try intake.count(table) == 0) }
    }
}

@Test func `a preview that is sure names the category, and one of danger says whom to call`() async throws {
    try await IntakeUnderTest.run(pack: .advising) { intake, client in
        let rider = try await intake.token("rider-7", .rider)

        let sure = try await client.preview(.report(["description": "生活垃圾"]), token: rider)
        let chosen = try await client.preview(
            .report(["description": "垃圾着火了", "category": "E0102"]), token: rider)

        #expect(sure.json["guess"]?["category"] == "E0102")
        #expect(sure.json["guess"]?["sureness"] == 80)
        #expect(sure.json["communityId"] == "mingdu")
        #expect(sure.json["nearestCommunity"] == nil)
        #expect(chosen.json["guess"] == nil)
        #expect(chosen.json["category"] == "E0102")
        #expect(chosen.json["emergency"] == danger)
    }
}

@Test func `a preview refuses what the door refuses, in the same words`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let wrong: JSONValue = [
            "description": " ", "location": ["latitude": 91], "colour": "red", "reporterId": "other",
        ]

        let previewed = try await client.preview(wrong, token: rider)
        let sent = try await client.report(wrong, token: rider)

        #expect(previewed.status == 422)
        #expect(previewed.json["errors"] == sent.json["errors"])
        #expect(previewed.wrongFields.count == 5)
        let strange = JSONValue.report(["photos": [.string(String(repeating: "a", count: 64))]])
        let noPhoto = try await client.preview(strange, token: rider)
        #expect(noPhoto.wrongFields == ["photos[0]"])
        #expect(noPhoto.json["errors"] == (try await client.report(strange, token: rider)).json["errors"])
        #expect(try await client.preview(.report(), token: nil).status == 401)
        #expect(try await client.preview(.report(), token: try await intake.token("w", .worker)).status == 403)
        #expect(try await client.preview("text", token: rider).status == 422)
    }
}

@Test func `a category is suggested on the topic and left open in the report`() async throws {
    try await IntakeUnderTest.run(pack: .advising) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let answer = try await client.report(.report(["description": "生活垃圾没人管"]), token: rider)
        _ = try await client.report(.report(["description": "生活垃圾没人管", "category": "P0101"]), token: rider)

        let told = try intake.outbox().map(\.data)

        #expect(told.map(\.category) == [nil, "P0101"])
        #expect(
            told.map(\.suggestedCategory)
                == [SuggestedCategory(category: "E0102", words: ["生活垃圾"], sureness: 80), nil])
        let id = try #require(answer.json["reportId"]?.string)
        #expect(try await client.look(id, token: rider).json["category"] == nil)
    }
}

@Test func `the datum that the app named is kept with the place and told`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        for datum in ["gcj02", "wgs84", nil] as [String?] {
            var location: [String: JSONValue] = ["latitude": 28.6829, "longitude": 115.8551]
            location["datum"] = datum.map { .string($0) }
            let answer = try await client.report(.report(["location": .object(location)]), token: rider)

            let id = try #require(answer.json["reportId"]?.string)
            #expect(try await client.look(id, token: rider).json["datum"]?.string == datum)
            #expect(try intake.outbox().last?.data.datum == datum)
        }
    }
}

@Test(
    arguments: [
        (90, 0, 201), (-90, 180, 201), (0, -180, 201), (90.000_000_1, 0, 422), (-91, 0, 422), (0, 180.000_000_1, 422),
        (0, -1e300, 422),
    ] as [(Double, Double, Int)])
func `places at the edge of the Earth are taken in either datum, those beyond are not`(
    latitude: Double, longitude: Double, status: Int
) async throws {
    try await IntakeUnderTest.run(pack: .advising) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        for datum in ["wgs84", "gcj02"] {
            let location: JSONValue = [
                "latitude": .number(latitude), "longitude": .number(longitude), "datum": .string(datum),
            ]
            #expect(try await client.report(.report(["location": location]), token: rider).status == status)
        }
        #expect(try intake.count("report") == (status == 201 ? 2 : 0))
    }
}

@Test(arguments: ["NaN", "Infinity", "-Infinity", "1e999", "\"28.6829\"", "null", "[]", "0x1p3", "028.6"])
func `what is no number is no latitude`(text: String) async throws {
    try await IntakeUnderTest.run(pack: .advising) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let body = "{\"description\": \"垃圾\", \"location\": {\"latitude\": \(text), \"longitude\": 115.8551}}"

        let answer = try await client.report(text: body, token: rider)

        #expect([400, 422].contains(answer.status))
        #expect(try intake.count("report") == 0)
    }
}
