import Contracts
import Synchronization

/// Where what runs beside a processor's loop leaves its results for the next round.
final class BesideResults: Sendable {
    struct Delivery: Sendable {
        let partition: Int32
        let delivery: PlannedDelivery
        let result: DeliveryResult
        let duration: Duration
    }

    struct Snapshot: Sendable {
        let partition: Int32
        let outcome: Result<SnapshotName, any Error>
    }

    private let deliveries: Mutex<[Delivery]> = Mutex([])
    private let snapshots: Mutex<[Snapshot]> = Mutex([])

    func add(_ delivery: Delivery) { deliveries.withLock { $0.append(delivery) } }

    func add(_ snapshot: Snapshot) { snapshots.withLock { $0.append(snapshot) } }

    func takeDeliveries() -> [Delivery] {
        deliveries.withLock { entries in
            defer { entries = [] }
            return entries
        }
    }

    func takeSnapshots() -> [Snapshot] {
        snapshots.withLock { entries in
            defer { entries = [] }
            return entries
        }
    }
}
