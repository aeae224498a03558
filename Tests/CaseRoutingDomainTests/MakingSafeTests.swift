import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let monday = CitySample.monday
private let hour: Int64 = 3_600_000
private let table = RoutingTable(
    CitySample.pack(categories: [
        CitySample.category(CitySample.garbage, limit: "1e", keywords: [], repairLimit: "24e"),
        CitySample.category(CitySample.parking, limit: "2e", keywords: [], repairLimit: "48e"),
        CitySample.category("S0105", limit: "1d", keywords: []),
    ]))

private func at(_ milliseconds: Int64) -> Circumstances { Sample.later(milliseconds, table: table) }

private func dispatched() throws -> Case {
    try [Sample.act(.file), Sample.act(.dispatch)].reduce(Sample.opening(by: table).case) {
        try Sample.decided($1, on: $0, in: at(0)).case
    }
}

private func makeSafe(_ photos: [ReportPhoto]? = nil) -> ActOnCase {
    Sample.act(.makeSafe, by: Sample.worker, reason: "已设围挡", details: StepDetails { $0.photos = photos })
}

@Test func `a manhole is fenced off within the hour, and then there is a day for the cover`() throws {
    let open = try dispatched()
    #expect(open.state.deadline == monday.adding(milliseconds: hour))

    let safe = try Sample.decided(makeSafe([CitySample.photo(1)]), on: open, in: at(hour))

    #expect(safe.told == ["case.made-safe"])
    let step = try #require(safe.steps(.madeSafe).first)
    #expect(step.deadline == monday.adding(milliseconds: 24 * hour) && step.details?.limit == "24e")
    #expect(safe.case.state.deadline == step.deadline && !safe.case.state.isOverdue)
    #expect(safe.case.course?.madeSafeAt == monday.adding(milliseconds: hour))
    #expect(safe.case.course?.workPhotos == [CitySample.photo(1).id])
    #expect(safe.case.alarms[.deadline] == monday.adding(milliseconds: 24 * hour + 1))
    // Who fenced it off does not look whether it is repaired.
    #expect(safe.case.involved == ["worker-a"])
}

@Test func `it is made safe once, by those who handle it, and only where the category has two stages`() throws {
    let safe = try Sample.decided(makeSafe(), on: dispatched(), in: at(0)).case
    #expect(try Sample.refused(makeSafe(), on: safe, in: at(0))?.code == .wrongStage)
    let stranger = Sample.act(.makeSafe, by: Sample.rider)
    #expect(try Sample.refused(stranger, on: dispatched(), in: at(0))?.code == .notAllowed)
    #expect(try Sample.refused(makeSafe(), on: Sample.case(.dispatched))?.code == .wrongStage)
    // Work that is done at once needs no fence.
    let done = try Sample.decided(Sample.act(.handle, by: Sample.worker), on: dispatched(), in: at(hour))
    #expect(done.told == ["case.handled"])
}

@Test func `a fence that comes too late moves the deadline and leaves the breach`() throws {
    let late = try Sample.decided(makeSafe(), on: dispatched(), in: at(hour + 1))

    #expect(late.told == ["case.overdue", "case.made-safe"])
    #expect(late.case.state.isOverdue)
    #expect(late.case.state.deadline == monday.adding(milliseconds: 24 * hour))
    let reclassified = try Sample.decided(
        Sample.act(.reclassify, category: CitySample.parking), on: late.case, in: at(hour + 2))
    #expect(reclassified.case.state.isOverdue && reclassified.told == ["case.reclassified"])
}

@Test func `another category gives the limit of the stage that it has come to, from the original start`() throws {
    func reclassified(_ found: Case, as category: CategoryCode) throws -> Case {
        try Sample.decided(Sample.act(.reclassify, category: category), on: found, in: at(0)).case
    }
    let safe = try Sample.decided(makeSafe(), on: dispatched(), in: at(0)).case

    #expect(
        try reclassified(dispatched(), as: CitySample.parking).state.deadline == monday.adding(milliseconds: 2 * hour))
    #expect(try reclassified(safe, as: CitySample.parking).state.deadline == monday.adding(milliseconds: 48 * hour))
    let single = try reclassified(dispatched(), as: "S0105")
    #expect(try Sample.refused(makeSafe(), on: single, in: at(0))?.code == .wrongStage)
}

@Test func `a new dispatch begins with making it safe`() throws {
    let safe = try Sample.decided(makeSafe(), on: dispatched(), in: at(0)).case
    let given = Sample.act(.dispatch, unitId: CitySample.sanitation)

    let again = try Sample.decided(given, on: safe, in: at(hour)).case

    #expect(again.course?.madeSafeAt == nil)
    #expect(again.state.deadline == monday.adding(milliseconds: 2 * hour))
}

@Test func `a unit that gets back what it had made safe goes on with the repair`() throws {
    let safe = try Sample.decided(makeSafe(), on: dispatched(), in: at(0)).case
    let away = try Sample.decided(
        Sample.act(.dispatch, unitId: CitySample.sanitation), on: safe, in: at(hour)
    ).case
    func back(_ found: Case) throws -> Case {
        try Sample.decided(Sample.act(.dispatch, unitId: CitySample.property), on: found, in: at(2 * hour)).case
    }

    #expect(try back(away).course?.madeSafeAt == monday)
    // The hour with another does not count against it.
    #expect(try back(away).state.deadline == monday.adding(milliseconds: 25 * hour))
    #expect(try Sample.refused(makeSafe(), on: back(away), in: at(2 * hour))?.code == .wrongStage)
    let other = try Sample.decided(Sample.act(.reclassify, category: CitySample.parking), on: away, in: at(hour)).case
    #expect(try back(other).state.deadline == monday.adding(milliseconds: 49 * hour))
}

@Test func `after a fence that came too late the ladder begins at the bottom with the repair`() throws {
    let level = PackLevel(name: "单位负责人", englishName: "unit head", after: "1e", unitId: nil)
    let garbage = CitySample.category(CitySample.garbage, limit: "1e", keywords: [], repairLimit: "24e")
    let table = RoutingTable(CitySample.pack(categories: [garbage], loop: PackLoop(ladder: [level])))

    let late = try Sample.decided(makeSafe(), on: dispatched(), in: Sample.later(hour + 1, table: table)).case

    #expect(late.state.isOverdue)
    #expect(late.alarms[.escalation] == monday.adding(milliseconds: 25 * hour + 1))
}
