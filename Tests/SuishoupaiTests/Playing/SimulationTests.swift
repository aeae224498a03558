import AsyncHTTPClient
import Contracts
import Foundation
import Geography
import PackFolder
import ServiceKit
import TestSupport
import Testing

@testable import Suishoupai

private let nanchang = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "deploy/packs/nanchang")

/// A simulation of the demo's pack, with the stand-in for its city.
private func simulation(
    _ city: CityStandIn? = nil, url: String? = nil, seed: UInt64 = 7, riders: Int = 20, staff: Bool = false,
    patience: Duration = .seconds(10), http: HTTPClient = .shared
) throws -> Simulation {
    let client = CityClient(
        http: http, folder: city?.data ?? DataFolder("/nowhere"), address: { _ in url }, patience: patience)
    return Simulation(
        city: client, neighbourhood: try Neighbourhood(PackFolder.load(nanchang)), seed: seed, riders: riders,
        actsAsStaff: staff)
}

// MARK: - What is played

@Test func `the same seed gives the same reports, however many are asked for, and another seed others`() throws {
    func reports(_ seed: UInt64, _ count: Int) throws -> [String] {
        try simulation(seed: seed).drafts(count).map { draft in
            "\(draft.number) \(draft.rider.id) \(draft.plot) "
                + String(decoding: try ContractCoding.encode(draft.report), as: UTF8.self)
        }
    }

    let many = try reports(7, 200)
    #expect(many.count == 200)
    #expect(try reports(7, 50) == Array(many.prefix(50)))
    #expect(try reports(8, 50) != Array(many.prefix(50)))
    #expect(Set(many).count == 200)
}

@Test func `reports lie in the pack's communities, are of its categories and come from as many riders as asked for`()
    throws
{
    let simulation = try simulation(riders: 3)
    let pack = simulation.neighbourhood.pack
    let areas = try pack.communities.map { community in
        try ContractCoding.decode(MultiPolygon.self, from: ContractCoding.encode(community.outline))
    }

    let drafts = simulation.drafts(300)

    #expect(Set(drafts.map(\.rider.id)) == ["rider-1", "rider-2", "rider-3"])
    #expect(Set(drafts.map(\.number)) == Set(0..<300))
    let inside = try drafts.filter { draft in
        let place = try #require(
            Place(latitudeE7: draft.report.location.latitudeE7, longitudeE7: draft.report.location.longitudeE7))
        return areas.contains { $0.contains(place) }
    }
    // One seen twice may lie a few metres beyond the border.
    #expect(inside.count >= 297)
    #expect(drafts.allSatisfy { draft in pack.categories.contains { $0.code == draft.report.category } })
    #expect(Set(drafts.compactMap(\.report.category)).count > 30)
}

@Test func `about one report in ten is of something that another saw just before`() throws {
    let drafts = try simulation().drafts(2_000)

    let repeats = drafts.enumerated().filter { index, draft in
        drafts[max(0, index - 20)..<index].contains { before in
            before.report.description == draft.report.description && before.report.category == draft.report.category
                && abs(before.report.location.latitudeE7 - draft.report.location.latitudeE7) <= 900
                && abs(before.report.location.longitudeE7 - draft.report.location.longitudeE7) <= 900
        }
    }
    #expect((150...250).contains(repeats.count))
}

@Test func `most cases go smoothly, and each other course has its share`() throws {
    let plots = Dictionary(grouping: try simulation().drafts(2_000), by: \.plot).mapValues(\.count)

    #expect((1_480...1_640).contains(plots[.smooth, default: 0]))
    #expect((120...200).contains(plots[.returned, default: 0]))
    #expect((120...200).contains(plots[.reworked, default: 0]))
    #expect((85...155).contains(plots[.refused, default: 0]))
}

@Test func `a pack without communities or categories cannot be played in`() {
    #expect(throws: NeighbourhoodFault.self) { try Neighbourhood(CitySample.pack(categories: [])) }
}

// MARK: - What came of it

@Test func `every report is counted once, as one that opened a case or as one that joined`() async throws {
    try await CityStandIn.withCity { city, url in
        let simulation = try simulation(city, url: url)
        let result = try await simulation.run(reports: 60, pace: .steady(1_000))

        #expect(result.failures == [])
        #expect(result.reports == 60)
        #expect(result.cases + result.joined == 60)
        #expect(result.joined > 0)
        #expect(result.played == 0)
        #expect(
            result.text
                == "60 reports, \(result.cases) cases (\(result.joined) reports joined one), 0 brought to an end by staff"
        )
        // The same seed once more is nothing new to the city.
        let again = try await simulation.run(reports: 60, pace: .steady(1_000))
        #expect(again.cases == result.cases)
    }
}

@Test func `staff bring every case to its end, each step under a key of its own`() async throws {
    try await CityStandIn.withCity { city, url in
        let result = try await simulation(city, url: url, staff: true).run(reports: 25, pace: .steady(1_000))

        #expect(result.failures == [])
        #expect(result.played == result.cases)
        #expect(result.refusedSteps == 0)
        #expect(Set(city.acts.map(\.key)).count == city.acts.count)
        for (caseId, acts) in Dictionary(grouping: city.acts, by: \.caseId) {
            #expect(["verify", "refuse"].contains(acts.last?.action), "\(caseId): \(acts)")
        }
    }
}

@Test func `a step that the owner refuses ends the play of its case alone`() async throws {
    try await CityStandIn.withCity { city, url in
        let simulation = try simulation(city, url: url)
        let person = CityClient.Person(id: "desk", role: .dispatcher)
        city.expect(.refusing("已结案"))
        let outcome = try await simulation.city.act(.init(action: .file), on: "case-1", by: person, key: "k")

        #expect(outcome == .refused("已结案"))
    }
}

@Test func `a service that is away for a moment is waited for, and an outcome that is late is asked for`() async throws
{
    try await CityStandIn.withCity { city, url in
        let simulation = try simulation(city, url: url)
        let person = CityClient.Person(id: "desk", role: .dispatcher)
        city.expect(.away, .away, .late, .late)
        let outcome = try await simulation.city.act(.init(action: .file), on: "case-1", by: person, key: "k")

        #expect(outcome == .applied)
        #expect(city.questions == 5)
    }
}

@Test func `a command that lay about for too long is given again, under a key that follows from the first`()
    async throws
{
    try await CityStandIn.withCity { city, url in
        let simulation = try simulation(city, url: url)
        let person = CityClient.Person(id: "desk", role: .dispatcher)
        city.expect(.tooLate, .tooLate)
        let outcome = try await simulation.city.act(.init(action: .file), on: "case-1", by: person, key: "k")

        #expect(outcome == .applied)
        #expect(city.acts.map(\.key) == ["k-3"])
    }
}

@Test(arguments: CasePlot.allCases)
func `a play that was interrupted is played again with the same people, words and keys`(_ plot: CasePlot) async throws {
    try await CityStandIn.withCity { city, url in
        let simulation = try simulation(city, url: url)
        let staff = StaffPlay(city: simulation.city, neighbourhood: simulation.neighbourhood, refused: {})
        for interrupted in [true, false] {
            #expect(try await staff.play(plot, on: "case-1"))
            if interrupted { city.reopen("case-1") }
        }

        let half = city.acts.count / 2
        #expect(city.acts.count > 0)
        #expect(Array(city.acts.prefix(half)) == Array(city.acts.suffix(half)))
    }
}

@Test func `what fails is told with the report's number, and the others go on`() async throws {
    try await CityStandIn.withCity { city, url in
        city.expect(.failing)
        let result = try await simulation(city, url: url).run(reports: 10, pace: .steady(1_000))

        #expect(result.reports == 9)
        #expect(result.failures.count == 1)
        #expect(result.failures.first?.hasSuffix(": unexpected answer 500: out of order") == true)
    }
}

@Test func `a city that stays away is given up in words`() async throws {
    let folder = try TemporaryFolder()
    let client = CityClient(
        http: .shared, folder: DataFolder(folder.url.path), address: { _ in nil }, patience: .milliseconds(100))

    let fault = await #expect(throws: CityFault.self) {
        try await client.caseView("case-1", by: .init(id: "desk", role: .dispatcher))
    }
    #expect("\(try #require(fault))" == "time is up, and still not: portal answers")
}
