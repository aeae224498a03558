package import Contracts

extension Case {
    /// The clock of a unit that has the case no more, as it goes on should the unit get it back.
    ///
    /// So handing a case round gives nobody a full time again: each unit has one for each time that it is to be handled.
    /// It stands still while the case is another unit's, but for the unit that keeps the case 首接负责: what it gave back
    /// is its own until another takes it on.
    package struct UnitTime: Codable, Sendable, Equatable {
        package let unitId: UnitID
        package internal(set) var time: StepTime
        /// Whether it was told that the deadline passed.
        package internal(set) var isOverdue: Bool
    }

    /// The clock of the unit that keeps the case while it has it no more; nil where none runs.
    var keeperTime: UnitTime? {
        guard isOpen, let keptBy, stage.assignment?.owner.unitId != keptBy else { return nil }
        return clocks?.first { $0.unitId == keptBy }
    }

    /// The keeper's deadline that must be watched: while another may take the case on, and until it was told.
    var watchedKeeper: (unitId: UnitID, deadline: Timestamp)? {
        guard let kept = keeperTime, !kept.isOverdue, let deadline = kept.time.deadline else { return nil }
        switch stage {
        case .filed, .dispatched: return (kept.unitId, deadline)
        default: return nil
        }
    }

    /// Keeps the clock of a unit that has the case no more.
    mutating func layAside(_ assignment: Assignment, at now: Timestamp) throws {
        guard var time = assignment.time else { return }
        let unit = assignment.owner.unitId
        if unit != keptBy { try time.pause(at: now) }
        setClock(UnitTime(unitId: unit, time: time, isOverdue: assignment.isOverdue))
    }

    /// Another took the case on: the keeper is free, and its clock stands still.
    mutating func endKeeping(at now: Timestamp) throws {
        if var kept = keeperTime, !kept.time.isPaused {
            try kept.time.pause(at: now)
            setClock(kept)
        }
        keptBy = nil
    }

    /// Another limit for every unit that had it; a breach that the right limit does not know is none.
    mutating func correctClocks(at now: Timestamp, by table: RoutingTable) {
        guard clocks != nil, case .value(let limit)? = table.categories[category],
            case .value(let reading) = table.reading
        else { return }
        clocks = clocks?.map { clock in
            var corrected = clock
            let wasMissed = corrected.time.change(to: limit, at: now, by: reading)
            corrected.isOverdue = clock.isOverdue && wasMissed
            return corrected
        }
    }

    fileprivate mutating func setClock(_ clock: UnitTime) {
        clocks = (clocks ?? []).filter { $0.unitId != clock.unitId } + [clock]
    }

    /// The unit's clock is its assignment's now.
    mutating func takeClock(of unit: UnitID) {
        clocks?.removeAll { $0.unitId == unit }
        if clocks?.isEmpty == true { clocks = nil }
    }
}

extension Course {
    /// Says that the keeper's deadline has passed with nobody else having taken the case on, once.
    mutating func noticeKeeper() {
        guard let (unit, deadline) = current.watchedKeeper, now > deadline else { return }
        let details = StepDetails { $0.unitIds = [unit] }
        take(.keptOverdue, by: nil, deadline: deadline, details: details) { changed in
            changed.clocks = changed.clocks?.map { clock in
                guard clock.unitId == unit else { return clock }
                var missed = clock
                missed.isOverdue = true
                return missed
            }
        }
    }

    /// The case is put aside: nobody can take it on meanwhile.
    mutating func pauseKeeper() throws {
        guard var kept = current.keeperTime, !kept.time.isPaused else { return }
        try kept.time.pause(at: now)
        alter { [kept] in $0.setClock(kept) }
    }

    mutating func resumeKeeper(by reading: ClockReading?) throws {
        guard var kept = current.keeperTime, kept.time.isPaused else { return }
        try kept.time.resume(at: now, by: reading)
        alter { [kept] in $0.setClock(kept) }
    }
}
