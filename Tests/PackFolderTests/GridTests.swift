import Contracts
import Foundation
import PackFolder
import Testing

extension Mutation {
    /// Of grids 网格.
    static let grids: [Mutation] = [
        Mutation(
            .unreadable, .overwrite(.grids, Data("{".utf8)), in: .grids, says: "FeatureCollection"),
        Mutation(
            .missingValue, .replace(.grids, "\"name\": \"名都第二网格\", ", with: ""), in: .grids, at: .feature(2),
            says: "name"),
        Mutation(
            .duplicate, .replace(.grids, "\"id\": \"mingdu-02\"", with: "\"id\": \"mingdu-01\""), in: .grids,
            at: .feature(2), says: "mingdu-01"),
        Mutation(
            .unknownCommunity,
            .replace(.grids, "网格\", \"community\": \"wuyue\"}", with: "网格\", \"community\": \"wuyu\"}"),
            in: .grids, at: .feature(9), says: "wuyu"),
        Mutation(
            .unknownPerson, .replace(.grids, "worker-wuyue-committee-1", with: "worker-nobody"), in: .grids,
            at: .feature(8), says: "worker-nobody"),
        Mutation(
            .gridOutside,
            .replace(
                .grids, "\"name\": \"名都第三网格\", \"community\": \"mingdu\"",
                with: "\"name\": \"名都第三网格\", \"community\": \"longjiang\""), in: .grids, at: .feature(3),
            says: "mingdu-03 lies outside its community longjiang"),
        Mutation(
            .overlappingGrids,
            .replace(
                .grids, "[115.9609, 28.6887],\n            [115.9552, 28.6893]",
                with: "[115.9609, 28.6887],\n            [115.9530, 28.6880]"), in: .grids, at: .feature(5),
            says: "longjiang-02 and longjiang-01 overlap"),
        Mutation(
            .unknownGrid, .replace(.routing, "E0105 -> water", with: "E0105 in grid mingdu-09 -> water"), in: .routing,
            at: .character(line: 24, column: 20), says: "mingdu-09"),
    ]
}

@Test func `the demo pack draws every community in grids, some with a grid worker`() throws {
    let demo = try PackFolder.load(nanchang)

    let grids = try #require(demo.grids)
    #expect(Set(grids.map(\.communityId)) == Set(demo.communities.map(\.id)))
    #expect(grids.first { $0.id == "mingdu-01" }?.workerId == "worker-mingdu-committee-1")
    #expect(try readNanchang(after: []).contents.grids == grids.count)
}

@Test func `a rule about a grid decides there alone, so that others must stand behind it`() throws {
    let rules = """
        R1: everything in grid mingdu-01 or mingdu-02 or mingdu-03 -> mingdu-committee
        R2: everything in longjiang or shangshangcheng or wuyue -> subdistrict
        """
    let reading = try readNanchang(after: [.overwrite(.routing, Data(rules.utf8))])

    let ownerless = reading.problems.filter { $0.kind == .categoryWithoutOwner }
    #expect(!ownerless.isEmpty)
    #expect(ownerless.allSatisfy { $0.problem.hasSuffix("has no owner in mingdu") })
    #expect(!reading.problems.contains { $0.kind == .ruleNeverFires })
}

@Test func `a rule about a grid of a community that another rule took can never decide`() throws {
    let rules = """
        R1: everything in mingdu -> mingdu-committee
        R2: everything in grid mingdu-01 -> subdistrict
        R3: everything -> subdistrict
        """
    let reading = try readNanchang(after: [.overwrite(.routing, Data(rules.utf8))])

    let problem = reading.problems.first { $0.kind == .ruleNeverFires }
    #expect(problem?.problem == "rule R2 can never decide")
}

@Test func `a pack from before there were grids and step limits has none in its bytes`() throws {
    let reading = try readNanchang(after: [
        .remove(.grids), .replace(.loop, "dispatchLimit: 0.5w\nverifyLimit: 4w\n", with: ""),
    ])
    let pack = try #require(reading.pack, "\(PackProblems(reading.problems))")

    #expect(pack.grids == nil && pack.loop?.dispatchLimit == nil && pack.loop?.verifyLimit == nil)
    #expect(!String(decoding: try ContractCoding.encode(pack), as: UTF8.self).contains("\"grids\""))
}

@Test func `the demo pack's dangers are dispatched by the clock and have a time for the lasting repair`() throws {
    let demo = try PackFolder.load(nanchang)

    let manhole = try #require(demo.categories.first { $0.code == "P0101" })
    #expect(manhole.handlingLimit == "1e" && manhole.repairLimit == "24e" && manhole.dispatchLimit == "0.5e")
    let garbage = try #require(demo.categories.first { $0.code == "E0102" })
    #expect(garbage.repairLimit == nil && garbage.dispatchLimit == nil && garbage.verifyLimit == nil)
    #expect(demo.loop?.dispatchLimit == "0.5w" && demo.loop?.verifyLimit == "4w")
}
