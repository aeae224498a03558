import CaseRoutingDomain
import Contracts
import TestSupport
import Testing
import WorkingTime

/// A case's clocks, kept from its events and the pack alone.
struct ClockBook {
    private var category: CategoryCode
    /// Of its handling, of each unit that had it since it was last handled.
    private var clocks: [UnitID: CaseClock] = [:]
    /// Who has it, or had it when it was handled.
    private var owner: UnitID?
    /// Who gave it back and keeps it 首接负责.
    private var keeper: UnitID?
    /// By when each co-owner's part is due.
    private var parts: [UnitID: Timestamp] = [:]
    /// Of its judging, until that is over.
    private var filing: CaseClock?

    init(_ found: Case) throws {
        category = found.category
        filing = CaseClock(start: found.openedAt.milliseconds, limit: try Self.filingLimit)
    }

    /// That of each category of the sample.
    private static var filingLimit: TimeLimit { get throws { try TimeLimit("2w") } }

    private static let limits = Dictionary(
        uniqueKeysWithValues: CitySample.categories.map { ($0.code, $0.handlingLimit) })
    // What the sample pack says of working hours, written down once more.
    private static let calendar = Result {
        try WorkingCalendar(
            week: [Weekday.monday, .tuesday, .wednesday, .thursday, .friday].reduce(into: [:]) {
                $0[$1] = .eightHours
            }, holidays: [], makeUpDays: [])
    }

    func deadline() throws -> Timestamp? { try deadline(of: owner) }

    /// Of the unit that keeps the case without having it.
    func keptDeadline() throws -> Timestamp? { keeper == owner ? nil : try deadline(of: keeper) }

    private func deadline(of unit: UnitID?) throws -> Timestamp? {
        try unit.flatMap { clocks[$0] }?.deadline(Self.calendar.get()).map { Timestamp(milliseconds: $0) }
    }

    func filingDeadline() throws -> Timestamp? {
        try filing?.deadline(Self.calendar.get()).map { Timestamp(milliseconds: $0) }
    }

    mutating func hear(_ event: CaseEvent) throws {
        if case .reclassified(let change) = event {
            category = change.case.category
            let limit = try limit()
            for unit in clocks.keys { clocks[unit]?.change(to: limit) }
        }
        if case .transferred = event { end() }
        guard case .changed(let change) = event else { return }
        try hearFiling(change)
        try hearHandling(change)
        try hearParts(change)
    }

    private mutating func hearFiling(_ change: CaseChanged) throws {
        let at = change.at.milliseconds
        var refusal: CaseClock.Refusal?
        switch change.step {
        case .filed, .cancelled, .refused: filing = nil
        case .referred, .informationAsked: refusal = filing?.pause(at: at)
        case .resumed, .informationGiven: refusal = filing?.resume(at: at)
        case .filingOverdue: #expect(change.deadline == (try filingDeadline()))
        default: break
        }
        #expect(refusal == nil)
    }

    private mutating func hearHandling(_ change: CaseChanged) throws {
        let at = change.at.milliseconds
        switch change.step {
        case .dispatched: try give(to: change.case.ownerUnitId, at: at)
        case .returned:
            keeper = keeper ?? owner
            layAside(at: at)
        case .accepted:
            if let keeper, keeper != owner { pause(keeper, at: at) }
            keeper = nil
        case .handled:
            clocks = clocks.filter { $0.key == owner }
            keeper = nil
        case .verified where change.agrees == false: end()
        case .reopened, .cancelled, .refused: end()
        case .parked, .referred, .informationAsked: for unit in running { pause(unit, at: at) }
        case .resumed, .informationGiven: for unit in running { resume(unit, at: at) }
        case .extensionDecided where change.agrees == true:
            let more = try TimeLimit(change.details?.limit ?? "")
            let refusal = owner.flatMap { clocks[$0]?.extend(by: more, at: at) }
            #expect(refusal == nil)
        case .keptOverdue:
            #expect(change.details?.unitIds == keeper.map { [$0] })
            #expect(change.deadline == (try keptDeadline()))
        default: break
        }
        // A co-owner's clock is its own.
        let others: [CaseChanged.Step] = [.coOwnerAdded, .coOwnerOverdue, .keptOverdue, .filingOverdue]
        if let told = change.deadline, !others.contains(change.step) {
            #expect(told == (try deadline()), "\(change.step)")
        }
    }

    /// Whose clocks run, unless the case is put aside: who has it and who keeps it.
    private var running: Set<UnitID> { Set([owner, keeper].compactMap(\.self)) }

    /// A colleague goes on, a unit that had it before has what was left, another has the time of the category.
    private mutating func give(to unit: UnitID?, at now: Int64) throws {
        guard let unit, unit != owner else { return }
        layAside(at: now)
        owner = unit
        parts[unit] = nil
        if clocks[unit] == nil {
            clocks[unit] = CaseClock(start: now, limit: try limit())
        } else if clocks[unit]?.isPaused == true {
            resume(unit, at: now)
        }
    }

    private mutating func layAside(at now: Int64) {
        if let owner, owner != keeper { pause(owner, at: now) }
        owner = nil
    }

    private mutating func pause(_ unit: UnitID, at now: Int64) {
        let refusal = clocks[unit]?.pause(at: now)
        #expect(refusal == nil)
    }

    private mutating func resume(_ unit: UnitID, at now: Int64) {
        let refusal = clocks[unit]?.resume(at: now)
        #expect(refusal == nil)
    }

    private mutating func end() {
        (clocks, owner, keeper, filing) = ([:], nil, nil, nil)
    }

    private mutating func hearParts(_ change: CaseChanged) throws {
        guard let unit = change.details?.unitIds?.first else { return }
        switch change.step {
        case .coOwnerAdded:
            let limit = try TimeLimit(change.details?.limit ?? "")
            let due = try Self.calendar.get().deadline(from: change.at.milliseconds, limit: limit)
            parts[unit] = Timestamp(milliseconds: due)
            #expect(change.deadline == parts[unit])
        case .coOwnerOverdue: #expect(parts[unit].map { $0 < change.at } == true && change.deadline == parts[unit])
        case .coOwnerHandled: parts[unit] = nil
        default: break
        }
    }

    private func limit() throws -> TimeLimit { try TimeLimit(Self.limits[category] ?? "") }
}
