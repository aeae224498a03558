import Contracts
import WorkingTime

extension RoutingTable {
    /// After closing a case can be opened once more for so long.
    package var reopenWindow: Int64 {
        loop.reopenDays.map { Int64($0) * 86_400_000 } ?? Case.reopenWindow
    }

    /// After so many returns a case goes up a level by itself.
    var returnsBeforeLevelUp: Int { loop.returnsBeforeLevelUp ?? 2 }

    /// Whether the work is to be shown in pictures.
    var needsAfterPhotos: Bool { loop.needsAfterPhotos ?? false }

    /// The unit above.
    func superior(of unit: UnitID) -> UnitID? { superiors[unit].flatMap { knows($0) ? $0 : nil } }

    /// When a warning is sounded, in thousandths of the time given.
    var nearDue: Int { loop.nearDue ?? 800 }

    /// What clocks are read by.
    var reading: Readable<ClockReading> {
        calendar.map { ClockReading(calendar: $0, nearDue: nearDue) }
    }

    /// The clock of a case of this category that was dispatched at `start`; nil where the category has no limit.
    func handlingTime(for category: CategoryCode, from start: Timestamp) -> Readable<StepTime?> {
        time(of: categories[category], from: start)
    }

    /// The clock of the judging of such a case that was opened at `start`; nil where the category has no limit.
    func filingTime(for category: CategoryCode, from start: Timestamp) -> Readable<StepTime?> {
        time(of: filingLimits[category], from: start)
    }

    private func time(of limit: Readable<TimeLimit>?, from start: Timestamp) -> Readable<StepTime?> {
        guard let limit else { return .value(nil) }
        return limit.flatMap { limit in reading.map { StepTime(start: start, limit: limit, by: $0) } }
    }

    /// By when a reporter who is asked at `start` is to answer.
    func replyEnd(from start: Timestamp) -> Readable<Timestamp> {
        Self.readLimit(loop.replyLimit ?? "3n").flatMap { limit in
            calendar.map { Timestamp(milliseconds: $0.deadline(from: start.milliseconds, limit: limit)) }
        }
    }
}

extension Readable {
    func map<Other: Sendable>(_ change: (Value) -> Other) -> Readable<Other> {
        flatMap { .value(change($0)) }
    }

    func flatMap<Other: Sendable>(_ change: (Value) -> Readable<Other>) -> Readable<Other> {
        switch self {
        case .value(let value): change(value)
        case .fault(let fault): .fault(fault)
        }
    }
}
