import CaseRoutingDomain
import Contracts
import EventProcessing
import Foundation
import GRDB
import TestSupport
import Testing

@testable import CaseRouting

@Test func `the same commands make the same store and the same bytes, one by one or in batches`() async throws {
    var random = SeededGenerator()
    let history = try await randomHistory(of: 250, using: &random)

    let oneByOne = try await StoreUnderTest(CaseRoutingProcessor())
    for record in history { try await oneByOne.applyBatch([record]) }
    let batched = try await StoreUnderTest(CaseRoutingProcessor())
    var rest = history[...]
    while !rest.isEmpty {
        let count = Int.random(in: 1...40, using: &random)
        try await batched.applyBatch(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
    }

    let outputs = try await oneByOne.messages()
    #expect(outputs == (try await batched.messages()))
    #expect(try await oneByOne.store.digest() == (try await batched.store.digest()))
    #expect(!outputs.types.contains("dead-letter"))
    try await checkBooks(of: oneByOne)
}

@Test func `chance histories get somewhere: together they take every step there is`() async throws {
    var told: Set<String> = []
    // Fixed, since any single history may miss a step.
    for seed: UInt64 in 1...6 {
        var random = SeededGenerator(seed: seed)
        let desk = try await StoreUnderTest(CaseRoutingProcessor())
        try await desk.applyBatch(try await randomHistory(of: 250, using: &random))
        told.formUnion(try await desk.messages().types)
    }
    #expect(
        told.isSuperset(of: [
            "case.opened", "case.report-joined", "case.closed", "case.overdue", "command.refused",
            "case.report-amended", "case.cancelled", "case.reclassified", "case.amend-report", "case.near-due",
            "case.parked", "case.resumed", "case.information-asked", "case.accepted", "case.checked",
            "case.referred", "case.handed-over",
        ]))
}

/// What the tables promise each other.
private func checkBooks(of desk: StoreUnderTest) async throws {
    try await desk.store.queue.read { db in
        let bodies = try Row.fetchAll(db, sql: "SELECT * FROM caseFile ORDER BY id")
        var load: [String: Int] = [:]
        var reports = 0
        for row in bodies {
            let found = try ContractCoding.decode(Case.self, from: row["body"] as Data)
            #expect(found.takesReports == row["takesReports"])
            #expect(found.version == row["version"])
            #expect(found.category.rawValue == row["category"])
            if found.isOpen, let handler = found.stage.owner?.handlerId { load[handler.rawValue, default: 0] += 1 }
            reports += found.reports.count
            let timers = try Row.fetchAll(
                db, sql: "SELECT kind, dueAt FROM timer WHERE about = ? ORDER BY id", arguments: [found.id.rawValue])
            #expect(
                timers.reduce(into: [:]) { $0[$1["kind"] as String] = $1["dueAt"] as Int64 }
                    == found.alarms.reduce(into: [:]) { $0[$1.key.name] = $1.value.milliseconds })
        }
        let kept = try Row.fetchAll(db, sql: "SELECT * FROM handlerLoad WHERE openCases > 0 ORDER BY handlerId")
        #expect(kept.reduce(into: [:]) { $0[$1["handlerId"] as String] = $1["openCases"] as Int } == load)
        let came = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM caseReport")
        let left = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM withdrawnReport") ?? 0
        #expect(came == reports + left)
    }
}

private typealias LogRecord = (value: Data, milliseconds: Int64)

/// Commands that get somewhere: they are applied to a store while they are made, so that they speak of cases that exist.
private func randomHistory(of count: Int, using random: inout SeededGenerator) async throws -> [LogRecord] {
    let desk = try await StoreUnderTest(CaseRoutingProcessor())
    var history: [LogRecord] = []
    var now = CitySample.monday
    func record(_ payload: some Payload) throws -> LogRecord {
        let id = MessageID(namespace: .suishoupai, name: "command \(history.count)")
        let envelope = Envelope(payload, id: id, source: "/portal/1", time: now)
        return (try envelope.value(), now.milliseconds)
    }
    let (parts, activation) = try PackTransport.messages(for: CitySample.pack())
    for part in parts { history.append(try record(part)) }
    history.append(try record(activation))
    try await desk.applyBatch(history)
    for number in 0..<count {
        now = now.adding(milliseconds: Int64.random(in: 0...1_800_000, using: &random))
        let cases = try await allCases(of: desk)
        let next: LogRecord
        if let due = dueAlarms(of: cases, at: now).first, Bool.random(using: &random) {
            next = try record(due)
        } else if Int.random(in: 0..<6, using: &random) == 0 {
            next = try record(
                AmendReport(amendment: Desk.envelope(randomAmendment(number, of: cases, using: &random), "\(number)")))
        } else if let found = lively(cases).randomElement(using: &random), Int.random(in: 0..<7, using: &random) > 0 {
            next = try record(randomAction(on: found, at: now, using: &random))
        } else {
            next = try record(RegisterReport(report: Desk.envelope(randomReport(number, using: &random))))
        }
        try await desk.applyBatch([next])
        history.append(next)
    }
    return history
}

/// A few that something can still be done with, so that some get to their end.
private func lively(_ cases: [Case]) -> [Case] {
    let lively = cases.filter { !$0.stage.possibleActions.isEmpty }
    return lively.count < 3 ? cases : Array(lively.prefix(8))
}

private func dueAlarms(of cases: [Case], at now: Timestamp) -> [TimerDue] {
    cases.flatMap { found in
        found.alarms.filter { $0.value <= now }.sorted { $0.key.name < $1.key.name }.map { alarm, due in
            TimerDue(timerId: "\(alarm.name)|\(found.id)", kind: alarm.name, about: found.id.rawValue, dueAt: due)
        }
    }
}

private func allCases(of desk: StoreUnderTest) async throws -> [Case] {
    try await desk.store.queue.read { db in
        try Data.fetchAll(db, sql: "SELECT body FROM caseFile ORDER BY id").map {
            try ContractCoding.decode(Case.self, from: $0)
        }
    }
}

private func randomReport(_ number: Int, using random: inout SeededGenerator) -> ReportSubmitted {
    CitySample.report(
        ReportID("report-\(Int.random(in: 0...number, using: &random))"),
        from: Bool.random(using: &random) ? "rider-1" : "rider-2",
        in: Bool.random(using: &random) ? CitySample.mingdu : CitySample.longjiang,
        category: [CitySample.garbage, CitySample.parking, "Z9999", nil].randomElement(using: &random) ?? nil,
        saying: ["一地垃圾", "井盖", "Garbage", "其他"].randomElement(using: &random) ?? "",
        at: CitySample.townHall.north(Int.random(in: 0...20_000, using: &random)),
        photos: Bool.random(using: &random) ? [CitySample.photo(.random(in: 0..<40, using: &random))] : nil)
}

private func randomAmendment(
    _ number: Int, of cases: [Case], using random: inout SeededGenerator
) -> ReportAmended {
    // Often one that can still be taken back, or that went elsewhere.
    let parts = cases.filter {
        [.opened, .transferred].contains($0.stage.name) || Int.random(in: 0..<8, using: &random) == 0
    }.flatMap(\.reports)
    let report = CitySample.report(
        parts.randomElement(using: &random)?.reportId ?? "nowhere",
        from: Bool.random(using: &random) ? "rider-1" : "rider-2")
    return CitySample.amendment(
        Amendment.allCases.randomElement(using: &random) ?? .added, of: report,
        by: [nil, "app"].randomElement(using: &random) ?? nil,
        text: Bool.random(using: &random) ? "补充 \(number)" : nil,
        photos: Bool.random(using: &random) ? [CitySample.photo(.random(in: 0..<40, using: &random))] : nil,
        after: .random(in: 0...900_000, using: &random))
}

private func randomAction(on found: Case, at now: Timestamp, using random: inout SeededGenerator) -> ActOnCase {
    let actors = [
        CitySample.desk, CitySample.checker, CitySample.boss, CitySample.actor("worker-a", "worker"),
        CitySample.actor("rider-1", "rider"),
    ]
    let possible = found.stage.possibleActions
    let straight = possible.filter(\.leadsOn)
    let ending: [CaseAction] = [.refuse, .transfer, .return, .reopen, .cancel]
    let forward = possible.filter { !ending.contains($0) || Int.random(in: 0..<4, using: &random) == 0 }
    let wanted = straight.isEmpty || Bool.random(using: &random) ? forward : straight
    let actions = wanted.isEmpty || Int.random(in: 0..<6, using: &random) == 0 ? CaseAction.allCases : wanted
    return ActOnCase(
        caseId: found.id, communityId: found.communityId, action: actions.randomElement(using: &random) ?? .file,
        actor: actors.randomElement(using: &random) ?? CitySample.boss,
        reason: Int.random(in: 0..<8, using: &random) == 0 ? nil : "理由",
        unitId: [CitySample.sanitation, CitySample.property, nil].randomElement(using: &random) ?? nil,
        agrees: Bool.random(using: &random),
        toCommunityId: [CitySample.longjiang, "nowhere", nil].randomElement(using: &random) ?? nil,
        category: [CitySample.garbage, CitySample.parking, "P0101", "Z9999"].randomElement(using: &random) ?? nil,
        details: StepDetails {
            $0.until = now.adding(milliseconds: .random(in: -600_000...9_000_000, using: &random))
            $0.limit = ["1e", "2d", "2x"].randomElement(using: &random)
            $0.party = "电信分公司"
            $0.linkHash = PlatformKey.hash(of: "a link")
            $0.solved = [true, false, nil].randomElement(using: &random) ?? nil
            $0.satisfied = true
        })
}

extension CaseAction {
    fileprivate var leadsOn: Bool { [.file, .dispatch, .accept, .handle, .verify, .rate].contains(self) }
}
