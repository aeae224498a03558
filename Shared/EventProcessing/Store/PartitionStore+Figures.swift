import Contracts
import GRDB

/// What is asked of a store for those who watch.
extension PartitionStore {
    /// How many timers were due before a moment and still stand; so many as 10,000 are counted.
    func countTimers(dueBefore moment: Timestamp) async throws -> Int {
        try await ask(\.timers, at: moment, none: 0) { db -> (Int, Timestamp?) in
            let count = try TimerRow.count(dueBefore: moment, in: db)
            return (count, count == 0 ? try TimerRow.nextDue(in: db) ?? QuietTimes.always : nil)
        }
    }

    /// What this partition knows of its processor's figures, by name.
    package func values(of figures: [StoreFigure]) async throws -> [String: Int] {
        guard !figures.isEmpty else { return [:] }
        return try await queue.read { db in
            try figures.reduce(into: [:]) { $0[$1.name] = try $1.value(db) }
        }
    }
}
