import Contracts
import EventProcessing
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Portal

private let hour: Int64 = 3_600_000
private let day = 24 * hour
private let november = FigureScope(communityId: nil, unitId: nil, first: "2026-11-01", last: "2026-11-30")

private func told(
    _ step: CaseChanged.Step, of state: CaseState, by actor: PersonID? = nil, agrees: Bool? = nil,
    details: StepDetails? = nil, after hours: Int64
) throws -> IncomingRecord {
    let now = PortalUnderTest.noon.adding(milliseconds: hours * hour)
    return try .of(
        CaseEvent.changed(
            CaseChanged(
                step: step, case: state.reference, at: now, actorId: actor, agrees: agrees, details: details)), at: now)
}

@Test func `figures are what one counts by hand`() async throws {
    try await PortalUnderTest.run { portal, _ in
        try await portal.putInForce(CitySample.pack())
        let done = CaseState.sample("case-1", version: 9, stage: .closed, unit: CitySample.property)
        let late = CaseState.sample(
            "case-2", version: 4, in: CitySample.longjiang, category: CitySample.parking, stage: .dispatched,
            unit: CitySample.sanitation, openedAt: PortalUnderTest.noon.adding(milliseconds: -5 * day),
            isOverdue: true)
        let nobodys = CaseState.sample("case-3", openedAt: .minutes(-90))
        try await portal.hear(done, late, nobodys)
        try await portal.hear([
            told(.dispatched, of: done, after: -3), told(.accepted, of: done, after: -2),
            told(.verified, of: done, agrees: false, after: -1), told(.verified, of: done, agrees: true, after: 0),
            told(.closed, of: done, after: 0),
            told(
                .rated, of: done, by: "rider-1",
                details: StepDetails {
                    $0.solved = true
                    $0.satisfied = false
                },
                after: 1),
            told(.dispatched, of: late, after: -100), told(.overdue, of: late, after: -30),
        ])

        let figures = try await portal.readModel.figures(november, at: PortalUnderTest.noon)
        let property = Figures.Place(communityId: "mingdu", unitId: "mingdu-property")
        let sanitation = Figures.Place(communityId: "longjiang", unitId: "sanitation")
        #expect(
            figures.counts == [
                property: RateCounts([
                    .assigned: 1, .responded: 1, .checked: 2, .reworked: 1, .closed: 1, .onTime: 1, .asked: 1,
                    .solvedAnswers: 1, .solved: 1, .satisfiedAnswers: 1,
                ]), sanitation: RateCounts([.assigned: 1, .openOverdue: 1]),
            ])
        #expect(
            figures.days.filter { $0.opened > 0 || $0.closed > 0 } == [
                Figures.Day(day: "2026-11-18", opened: 1), Figures.Day(day: "2026-11-23", opened: 2, closed: 1),
            ])
        // 2026-11-18 was a Wednesday, 2026-11-23 a Monday; both at noon, and one at half past ten.
        #expect(figures.hours[2][12] == 1 && figures.hours[0][12] == 1 && figures.hours[0][10] == 1)
        #expect(figures.hours.joined().reduce(0, +) == 3)
        #expect(figures.categories.map { $0.code } == [CitySample.garbage, CitySample.parking])
        #expect(figures.categories.map { $0.opened } == [2, 1])
        #expect(figures.backlog() == [.day: .init(cases: 1), .week: .init(cases: 1, overdue: 1)])

        var narrow = november
        narrow.unitId = "sanitation"
        let unit = try await portal.readModel.figures(narrow, at: PortalUnderTest.noon)
        #expect(unit.counts.keys.map(\.unitId) == ["sanitation"] && unit.opened() == 1)
        #expect(unit.backlog() == [.week: .init(cases: 1, overdue: 1)])
        // What stood overdue before the days began still does.
        narrow.first = "2026-11-23"
        let later = try await portal.readModel.figures(narrow, at: PortalUnderTest.noon)
        #expect(later.counts() == RateCounts([.openOverdue: 1]))
        #expect(later.before == RateCounts([.assigned: 1, .openOverdue: 1]))
    }
}

@Test func `a case that gets another category or owner counts there alone`() async throws {
    try await PortalUnderTest.run { portal, _ in
        try await portal.hear(CaseState.sample())
        try await portal.hear(CaseState.sample(version: 2, category: CitySample.parking, unit: CitySample.property))
        try await portal.hear(CaseState.sample(version: 1))

        let figures = try await portal.readModel.figures(november, at: PortalUnderTest.noon)
        #expect(
            figures.categories.map { $0.code } == [CitySample.parking] && figures.categories.map { $0.opened } == [1])
        #expect(figures.opened == [Figures.Place(communityId: "mingdu", unitId: "mingdu-property"): 1])
    }
}

@Test func `a pack of other clocks moves everything to its days`() async throws {
    try await PortalUnderTest.run { portal, _ in
        // Half past midnight in Nanchang, and still the day before further west.
        let state = CaseState.sample(unit: CitySample.property, openedAt: .minutes(-690))
        try await portal.hear(state)
        try await portal.hear([told(.dispatched, of: state, after: -11), told(.closed, of: state, after: -10)])
        func days() async throws -> [Figures.Day] {
            try await portal.readModel.figures(november, at: PortalUnderTest.noon).days
                .filter { $0.opened > 0 || $0.closed > 0 }
        }
        #expect(try await days() == [Figures.Day(day: "2026-11-23", opened: 1, closed: 1)])

        let town = Pack.town()
        try await portal.putInForce(
            Pack(
                name: "west", title: "West", version: 1,
                calendar: PackCalendar(utcOffsetMinutes: -480, workingMinutes: [], holidays: [], makeUpDays: []),
                communities: town.communities, units: town.units, people: town.people, categories: town.categories,
                routingRules: [], pointRules: [], templates: [], webhooks: [], mergeDistance: 5_000))
        #expect(try await days() == [Figures.Day(day: "2026-11-22", opened: 1, closed: 1)])
        let counts = try await portal.readModel.figures(november, at: PortalUnderTest.noon).counts()
        #expect(counts[.assigned] == 1 && counts[.closed] == 1)
    }
}

// MARK: - Counted once more by others

private let steps: [CaseChanged.Step] = [
    .dispatched, .dispatched, .accepted, .handled, .verified, .verified, .closed, .closed, .rated, .rated, .reopened,
    .returned, .overdue, .overdue, .refused, .cancelled, .merged, .reopened, .keptOverdue, .whistled, .checkedIn,
    .whistleEnded, .extensionAsked, .madeSafe,
]

/// Anything that can happen to a few cases within a month, in whatever order.
private func chanceSteps(using random: inout SeededGenerator) throws -> [IncomingRecord] {
    var records: [IncomingRecord] = []
    for number in 0..<30 {
        var now = CitySample.moment("2026-10-28T00:00:00.000+08:00").adding(
            milliseconds: .random(in: 0...25 * day, using: &random))
        for _ in 0..<Int.random(in: 2...16, using: &random) {
            now = now.adding(milliseconds: .random(in: 1...30 * hour, using: &random))
            let unit = [CitySample.property, CitySample.sanitation, nil].randomElement(using: &random) ?? nil
            let state = CaseState.sample(
                CaseID("case-\(number)"), in: number % 2 == 0 ? CitySample.mingdu : CitySample.longjiang,
                reporters: ["rider-1", "anon:2"], unit: unit)
            let step = steps.randomElement(using: &random) ?? .dispatched
            let details = StepDetails {
                $0.solved = [true, false, nil].randomElement(using: &random) ?? nil
                $0.satisfied = [true, false, nil].randomElement(using: &random) ?? nil
                $0.unitIds = [[CitySample.sanitation], [CitySample.sanitation, CitySample.property]]
                    .randomElement(using: &random)
            }
            let event = CaseEvent.changed(
                CaseChanged(
                    step: step, case: state.reference, at: now,
                    actorId: Bool.random(using: &random) ? "rider-1" : "somebody",
                    agrees: step == .verified ? Bool.random(using: &random) : nil,
                    details: [.rated, .whistled, .checkedIn, .keptOverdue].contains(step) ? details : nil))
            records.append(try .of(event, at: now))
        }
    }
    return records.sorted { $0.attributes.time < $1.attributes.time }
}

/// What `recount.py --period` prints by community and unit, summed over each.
private struct Recount {
    var communities: [String: [String: Int]] = [:]
    var units: [String: [String: Int]] = [:]

    init(_ counts: [String: [String: [String: Int]]]) {
        for (community, units) in counts {
            for (unit, counts) in units {
                communities[community, default: [:]].merge(counts, uniquingKeysWith: +)
                self.units[unit, default: [:]].merge(counts, uniquingKeysWith: +)
            }
        }
    }
}

private func nonzero(_ counts: RateCounts) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: RateCount.allCases.filter { counts[$0] != 0 }.map { ($0.rawValue, counts[$0]) })
}

@Test(arguments: SeededGenerator.seeds(1, 2, 3, fresh: 3))
func `figures of any history are what anybody counts from the topic, in whatever order it comes`(
    seed: UInt64
) async throws {
    print("seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let records = try chanceSteps(using: &random)
    let lines = records.map { String(decoding: $0.value, as: UTF8.self) }
    let answer = try await PythonScript("deploy/recount.py").run(
        ["--period", "2026-11"], input: Data(lines.joined(separator: "\n").utf8))
    #expect(answer.status == 0, "\(answer.output)")
    let recount = Recount(
        try JSONDecoder().decode([String: [String: [String: Int]]].self, from: Data(answer.output.utf8)))
    let twice = records + records.filter { _ in Bool.random(using: &random) }

    for order in [records, twice.shuffled(using: &random)] {
        try await PortalUnderTest.run { portal, _ in
            try await portal.hear(order)
            let figures = try await portal.readModel.figures(november, at: PortalUnderTest.noon)
            for (community, counts) in recount.communities {
                let own = nonzero(figures.counts { $0.communityId == community })
                #expect(own == counts.filter { $0.value != 0 }, "\(community)")
            }
            for (unit, counts) in recount.units {
                let own = nonzero(figures.counts { $0.unitId == unit })
                #expect(own == counts.filter { $0.value != 0 }, "\(unit)")
            }
            #expect(!recount.communities.isEmpty && figures.counts.count > 2)
            // Counted anew from what is kept it is the same.
            let before = try await rows(portal)
            try await portal.readModel.write { try FigureTables.recount(in: $0) }
            #expect(try await rows(portal) == before)
        }
    }
}

private func rows(_ portal: PortalUnderTest) async throws -> [String] {
    try await portal.readModel.read { db in
        try Row.fetchAll(db, sql: figureDays + " ORDER BY day, communityId, unitId").map { "\($0)" }
    }
}
