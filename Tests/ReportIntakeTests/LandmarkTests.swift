import Contracts
import Foundation
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing

@testable import ReportIntake

private let market = Location(latitudeE7: 286_850_000, longitudeE7: 1_158_550_000)

@Test func `a report may name a landmark instead of a place`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let rider = try await intake.token("rider-7", .rider)

        let answer = try await client.report(
            ["description": "垃圾没人收", "landmark": "market", "address": "市场后门"], token: rider)
        let lines = try await client.stream(
            [#"{"description": "灯不亮", "landmark": "station", "location": null}"#], token: rider
        ).lines

        #expect(answer.status == 201)
        #expect(answer.json["communityId"] == "mingdu")
        #expect(lines.map { $0["communityId"] } == ["longjiang"])
        let told = try intake.outbox().map(\.data)
        #expect(told.map(\.landmarkId) == ["market", "station"])
        #expect(told.first?.location == market)
        #expect(told.first?.address == "市场后门")
        #expect(told.map(\.datum) == [nil, nil])
        let shown = try await client.previewed(["description": "垃圾", "landmark": "station"], token: rider)
        #expect(shown.json["location"] == ["latitude": 28.685, "longitude": 115.865])
    }
}

@Test func `beside a place the landmark is kept, and the place counts`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let rider = try await intake.token("rider-7", .rider)

        let answer = try await client.report(.report(["landmark": "station"]), token: rider)

        #expect(answer.json["communityId"] == "mingdu")
        let told = try #require(try intake.outbox().first?.data)
        #expect(told.landmarkId == "station")
        #expect(told.location == Location(latitudeE7: 286_829_000, longitudeE7: 1_158_551_000))
    }
}

@Test func `a landmark that nobody knows is named, and a place is still needed`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let rider = try await intake.token("rider-7", .rider)

        for landmark in ["nowhere", "", "名都菜场"] {
            let answer = try await client.report(["description": "x", "landmark": .string(landmark)], token: rider)
            #expect(answer.status == 422)
            #expect(answer.wrongFields == ["landmark"])
        }
        let beside = try await client.report(.report(["landmark": "nowhere"]), token: rider)
        #expect(beside.wrongFields == ["landmark"])
        #expect(try await client.report(.report(["landmark": 7]), token: rider).wrongFields == ["landmark"])
        let without = try await client.report(["description": "x", "landmark": nil], token: rider)
        #expect(without.wrongFields == ["location"])
        let wrongPlace = try await client.report(
            ["description": "x", "landmark": "market", "location": ["latitude": 91, "longitude": 0]], token: rider)
        #expect(wrongPlace.wrongFields == ["location.latitude"])
        #expect(try intake.count("report") == 0)
    }
}

@Test func `landmarks are found by letters, and the nearest first`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let named = try await client.read("/v1/landmarks?q=%E8%8F%9C%E5%9C%BA", token: rider)

        #expect(
            named.json == [
                "items": [
                    [
                        "id": "market", "name": "名都农贸市场", "englishName": "Mingdu market", "aliases": ["名都菜场"],
                        "location": ["latitude": 28.685, "longitude": 115.855], "communityId": "mingdu",
                    ]
                ]
            ])
        let near = try await client.read("/v1/landmarks?latitude=28.685&longitude=115.864", token: rider)
        let items = try #require(near.json["items"]?.array)
        #expect(items.map { $0["id"] } == ["station", "market", "away"])
        #expect(items.map { $0["communityId"] } == ["longjiang", "mingdu", "unassigned"])
        #expect(items.first?["distance"] == 98)
        let both = try await client.read("/v1/landmarks?q=MARKET&latitude=28.685&longitude=115.864", token: rider)
        #expect(both.json["items"]?.array?.map { $0["id"] } == ["market"])
        let shifted = try await client.read(
            "/v1/landmarks?latitude=28.685&longitude=115.864&datum=gcj02", token: rider)
        #expect(shifted.json["items"]?.array?.first?["distance"] != 98)
        #expect(try await client.read("/v1/landmarks?q=&latitude=", token: rider).json["items"]?.array?.count == 3)
    }
}

@Test func `wrong parameters of a search are named`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let long = String(repeating: "x", count: 101)

        let wrong = try await client.read("/v1/landmarks?q=\(long)&latitude=nan&datum=bd09", token: rider)

        #expect(wrong.status == 400)
        #expect(wrong.wrongFields == ["q", "latitude", "longitude", "datum"])
        #expect(try await client.read("/v1/landmarks?latitude=91&longitude=0", token: rider).status == 400)
        #expect(try await client.read("/v1/landmarks", token: nil).status == 401)
    }
}
