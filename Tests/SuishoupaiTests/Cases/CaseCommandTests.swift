import Contracts
import EventProcessing
import Foundation
import GRDB
import TestSupport
import Testing

@testable import CaseRouting
@testable import Suishoupai

/// A deployment's folder with one case that was closed on Monday, the next day begun.
private struct OneCase {
    let store: StoreUnderTest
    let id: CaseID
    let number: String

    init() async throws {
        store = try await StoreUnderTest(CaseRoutingProcessor())
        let start = CitySample.monday.milliseconds
        try await store.putInForce(CitySample.pack(), at: start - 1_000)
        let report = CitySample.report()
        let opened = try await store.apply(
            RegisterReport(
                report: Envelope(report, id: .random(), source: "/report-intake/1", time: report.submittedAt)),
            at: start)
        let state = try #require(opened.last { $0.topic == TopicCatalogue.cases.name }).read(CaseState.self)
        id = state.caseId
        number = state.caseNumber
        for action in [CaseAction.file, .dispatch, .handle, .verify] {
            // Nobody verifies their own work.
            let actor = action == .verify ? CitySample.checker : CitySample.boss
            try await store.apply(
                ActOnCase(
                    caseId: id, communityId: CitySample.mingdu, action: action, actor: actor, reason: "现场",
                    agrees: true), at: start)
        }
        let midnight = CitySample.moment("2026-11-24T00:00:00.000+08:00")
        try await store.apply(
            TimerDue(
                timerId: "rates|mingdu|2026-11-23", kind: "rates", about: "mingdu|2026-11-23", dueAt: midnight),
            source: "/case-routing/0", at: midnight.milliseconds)
    }

    var folder: String { store.url.path(percentEncoded: false) }

    /// The records of case-events.v1 and cases.v1, one a line.
    func lines() async throws -> [String] {
        try await store.messages().filter { $0.topic != TopicCatalogue.caseRates.name }
            .map { String(decoding: $0.value, as: UTF8.self) }
    }
}

@Test(.enabled(if: Program.isBuilt, "the program is not built"))
func `a case is verified by its number or id, beside the running stores`() async throws {
    let one = try await OneCase()

    for name in [one.id.rawValue, one.number] {
        let answer = try await Program.run("verify-case", name, "--data", one.folder)
        #expect(answer.status == 0, "\(answer.output)")
        #expect(answer.output.contains("✓ 1 2026-11-23T01:00:00.000Z case.opened "))
        #expect(answer.output.contains("✓ 6 2026-11-23T01:00:00.000Z case.closed "))
        #expect(answer.output.contains("is whole: 6\n"))
    }
    let json = try await Program.run("verify-case", one.number, "--data", one.folder, "--json")
    #expect(json.output.contains("\"whole\":true"))
    #expect(try await Program.run("verify-case", "MD-1", "--data", one.folder).status == 2)
    #expect(try await Program.run("verify-case", "MD-1").status == 2)
}

@Test(.enabled(if: Program.isBuilt, "the program is not built"))
func `meddling with a store is found, and the first broken link named`() async throws {
    let one = try await OneCase()
    try await one.store.store.queue.write { db in
        try db.execute(
            sql: """
                UPDATE outbox SET value = CAST(replace(CAST(value AS TEXT), '现场', '远程') AS BLOB)
                WHERE topic = 'case-events.v1' AND instr(CAST(value AS TEXT), '"type":"case.dispatched"') > 0
                """)
    }

    let answer = try await Program.run("verify-case", one.number, "--data", one.folder)

    #expect(answer.status == 1)
    #expect(answer.output.contains("is broken. link 3: its content is not what was told"), "\(answer.output)")
}

@Test(.enabled(if: Program.isBuilt, "the program is not built"))
func `records from elsewhere are verified, too`() async throws {
    let one = try await OneCase()
    let file = one.store.url.appending(path: "events.ndjson")
    func verify(_ lines: [String]) async throws -> Program.Answer {
        try Data(lines.joined(separator: "\n").utf8).write(to: file)
        return try await Program.run("verify-case", one.number, "--from", file.path(percentEncoded: false))
    }
    let lines = try await one.lines()

    #expect(try await verify(lines).status == 0)
    // Without the state nobody knows where the log ends.
    let events = lines.filter { !$0.contains("\"type\":\"case.state\"") }
    let open = try await verify(Array(events.dropLast()))
    #expect(open.status == 0 && open.output.contains("its end was not checked"))
    let cut = try await verify(lines.filter { !$0.contains("\"type\":\"case.closed\"") })
    #expect(cut.status == 1 && cut.output.contains("the log ends at link 5, the case has 6"), "\(cut.output)")
    let broken = try await verify(events + ["{\"\(one.number)"])
    #expect(broken.status == 2 && broken.output.contains("is no record"), "\(broken.output)")
}

@Test(.enabled(if: Program.isBuilt, "the program is not built"))
func `rates are printed with their samples, and small ones are not ranked`() async throws {
    let one = try await OneCase()

    let answer = try await Program.run("rates", "--data", one.folder)
    #expect(answer.status == 0, "\(answer.output)")
    #expect(answer.output.contains("mingdu 2026-11-23"))
    #expect(answer.output.contains("– mingdu-property  样本不足 10 / sample too small"))
    #expect(answer.output.contains("按时结案率 / on-time: 100.0 % (1/1)"))
    let json = try await Program.run("rates", "--data", one.folder, "--period", "2026-11-23", "--json")
    #expect(json.output.contains("\"part\":1,\"rate\":\"on-time\",\"sample\":1,\"thousandths\":1000"))
    #expect(try await Program.run("rates", "--data", one.folder, "--period", "2026-12").status == 2)
    #expect(try await Program.run("rates", "--data", one.folder, "--community", "nowhere").status == 2)
}

private func published(
    _ units: [String: (onTime: Int, closed: Int)], in community: CommunityID = "mingdu", minimum: Int = 10
) -> RatesPublished {
    RatesPublished(
        communityId: community, period: "2026-11", endsAt: Timestamp(milliseconds: 0), utcOffsetMinutes: 480,
        revision: 1,
        minimumSample: minimum,
        units: units.sorted { $0.key < $1.key }.map { name, figures in
            RatesPublished.UnitRates(
                unitId: name.isEmpty ? nil : UnitID(name),
                counts: RateCounts([.onTime: figures.onTime, .closed: figures.closed]))
        })
}

@Test func `units are ranked by what is on time, by fractions, and only with a sample`() {
    let table = RateTable(
        published([
            "a": (9, 10), "b": (1_000, 1_001), "c": (9, 9), "d": (18, 20), "e": (99, 100), "": (20, 20),
        ]))

    #expect(table.units.map { $0.unitId?.rawValue } == ["b", "e", "a", "d", nil, "c"])
    #expect(table.units.map(\.rank) == [1, 2, 3, 4, nil, nil])
    let total = table.total.first { $0.rate == .onTime }
    #expect(total?.part == 1_155 && total?.sample == 1_160)
    #expect(RateTable(published(["c": (9, 9)], minimum: 9)).units.first?.rank == 1)
    #expect(RateTable(published(["c": (0, 0)])).units.first?.rates.allSatisfy { $0.thousandths == nil } == true)
}

@Test func `units are summed over communities and communities over units, with the sample of the sums`() throws {
    let sums = try #require(
        RateSums([
            published(["a": (6, 8), "b": (1, 9), "": (5, 5)]), published(["a": (2, 4), "c": (9, 9)], in: "longjiang"),
            published(["c": (1, 9)], in: "wuyue"),
        ]))

    #expect(sums.period == "2026-11" && sums.minimumSample == 10)
    // a has 8 of 12, c 10 of 18; b has too little, and no unit is no rival.
    #expect(sums.units.map { $0.unitId?.rawValue } == ["a", "c", nil, "b"])
    #expect(sums.units.map(\.rank) == [1, 2, nil, nil])
    #expect(sums.units[0].rates.first { $0.rate == .onTime }.map { [$0.part, $0.sample] } == [8, 12])
    #expect(sums.communities.map(\.communityId) == ["longjiang", "mingdu", "wuyue"])
    #expect(sums.communities.map(\.rank) == [1, 2, nil])
    #expect(sums.communities[1].counts[.closed] == 22)
    #expect(sums.lines.contains("  1. a  按时结案率 / on-time: 66.7 % (8/12); 重开率 / reopen: 0.0 % (0/12)"))
    #expect(sums.lines.contains { $0.hasPrefix("  – wuyue  样本不足 10 / sample too small") })
    #expect(RateSums([published(["a": (6, 8)])]) == nil)
}

@Test(.enabled(if: Program.isBuilt, "the program is not built"))
func `the sums are what anybody counts from the topic`() async throws {
    let one = try await OneCase()
    // The same unit in the other community, which overlooks its time.
    let report = CitySample.report("report-2", in: CitySample.longjiang, submittedAt: CitySample.monday)
    let start = CitySample.moment("2026-11-24T09:00:00.000+08:00").milliseconds
    let opened = try await one.store.apply(
        RegisterReport(report: Envelope(report, id: .random(), source: "/report-intake/1", time: report.submittedAt)),
        at: start)
    let id = try #require(opened.last { $0.topic == TopicCatalogue.cases.name }).read(CaseState.self).caseId
    for action in [CaseAction.file, .dispatch] {
        try await one.store.apply(
            ActOnCase(
                caseId: id, communityId: CitySample.longjiang, action: action, actor: CitySample.boss,
                unitId: action == .dispatch ? CitySample.property : nil), at: start)
    }
    for timer in [("mingdu|2026-11-24"), ("longjiang|2026-11-24"), ("mingdu|2026-11"), ("longjiang|2026-11")] {
        let midnight = CitySample.moment("2026-12-01T00:00:00.000+08:00")
        try await one.store.apply(
            TimerDue(timerId: "rates|\(timer)", kind: "rates", about: timer, dueAt: midnight),
            source: "/case-routing/0", at: midnight.milliseconds)
    }

    let answer = try await Program.run("rates", "--data", one.folder, "--period", "2026-11", "--json")
    let json = try ContractCoding.decode(RatesCommand.Answer.self, from: Data(answer.output.utf8))
    let sums = try #require(json.together, "\(answer.output)")
    let lines = try await one.lines().filter { $0.contains("\"chain\"") && !$0.contains("\"type\":\"case.state\"") }
    let recount = try await PythonScript("deploy/recount.py").run(
        ["--period", "2026-11"], input: Data(lines.joined(separator: "\n").utf8))
    let recounted = Recounted(
        try ContractCoding.decode([String: [String: RateCounts]].self, from: Data(recount.output.utf8)))

    #expect(sums.units.map(\.unitId) == [CitySample.property])
    #expect(sums.units[0].counts[.assigned] == 2 && sums.units[0].counts[.closed] == 1)
    #expect(
        recounted.units == Dictionary(uniqueKeysWithValues: sums.units.map { ($0.unitId?.rawValue ?? "", $0.counts) }))
    #expect(
        recounted.communities
            == Dictionary(uniqueKeysWithValues: sums.communities.map { ($0.communityId.rawValue, $0.counts) }))
}

/// What `recount.py --period` prints by community and unit, summed over each.
private struct Recounted: Equatable {
    var communities: [String: RateCounts] = [:]
    var units: [String: RateCounts] = [:]

    init(_ counts: [String: [String: RateCounts]]) {
        for (community, units) in counts {
            for (unit, counts) in units {
                communities[community, default: RateCounts()] += counts
                self.units[unit, default: RateCounts()] += counts
            }
        }
    }
}

@Test func `the newest month is shown, else the newest day`() {
    func of(_ period: String, _ community: CommunityID = "mingdu") -> RatesPublished {
        RatesPublished(
            communityId: community, period: period, endsAt: Timestamp(milliseconds: 0), utcOffsetMinutes: 480,
            revision: 1, minimumSample: 10, units: [])
    }
    let all = [of("2026-10"), of("2026-11"), of("2026-12-01"), of("2026-12-02", "longjiang")]
    func periods(_ community: String? = nil, _ period: String? = nil) -> [String] {
        RatesCommand.chosen(all, community: community, period: period).map(\.period)
    }

    #expect(periods() == ["2026-11"])
    #expect(periods("longjiang") == ["2026-12-02"])
    #expect(periods(nil, "2026-12-01") == ["2026-12-01"])
    #expect(periods("nowhere").isEmpty)
}
