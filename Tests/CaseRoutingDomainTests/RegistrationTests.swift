import CaseRoutingDomain
import Contracts
import Geography
import TestSupport
import Testing

@Test(
    arguments: [
        ("E0102", "井盖坏了", "E0102"), (nil, "井盖坏了", "P0101"), (nil, "垃圾桶旁井盖松动", "P0101"), (nil, "电动车和垃圾", "E0506"),
        (nil, "一地垃圾", "E0102"), (nil, "GARBAGE everywhere", "E0102"), (nil, "看不懂", "S0105"),
    ] as [(CategoryCode?, String, CategoryCode)])
func `the reporter's choice counts, then the longest keyword, then what is left`(
    chosen: CategoryCode?, text: String, expected: CategoryCode
) {
    let report = CitySample.report(category: chosen, saying: text)

    #expect(classify(report, by: Sample.table) == Classification(category: expected, concern: nil))
}

@Test func `weights and full-width letters count`() {
    let table = RoutingTable(
        CitySample.pack(categories: [
            PackCategory(
                code: "S0199", name: "火情", englishName: "Fire", kind: .snapshot, filingLimit: "1e", handlingLimit: "1e",
                keywords: ["着火"], weights: [11], gbCode: nil, gbVerified: false),
            CitySample.category("P0305", limit: "1d", keywords: ["垃圾桶", "trash bin"]),
            CitySample.category("S0105", limit: "1d", keywords: []),
        ]))
    func category(_ text: String) -> CategoryCode {
        classify(CitySample.report(category: nil, saying: text), by: table).category
    }

    #expect(category("垃圾桶着火了") == "S0199")
    #expect(category("ＴＲＡＳＨ　ＢＩＮ") == "P0305")
}

@Test func `requests fall back to the ordinary request, and to unsorted where the pack has neither`() {
    let request = CitySample.report(kind: .request, category: nil, saying: "想问一下")
    let poor = RoutingTable(CitySample.pack(categories: [CitySample.category("E0102", limit: "4w", keywords: [""])]))

    #expect(classify(request, by: Sample.table).category == "D0103")
    #expect(classify(request, by: poor).category == .unsorted)
    #expect(classify(request, by: poor).concern != nil)
    #expect(classify(request, by: nil) == Classification(category: .unsorted, concern: nil))
}

@Test func `a category that the pack does not know is replaced and flagged`() throws {
    let report = CitySample.report(category: "Z9999", saying: "一地垃圾")

    let opened = try Sample.opening(Sample.arriving(report)).case

    #expect(opened.category == "E0102")
    #expect(opened.flagged == "数据包没有类别 Z9999，按 E0102 处理 / category Z9999 is not in the pack, taken as E0102")
}

@Test func `the first fitting rule decides, and none flags the case`() throws {
    let rules = [
        PackRoutingRule(
            id: "A", categories: [CitySample.parking], communityIds: [], kind: nil, unitId: CitySample.property),
        PackRoutingRule(
            id: "B", categories: [], communityIds: ["longjiang"], kind: nil, unitId: CitySample.property),
        PackRoutingRule(id: "C", categories: [], communityIds: [], kind: .request, unitId: CitySample.property),
        PackRoutingRule(
            id: "D", categories: [CitySample.garbage], communityIds: [], kind: nil, unitId: CitySample.sanitation),
    ]
    let table = RoutingTable(CitySample.pack(rules: rules))
    func opened(_ category: CategoryCode, _ community: CommunityID, _ kind: ReportKind) throws -> (rule: String?, Case)
    {
        let report = CitySample.report(in: community, kind: kind, category: category)
        let decision = try Sample.opening(Sample.arriving(report), by: table)
        guard case .opened(let event) = decision.events.first else { return (nil, decision.case) }
        return (event.routing.hasPrefix("规则 ") ? event.routing.dropFirst(3).first.map(String.init) : nil, decision.case)
    }

    #expect(try opened(CitySample.garbage, CitySample.mingdu, .snapshot).rule == "D")
    #expect(try opened(CitySample.garbage, CitySample.mingdu, .request).rule == "C")
    #expect(try opened(CitySample.garbage, CitySample.longjiang, .request).rule == "B")
    #expect(try opened(CitySample.parking, CitySample.longjiang, .request).rule == "A")
    let unowned = try opened("P0101", CitySample.mingdu, .snapshot)
    #expect(unowned.rule == nil)
    #expect(unowned.1.flagged == "没有责任单位 / no unit answers for it")
    #expect(unowned.1.stage == .opened(proposed: nil))
}

@Test(
    arguments: [
        ([:], "worker-a"), (["worker-a": 2, "worker-b": 1], "worker-b"), (["worker-a": 1, "worker-b": 1], "worker-a"),
    ] as [([PersonID: Int], PersonID)])
func `the least busy worker of the unit who serves the community gets it, ties by id`(
    load: [PersonID: Int], expected: PersonID
) throws {
    #expect(try Sample.opening(load: load).case.stage.owner?.handlerId == expected)
}

@Test func `without a pack, in an unknown community or after too many hops a case opens flagged`() throws {
    let blind = try Sample.opening(by: nil).case
    #expect(blind.flagged == "尚无数据包 / no pack is in force")
    #expect(blind.ledgerId == .default)
    #expect(blind.stage == .opened(proposed: nil))

    let lost = try Sample.opening(Sample.arriving(in: .unassigned)).case
    #expect(lost.flagged == "数据包没有社区 unassigned / community unassigned is not in the pack")
    #expect(lost.communityId == .unassigned)
    #expect(lost.ledgerId == .default)

    #expect(try Sample.opening(Sample.arriving(hop: 5)).case.flagged == nil)
    #expect(try Sample.opening(Sample.arriving(hop: 6)).case.flagged == "已移交 6 次 / handed on 6 times")
    #expect(Sample.arriving(hop: 5).mayJoin)
    #expect(!Sample.arriving(hop: 6).mayJoin)
}

@Test func `the search box holds everything within reach`() {
    var random = SeededGenerator()
    for _ in 0..<20_000 {
        let latitude = Int.random(in: -900_000_000...900_000_000, using: &random)
        let longitude = Int.random(in: -1_800_000_000...1_800_000_000, using: &random)
        let reach = Int.random(in: 0...50_000, using: &random)
        let box = SearchBox(around: Location(latitudeE7: latitude, longitudeE7: longitude), reach: reach)
        let spread = box.longitudes.count < 1_000_000 ? box.longitudes.count : 1_000_000
        let other = (
            latitude: latitude + Int.random(in: -reach...reach, using: &random),
            longitude: longitude + Int.random(in: -spread...spread, using: &random)
        )
        guard let from = Place(latitudeE7: latitude, longitudeE7: longitude),
            let to = Place(latitudeE7: other.latitude, longitudeE7: other.longitude),
            distance(from: from, to: to) <= reach
        else { continue }

        #expect(box.latitudes.contains(other.latitude) && box.longitudes.contains(other.longitude))
    }
}

@Test(arguments: [(1, "MD-20261124-0001"), (9_999, "MD-20261124-9999"), (10_000, "MD-20261124-10000")])
func `a number is the prefix, the day by the pack's clocks and the count`(ordinal: Int, expected: String) {
    let night = CitySample.moment("2026-11-23T16:30:00.000Z")
    let day = CaseNumber.day(at: night, by: Sample.table)

    #expect(
        CaseNumber.text(communityId: CitySample.mingdu, day: day, ordinal: ordinal, by: Sample.table) == expected)
    #expect(CaseNumber.text(communityId: .unassigned, day: day, ordinal: 7, by: nil) == "X-20261124-0007")
}
