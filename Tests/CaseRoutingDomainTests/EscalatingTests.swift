import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let street = UnitID("street")
private let ladder = PackLoop(ladder: [
    PackLevel(name: "单位负责人", englishName: "unit head", after: "2w", unitId: nil),
    PackLevel(name: "街道", englishName: "street", after: "1e", unitId: street),
    PackLevel(name: "区", englishName: "district", after: "1d", unitId: "district"),
])
private let table = RoutingTable(CitySample.pack(loop: ladder))

/// Where the other category has half the time.
private let shorter = RoutingTable(
    CitySample.pack(
        categories: CitySample.categories.map {
            $0.code == "P0101" ? CitySample.category("P0101", limit: "2w", keywords: []) : $0
        }, loop: ladder))

private func at(_ text: String) -> Timestamp { CitySample.moment("2026-11-\(text)+08:00") }

private func ring(
    _ alarm: Alarm, _ found: Case, at now: Timestamp, by table: RoutingTable? = table
) throws -> CaseDecision? {
    try found.ring(alarm, in: Sample.circumstances(at: now, table: table))
}

/// Dispatched on Monday at 09:00, due at 14:00, and past it.
private func overdue() throws -> Case {
    try #require(try ring(.deadline, Sample.case(.dispatched), at: at("23T14:00:00.001"))).case
}

@Test func `an overdue case goes up level by level, each in its own time`() throws {
    let missed = try overdue()
    #expect(missed.alarms == [.escalation: at("23T16:00:00.001")])
    #expect(missed.state.course == nil)
    #expect(try ring(.escalation, missed, at: at("23T16:00:00.000")) == nil)

    let first = try #require(try ring(.escalation, missed, at: at("23T16:00:00.001")))
    #expect(first.told == ["case.escalated"])
    #expect(first.case.version == missed.version + 1)
    #expect(first.case.state.course?.level == 1)
    let step = try #require(first.steps(.escalated).first)
    #expect(step.details == StepDetails { $0.level = 1 })
    #expect(step.actorId == nil)
    #expect(
        step.reason
            == "超时后 2w 仍未处置，请单位负责人督办 / not handled 2w after its deadline: for the unit head to look")

    #expect(first.case.alarms == [.escalation: at("23T17:00:00.002")])
    let second = try #require(try ring(.escalation, first.case, at: at("23T17:00:00.002")))
    #expect(
        second.steps(.escalated).first?.details
            == StepDetails {
                $0.level = 2
                $0.unitIds = [street]
            })
    #expect(second.case.alarms == [.escalation: at("24T18:00:00.001")])

    let third = try #require(try ring(.escalation, second.case, at: at("24T18:00:00.001")))
    #expect(third.case.state.course?.level == 3)
    #expect(third.case.alarms.isEmpty)
    #expect(try ring(.escalation, third.case, at: at("30T18:00:00.000")) == nil)
}

@Test func `after an outage no level is passed over, and each has its time`() throws {
    let late = try #require(try ring(.deadline, Sample.case(.dispatched), at: at("27T10:00:00.000")))

    #expect(late.told == ["case.overdue", "case.escalated"])
    #expect(late.case.state.course?.level == 1)
    #expect(late.case.alarms == [.escalation: at("27T11:00:00.001")])
}

@Test func `work handed in after a level was due is told as escalated first`() throws {
    let worker = CitySample.actor("worker-a", "worker")
    let circumstances = Sample.circumstances(at: at("23T16:00:00.001"), table: table)

    let handled = try Sample.decided(Sample.act(.handle, by: worker), on: overdue(), in: circumstances)

    #expect(handled.told == ["case.escalated", "case.handled"])
    #expect(handled.case.alarms.isEmpty)
    #expect(handled.case.state.course?.level == 1)
}

@Test(arguments: [CaseAction.handle, .return, .refuse, .transfer])
func `whoever takes the case from its handler stops the ladder`(action: CaseAction) throws {
    let circumstances = Sample.circumstances(at: at("23T15:00:00.000"), table: table)

    let taken = try Sample.decided(Sample.act(action), on: overdue(), in: circumstances)

    #expect(taken.case.alarms.isEmpty)
    #expect(try ring(.escalation, taken.case, at: at("30T18:00:00.000")) == nil)
}

@Test func `a new dispatch begins at the bottom`() throws {
    let first = try #require(try ring(.escalation, overdue(), at: at("23T16:00:00.001"))).case
    let circumstances = Sample.circumstances(at: at("23T16:30:00.000"), table: table)
    let dispatch = Sample.act(.dispatch, unitId: CitySample.sanitation)
    let moved = try Sample.decided(dispatch, on: first, in: circumstances).case

    #expect(moved.state.course == nil)
    #expect(moved.alarms.filter { $0.key != .nearDue } == [.deadline: at("24T11:30:00.001")])
    let again = try #require(try ring(.deadline, moved, at: at("24T11:30:00.001"))).case
    let level = try #require(try ring(.escalation, again, at: at("24T15:00:00.000")))
    #expect(level.steps(.escalated).first?.details?.level == 1)
}

@Test func `a colleague of the unit climbs on where the unit stands`() throws {
    let first = try #require(try ring(.escalation, overdue(), at: at("23T16:00:00.001"))).case
    let circumstances = Sample.circumstances(at: at("23T16:30:00.000"), table: table)
    let moved = try Sample.decided(Sample.act(.dispatch, handlerId: "worker-b"), on: first, in: circumstances).case

    #expect(moved.state.isOverdue && moved.state.course?.level == 1)
    #expect(moved.alarms == first.alarms)
}

@Test func `time granted after the deadline begins the ladder at the bottom again`() throws {
    let asked = try Sample.decided(
        Sample.act(.askExtension, by: Sample.worker), on: overdue(),
        in: Sample.circumstances(at: at("23T15:00:00.000"), table: table)
    ).case
    let first = try #require(try ring(.escalation, asked, at: at("23T16:00:00.001"))).case
    let granted = try Sample.decided(
        Sample.act(.decideExtension, by: CitySample.desk, agrees: true), on: first,
        in: Sample.circumstances(at: at("23T17:00:00.000"), table: table)
    ).case

    // Two working days more, and two working hours after those the unit's head.
    #expect(granted.state.isOverdue && granted.state.deadline == at("25T18:00:00.000"))
    #expect(granted.state.course?.level == nil)
    #expect(granted.alarms[.escalation] == at("26T11:00:00.001"))
    // Put aside and back, its deadline is another once more.
    let parked = try Sample.decided(
        Sample.act(.park), on: granted, in: Sample.circumstances(at: at("24T10:00:00.000"), table: table)
    ).case
    let back = try Sample.decided(
        Sample.act(.resume), on: parked, in: Sample.circumstances(at: at("25T10:00:00.000"), table: table)
    ).case
    #expect(back.state.deadline != granted.state.deadline)
    #expect(back.alarms[.escalation] != nil)
}

@Test func `another category leaves an overdue case on its level, and the next one watched`() throws {
    let first = try #require(try ring(.escalation, overdue(), at: at("23T16:00:00.001"))).case
    let circumstances = Sample.circumstances(at: at("23T16:30:00.000"), table: shorter)
    let changed = try Sample.decided(Sample.act(.reclassify, category: "P0101"), on: first, in: circumstances)

    #expect(changed.told == ["case.reclassified"])
    #expect(changed.case.state.isOverdue && changed.case.state.deadline == at("23T11:00:00.000"))
    #expect(changed.case.state.course?.level == 1)
    #expect(changed.case.alarms == first.alarms)
    // Before any level was told, the first one's time counts from the new deadline.
    let early = try Sample.decided(
        Sample.act(.reclassify, category: "P0101"), on: overdue(),
        in: Sample.circumstances(at: at("23T14:30:00.000"), table: shorter))
    #expect(early.told == ["case.reclassified", "case.escalated"])
    #expect(early.case.alarms == [.escalation: at("23T15:30:00.001")])
}

@Test func `without a ladder nothing goes up, and with one that came later the next look finds it`() throws {
    let found = try #require(
        try ring(.deadline, Sample.case(.dispatched), at: at("23T14:00:00.001"), by: Sample.table)
    ).case
    #expect(found.alarms.isEmpty)

    let circumstances = Sample.circumstances(at: at("23T15:00:00.000"), table: table)
    let looked = try Sample.decided(
        Sample.act(.whistle, details: details(until: at("23T16:00:00.000"))), on: found,
        in: circumstances)
    #expect(looked.case.alarms[.escalation] == at("23T16:00:00.001"))
}

@Test func `a ladder is climbed as far as it can be read`() throws {
    let faulty = PackLoop(ladder: [
        ladder.ladder[0], PackLevel(name: "街道", englishName: "street", after: "soon", unitId: nil), ladder.ladder[2],
    ])
    let table = RoutingTable(CitySample.pack(loop: faulty))
    let missed = try #require(try ring(.deadline, Sample.case(.dispatched), at: at("23T14:00:00.001"), by: table)).case

    let first = try #require(try ring(.escalation, missed, at: at("23T16:00:00.001"), by: table)).case

    #expect(first.state.course?.level == 1)
    #expect(first.alarms.isEmpty)
}

@Test func `the clock never skips or repeats a level, whenever it is read`() throws {
    var random = SeededGenerator()
    for _ in 0..<300 {
        let levels = (0..<Int.random(in: 0...6, using: &random)).map { number in
            PackLevel(
                name: "第 \(number + 1) 级", englishName: "level \(number + 1)",
                after: "\(Int.random(in: 1...40, using: &random))"
                    + (["e", "w", "d", "n"].randomElement(using: &random) ?? "e"),
                unitId: nil)
        }
        let table = RoutingTable(CitySample.pack(loop: PackLoop(ladder: levels)))
        var found = try Sample.case(.dispatched)
        var now = CitySample.monday
        var told: [Int] = []
        for _ in 0..<60 {
            now = now.adding(milliseconds: Int64.random(in: 0...(2 * 86_400_000), using: &random))
            // Alarms come late and in any order, and more often than they should.
            for alarm in [Alarm.escalation, .deadline, .escalation] where Bool.random(using: &random) {
                let due = found.alarms[alarm]
                guard let decision = try ring(alarm, found, at: now, by: table) else {
                    #expect(due.map { $0 > now } ?? true, "\(alarm) was due and said nothing")
                    continue
                }
                told += decision.steps(.escalated).compactMap(\.details?.level)
                found = decision.case
            }
        }
        #expect(told == told.indices.map { $0 + 1 }, "\(levels)")
        #expect(told.count <= levels.count)
        while let due = found.alarms.values.max() {
            let alarm = try #require(found.alarms.keys.first)
            let decision = try #require(try ring(alarm, found, at: due, by: table))
            told += decision.steps(.escalated).compactMap(\.details?.level)
            found = decision.case
        }
        #expect(told == levels.indices.map { $0 + 1 })
    }
}

private func details(until: Timestamp) -> StepDetails {
    StepDetails {
        $0.unitIds = [CitySample.sanitation]
        $0.until = until
    }
}
