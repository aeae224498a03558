import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

/// Where each step leads a case that stood somewhere: nil in the list for a step that leaves it where it is.
private let model: [CaseStage: [String: [CaseStage?]]] = [
    .opened: [
        "case.filed": [.filed], "case.refused": [.refused], "case.transferred": [.transferred], "case.checked": [nil],
        "case.reclassified": [nil], "case.cancelled": [.cancelled], "case.information-asked": [.waiting],
        "case.referred": [.referred], "case.report-amended": [nil], "case.filing-overdue": [nil],
    ],
    .filed: [
        "case.dispatched": [.dispatched], "case.refused": [.refused], "case.transferred": [.transferred],
        "case.reclassified": [nil], "case.cancelled": [.cancelled], "case.information-asked": [.waiting],
        "case.referred": [.referred], "case.escalated": [nil], "case.report-amended": [nil],
    ],
    .dispatched: [
        "case.handled": [.handled], "case.returned": [.filed], "case.dispatched": [nil], "case.refused": [.refused],
        "case.transferred": [.transferred], "case.reclassified": [nil], "case.accepted": [nil],
        "case.parked": [.parked], "case.extension-asked": [nil], "case.extension-decided": [nil],
        "case.information-asked": [.waiting], "case.handed-over": [nil], "case.referred": [.referred],
        "case.cancelled": [.cancelled], "case.near-due": [nil], "case.overdue": [nil], "case.report-amended": [nil],
    ],
    .handled: [
        "case.verified": [nil], "case.closed": [.closed], "case.dispatched": [.dispatched],
        "case.transferred": [.transferred], "case.report-amended": [nil],
    ],
    .closed: ["case.rated": [nil], "case.reopened": [.filed]],
    .parked: [
        "case.resumed": [.dispatched], "case.cancelled": [.cancelled], "case.transferred": [.transferred],
        "case.report-amended": [nil],
    ],
    .waiting: [
        "case.resumed": [.opened, .filed, .dispatched], "case.information-given": [.opened, .filed, .dispatched],
        "case.cancelled": [.cancelled], "case.transferred": [.transferred], "case.report-amended": [nil],
    ],
    .referred: [
        "case.resumed": [.opened, .filed, .dispatched], "case.cancelled": [.cancelled],
        "case.transferred": [.transferred], "case.report-amended": [nil],
    ],
]

/// What may be told beside the steps, whoever has the case: of what others were called for.
private let besides: Set<String> = [
    "case.whistled", "case.checked-in", "case.whistle-ended", "case.co-owner-added", "case.co-owner-handled",
    "case.co-owner-overdue", "case.escalated", "case.kept-overdue",
]

/// The sample city with two levels that must look at what is overdue.
private let table = RoutingTable(
    CitySample.pack(
        loop: PackLoop(ladder: [
            PackLevel(name: "单位负责人", englishName: "unit head", after: "2w", unitId: nil),
            PackLevel(name: "街道", englishName: "street", after: "4e", unitId: CitySample.sanitation),
        ])))
private let levels = 2

/// One case on its way, with everything that was done to it.
private struct Walk {
    enum Deed {
        case act(ActOnCase)
        case amend(ReportAmended)
        case ring(Alarm)
    }

    private(set) var found: Case
    private var book: ClockBook
    private(set) var told: [CaseEvent] = []
    private(set) var deeds: [(deed: Deed, at: Timestamp)] = []

    init() throws {
        found = try Sample.opening().case
        book = try ClockBook(found)
    }

    mutating func take(_ deed: Deed, at now: Timestamp) throws {
        deeds.append((deed, now))
        guard let decision = try Self.decide(deed, on: found, at: now) else { return }
        #expect(decision.case.version == found.version + 1 && !decision.events.isEmpty)
        try follow(decision)
        found = decision.case
        told += decision.events
        #expect(found.state.deadline == (try book.deadline()))
        if found.stage.name == .opened { #expect(found.course?.filingDeadline == (try book.filingDeadline())) }
        #expect(found.course?.keptDeadline == (try book.keptDeadline()))
        #expect(found.isOpen || found.alarms.isEmpty)
        #expect(found.isWatched, "nobody would ever look at it: \(decision.told)")
        let owner = found.stage.owner?.unitId
        if case .dispatched = found.stage {
            #expect(found.coOwners?.contains { $0.unitId == owner && $0.handledAt == nil } != true)
        }
        #expect(found.stage.restsUntil == found.alarms[.rest])
    }

    static func decide(_ deed: Deed, on found: Case, at now: Timestamp) throws -> CaseDecision? {
        switch deed {
        case .ring(let alarm): return try found.ring(alarm, in: Sample.circumstances(at: now, table: table))
        case .act(let act):
            guard
                case .decided(let decision) = try answer(
                    act, about: found, in: Sample.circumstances(at: now, table: table))
            else {
                return nil
            }
            return decision
        case .amend(let amendment):
            let report = RegisteredReport(report: CitySample.report(), hop: 0)
            guard
                case .decided(let decision, _) = try answer(
                    amendment, of: report, in: found, at: now, by: table, reading: { _ in report.report })
            else { return nil }
            return decision
        }
    }

    /// Every step is one that the model knows, and together they lead where the case stands.
    private mutating func follow(_ decision: CaseDecision) throws {
        var stages: Set<CaseStage> = [found.stage.name]
        for event in decision.events {
            let step = event.messageType
            if !besides.contains(step) {
                stages = Set(stages.flatMap { stage in (model[stage]?[step] ?? []).map { $0 ?? stage } })
            }
            #expect(!stages.isEmpty, "\(step) from \(found.stage.name)")
            try book.hear(event)
        }
        #expect(stages.contains(decision.case.stage.name), "\(decision.told) from \(found.stage.name)")
    }
}

extension Case {
    /// Whether the next level will look at an overdue case, as long as there is one.
    fileprivate var isWatched: Bool {
        guard case .dispatched(let assignment) = stage, assignment.isOverdue, let deadline = assignment.deadline else {
            return true
        }
        let level = escalation.flatMap { $0.deadline == deadline ? $0.level : nil } ?? 0
        return level == levels || alarms[.escalation] != nil
    }
}

private let walkers = [
    CitySample.desk, CitySample.checker, CitySample.boss, Sample.worker, CitySample.actor("sweeper", "worker"),
    Sample.rider, Sample.party,
]

private func randomWalk(of steps: Int, using random: inout SeededGenerator) throws -> Walk {
    var walk = try Walk()
    var now = CitySample.monday
    for step in 0..<steps {
        now = now.adding(milliseconds: .random(in: 0...(step % 3 == 0 ? 36_000_000 : 1_800_000), using: &random))
        // Due alarms ring late or not at all, as they do when a machine is down.
        let due = walk.found.alarms.filter { $0.value <= now }.keys.sorted { $0.name < $1.name }
        for alarm in due where Int.random(in: 0..<4, using: &random) > 0 { try walk.take(.ring(alarm), at: now) }
        if Int.random(in: 0..<8, using: &random) == 0 {
            let kind: Amendment = Int.random(in: 0..<9, using: &random) == 0 ? .withdrawn : .added
            try walk.take(.amend(CitySample.amendment(kind)), at: now)
        } else {
            try walk.take(.act(randomAct(on: walk.found, at: now, using: &random)), at: now)
        }
        if !walk.found.isOpen, walk.found.stage.name != .closed { break }
    }
    return walk
}

private func randomAct(on found: Case, at now: Timestamp, using random: inout SeededGenerator) -> ActOnCase {
    let possible = found.stage.possibleActions.filter {
        ![.refuse, .transfer, .cancel].contains($0) || Int.random(in: 0..<6, using: &random) == 0
    }
    let actions = possible.isEmpty || Int.random(in: 0..<8, using: &random) == 0 ? CaseAction.allCases : possible
    // Rare enough that ten thousand cases might not see it, and then only by chance.
    let decides = possible.contains(.decideExtension) && Int.random(in: 0..<3, using: &random) == 0
    let action = decides ? .decideExtension : actions[Int.random(in: 0..<actions.count, using: &random)]
    let usual = action == .rate ? Sample.rider : CitySample.boss
    let actor = Bool.random(using: &random) ? walkers[Int.random(in: 0..<walkers.count, using: &random)] : usual
    return Sample.act(
        action, by: actor,
        unitId: [CitySample.sanitation, CitySample.property, nil].randomElement(using: &random) ?? nil,
        agrees: Int.random(in: 0..<3, using: &random) > 0,
        category: CitySample.categories[Int.random(in: 0..<CitySample.categories.count, using: &random)].code,
        details: StepDetails(by: now, using: &random))
}

/// What comes of the deeds once more, from the store's bytes of the case now and then.
private func replay(_ deeds: [(deed: Walk.Deed, at: Timestamp)]) throws -> CaseDecision {
    var found = try Sample.opening().case
    var told: [CaseEvent] = []
    for (number, (deed, now)) in deeds.enumerated() {
        if number % 3 == 2 {
            let read = try ContractCoding.decode(Case.self, from: ContractCoding.encode(found))
            // A store may hand out the case that it wrote instead of the one that it would read.
            try #require(read == found)
            found = read
        }
        guard let decision = try Walk.decide(deed, on: found, at: now) else { continue }
        found = decision.case
        told += decision.events
    }
    return CaseDecision(case: found, events: told)
}

/// Each walk repeated from its deeds alone gives the same case and the same events, byte for byte.
@Test func `ten thousand cases never stand where none can, and each can be walked again`() throws {
    var random = SeededGenerator()
    var steps: Set<String> = []
    var stages: Set<CaseStage> = []
    for number in 0..<10_000 {
        let walk = try randomWalk(of: 12, using: &random)
        steps.formUnion(walk.told.map(\.messageType))
        stages.insert(walk.found.stage.name)
        let again = try replay(walk.deeds)
        guard again.case == walk.found, again.events == walk.told else {
            Issue.record("case \(number) went another way")
            return
        }
        if number % 50 == 0 {
            #expect(try ContractCoding.encode(again.case) == ContractCoding.encode(walk.found))
        }
    }
    #expect(stages == Set(CaseStage.allCases).subtracting([.merged]))
    #expect(steps == Set(model.values.flatMap(\.keys)).union(besides))
}
