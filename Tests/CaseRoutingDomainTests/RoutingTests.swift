import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let square = [[[286_829_000, 1_158_582_000, 0, 10_000, 10_000, 0, 0, -10_000]]]
private let inside = CitySample.townHall.north(5_000).east(5_000)
private let night = CitySample.moment("2026-11-23T23:00:00.000+08:00")

/// The sample city with a compound in each community, and the sweeper on duty on Monday mornings.
private let city: RoutingTable = {
    let city = CitySample.pack()
    func rule(
        _ id: String, _ unit: UnitID?, kind: ReportKind? = nil, _ fill: (inout PackRuleConditions) -> Void
    ) -> PackRoutingRule {
        PackRoutingRule(
            id: id, categories: [], communityIds: [], kind: kind, unitId: unit, conditions: PackRuleConditions(fill),
            because: "因为")
    }
    return RoutingTable(
        Pack(
            name: city.name, title: city.title, version: 1, calendar: city.calendar, communities: city.communities,
            units: city.units, people: city.people, categories: city.categories,
            routingRules: [
                rule("IN", nil) { $0.compounds = .init(isInside: true, ids: []) },
                rule("DUTY", CitySample.sanitation) { $0.onDuty = true },
                rule("REST", CitySample.property) { $0.compounds = .init(isInside: false, ids: []) },
            ], pointRules: [], templates: [], webhooks: [], mergeDistance: 5_000,
            compounds: [
                PackCompound(
                    id: "c-1", name: "一号院", communityId: CitySample.mingdu, propertyUnitId: CitySample.property,
                    outline: square),
                PackCompound(
                    id: "c-2", name: "二号院", communityId: CitySample.longjiang, propertyUnitId: nil, outline: square),
            ], duties: [PackDuty(personId: "sweeper", day: "monday", minutes: [480, 720])],
            grids: [
                PackGrid(id: "g-1", name: "一网格", communityId: CitySample.mingdu, workerId: nil, outline: square)
            ]))
}()

private func opened(at location: Location, in community: CommunityID, now: Timestamp) throws -> (Case, CaseOpened) {
    let arriving = Sample.arriving(CitySample.report(at: location), in: community)
    let decision = try Case.open(
        arriving, id: Sample.caseId, number: "MD-1", classification: classify(arriving.report, by: city),
        in: Sample.circumstances(at: now, table: city))
    guard case .opened(let event) = decision.events.first else { throw NotOpened() }
    return (decision.case, event)
}

private struct NotOpened: Error {}

@Test func `the wall, the roster and the hour decide who answers for a new case`() throws {
    let home = try opened(at: inside, in: CitySample.mingdu, now: CitySample.monday)
    #expect(home.0.stage.owner == Owner(unitId: CitySample.property, handlerId: "worker-a"))
    #expect(home.1.routing.hasPrefix("规则 IN：类别 E0102，一号院内 → 名都物业（因为）；"))

    let road = try opened(at: CitySample.townHall.north(-9), in: CitySample.mingdu, now: CitySample.monday)
    #expect(road.0.stage.owner == Owner(unitId: CitySample.sanitation, handlerId: "sweeper"))
    #expect(road.1.routing.contains("of 1 on duty, sweeper has fewest (0)"))

    let late = try opened(at: CitySample.townHall.north(-9), in: CitySample.mingdu, now: night)
    #expect(late.0.stage.owner?.unitId == CitySample.property)
    #expect(late.1.routing.hasPrefix("规则 REST：类别 E0102，名都小区外 → 名都物业"))
    #expect(late.1.routing.hasSuffix("passed over DUTY (nobody of sanitation is on duty)"))
    #expect(late.0.flagged == nil)
}

@Test func `a case is counted in the grid that it was found in, and keeps it`() throws {
    let (found, event) = try opened(at: inside, in: CitySample.mingdu, now: CitySample.monday)
    #expect(event.gridId == "g-1")
    #expect(found.state.gridId == "g-1")
    let filed = try Sample.decided(
        Sample.act(.file), on: found, in: Sample.circumstances(table: Sample.table)
    ).case
    #expect(filed.state.gridId == "g-1")

    // Outside it, and where another community has none there.
    #expect(try opened(at: CitySample.townHall.north(-9), in: CitySample.mingdu, now: night).1.gridId == nil)
    #expect(try opened(at: inside, in: CitySample.longjiang, now: CitySample.monday).0.state.gridId == nil)
}

@Test func `what came by a transfer is routed by the community that it came to`() throws {
    // The compound of 龙江 has no property company.
    let moved = try opened(at: inside, in: CitySample.longjiang, now: CitySample.monday)

    #expect(moved.0.stage.owner?.unitId == CitySample.sanitation)
    #expect(moved.1.routing.contains("passed over IN (no property company here)"))
}

@Test func `a case that no rule can take is flagged, and its trace says which were passed over`() throws {
    let nobodys = try opened(at: inside, in: CitySample.longjiang, now: night)

    #expect(nobodys.0.stage == .opened(proposed: nil))
    #expect(nobodys.0.flagged == "没有责任单位 / no unit answers for it")
    #expect(
        nobodys.1.routing.hasSuffix(
            "no rule fits E0102 in longjiang; passed over IN (no property company here), "
                + "DUTY (nobody of sanitation is on duty)"))
}
