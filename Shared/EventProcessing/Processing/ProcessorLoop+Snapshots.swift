import CoreMetrics
import Logging

/// Snapshots: taken beside the loop, their outcomes noted here.
extension ProcessorLoop {
    /// Takes down how the storing of a snapshot went.
    mutating func note(_ snapshot: BesideResults.Snapshot) {
        owners[snapshot.partition]?.snapshots?.ended(snapshot.outcome)
        switch snapshot.outcome {
        case .success:
            metrics.snapshots.increment()
            signals.condition("snapshots-\(snapshot.partition)", nil)
        case .failure(let error):
            metrics.snapshotFailures.increment()
            signals.condition("snapshots-\(snapshot.partition)", "no snapshot could be stored: \(error)")
            logger.error(
                "Snapshot not stored; it is tried again",
                metadata: ["partition": "\(snapshot.partition)", "error": "\(error)"])
        }
    }

    /// Stores a snapshot of a partition, to be run beside the loop.
    func snapshot(of owner: PartitionOwner) -> @Sendable () async -> Void {
        let store = owner.store
        return { [configuration, results] in
            guard let settings = configuration.snapshots else { return }
            let outcome: Result<SnapshotName, any Error>
            do {
                outcome = .success(try await SnapshotKeeper.take(of: store, settings: settings))
            } catch {
                outcome = .failure(error)
            }
            results.add(BesideResults.Snapshot(partition: store.partition, outcome: outcome))
        }
    }
}
