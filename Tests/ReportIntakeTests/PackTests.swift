import Contracts
import EventProcessing
import Foundation
import Hummingbird
import ServiceKit
import Testing

@testable import ReportIntake

private let there = Location(latitudeE7: 286_829_000, longitudeE7: 1_158_551_000)

private func pack(_ id: CommunityID, version: Int) -> Pack {
    Pack(
        name: "town", title: "", version: version, calendar: Pack.town.calendar,
        communities: [
            PackCommunity(
                id: id, name: "", ledgerId: "town", caseNumberPrefix: "T", outline: Pack.town.communities[0].outline)
        ],
        units: [], people: [], categories: [], routingRules: [], pointRules: [], templates: [],
        webhooks: [], mergeDistance: 0)
}

@Test func `a new pack is in force once its last part has come`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, _ in
        let json = try ContractCoding.encode(pack("new", version: 2))
        let hash = Pack.hash(of: json)
        let half = json.count / 2
        let first = PackPart(packHash: hash, index: 0, count: 2, content: json.prefix(half))
        let last = PackPart(packHash: hash, index: 1, count: 2, content: Data(json.dropFirst(half)))
        let activation = PackActivated(packHash: hash, packName: "town", packVersion: 2, partCount: 2)

        try await intake.read([first, activation], into: ReferencePacks())
        #expect(intake.core.communities.community(at: there) == "mingdu")
        try await intake.read([last], into: ReferencePacks())
        #expect(intake.core.communities.community(at: there) == "new")
        #expect(try intake.count("packPart") == 2)
    }
}

@Test func `the pack in force is known again after a restart`() async throws {
    try await IntakeUnderTest.inFolder { folder in
        try await IntakeUnderTest.run(in: folder, pack: .town) { _, _ in }
        try await IntakeUnderTest.run(in: folder) { intake, _ in
            #expect(intake.core.communities.community(at: there) == "mingdu")
        }
    }
}

@Test func `an earlier activation that is said again changes nothing, a later one does`() async throws {
    try await IntakeUnderTest.run(pack: pack("first", version: 1)) { intake, _ in
        let later = IntakeUnderTest.noon.adding(milliseconds: 1)
        try await intake.apply(pack("second", version: 2), at: later)
        try await intake.apply(pack("first", version: 1))
        #expect(intake.core.communities.community(at: there) == "second")
        try await intake.apply(pack("first", version: 1), at: later.adding(milliseconds: 1))
        #expect(intake.core.communities.community(at: there) == "first")
    }
}

@Test func `a pack that cannot be used leaves the one before in force and says so`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let part = PackPart(packHash: "0000", index: 0, count: 1, content: Data("{}".utf8))
        let activation = PackActivated(packHash: "0000", packName: "town", packVersion: 2, partCount: 1)
        try await intake.read([part, activation], into: ReferencePacks())

        #expect(intake.core.communities.community(at: there) == "mingdu")
        #expect(intake.core.communities.health.isOK == false)
        let answer = try await client.report(.report(), token: try await intake.token("rider-7", .rider))
        #expect(answer.json["communityId"] == "mingdu")
    }
}
