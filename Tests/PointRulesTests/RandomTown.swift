import Contracts
import PointRules
import TestSupport

/// Cases of a few people as routing may move them: opened, joined, filed, merged, split, closed, reopened, ended.
struct RandomTown {
    struct Known {
        var reports: [(id: ReportID, person: PersonID)]
        var isFiled = false
        var isClosed = false
        /// Set while it is merged into another, with the reports that went there.
        var merged: (into: CaseID, reports: [(id: ReportID, person: PersonID)])?
        var hasEnded = false

        var isOpen: Bool { !isClosed && !hasEnded && merged == nil }
    }

    let pack: Pack
    let funded: Int
    private(set) var books: SampleBooks
    private(set) var events: [Envelope<CaseEvent>] = []
    private var random: SeededGenerator
    private var cases: [CaseID: Known] = [:]
    private var clock = Timestamp.morning
    private var count = 0

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        pack = Self.pack(&random)
        funded = .random(in: 0...2_000, using: &random)
        books = SampleBooks(funded: funded)
        self.random = random
    }

    private static func pack(_ random: inout SeededGenerator) -> Pack {
        let rules = (0..<2).map { number in
            PackPointRule(
                id: "rule-\(number)", name: "规则\(number)", categories: number == 0 ? ["E0100"] : [], kind: nil,
                points: .random(in: 1...30, using: &random), teamPoints: Bool.random(using: &random) ? 2 : nil)
        }
        let share = Int.random(in: 0...100, using: &random)
        let wait = Int.random(in: 0...3, using: &random)
        let caps = PackPointCaps {
            $0.personDay = Bool.random(using: &random) ? nil : .random(in: 0...60, using: &random)
            $0.personMonth = Bool.random(using: &random) ? nil : .random(in: 0...200, using: &random)
            $0.teamDay = Bool.random(using: &random) ? nil : .random(in: 0...5, using: &random)
        }
        return .sample(rules: rules) {
            $0.supporterShare = share
            $0.releaseDays = wait
            $0.caps = caps
            $0.teams = [
                PackTeam(
                    id: "riders", name: "队", ledgerId: "nanchang", leaderId: "rider-0",
                    memberIds: ["rider-0", "rider-1"])
            ]
        }
    }

    /// Whether who reported the case first has a name.
    func hasFirst(_ id: CaseID) -> Bool { cases[id]?.reports.first?.person.canHoldPoints == true }

    private func reference(_ id: CaseID, _ reports: [(id: ReportID, person: PersonID)]) -> CaseReference {
        var people: [PersonID] = []
        for report in reports where !people.contains(report.person) { people.append(report.person) }
        return .sample(id, category: CategoryCode("E010\(id.rawValue.count % 2)"), reporters: people)
    }

    private mutating func tell(_ event: Envelope<CaseEvent>) throws {
        count += 1
        events.append(event)
        try books.observe(event, pack)
    }

    private mutating func step(
        _ step: CaseChanged.Step, _ id: CaseID, _ reports: [(id: ReportID, person: PersonID)],
        _ details: StepDetails? = nil
    ) throws {
        try tell(.sample(step, of: reference(id, reports), at: clock, id: "event-\(count)", details: details))
    }

    private mutating func report() -> (id: ReportID, person: PersonID) {
        let number = Int.random(in: 0..<6, using: &random)
        return (
            ReportID("report-\(count)-\(number)"), number == 5 ? .anonymous("\(count)") : PersonID("rider-\(number)")
        )
    }

    private mutating func join(_ id: CaseID, _ report: (id: ReportID, person: PersonID)) throws {
        cases[id]?.reports.append(report)
        let signals = Int.random(in: 0..<6, using: &random) == 0 ? ["moving-fast"] : []
        // The reference names everybody once, in order; the event names who joined.
        let all = reference(id, cases[id]?.reports ?? [])
        try tell(
            Envelope(
                .reportJoined(
                    ReportJoined(
                        case: all, reportId: report.id, reporterId: report.person, distance: 0,
                        made: ReportMade(submittedAt: clock, signals: signals))),
                id: .named("joined-\(count)"), source: "/case-routing/0", time: clock))
    }

    /// One more step of some case.
    mutating func go() throws {
        clock = clock.adding(milliseconds: .random(in: 0..<20_000_000, using: &random))
        books.ring(at: clock)
        let open = cases.filter(\.value.isOpen).keys.sorted()
        guard let id = open.randomElement(using: &random), Int.random(in: 0..<6, using: &random) > 0 else {
            return try startOrReopen()
        }
        let reports = cases[id]?.reports ?? []
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1: try join(id, report())
        case 2, 3, 4:
            guard cases[id]?.isFiled == false else { return try close(id, reports) }
            cases[id]?.isFiled = true
            try step(.filed, id, reports)
        case 5: try close(id, reports)
        case 6, 7: try merge(id, reports, open)
        case 8: try splitBack(id)
        default:
            cases[id]?.hasEnded = true
            try step([.refused, .cancelled].randomElement(using: &random) ?? .refused, id, reports)
        }
    }

    private mutating func startOrReopen() throws {
        let closed = cases.filter { $0.value.isClosed }.keys.sorted()
        if let id = closed.randomElement(using: &random), Bool.random(using: &random) {
            cases[id]?.isClosed = false
            return try step(.reopened, id, cases[id]?.reports ?? [])
        }
        let id = CaseID("case-\(count)")
        let first = report()
        cases[id] = Known(reports: [first])
        try tell(
            .opened(
                reference(id, [first]), at: clock,
                signals: Int.random(in: 0..<8, using: &random) == 0 ? ["moving-fast"] : []))
    }

    private mutating func close(_ id: CaseID, _ reports: [(id: ReportID, person: PersonID)]) throws {
        guard cases[id]?.isFiled == true else { return }
        cases[id]?.isClosed = true
        try step(.closed, id, reports)
    }

    private mutating func merge(
        _ id: CaseID, _ reports: [(id: ReportID, person: PersonID)], _ open: [CaseID]
    ) throws {
        guard let other = open.filter({ $0 != id }).randomElement(using: &random) else { return }
        cases[id]?.merged = (other, reports)
        try step(.merged, id, reports, StepDetails { $0.otherCaseId = other })
        for report in reports { try join(other, report) }
    }

    /// All that waits comes to its end.
    mutating func finish() { books.ring(at: clock.days(100)) }

    /// Undoes a merge into the case, where all that came with it is still there.
    private mutating func splitBack(_ id: CaseID) throws {
        let back = cases.filter { $0.value.merged?.into == id }.keys.sorted().first
        guard let back, let parts = cases[back]?.merged?.reports, let here = cases[id]?.reports else { return }
        let ids = Set(parts.map(\.id))
        guard Set(here.map(\.id)).isSuperset(of: ids), here.count > ids.count else { return }
        cases[id]?.reports.removeAll { ids.contains($0.id) }
        try step(
            .split, id, cases[id]?.reports ?? [],
            StepDetails {
                $0.otherCaseId = back
                $0.reportIds = parts.map(\.id)
            })
        cases[back]?.merged = nil
        try step(.reopened, back, parts, StepDetails { $0.otherCaseId = id })
    }
}
