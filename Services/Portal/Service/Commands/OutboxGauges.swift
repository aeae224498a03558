import Contracts
import EventProcessing
import Metrics
import ServiceLifecycle

/// Measures every few seconds how many commands wait, and since when.
///
/// They wait while the broker is away; that is no failure of this program, but somebody must see it.
struct OutboxGauges: Service {
    private let readModel: ReadModel
    private let pending: Gauge
    private let oldest: Gauge
    private let now: @Sendable () -> Timestamp

    init(readModel: ReadModel, metricsFactory: any MetricsFactory, now: @escaping @Sendable () -> Timestamp) {
        self.readModel = readModel
        self.now = now
        pending = Gauge(label: "outbox_pending", dimensions: [("processor", "portal")], factory: metricsFactory)
        oldest = Gauge(label: "outbox_oldest_seconds", dimensions: [("processor", "portal")], factory: metricsFactory)
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await measure()
                    try await Task.sleep(for: .seconds(5))
                } catch is CancellationError {
                    return
                }
            }
        }
    }

    func measure() async throws {
        let (waiting, since) = try await readModel.read { [readModel] db in
            (try readModel.outbox.unansweredCount(in: db), try readModel.outbox.oldestUnpublished(in: db))
        }
        pending.record(waiting)
        oldest.record(since.map { Double(now().milliseconds - $0.milliseconds) / 1_000 } ?? 0)
    }
}
