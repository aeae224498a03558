import Contracts

/// 立案时限: how long a report may lie before somebody judges it.
///
/// It counts from the opening of the case, stands still while the reporter is asked or the case is deliberated, and is told
/// once when it is over. Nobody has the case yet, so no ladder begins: it is flagged for the dispatcher.
extension Case {
    /// By when it must be judged, of a case that nobody judged and that is not yet known to be late.
    var watchedFiling: Timestamp? {
        guard case .opened = stage, filingOverdueAt == nil else { return nil }
        return filing?.deadline
    }

    /// Sets the clock; without a limit in the pack, or one that can be read, there is none.
    mutating func startFiling(by table: RoutingTable?) {
        guard let table, case .value(let time) = table.filingTime(for: category, from: openedAt) else { return }
        filing = time
    }

    /// Another category's limit, from the original start; what is not late by the limit that is right was never late.
    mutating func correctFiling(at now: Timestamp, by table: RoutingTable) {
        guard case .opened = stage, case .value(let limit)? = table.filingLimits[category],
            case .value(let reading) = table.reading
        else { return }
        var corrected = filing ?? StepTime(start: openedAt, limit: limit, by: reading)
        let wasMissed = corrected.change(to: limit, at: now, by: reading)
        filing = corrected
        if !wasMissed { filingOverdueAt = nil }
    }
}

extension Course {
    /// Says that nobody judged the case in time, once.
    mutating func noticeFiling() {
        guard let deadline = current.watchedFiling, now > deadline else { return }
        let now = now
        take(.filingOverdue, by: nil, deadline: deadline) { changed in
            changed.filingOverdueAt = now
            changed.flag("立案超时 / not judged in time")
        }
    }

    /// The clock stands still where the case is put aside before it was judged.
    mutating func pauseFiling() throws {
        guard case .opened = current.stage, var paused = current.filing else { return }
        try paused.pause(at: now)
        alter { $0.filing = paused }
    }

    /// It runs on; without a reading the deadline stays unknown.
    mutating func resumeFiling(by reading: ClockReading?) throws {
        guard var resumed = current.filing else { return }
        try resumed.resume(at: now, by: reading)
        alter { $0.filing = resumed }
    }
}
