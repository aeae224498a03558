import Contracts
import CoreMetrics
import Metrics

/// What a loop of the runtime tells the process around it.
package struct RuntimeSignals: Sendable {
    /// The loop goes round: called at least every few seconds while all is well.
    package let beat: @Sendable () -> Void
    /// A condition that an operator must see, by name; nil when it is over.
    package let condition: @Sendable (_ name: String, _ detail: String?) -> Void
    /// How the partitions of this process stand; said about once a second.
    package let partitions: @Sendable ([PartitionReport]) -> Void

    package init(
        beat: @escaping @Sendable () -> Void = {},
        condition: @escaping @Sendable (String, String?) -> Void = { _, _ in },
        partitions: @escaping @Sendable ([PartitionReport]) -> Void = { _ in }
    ) {
        self.beat = beat
        self.condition = condition
        self.partitions = partitions
    }
}

/// The processor's instruments.
///
/// Labels come from closed sets.
struct ProcessorMetrics: Sendable {
    private let counters: [CommandOutcome: Counter]
    let pending: Gauge
    let oldest: Gauge
    let batch: Recorder
    let lag: Gauge
    let snapshots: Counter
    let snapshotFailures: Counter
    private let attempts: [DeliveryReported.Outcome: Counter]
    let inFlight: Gauge
    let oldestDelivery: Gauge
    private let owned: Gauge
    private let stopped: Gauge
    private let timersOverdue: Gauge
    private let snapshotAge: Gauge
    private let figures: [String: Gauge]

    init(_ measured: any Processor) {
        let processor = measured.name
        counters = [CommandOutcome.applied, .refused, .duplicate, .deadLetter].reduce(into: [:]) {
            $0[$1] = Counter(
                label: "events_handled_total", dimensions: [("processor", processor), ("outcome", $1.rawValue)])
        }
        pending = Gauge(label: "outbox_pending", dimensions: [("processor", processor)])
        oldest = Gauge(label: "outbox_oldest_seconds", dimensions: [("processor", processor)])
        batch = Recorder(label: "batch_records", dimensions: [("processor", processor)])
        lag = Gauge(label: "consumer_lag", dimensions: [("processor", processor)])
        snapshots = Counter(label: "snapshots_taken_total", dimensions: [("processor", processor)])
        snapshotFailures = Counter(label: "snapshots_failed_total", dimensions: [("processor", processor)])
        attempts = DeliveryReported.Outcome.allCases.reduce(into: [:]) {
            $0[$1] = Counter(
                label: "delivery_attempts_total", dimensions: [("processor", processor), ("outcome", $1.rawValue)])
        }
        inFlight = Gauge(label: "deliveries_in_flight", dimensions: [("processor", processor)])
        oldestDelivery = Gauge(label: "delivery_oldest_seconds", dimensions: [("processor", processor)])
        owned = Gauge(label: "partitions_owned", dimensions: [("processor", processor)])
        stopped = Gauge(label: "partitions_stopped", dimensions: [("processor", processor)])
        timersOverdue = Gauge(label: "timers_overdue", dimensions: [("processor", processor)])
        snapshotAge = Gauge(label: "snapshot_age_seconds", dimensions: [("processor", processor)])
        figures = measured.figures.reduce(into: [:]) {
            $0[$1.name] = Gauge(label: $1.name, dimensions: [("processor", processor)])
        }
    }

    /// How the partitions stand; of what another process owns now, nothing is left behind.
    func record(_ reports: [PartitionReport], timersOverdue: Int, snapshotAge: Duration) {
        pending.record(reports.reduce(0) { $0 + $1.pending })
        oldest.record(reports.map(\.pendingSeconds).max() ?? 0)
        lag.record(reports.reduce(0) { $0 + ($1.lag ?? 0) })
        let halted = reports.count { $0.state == .stopped || $0.state == .refused }
        owned.record(reports.count - halted)
        stopped.record(halted)
        self.timersOverdue.record(timersOverdue)
        self.snapshotAge.record(snapshotAge.components.seconds)
    }

    func record(figures values: [String: Int]) {
        for (name, gauge) in figures { gauge.record(values[name] ?? 0) }
    }

    func count(_ reports: [DeliveryReported]) {
        for report in reports { attempts[report.outcome]?.increment() }
    }

    func count(_ counts: [CommandOutcome: Int]) {
        for (outcome, count) in counts { counters[outcome]?.increment(by: count) }
    }
}
