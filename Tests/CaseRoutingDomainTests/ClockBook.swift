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
    /// Who made it safe 围护 and has the time of the repair.
    private var safe: Set<UnitID> = []
    /// Of the step that others owe it, until it is taken.
    private var watch: (step: WatchedStep, clock: CaseClock)?

    init(_ found: Case) throws {
        category = found.category
        try begin(.file, from: found.openedAt.milliseconds)
    }

    /// Those of each category of the sample.
    private static let waits: [WatchedStep: String] = [.file: "2w", .dispatch: "0.5w", .verify: "4w"]

    private static let limits = Dictionary(
        uniqueKeysWithValues: CitySample.categories.map { ($0.code, $0.handlingLimit) })
    private static let repairs = Dictionary(
        uniqueKeysWithValues: CitySample.categories.map { ($0.code, $0.repairLimit) })
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

    /// By when others are to take the step that the case waits for.
    func deadline(of step: WatchedStep) throws -> Timestamp? {
        guard let watch, watch.step == step else { return nil }
        return try watch.clock.deadline(Self.calendar.get()).map { Timestamp(milliseconds: $0) }
    }

    mutating func hear(_ event: CaseEvent) throws {
        if case .reclassified(let change) = event {
            category = change.case.category
            for unit in clocks.keys { try changeLimit(of: unit) }
        }
        if case .transferred = event {
            end()
            watch = nil
        }
        guard case .changed(let change) = event else { return }
        try hearWatch(change)
        try hearHandling(change)
        try hearParts(change)
    }

    private mutating func begin(_ step: WatchedStep, from start: Int64) throws {
        watch = (step, CaseClock(start: start, limit: try TimeLimit(Self.waits[step] ?? "")))
    }

    private mutating func hearWatch(_ change: CaseChanged) throws {
        let at = change.at.milliseconds
        var refusal: CaseClock.Refusal?
        switch change.step {
        case .filed, .returned, .reopened: try begin(.dispatch, from: at)
        case .handled: try begin(.verify, from: at)
        case .dispatched, .closed, .cancelled, .refused: watch = nil
        case .referred, .informationAsked: refusal = watch?.clock.pause(at: at)
        case .resumed, .informationGiven: refusal = watch?.clock.resume(at: at)
        case .filingOverdue: #expect(change.deadline == (try deadline(of: .file)))
        case .dispatchOverdue: #expect(change.deadline == (try deadline(of: .dispatch)))
        case .verificationOverdue: #expect(change.deadline == (try deadline(of: .verify)))
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
        case .madeSafe:
            if let owner {
                safe.insert(owner)
                try changeLimit(of: owner)
            }
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
        let others: [CaseChanged.Step] = [
            .coOwnerAdded, .coOwnerOverdue, .keptOverdue, .filingOverdue, .dispatchOverdue, .verificationOverdue,
        ]
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
            clocks[unit] = CaseClock(start: now, limit: try limit(of: unit))
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
        (clocks, safe, owner, keeper) = ([:], [], nil, nil)
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

    private mutating func changeLimit(of unit: UnitID) throws {
        let limit = try limit(of: unit)
        clocks[unit]?.change(to: limit)
    }

    private func limit(of unit: UnitID) throws -> TimeLimit {
        let repair = safe.contains(unit) ? Self.repairs[category] ?? nil : nil
        return try TimeLimit(repair ?? Self.limits[category] ?? "")
    }
}
