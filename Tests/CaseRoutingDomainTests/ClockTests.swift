import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let deadline = CitySample.moment("2026-11-23T14:00:00.000+08:00")

@Test(arguments: [(nil, "2026-11-23T13:12:00.000+08:00"), (500, "2026-11-23T11:00:00.000+08:00")] as [(Int?, String)])
func `a warning is sounded once when most of the time is used up`(nearDue: Int?, moment: String) throws {
    // Of four working hours from 09:00 on: 3 h 12 min are over at 13:12, since noon is an hour of rest.
    let due = CitySample.moment(moment)
    let circumstances = { (now: Timestamp) in
        Sample.circumstances(at: now, table: RoutingTable(CitySample.pack(loop: PackLoop(nearDue: nearDue))))
    }
    let found = try Sample.decided(
        Sample.act(.dispatch), on: Sample.case(.filed), in: circumstances(CitySample.monday)
    ).case

    #expect(found.alarms == [.nearDue: due, .deadline: deadline.adding(milliseconds: 1)])
    #expect(try found.ring(.nearDue, in: circumstances(due.adding(milliseconds: -1))) == nil)
    let warned = try #require(try found.ring(.nearDue, in: circumstances(due)))
    #expect(warned.told == ["case.near-due"])
    guard case .changed(let change)? = warned.events.first else { return }
    #expect(change.deadline == deadline && change.details?.used == nearDue ?? 800 && change.actorId == nil)
    #expect(warned.case.alarms == [.deadline: deadline.adding(milliseconds: 1)])
}

@Test func `after the deadline nobody is warned that it comes`() throws {
    let late = Sample.circumstances(at: deadline.adding(milliseconds: 1))
    let overdue = try #require(try Sample.case(.dispatched).ring(.deadline, in: late)).case

    #expect(overdue.alarms.isEmpty)
    #expect(try overdue.ring(.nearDue, in: late) == nil)
}

@Test func `a warning that was sounded is not sounded again after a rest, but for more time it is`() throws {
    let due = CitySample.moment("2026-11-23T13:12:00.000+08:00")
    let warned = try #require(try Sample.case(.dispatched).ring(.nearDue, in: Sample.circumstances(at: due))).case
    let rested = try [Sample.act(.park), Sample.act(.resume)].reduce(warned) {
        try Sample.decided($1, on: $0, in: Sample.circumstances(at: due)).case
    }
    let extended = try [Sample.act(.askExtension), Sample.act(.decideExtension, by: CitySample.desk)].reduce(rested) {
        try Sample.decided($1, on: $0, in: Sample.circumstances(at: due)).case
    }

    #expect(rested.alarms == [.deadline: deadline.adding(milliseconds: 1)])
    #expect(extended.alarms[.nearDue].map { $0 > due } == true)
}

@Test func `more time counts from the deadline before it, whenever it is granted`() throws {
    let asked = try Sample.decided(Sample.act(.askExtension, by: Sample.worker), on: Sample.case(.dispatched))
    let granted = try Sample.decided(
        Sample.act(.decideExtension, by: CitySample.desk), on: asked.case,
        in: Sample.circumstances(at: deadline.adding(milliseconds: -1)))

    #expect(asked.told == ["case.extension-asked"])
    #expect(asked.case.state.course?.extensionAsked == "2d")
    #expect(asked.case.watchedDeadline == deadline)
    #expect(granted.told == ["case.extension-decided"])
    // Two working days after Monday end with Wednesday's work.
    #expect(granted.case.watchedDeadline == CitySample.moment("2026-11-25T18:00:00.000+08:00"))
    #expect(granted.case.state.course?.extensionAsked == nil)
    guard case .changed(let change)? = granted.events.last else { return }
    #expect(change.agrees == true && change.details?.limit == "2d")
    #expect(change.deadline == granted.case.watchedDeadline)
}

@Test func `time that is denied changes nothing but needs a reason, and may be asked for again`() throws {
    let asked = try Sample.decided(Sample.act(.askExtension, by: Sample.worker), on: Sample.case(.dispatched)).case
    let denied = try Sample.decided(Sample.act(.decideExtension, agrees: false), on: asked).case

    #expect(denied.watchedDeadline == deadline)
    #expect(denied.stage.possibleActions.contains(.askExtension))
    let silent = Sample.act(.decideExtension, reason: nil, agrees: false)
    #expect(try Sample.refused(silent, on: asked)?.code == .reasonNeeded)
    #expect(try Sample.refused(Sample.act(.decideExtension, agrees: nil), on: asked)?.code == .verdictNeeded)
}

@Test func `more time that is granted after the deadline moves it, and the breach stays on record`() throws {
    let asked = try Sample.decided(Sample.act(.askExtension, by: Sample.worker), on: Sample.case(.dispatched)).case
    let late = Sample.circumstances(at: deadline.adding(milliseconds: 1))
    let granted = try Sample.decided(Sample.act(.decideExtension), on: asked, in: late)

    #expect(granted.told == ["case.overdue", "case.extension-decided"])
    #expect(granted.case.state.deadline == CitySample.moment("2026-11-25T18:00:00.000+08:00"))
    #expect(granted.case.state.isOverdue)
    #expect(granted.case.alarms.isEmpty)
}

@Test func `another category after the dispatch keeps the owner and the original start`() throws {
    let found = try Sample.case(.dispatched)
    let soon = Sample.circumstances(at: CitySample.monday.adding(milliseconds: 3_600_000))
    let shorter = try Sample.decided(Sample.act(.reclassify, category: CitySample.parking), on: found, in: soon)

    #expect(shorter.told == ["case.reclassified"])
    #expect(shorter.case.stage.owner == Sample.owner && shorter.case.category == CitySample.parking)
    #expect(shorter.case.watchedDeadline == CitySample.moment("2026-11-23T11:00:00.000+08:00"))
    guard case .reclassified(let event)? = shorter.events.last else { return }
    #expect(event.deadline == shorter.case.watchedDeadline && event.case.ownerUnitId == CitySample.property)
}

@Test func `a correction of the category corrects the past, too`() throws {
    let found = try Sample.case(.dispatched)
    let afternoon = Sample.circumstances(at: CitySample.moment("2026-11-23T13:30:00.000+08:00"))
    let missed = try Sample.decided(Sample.act(.reclassify, category: CitySample.parking), on: found, in: afternoon)
    let restored = try Sample.decided(
        Sample.act(.reclassify, category: CitySample.garbage), on: missed.case, in: afternoon)

    #expect(missed.told == ["case.reclassified", "case.overdue"])
    #expect(missed.case.state.isOverdue)
    #expect(restored.told == ["case.reclassified"])
    #expect(!restored.case.state.isOverdue && restored.case.watchedDeadline == deadline)
}

@Test func `a category without a limit has no clock until one with a limit takes its place`() throws {
    let unlimited = try Sample.decided(
        Sample.act(.dispatch), on: Sample.case(.filed), in: Sample.circumstances(table: Sample.withoutLimits)
    ).case
    #expect(unlimited.alarms.isEmpty && unlimited.state.deadline == nil)

    let later = Sample.circumstances(at: CitySample.monday.adding(milliseconds: 3_600_000))
    let limited = try Sample.decided(Sample.act(.reclassify, category: CitySample.parking), on: unlimited, in: later)
    #expect(limited.case.watchedDeadline == CitySample.moment("2026-11-23T11:00:00.000+08:00"))
}
