package import Contracts

/// What the rates need to know of a case between its events.
package struct RateTally: Codable, Sendable, Equatable {
    var duty: Duty?
    var closing: Closing?
    var whistle: Whistle?
    /// The duty that a merge ended, should it be undone.
    var merged: Merged?

    package init() {}

    /// The case is in a unit's hands, from the dispatch until it leaves or is closed, with all reworks between.
    struct Duty: Codable, Sendable, Equatable {
        let unitId: UnitID?
        let since: Timestamp
        /// When it began, as all that follows from it is counted.
        let day: String
        var isAnswered = false
        var isOverdue = false
        /// Whether that was before a check found the work not done: a correction of what follows leaves it.
        var isSettled = false
    }

    /// A duty that ended with a merge.
    struct Merged: Codable, Sendable, Equatable {
        let duty: Duty
        /// Whether the merge took its `assigned` back.
        let tookBack: Bool
    }

    /// The last closing.
    struct Closing: Codable, Sendable, Equatable {
        let unitId: UnitID?
        let day: String
        let isOnTime: Bool
        var isReopened = false
        /// The last answer of each reporter.
        var answers: [Answer] = []
    }

    struct Answer: Codable, Sendable, Equatable {
        let reporterId: PersonID
        let satisfied: Bool?
        let solved: Bool?
    }

    /// The last whistle, and who is not there yet.
    struct Whistle: Codable, Sendable, Equatable {
        let day: String
        var awaited: [UnitID]
    }
}

/// A count that changes: so many more, or less, for a unit on a day.
package struct RateChange: Sendable, Equatable {
    /// Nil for what no unit answers for.
    package let unitId: UnitID?
    /// Such as `2026-11-23`.
    package let day: String
    package let count: RateCount
    package let by: Int

    package init(unitId: UnitID?, day: String, count: RateCount, by: Int) {
        self.unitId = unitId
        self.day = day
        self.count = count
        self.by = by
    }
}
