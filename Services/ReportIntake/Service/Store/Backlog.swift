import Contracts
import EventProcessing
import GRDB
import Logging
import ServiceLifecycle
import Synchronization

/// Watches how many reports wait for their answer, and refuses new ones when there are too many.
///
/// While the broker is away intake goes on accepting, but not until the disk is full.
final class Backlog: Service {
    private let store: IntakeStore
    private let limit: Int
    private let metrics: IntakeMetrics
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    private let unanswered: Mutex<Int>

    /// Counts what the store holds.
    init(
        store: IntakeStore, limit: Int, metrics: IntakeMetrics, now: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) throws {
        self.store = store
        self.limit = limit
        self.metrics = metrics
        self.now = now
        self.logger = logger
        unanswered = Mutex(try store.pool.read { [outbox = store.outbox] db in try outbox.unansweredCount(in: db) })
    }

    /// Whether there is room for another report.
    var isBearable: Bool { unanswered.withLock { $0 < limit } }

    /// Throws where there is no room for another report.
    func check() throws(NotStored) {
        guard isBearable else { throw .backlog }
    }

    /// Counts what was stored since the store was last asked.
    func note(_ outcomes: [StoringOutcome]) {
        let count = outcomes.count { outcome in
            guard case .accepted = outcome else { return false }
            return true
        }
        if count > 0 { unanswered.withLock { $0 += count } }
    }

    /// The same for an amendment, which waits for its answer, too.
    func noteAmendment() { unanswered.withLock { $0 += 1 } }

    /// Asks the store once a second, for the limit and for those who look after the system.
    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await self.measure()
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }

    private func measure() async throws {
        let (unanswered, waiting, oldest) = try await store.pool.read { [outbox = store.outbox] db in
            (
                try outbox.unansweredCount(in: db), try outbox.waitingCount(in: db),
                try outbox.oldestUnpublished(in: db)
            )
        }
        self.unanswered.withLock { $0 = unanswered }
        let age = oldest.map { now().milliseconds - $0.milliseconds } ?? 0
        metrics.measure(pending: waiting, unanswered: unanswered, oldestSeconds: Double(max(0, age)) / 1_000)
    }
}
