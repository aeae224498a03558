package import Contracts
package import WorkingTime

/// The clock of a step, judging 立案 or handling 处置, with what follows from it.
///
/// The clock is the record: when it began, the limit, the pauses and extensions. The deadline is read off it by the
/// calendar of the pack in force whenever the clock is touched, and kept: what people were told is a fact of that moment,
/// which a later pack does not change. Anybody can read it again from the case's events and the packs.
package struct StepTime: Codable, Sendable, Equatable {
    package private(set) var clock: CaseClock
    /// The last moment that is on time; nil while the clock stands still, unless it had passed before.
    package private(set) var deadline: Timestamp?
    /// When most of the time is used up 临期; nil while the clock stands still.
    package private(set) var nearDue: Timestamp?
    /// Whether that was told.
    package private(set) var isWarned = false

    package init(start: Timestamp, limit: TimeLimit, by reading: ClockReading) {
        clock = CaseClock(start: start.milliseconds, limit: limit)
        read(by: reading, at: start)
    }

    /// Whether the clock stands still.
    package var isPaused: Bool { clock.isPaused }

    /// A deadline that has passed stays: what is overdue stays overdue.
    mutating func pause(at now: Timestamp) throws(ClockFault) {
        if let refusal = clock.pause(at: now.milliseconds) { throw ClockFault(refusal) }
        nearDue = nil
        if let passed = deadline, passed >= now { deadline = nil }
    }

    /// Without a reading the deadline stays unknown until the clock is touched again.
    mutating func resume(at now: Timestamp, by reading: ClockReading?) throws(ClockFault) {
        if let refusal = clock.resume(at: now.milliseconds) { throw ClockFault(refusal) }
        if let reading { read(by: reading, at: now) }
    }

    /// More time 延期, counted from the deadline before it.
    mutating func extend(by more: TimeLimit, at now: Timestamp, by reading: ClockReading) throws(ClockFault) {
        if let refusal = clock.extend(by: more, at: now.milliseconds) { throw ClockFault(refusal) }
        read(by: reading, at: now)
    }

    /// Another limit from the original start; tells whether it was ever missed, judged by the limit that is right.
    mutating func change(to limit: TimeLimit, at now: Timestamp, by reading: ClockReading) -> Bool {
        clock.change(to: limit)
        read(by: reading, at: now)
        return clock.breach(at: now.milliseconds, reading.calendar) != nil
    }

    mutating func warn() { isWarned = true }

    private mutating func read(by reading: ClockReading, at now: Timestamp) {
        deadline = clock.deadline(reading.calendar).map { Timestamp(milliseconds: $0) }
        nearDue = clock.moment(whenUsed: reading.nearDue, reading.calendar).map { Timestamp(milliseconds: $0) }
        // Once for each deadline; a warning that was sounded is not sounded again for a moment that is over.
        if let nearDue, nearDue > now { isWarned = false }
    }
}

extension StepTime {
    private enum CodingKeys: String, CodingKey {
        case clock
        case deadline
        case nearDue
        case isWarned
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        do {
            clock = try CaseClock(text: try container.decode(String.self, forKey: .clock))
        } catch let error as CaseClockTextError {
            throw DecodingError.dataCorruptedError(
                forKey: .clock, in: container, debugDescription: error.description)
        }
        deadline = try container.decodeIfPresent(Timestamp.self, forKey: .deadline)
        nearDue = try container.decodeIfPresent(Timestamp.self, forKey: .nearDue)
        isWarned = try container.decode(Bool.self, forKey: .isWarned)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(clock.text, forKey: .clock)
        try container.encodeIfPresent(deadline, forKey: .deadline)
        try container.encodeIfPresent(nearDue, forKey: .nearDue)
        try container.encode(isWarned, forKey: .isWarned)
    }
}

/// What a clock is read by.
package struct ClockReading: Sendable {
    package let calendar: WorkingCalendar
    /// When a warning is sounded, in thousandths of the time given.
    package let nearDue: Int

    package init(calendar: WorkingCalendar, nearDue: Int) {
        self.calendar = calendar
        self.nearDue = nearDue
    }
}

/// A change that a clock cannot make: the stages keep it from happening.
struct ClockFault: Error, CustomStringConvertible {
    let description: String

    init(_ refusal: CaseClock.Refusal) {
        description = "the clock of the case does not fit its stage: \(refusal.rawValue)"
    }
}
