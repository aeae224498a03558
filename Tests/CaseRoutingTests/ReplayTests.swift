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

@Test(arguments: PackMatching.Closed.allCases)
func `so it is where cases are compared by more than nearness`(closed: PackMatching.Closed) async throws {
    var random = SeededGenerator()
    let matching = PackMatching(certain: 550, doubtful: 350, reach: 6_000, days: 30, closed: closed)
    let history = try await randomHistory(of: 250, matching: matching, using: &random)

    let first = try await StoreUnderTest(CaseRoutingProcessor())
    for record in history { try await first.applyBatch([record]) }
    let second = try await StoreUnderTest(CaseRoutingProcessor())
    try await second.applyBatch(history)

    #expect(try await first.messages() == (try await second.messages()))
    #expect(try await first.store.digest() == (try await second.store.digest()))
    #expect(try await !first.messages().types.contains("dead-letter"))
    try await checkBooks(of: first)
}

@Test func `chance histories get somewhere: together they take every step there is`() async throws {
    let steps: Set<String> = [
        "case.opened", "case.report-joined", "case.closed", "case.overdue", "command.refused",
        "case.report-amended", "case.cancelled", "case.reclassified", "case.amend-report", "case.near-due",
        "case.parked", "case.resumed", "case.information-asked", "case.accepted", "case.checked",
        "case.referred", "case.handed-over", "case.escalated", "case.whistled", "case.whistle-ended",
        "case.co-owner-added", "case.co-owner-overdue", "case.merged", "case.split", "case.dispatch-overdue",
        "case.verification-overdue",
    ]
    var told: Set<String> = []
    // Fixed, since any single history may miss a step, and no more of them than it takes.
    for seed: UInt64 in 1...16 where !steps.isSubset(of: told) {
        var random = SeededGenerator(seed: seed)
        let desk = try await StoreUnderTest(CaseRoutingProcessor())
        try await desk.applyBatch(try await randomHistory(of: 250, using: &random))
        told.formUnion(try await desk.messages().types)
    }
    #expect(steps.subtracting(told) == [])
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
            let isFindable = found.takesReports || found.stage.closedAt != nil
            let place = try Row.fetchOne(
                db, sql: "SELECT * FROM casePlace WHERE caseId = ?", arguments: [found.id.rawValue])
            #expect((place != nil) == isFindable)
            if let place { #expect(place["closedAt"] == found.stage.closedAt?.milliseconds) }
            for part in found.reports {
                let home = try String.fetchOne(
                    db, sql: "SELECT caseId FROM caseReport WHERE reportId = ? AND hop = ?",
                    arguments: [part.reportId.rawValue, part.hop])
                #expect(home == found.id.rawValue)
            }
        }
        try checkTree(in: db)
        let kept = try Row.fetchAll(db, sql: "SELECT * FROM handlerLoad WHERE openCases > 0 ORDER BY handlerId")
        #expect(kept.reduce(into: [:]) { $0[$1["handlerId"] as String] = $1["openCases"] as Int } == load)
        let came = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM caseReport")
        let left = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM withdrawnReport") ?? 0
        #expect(came == reports + left)
    }
}

/// The tree of places has just what casePlace has.
private func checkTree(in db: Database) throws {
    let planted = try Row.fetchAll(
        db,
        sql: """
            SELECT number, minLatitude AS latitudeE7, minLongitude AS longitudeE7, minKind / 2 AS kind FROM casePlaceTree
            WHERE minLatitude = maxLatitude AND minLongitude = maxLongitude AND maxKind = minKind + 1
                AND minNumber = number AND maxNumber = number ORDER BY number
            """)
    let places = try Row.fetchAll(db, sql: "SELECT * FROM casePlace ORDER BY number")
    #expect(planted.map { $0["number"] as Int } == places.map { $0["number"] as Int })
    for (leaf, place) in zip(planted, places) {
        #expect(leaf["latitudeE7"] as Int == place["latitudeE7"] as Int)
        #expect(leaf["longitudeE7"] as Int == place["longitudeE7"] as Int)
        let kind = PlaceKind.number(
            of: CategoryCode(place["category"] as String), in: CommunityID(place["communityId"] as String),
            isClosed: (place["closedAt"] as Int64?) != nil)
        #expect(leaf["kind"] as Int == kind)
    }
}

private let ladder = PackLoop(ladder: [
    PackLevel(name: "单位负责人", englishName: "unit head", after: "2w", unitId: nil)
])

private typealias LogRecord = (value: Data, milliseconds: Int64)

/// Commands that get somewhere: they are applied to a store while they are made, so that they speak of cases that exist.
private func randomHistory(
    of count: Int, matching: PackMatching? = nil, using random: inout SeededGenerator
) async throws -> [LogRecord] {
    let desk = try await StoreUnderTest(CaseRoutingProcessor())
    var history: [LogRecord] = []
    var now = CitySample.monday
    func record(_ payload: some Payload) throws -> LogRecord {
        let id = MessageID(namespace: .suishoupai, name: "command \(history.count)")
        let envelope = Envelope(payload, id: id, source: "/portal/1", time: now)
        return (try envelope.value(), now.milliseconds)
    }
    let (parts, activation) = try PackTransport.messages(for: CitySample.pack(loop: ladder, matching: matching))
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
            next = try record(randomAction(on: found, at: now, among: cases, using: &random))
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

private func randomAction(
    on found: Case, at now: Timestamp, among cases: [Case], using random: inout SeededGenerator
) -> ActOnCase {
    let actors = [
        CitySample.desk, CitySample.checker, CitySample.boss, CitySample.actor("worker-a", "worker"),
        CitySample.actor("rider-1", "rider"),
    ]
    let possible = found.stage.possibleActions
    let straight = possible.filter(\.leadsOn)
    let ending: [CaseAction] = [.refuse, .transfer, .return, .reopen, .cancel]
    let forward = possible.filter { !ending.contains($0) || Int.random(in: 0..<4, using: &random) == 0 }
    let wanted = straight.isEmpty || Bool.random(using: &random) ? forward : straight
    let usual = wanted.isEmpty || Int.random(in: 0..<6, using: &random) == 0 ? CaseAction.allCases : wanted
    // Seldom has a case several reports, and only of such a one can some be taken.
    let isTie = found.isOpen && Int.random(in: 0..<6, using: &random) == 0
    let ties: [CaseAction] = found.reports.count > 1 ? [.split] : [.merge, .keepApart, .adopt]
    let forces = possible.filter {
        [.whistle, .addCoOwner].contains($0) && Int.random(in: 0..<4, using: &random) == 0
    }
    let actions = isTie ? ties : forces.isEmpty ? usual : forces
    return ActOnCase(
        caseId: found.id, communityId: found.communityId, action: actions.randomElement(using: &random) ?? .file,
        actor: actors.randomElement(using: &random) ?? CitySample.boss,
        reason: Int.random(in: 0..<8, using: &random) == 0 ? nil : "理由",
        unitId: [CitySample.sanitation, CitySample.property, nil].randomElement(using: &random) ?? nil,
        agrees: Bool.random(using: &random),
        toCommunityId: [CitySample.longjiang, "nowhere", nil].randomElement(using: &random) ?? nil,
        category: [CitySample.garbage, CitySample.parking, "P0101", "Z9999"].randomElement(using: &random) ?? nil,
        details: randomDetails(on: found, at: now, among: cases, using: &random))
}

/// Another case of the community and some reports, often just those that came with a merge, and what the side roads need.
private func randomDetails(
    on found: Case, at now: Timestamp, among cases: [Case], using random: inout SeededGenerator
) -> StepDetails {
    let neighbours = cases.filter { $0.communityId == found.communityId }
    let absorbed = found.same?.absorbed?.last?.reports.map(\.reportId)
    let some = found.reports.map(\.reportId).filter { _ in Bool.random(using: &random) }
    return StepDetails {
        $0.otherCaseId = neighbours.randomElement(using: &random)?.id
        $0.reportIds = Bool.random(using: &random) ? absorbed ?? some : some
        $0.until = now.adding(milliseconds: .random(in: -600_000...9_000_000, using: &random))
        $0.limit = ["1e", "2d", "2x"].randomElement(using: &random)
        $0.party = "电信分公司"
        $0.linkHash = PlatformKey.hash(of: "a link")
        $0.solved = [true, false, nil].randomElement(using: &random) ?? nil
        $0.satisfied = true
        $0.unitIds = [CitySample.sanitation]
    }
}

extension CaseAction {
    fileprivate var leadsOn: Bool { [.file, .dispatch, .accept, .handle, .verify, .rate].contains(self) }
}
