import Contracts
import WorkingTime

/// An assignment whose clock stands still: the only kind that a case which is put aside can have.
///
/// It is made by stopping the clock of one that is at work, and gives it back by letting the clock run on. So no case is
/// parked, waits or is referred with its time running, and none is at work with its time standing still.
package struct RestingAssignment: Sendable, Equatable {
    /// As it was put aside; to be read, since nobody works by it.
    package let record: Assignment

    init(_ running: Assignment, at now: Timestamp) throws(ClockFault) {
        var resting = running
        try resting.time?.pause(at: now)
        record = resting
    }

    /// At work again; without a reading the deadline stays unknown until the clock is touched once more.
    func resumed(at now: Timestamp, by reading: ClockReading?) throws(ClockFault) -> Assignment {
        var running = record
        try running.time?.resume(at: now, by: reading)
        return running
    }
}

extension RestingAssignment: Codable {
    /// - Throws: `DecodingError` where its clock runs: nothing here ever wrote that.
    package init(from decoder: any Decoder) throws {
        record = try Assignment(from: decoder)
        guard record.time?.clock.isPaused != false else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "the clock of an assignment at rest runs"))
        }
    }

    package func encode(to encoder: any Encoder) throws { try record.encode(to: encoder) }
}
