import Contracts
import CoreMetrics

/// What the process around the loop is told of its partitions, in numbers.
extension ProcessorLoop {
    /// Timers are taken within seconds of their time; one that is due for so long is not being taken.
    private static let timerPatience: Int64 = 60_000
    private static let figurePause = Duration.seconds(15)

    mutating func measure(_ reports: [PartitionReport]) async throws {
        let late = configuration.now().adding(milliseconds: -Self.timerPatience)
        var timersOverdue = 0
        var snapshotAge = Duration.zero
        for owner in owners.values {
            timersOverdue += try await owner.store.countTimers(dueBefore: late)
            let position = await owner.store.position
            snapshotAge = max(snapshotAge, owner.snapshots?.age(at: position) ?? .zero)
        }
        metrics.record(reports, timersOverdue: timersOverdue, snapshotAge: snapshotAge)
        if figuresAt.map({ .now - $0 >= Self.figurePause }) ?? true {
            figuresAt = .now
            var figures: [String: Int] = [:]
            for owner in owners.values {
                figures.merge(try await owner.store.values(of: processor.figures)) { $0 + $1 }
            }
            metrics.record(figures: figures)
        }
    }

    /// What another process owns now is not this one's to tell of.
    func measureNothing() {
        metrics.record([], timersOverdue: 0, snapshotAge: .zero)
        metrics.record(figures: [:])
    }
}
