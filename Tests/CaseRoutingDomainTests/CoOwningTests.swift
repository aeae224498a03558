import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let hour: Int64 = 3_600_000
private let sweeper = CitySample.actor("sweeper", "worker")
private let worker = CitySample.actor("worker-a", "worker")

/// A dispatched case in which the sanitation has a part of two clock hours.
private func shared() throws -> Case {
    let details = Sample.asking(CitySample.sanitation, limit: "2e")
    return try Sample.decided(
        Sample.act(.addCoOwner, by: CitySample.desk, details: details), on: Sample.case(.dispatched)
    ).case
}

private func coHandle(_ unit: UnitID = CitySample.sanitation, photos: [ReportPhoto]? = nil) -> ActOnCase {
    Sample.act(.coHandle, by: sweeper, reason: "已清运", details: Sample.asking(unit, photos: photos))
}

@Test func `a co-owner has a clock of its own, by its limit or else the category's`() throws {
    let found = try Sample.case(.dispatched)
    let due = CitySample.monday.adding(milliseconds: 2 * hour)
    let own = try Sample.decided(
        Sample.act(.addCoOwner, by: CitySample.desk, details: Sample.asking(CitySample.sanitation, limit: "2e")),
        on: found)

    #expect(own.told == ["case.co-owner-added"])
    let step = try #require(own.steps(.coOwnerAdded).first)
    #expect(step.deadline == due)
    #expect(step.details == Sample.asking(CitySample.sanitation, limit: "2e"))
    #expect(step.actorId == "desk")
    #expect(
        own.case.state.course?.coOwners == [
            CaseCourse.CoOwner(unitId: CitySample.sanitation, deadline: due, isOverdue: false, handledAt: nil)
        ])
    #expect(own.case.state.deadline == found.state.deadline)
    #expect(own.case.alarms[.coOwner(CitySample.sanitation)] == due.adding(milliseconds: 1))

    let plain = try Sample.decided(
        Sample.act(.addCoOwner, details: Sample.asking(CitySample.sanitation)), on: found, in: Sample.later(hour))
    #expect(plain.steps(.coOwnerAdded).first?.details?.limit == "4w")
    #expect(plain.steps(.coOwnerAdded).first?.deadline == CitySample.moment("2026-11-23T15:00:00.000+08:00"))
}

@Test func `a case is handled only when every part is`() throws {
    let refusal = try #require(try Sample.refused(Sample.act(.handle, by: worker), on: shared()))
    #expect(refusal.code == .partsOpen)
    #expect(refusal.allowed == [.coHandle])
    #expect(refusal.reason.contains("sanitation"))

    let photos = [CitySample.photo(1)]
    let part = try Sample.decided(coHandle(photos: photos), on: shared(), in: Sample.later(hour))
    #expect(part.told == ["case.co-owner-handled"])
    #expect(part.steps(.coOwnerHandled).first?.details == Sample.asking(CitySample.sanitation, photos: photos))
    #expect(part.case.state.course?.coOwners?.first?.handledAt == CitySample.monday.adding(milliseconds: hour))
    #expect(part.case.alarms[.coOwner(CitySample.sanitation)] == nil)
    #expect(part.case.state.course?.workPhotos == photos.map(\.id))

    let handled = try Sample.decided(Sample.act(.handle, by: worker), on: part.case, in: Sample.later(hour))
    #expect(handled.told == ["case.handled"])
}

@Test func `a co-owner becomes overdue once, and late work is told as overdue first`() throws {
    let alarm = Alarm.coOwner(CitySample.sanitation)
    let found = try shared()
    #expect(try found.ring(alarm, in: Sample.later(2 * hour)) == nil)

    let overdue = try #require(try found.ring(alarm, in: Sample.later(2 * hour + 1)))
    #expect(overdue.told == ["case.co-owner-overdue"])
    #expect(overdue.steps(.coOwnerOverdue).first?.deadline == CitySample.monday.adding(milliseconds: 2 * hour))
    #expect(overdue.case.state.course?.coOwners?.first?.isOverdue == true)
    #expect(!overdue.case.state.isOverdue)
    #expect(try overdue.case.ring(alarm, in: Sample.later(3 * hour)) == nil)
    let afterwards = try Sample.decided(coHandle(), on: overdue.case, in: Sample.later(3 * hour))
    #expect(afterwards.told == ["case.co-owner-handled"])
    #expect(afterwards.case.state.course?.coOwners?.first?.isOverdue == true)

    let late = try Sample.decided(coHandle(), on: found, in: Sample.later(3 * hour))
    #expect(late.told == ["case.co-owner-overdue", "case.co-owner-handled"])
}

@Test func `a co-owner who gets the case has no part in it beside, open or overdue`() throws {
    let dispatch = Sample.act(.dispatch, by: CitySample.desk, unitId: CitySample.sanitation)
    let owner = try Sample.decided(dispatch, on: shared(), in: Sample.later(hour)).case

    #expect(owner.stage.owner?.unitId == CitySample.sanitation && owner.state.course?.coOwners == nil)
    #expect(owner.alarms[.coOwner(CitySample.sanitation)] == nil)
    #expect(try Sample.refused(Sample.act(.handle, by: sweeper), on: owner, in: Sample.later(hour)) == nil)
    // A part that was done stays on the record.
    let part = try Sample.decided(coHandle(), on: shared(), in: Sample.later(1)).case
    #expect(try Sample.decided(dispatch, on: part, in: Sample.later(2)).case.state.course?.coOwners?.count == 1)
}

@Test func `a part that a check found wanting can be asked for once more`() throws {
    let part = try Sample.decided(coHandle(), on: shared(), in: Sample.later(1)).case
    let again = Sample.act(.addCoOwner, details: Sample.asking(CitySample.sanitation))
    #expect(try Sample.refused(again, on: part, in: Sample.later(2))?.code == .coOwnerTaken)

    let handled = try Sample.decided(Sample.act(.handle, by: worker), on: part, in: Sample.later(2)).case
    let rework = try Sample.decided(
        Sample.act(.verify, by: CitySample.checker, agrees: false), on: handled, in: Sample.later(3)
    ).case
    let asked = try Sample.decided(again, on: rework, in: Sample.later(4)).case

    #expect(asked.state.course?.coOwners?.count == 1)
    #expect(asked.state.course?.coOwners?.first?.handledAt == nil)
}

@Test func `a part that cannot be given is refused with why`() throws {
    let found = try Sample.case(.dispatched)
    func refusal(_ details: StepDetails?, on found: Case = found) throws -> CaseRefusal? {
        try Sample.refused(Sample.act(.addCoOwner, details: details), on: found)
    }

    #expect(try refusal(nil)?.code == .unitNeeded)
    #expect(try refusal(Sample.asking(CitySample.sanitation, CitySample.property))?.code == .unitNeeded)
    #expect(try refusal(Sample.asking("nobody"))?.code == .unknownUnit)
    #expect(try refusal(Sample.asking(CitySample.property))?.code == .coOwnerTaken)
    #expect(try refusal(Sample.asking(CitySample.sanitation), on: shared())?.code == .coOwnerTaken)
    let faulty = try refusal(Sample.asking(CitySample.sanitation, limit: "soon"))
    #expect(faulty?.code == .coOwnerLimit)
    #expect(faulty?.reason.contains("\"soon\" is not a time limit") == true)
    #expect(faulty?.allowed == [.addCoOwner])
    #expect(
        try Sample.refused(Sample.act(.coHandle, details: Sample.asking(CitySample.sanitation)), on: found)?.code
            == .noOpenPart)
    #expect(
        try Sample.refused(Sample.act(.coHandle, details: Sample.asking("nobody")), on: shared())?.reason
            .contains("open are: sanitation") == true)
}

@Test func `a case has at most ten co-owners`() throws {
    let crowd = (0..<11).map { UnitID("unit-\($0)") }
    let city = CitySample.pack()
    let pack = Pack(
        name: city.name, title: city.title, version: 2, calendar: city.calendar, communities: city.communities,
        units: city.units + crowd.map { PackUnit(id: $0, name: "单位") }, people: city.people,
        categories: city.categories, routingRules: city.routingRules, pointRules: [],
        templates: [], webhooks: [], mergeDistance: 5_000)
    let circumstances = Sample.circumstances(table: RoutingTable(pack))
    let full = try crowd.dropLast().reduce(Sample.case(.dispatched)) { found, unit in
        try Sample.decided(Sample.act(.addCoOwner, details: Sample.asking(unit)), on: found, in: circumstances).case
    }

    let refusal = try Sample.refused(
        Sample.act(.addCoOwner, details: Sample.asking("unit-10")), on: full, in: circumstances)

    #expect(full.state.course?.coOwners?.count == 10)
    #expect(refusal?.code == .tooManyCoOwners)
}

@Test(arguments: [CaseAction.return, .refuse, .transfer])
func `a case that leaves its handler rings for no co-owner`(action: CaseAction) throws {
    let taken = try Sample.decided(Sample.act(action), on: shared())

    // What its unit gave back, the unit keeps.
    #expect(taken.case.alarms.keys.allSatisfy { $0 == .kept })
    #expect(try taken.case.ring(.coOwner(CitySample.sanitation), in: Sample.later(9 * hour)) == nil)
}
