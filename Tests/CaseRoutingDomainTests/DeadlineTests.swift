import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

@Test(arguments: [
    ("4w", "2026-11-27T17:20:00.000+08:00", "2026-11-30T13:20:00.000+08:00"),
    ("24e", "2026-11-28T02:00:00.000+08:00", "2026-11-29T02:00:00.000+08:00"),
    ("7n", "2026-11-23T09:00:00.000+08:00", "2026-11-30T23:59:59.999+08:00"),
])
func `the handling limit counts from the dispatch by the pack's calendar`(limit: String, start: String, end: String) {
    let table = RoutingTable(
        CitySample.pack(categories: [CitySample.category("E0102", limit: limit, keywords: [])]))

    let found = table.deadline(for: "E0102", from: CitySample.moment(start))

    #expect(found == .at(CitySample.moment(end)))
}

@Test func `a faulty pack refuses the dispatch instead of leaving the case without a clock`() throws {
    let broken = [
        CitySample.pack(categories: [CitySample.category("E0102", limit: "4x", keywords: [])]),
        CitySample.pack(workingMinutes: []), CitySample.pack(workingMinutes: [[540]]),
    ]
    for pack in broken {
        let circumstances = Sample.circumstances(table: RoutingTable(pack))
        let refusal = try Sample.refused(Sample.act(.dispatch), on: Sample.case(.filed), in: circumstances)
        #expect(refusal?.code == .packFault)
    }
    #expect(Sample.table.deadline(for: .unsorted, from: CitySample.monday) == .none)
}

@Test func `a case becomes overdue once per dispatch, a millisecond after its deadline`() throws {
    let found = try Sample.case(.dispatched)
    let deadline = try #require(found.watchedDeadline)

    #expect(found.passDeadline(at: deadline) == nil)
    let overdue = try #require(found.passDeadline(at: deadline.adding(milliseconds: 1)))
    #expect(overdue.told == ["case.overdue"])
    #expect(overdue.case.state.isOverdue)
    #expect(overdue.case.version == found.version + 1)
    #expect(overdue.case.watchedDeadline == nil)
    #expect(overdue.case.passDeadline(at: deadline.adding(milliseconds: 9)) == nil)

    let returned = try Sample.decided(
        Sample.act(.return), on: overdue.case, in: Sample.circumstances(at: deadline.adding(milliseconds: 2)))
    let later = Sample.circumstances(at: deadline.adding(milliseconds: 3))
    let another = try Sample.decided(
        Sample.act(.dispatch, unitId: CitySample.sanitation), on: returned.case, in: later)
    #expect(!another.case.state.isOverdue)
    #expect(another.case.watchedDeadline.map { $0 > deadline } == true)
    // Who was late and gave it back for a fresh start gets none.
    let again = try Sample.decided(Sample.act(.dispatch), on: returned.case, in: later)
    #expect(again.told == ["case.dispatched", "case.overdue"])
    #expect(again.case.state.isOverdue && again.case.state.deadline == deadline)
}

@Test func `work handed in late is told as overdue before it is told as handled`() throws {
    let found = try Sample.case(.dispatched)
    let late = try #require(found.watchedDeadline).adding(milliseconds: 1)

    let decision = try Sample.decided(Sample.act(.handle), on: found, in: Sample.circumstances(at: late))

    #expect(decision.told == ["case.overdue", "case.handled"])
    #expect(decision.case.state.isOverdue)
    #expect(decision.case.version == found.version + 1)
}

@Test(arguments: CaseStage.allCases.filter { $0 != .dispatched })
func `no other stage has a deadline to watch`(stage: CaseStage) throws {
    let found = try Sample.case(stage)

    #expect(found.watchedDeadline == nil)
    #expect(found.passDeadline(at: CitySample.monday.adding(milliseconds: 1_000_000_000)) == nil)
}
