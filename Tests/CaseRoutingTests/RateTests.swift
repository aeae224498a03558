import CaseRoutingDomain
import Contracts
import EventProcessing
import Foundation
import GRDB
import TestSupport
import Testing

@testable import CaseRouting

extension [StoreUnderTest.Message] {
    fileprivate var rates: [RatesPublished] {
        get throws {
            try filter { $0.topic == TopicCatalogue.caseRates.name }.map { try $0.read(RatesPublished.self) }
        }
    }
}

extension StoreUnderTest {
    /// Wakes whoever's time has come, the earliest first, as the owner of the store would: each in time, or all at last.
    func ring(at moment: Timestamp, isLate: Bool = false) async throws {
        while true {
            let due = try store.queue.read { db in
                try Row.fetchOne(
                    db, sql: "SELECT * FROM timer WHERE dueAt <= ? ORDER BY dueAt, id LIMIT 1",
                    arguments: [moment.milliseconds])
            }
            guard let due else { return }
            let at = Timestamp(milliseconds: due["dueAt"])
            try await apply(
                TimerDue(timerId: due["id"], kind: due["kind"], about: due["about"], dueAt: at),
                source: "/case-routing/0", at: (isLate ? moment : at).milliseconds)
        }
    }
}

private let midnight = CitySample.moment("2026-11-24T00:00:00.000+08:00")
private let hour: Int64 = 3_600_000
private let day = 24 * hour

private func closedCase(in desk: Desk) async throws -> CaseID {
    let id = try await desk.register(CitySample.report()).state().caseId
    for action in [CaseAction.file, .dispatch, .handle] { try await desk.act(action, on: id) }
    try await desk.act(.verify, on: id, by: CitySample.checker)
    return id
}

@Test func `a day is published when it is over, and a month when that is`() async throws {
    let desk = try await Desk()
    _ = try await closedCase(in: desk)

    try await desk.store.ring(at: midnight.adding(milliseconds: -1))
    #expect(try await desk.store.messages().rates.isEmpty)
    try await desk.store.ring(at: midnight)
    let published = try await desk.store.messages().rates
    #expect(published.map(\.period) == ["2026-11-23"])
    let rates = try #require(published.first)
    #expect(rates.communityId == CitySample.mingdu && rates.revision == 1 && rates.minimumSample == 10)
    #expect(rates.endsAt == midnight && rates.utcOffsetMinutes == 480)
    #expect(
        rates.units == [
            RatesPublished.UnitRates(
                unitId: CitySample.property,
                counts: RateCounts([.assigned: 1, .responded: 1, .checked: 1, .closed: 1, .onTime: 1, .asked: 1]))
        ])

    try await desk.store.ring(at: CitySample.moment("2026-12-01T00:00:00.000+08:00"))
    let all = try await desk.store.messages().rates
    #expect(all.map(\.period) == ["2026-11-23", "2026-11"])
    #expect(all.last?.units == rates.units)
    #expect(try await desk.rows(of: "timer") == 0)
}

@Test func `what changes a day later is published with the next revision when that day is over`() async throws {
    let desk = try await Desk()
    let id = try await closedCase(in: desk)
    try await desk.store.ring(at: midnight)

    try await desk.act(.reopen, on: id, after: day)
    try await desk.store.ring(at: midnight.adding(milliseconds: day))

    let published = try await desk.store.messages().rates
    #expect(published.map(\.period) == ["2026-11-23", "2026-11-23", "2026-11-24"])
    #expect(published.map(\.revision) == [1, 2, 1])
    let counts = try #require(published[1].units.first).counts
    #expect(counts[.closed] == 1 && counts[.onTime] == 0 && counts[.reopened] == 1)
}

@Test func `what stands overdue is published day after day, also when nothing happens`() async throws {
    let desk = try await Desk()
    let id = try await desk.register(CitySample.report()).state().caseId
    for action in [CaseAction.file, .dispatch] { try await desk.act(action, on: id) }
    let due = try #require(try await desk.timer(of: id))
    try await desk.wake(id, due: due, at: due)

    for days in 0..<3 { try await desk.store.ring(at: midnight.adding(milliseconds: Int64(days) * day)) }
    // Nobody was there for three days.
    try await desk.store.ring(at: midnight.adding(milliseconds: 6 * day), isLate: true)

    let published = try await desk.store.messages().rates
    #expect(published.map(\.period) == (23...29).map { "2026-11-\($0)" })
    #expect(published.allSatisfy { $0.units.first?.counts[.openOverdue] == 1 && $0.revision == 1 })
    #expect(
        published.dropFirst().allSatisfy {
            $0.units == [RatesPublished.UnitRates(unitId: CitySample.property, counts: RateCounts([.openOverdue: 1]))]
        })

    try await desk.act(.handle, on: id, after: 8 * day)
    try await desk.act(.verify, on: id, by: CitySample.checker, after: 8 * day)
    try await desk.store.ring(at: midnight.adding(milliseconds: 45 * day))
    let rest = try await desk.store.messages().rates.dropFirst(published.count)
    // In December it ended.
    #expect(rest.map(\.period) == ["2026-11", "2026-11-30", "2026-12-01", "2026-12"])
    #expect(rest.last?.units.first?.counts[.openOverdue] == 0)
    #expect(try await desk.rows(of: "timer") == 0)
}

@Test func `the smallest sample is the pack's`() async throws {
    let sample = CitySample.pack()
    let pack = Pack(
        name: sample.name, title: sample.title, version: 2, calendar: sample.calendar, communities: sample.communities,
        units: sample.units, people: sample.people, categories: sample.categories, routingRules: sample.routingRules,
        pointRules: [], templates: [], webhooks: [], mergeDistance: sample.mergeDistance,
        rates: PackRates(minimumSample: 3))
    let desk = try await Desk(pack: pack)
    _ = try await closedCase(in: desk)
    try await desk.store.ring(at: midnight)
    #expect(try await desk.store.messages().rates.map(\.minimumSample) == [3])
}

// MARK: - Counted once more by others

@Test(arguments: SeededGenerator.seeds(1, 3, fresh: 2))
func `the published rates are what anybody counts from the topic`(seed: UInt64) async throws {
    print("seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let (events, published) = try await chanceCity(using: &random)
    func recount(_ lines: [String]) async throws -> PythonScript.Answer {
        try await PythonScript("deploy/recount.py").run(
            ["--only", "rates"], input: Data((lines + published).joined(separator: "\n").utf8))
    }

    let equal = try await recount(events)
    #expect(equal.status == 0, "\(equal.output)")
    #expect(equal.output.contains("periods are as counted"))

    // Of known walks it is known that they come by all of them.
    if [1, 3].contains(seed) {
        for step in ["case.merged", "case.split", "case.reclassified", "case.closed", "case.verified"] {
            #expect(events.contains { $0.contains("\"type\":\"\(step)\"") }, "nobody took \(step)")
        }
    }

    // One event less, or another answer, and the numbers differ.
    if let closing = events.firstIndex(where: { $0.contains("\"type\":\"case.closed\"") }) {
        var fewer = events
        fewer.remove(at: closing)
        #expect(try await recount(fewer).status == 1)
    }
    let agreement = "\"agrees\":true"
    if let check = events.firstIndex(where: { $0.contains(agreement) && $0.contains("case.verified") }) {
        var turned = events
        turned[check] = turned[check].replacing(agreement, with: "\"agrees\":false")
        #expect(try await recount(turned).status == 1)
    }
}

/// Six weeks of a city: what was said of cases and rates.
private func chanceCity(using random: inout SeededGenerator) async throws -> (events: [String], published: [String]) {
    let desk = try await Desk()
    var now = CitySample.monday
    for number in 0..<400 {
        now = now.adding(milliseconds: .random(in: 0...5 * hour, using: &random))
        try await desk.store.ring(at: now)
        let cases = try await allCases(of: desk)
        guard let found = cases.randomElement(using: &random), Int.random(in: 0..<5, using: &random) > 0 else {
            try await desk.store.apply(
                RegisterReport(
                    report: Desk.envelope(
                        CitySample.report(
                            ReportID("report-\(number)"),
                            in: Bool.random(using: &random) ? CitySample.mingdu : CitySample.longjiang,
                            at: CitySample.townHall.north(.random(in: 0...50_000, using: &random))))),
                id: Desk.command(number), at: now.milliseconds)
            continue
        }
        let act =
            chanceTie(of: found, among: cases, using: &random) ?? chanceAction(on: found, using: &random)
        try await desk.store.apply(act, id: Desk.command(number), at: now.milliseconds)
    }
    try await desk.store.ring(at: now.adding(milliseconds: 40 * day))
    let messages = try await desk.store.messages()
    func lines(_ topic: Topic) -> [String] {
        messages.filter { $0.topic == topic.name }.map { String(decoding: $0.value, as: UTF8.self) }
    }
    return (lines(TopicCatalogue.caseEvents).filter { $0.contains("\"chain\"") }, lines(TopicCatalogue.caseRates))
}

extension Desk {
    /// The id of a walk's command: cases are named by it, and the walk goes by their names.
    fileprivate static func command(_ number: Int) -> MessageID {
        MessageID(namespace: .suishoupai, name: "command \(number) of a walk")
    }
}

private func allCases(of desk: Desk) async throws -> [Case] {
    try await desk.store.store.queue.read { db in
        try Data.fetchAll(db, sql: "SELECT body FROM caseFile ORDER BY id").map {
            try ContractCoding.decode(Case.self, from: $0)
        }
    }
}

/// Two cases are merged, or those that were are split again; nil where it is not the time for that.
private func chanceTie(
    of found: Case, among cases: [Case], using random: inout SeededGenerator
) -> ActOnCase? {
    func act(_ action: CaseAction, on found: Case, _ details: StepDetails) -> ActOnCase {
        ActOnCase(
            caseId: found.id, communityId: found.communityId, action: action, actor: CitySample.boss, reason: "理由",
            details: details)
    }
    if let absorbed = found.same?.absorbed?.first, Bool.random(using: &random) {
        return act(.split, on: found, StepDetails { $0.reportIds = absorbed.reports.map(\.reportId) })
    }
    let others = cases.filter { $0.id != found.id && $0.communityId == found.communityId && $0.isOpen }
    guard Int.random(in: 0..<10, using: &random) == 0, let other = others.randomElement(using: &random) else {
        return nil
    }
    return act(.merge, on: found, StepDetails { $0.otherCaseId = other.id })
}

private func chanceAction(on found: Case, using random: inout SeededGenerator) -> ActOnCase {
    // Mostly straight on, so that cases are closed and rated.
    let straight = found.stage.possibleActions.filter {
        [.file, .dispatch, .accept, .handle, .verify, .rate, .reopen, .return].contains($0)
    }
    let isRare = straight.isEmpty || Int.random(in: 0..<6, using: &random) == 0
    let action = (isRare ? found.stage.possibleActions : straight).randomElement(using: &random) ?? .file
    let boss = [CitySample.boss, CitySample.actor("boss-2", "admin")].randomElement(using: &random) ?? CitySample.boss
    let reporter = found.reporterIds.first.map { CitySample.actor($0, "rider") }
    let actor = action == .rate ? reporter ?? boss : boss
    return ActOnCase(
        caseId: found.id, communityId: found.communityId, action: action, actor: actor, reason: "理由",
        unitId: [CitySample.sanitation, CitySample.property, nil].randomElement(using: &random) ?? nil,
        agrees: Int.random(in: 0..<4, using: &random) > 0,
        toCommunityId: found.communityId == CitySample.mingdu ? CitySample.longjiang : CitySample.mingdu,
        category: CitySample.parking,
        details: StepDetails {
            $0.satisfied = [true, true, false, nil].randomElement(using: &random) ?? nil
            $0.solved = [true, true, false, nil].randomElement(using: &random) ?? nil
            $0.unitIds = [CitySample.sanitation]
            $0.until = Timestamp(milliseconds: found.openedAt.milliseconds + .random(in: 0...10 * day, using: &random))
            $0.limit = "1d"
        })
}
