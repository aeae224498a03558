import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

@Test(arguments: [CaseStage.opened, .filed])
func `a case under another category has the owner that the rules name for it, and says what it was`(
    stage: CaseStage
) throws {
    let found = try Sample.case(stage)

    let decision = try Sample.decided(
        Sample.act(.reclassify, by: CitySample.desk, reason: "是井盖", category: "P0101"), on: found)

    let changed = decision.case
    #expect(changed.category == "P0101")
    #expect(changed.stage.name == stage)
    #expect(changed.stage.owner == Owner(unitId: CitySample.sanitation, handlerId: "sweeper"))
    #expect(changed.version == found.version + 1)
    #expect(changed.reference.category == "P0101" && changed.state.category == "P0101")
    #expect(
        decision.events == [
            .reclassified(
                CaseReclassified(
                    case: changed.reference, previousCategory: "E0102", suggested: "D0103", at: CitySample.monday,
                    actorId: "desk", reason: "是井盖",
                    routing: "规则 R2：类别 P0101，名都 → 环卫；1 人中 sweeper 最少（0 件） / "
                        + "rule R2: P0101 in mingdu → sanitation; of 1, sweeper has fewest (0)"))
        ])
}

@Test func `a category that is none, or the same, changes nothing`() throws {
    let found = try Sample.case(.opened)
    func code(_ category: CategoryCode?, _ table: RoutingTable? = Sample.table) throws -> CaseRefusal.Code? {
        try Sample.refused(
            Sample.act(.reclassify, category: category), on: found, in: Sample.circumstances(table: table))?.code
    }

    #expect(try code(nil) == .categoryNeeded)
    #expect(try code("Z9999") == .unknownCategory)
    #expect(try code(CitySample.garbage) == .nothingChanges)
    #expect(try code("P0101", nil) == .noPack)
    #expect(try code("P0101") == nil)
}

@Test func `what was odd about the category is cleared, and what is odd about the new one said`() throws {
    let strange = Sample.arriving(CitySample.report(category: "Z9999"), hop: 6)
    let flagged = try Sample.opening(strange).case
    #expect(flagged.flagged?.contains("Z9999") == true)

    let right = try Sample.decided(Sample.act(.reclassify, category: "P0101"), on: flagged).case
    #expect(right.flagged == "已移交 6 次 / handed on 6 times")
    let unowned = try Sample.decided(Sample.act(.reclassify, category: CitySample.parking), on: right).case
    #expect(unowned.flagged == "已移交 6 次 / handed on 6 times; 没有责任单位 / no unit answers for it")
    #expect(unowned.stage == .opened(proposed: nil))
}

@Test func `a flag that a dispatcher has looked at does not come back`() throws {
    let handedRound = try Sample.opening(Sample.arriving(hop: 6)).case
    let returned = try [
        Sample.act(.file), Sample.act(.dispatch), Sample.act(.return),
    ].reduce(handedRound) { try Sample.decided($1, on: $0).case }
    #expect(returned.flagged == nil)

    #expect(try Sample.decided(Sample.act(.reclassify, category: "P0101"), on: returned).case.flagged == nil)
    let unowned = try Sample.decided(Sample.act(.reclassify, category: CitySample.parking), on: returned).case
    #expect(unowned.flagged == "没有责任单位 / no unit answers for it")
}

@Test func `whatever the category and however busy the workers, the owner is the one that a new case would have`()
    throws
{
    var random = SeededGenerator()
    let categories = CitySample.categories.map(\.code)
    // One unit for two categories: its workers are weighed once more, this case left out.
    let parking = PackRoutingRule(
        id: "R4", categories: [CitySample.parking], communityIds: [], kind: nil, unitId: CitySample.property)
    let table = RoutingTable(CitySample.pack(rules: CitySample.rules + [parking]))
    func open(_ category: CategoryCode, _ load: [PersonID: Int]) throws -> Case {
        try Sample.opening(Sample.arriving(CitySample.report(category: category)), by: table, load: load).case
    }
    for _ in 0..<200 {
        let from = categories[Int.random(in: 0..<categories.count, using: &random)]
        let to = categories[Int.random(in: 0..<categories.count, using: &random)]
        guard from != to else { continue }
        let load = Dictionary(
            uniqueKeysWithValues: CitySample.people.map { ($0.id, Int.random(in: 0...3, using: &random)) })
        let found = try open(from, load)
        // In the store the case itself keeps its proposed handler busy.
        var withIt = load
        if let handler = found.stage.owner?.handlerId { withIt[handler, default: 0] += 1 }

        let changed = try Sample.decided(
            Sample.act(.reclassify, category: to), on: found,
            in: Sample.circumstances(table: table, load: withIt)
        ).case

        let anew = try open(to, load)
        #expect(changed.stage == anew.stage)
        #expect(changed.flagged == anew.flagged)
        #expect(changed.category == anew.category)
    }
}
