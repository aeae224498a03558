import CaseRates
import Contracts
import Testing

private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

@Test func `a day is that of the clocks there`() throws {
    let lateInChina = try moment("2026-11-23T16:30:00.000Z")
    #expect(RateCalendar(utcOffsetMinutes: 480).day(at: lateInChina) == "2026-11-24")
    #expect(RateCalendar(utcOffsetMinutes: -480).day(at: lateInChina) == "2026-11-23")
    #expect(RateCalendar(nil).day(at: lateInChina) == "2026-11-24")
}

@Test func `a period ends where the next begins`() throws {
    let china = RateCalendar(utcOffsetMinutes: 480)
    #expect(china.end(of: "2026-11-30") == (try moment("2026-11-30T16:00:00.000Z")))
    #expect(china.end(of: "2026-12") == (try moment("2026-12-31T16:00:00.000Z")))
    #expect(china.period(after: "2026-12") == "2027-01")
    #expect(china.period(after: "2028-02-28") == "2028-02-29")
    #expect(RateCalendar.periods("2026-11-23") == ["2026-11-23", "2026-11"])
}

@Test func `a duty that a unit answers within a day counts for the day of the dispatch`() throws {
    let reference = CaseReference(
        caseId: "case-1", caseNumber: "MD-1", communityId: "mingdu", ledgerId: "gaoxin", category: "E0102",
        kind: .snapshot, reporterIds: ["rider-1"], ownerUnitId: "sanitation", handlerId: nil)
    let start = try moment("2026-11-23T04:00:00.000Z")
    func count(_ step: CaseChanged.Step, _ tally: RateTally, after hours: Int64) -> RateCounting {
        let now = start.adding(milliseconds: hours * 3_600_000)
        var counting = RateCounting(tally, at: now, on: RateCalendar(nil).day(at: now))
        counting.count(.changed(CaseChanged(step: step, case: reference, at: now, actorId: nil)))
        return counting
    }

    let dispatched = count(.dispatched, RateTally(), after: 0)
    #expect(
        dispatched.changes == [RateChange(unitId: "sanitation", day: "2026-11-23", count: .assigned, by: 1)])
    let inTime = RateChange(unitId: "sanitation", day: "2026-11-23", count: .responded, by: 1)
    #expect(count(.accepted, dispatched.tally, after: 24).changes == [inTime])
    #expect(count(.accepted, dispatched.tally, after: 25).changes.isEmpty)
}
