import Contracts
import EventProcessing
import Geography
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Photos
import ServiceKit
import Testing

@testable import ReportIntake

private let noon = IntakeUnderTest.noon

extension TestClientProtocol {
    fileprivate func nearby(_ query: String, token: String?) async throws -> Answer {
        var headers: HTTPFields = [:]
        headers[.authorization] = token.map { "Bearer \($0)" }
        return try await execute(uri: "/v1/reports/nearby?\(query)", method: .get, headers: headers, body: nil) {
            Answer($0)
        }
    }
}

/// So many metres north of the spot.
private func north(_ metres: Int) -> Location {
    Location(
        latitudeE7: CaseState.spot.latitudeE7 + metres * 10_000_000 / 111_195, longitudeE7: CaseState.spot.longitudeE7)
}

private let here = "latitude=28.6829123&longitude=115.8551456"

@Test func `open cases of like kind are told, the nearest first`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        try await intake.read([
            .sample("far", location: north(-90), submittedAt: noon.later(minutes: -10)),
            .sample("near", stage: .dispatched, location: north(12), submittedAt: noon.later(minutes: -2)),
            .sample("other", category: "P0101", location: north(5)),
            .sample("closed", stage: .closed, location: north(3)),
            .sample("private", category: "E0102", kind: .request, location: north(3)),
            .sample("beyond", location: north(101)),
        ])
        let token = try await intake.token("rider-7", .rider)

        let answer = try await client.nearby("\(here)&category=E0102", token: token)

        #expect(answer.status == 200)
        let items = try #require(answer.json["items"]?.array)
        #expect(items.map { $0["caseId"] } == ["near", "far"])
        #expect(
            items.first == [
                "caseId": "near", "caseNumber": "MD-near", "communityId": "mingdu", "category": "E0102",
                "stage": "dispatched", "description": "楼下垃圾 <堆积> & 挡路", "distance": 12, "age": 120,
            ])
        let all = try await client.nearby(here, token: token)
        #expect(all.json["items"]?.array?.map { $0["caseId"] } == ["other", "near", "far"])
        let wide = try await client.nearby("\(here)&category=E0102&radius=150", token: token)
        #expect(wide.json["items"]?.array?.map { $0["caseId"] } == ["near", "far", "beyond"])
        #expect(try await client.nearby("latitude=28.7&longitude=115.8", token: token).json == ["items": []])
    }
}

@Test func `a case with photos shows the first, small, to who asks`() async throws {
    let picture = Picture(
        width: 640, height: 480, pixels: (0..<640 * 480 * 3).map { UInt8(truncatingIfNeeded: $0 / 900) })
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let photo = try #require(
            try await client.send(photo: try JPEGWriter.write(picture), token: token).json["photoId"]?.string)
        let other = PhotoID(String(repeating: "ab", count: 32))
        try await intake.read([
            .sample("with", location: north(1), photos: [PhotoID(photo), other]), .sample("without"),
        ])

        let items = try #require(try await client.nearby(here, token: token).json["items"]?.array)

        #expect(items.map { $0["caseId"] } == ["without", "with"])
        #expect(items[0]["photo"] == nil)
        let path = try #require(items[1]["photo"]?.string)
        #expect(path == "/v1/photos/\(photo)?form=thumbnail")
        let seen = try await client.fetch(path, token: token)
        #expect(try PhotoReader.read(seen.bytes, fitting: 5_000).width == 320)
    }
}

@Test func `at most twenty are told`() async throws {
    try await IntakeUnderTest.run { intake, client in
        try await intake.read((1...25).map { .sample(CaseID("c\($0)"), location: north(26 - $0)) })

        let answer = try await client.nearby(here, token: try await intake.token("rider-7", .rider))

        let told = answer.json["items"]?.array?.compactMap { $0["caseId"]?.string }
        #expect(told == (6...25).reversed().map { "c\($0)" })
    }
}

@Test func `a place on a shifted map is found, too`() async throws {
    let place = try #require(Datum.gcj02.place(latitude: 28.6829, longitude: 115.8610))
    try await IntakeUnderTest.run { intake, client in
        try await intake.read([
            .sample(location: Location(latitudeE7: Int(place.latitudeE7), longitudeE7: Int(place.longitudeE7)))
        ])
        let token = try await intake.token("rider-7", .rider)
        let query = "latitude=28.6829&longitude=115.8610&radius=1000"

        let plain = try await client.nearby(query, token: token)
        let shifted = try await client.nearby("\(query)&datum=gcj02", token: token)

        #expect(try #require(plain.json["items"]?.array?.first?["distance"]?.integer) > 300)
        #expect(shifted.json["items"]?.array?.first?["distance"] == 0)
    }
}

@Test func `wrong parameters are named, and only reporters may ask`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)

        let wrong = try await client.nearby("latitude=nan&radius=0&datum=bd09&category=%20x", token: token)
        #expect(wrong.status == 400)
        #expect(wrong.headers[.contentType] == "application/problem+json")
        #expect(Set(wrong.wrongFields) == ["latitude", "longitude", "radius", "datum", "category"])
        for query in ["latitude=91&longitude=0", "latitude=0&longitude=181", "latitude=inf&longitude=0"] {
            #expect(try await client.nearby(query, token: token).status == 400)
        }
        #expect(try await client.nearby("\(here)&radius=1001", token: token).wrongFields == ["radius"])
        #expect(try await client.nearby("latitude=-90&longitude=180", token: token).status == 200)
        #expect(try await client.nearby(here, token: nil).status == 401)
        #expect(try await client.nearby(here, token: try await intake.token("w", .worker)).status == 403)
    }
}

@Test func `a report says which case it supports, by every door for reports`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        try await intake.read([Platform.granted()], into: PlatformKeys())

        let single = try await client.report(.report(["supports": "case-1"]), token: token)
        let lines = try await client.stream([JSONValue.report(["supports": "case-2"]).text()], token: token).lines
        let value = Platform.event("a", [:], ["supports": "case-3"])
        _ = try await intake.door.answers(to: [
            ForeignRecord(log: "a log", partition: 0, offset: 0, value: value, headers: Platform.signed(value))
        ])
        let wrong = try await client.report(.report(["supports": "no case"]), token: token)

        #expect(single.status == 201)
        #expect(lines.first?["status"] == "accepted")
        #expect(try intake.outbox().map(\.data.supports) == ["case-1", "case-2", "case-3"])
        #expect(wrong.status == 422 && wrong.wrongFields == ["supports"])
    }
}
