import Contracts
import Metrics
import ReportIntakeDomain

/// The instruments of intake.
///
/// - `reports_accepted_total{kind,outcome}`: reports that were well formed, by what became of them.
/// - `platform_reports_total{platform,outcome}`: the same of platforms that have a key, and with `rejected` what was refused
///   for what it says, with `limited` what came faster than its keys grant and was turned away.
/// - `reports_rejected_total{door}`: requests, lines and records that were refused for what they say.
/// - `intake_batch_size`: reports in one transaction.
/// - `outbox_pending`, `outbox_unanswered`, `outbox_oldest_seconds`: rows that were never sent, rows that wait for
///   their answer, and the age of the oldest that was never sent.
struct IntakeMetrics: Sendable {
    /// What became of a report.
    enum Outcome: String, CaseIterable, Sendable {
        case accepted
        case repeated
        case conflict
    }

    /// Where a report came in.
    enum Door: String, CaseIterable, Sendable {
        case single
        case stream
        case open311
        case kafka
    }

    /// What tells its outbox from those of processors.
    private static let own = [("processor", "report-intake")]

    private struct Label: Hashable {
        let kind: ReportKind
        let outcome: Outcome
    }

    private let reports: [Label: Counter]
    private let factory: any MetricsFactory
    private let isPlatform: @Sendable (PersonID) -> Bool
    private let rejected: [Door: Counter]
    private let batch: Recorder
    private let pending: Gauge
    private let unanswered: Gauge
    private let oldest: Gauge

    /// - Parameter isPlatform: Whether a sender has a key, and so counters of its own: there are few of them.
    init(factory: any MetricsFactory, isPlatform: @escaping @Sendable (PersonID) -> Bool) {
        self.factory = factory
        self.isPlatform = isPlatform
        var reports: [Label: Counter] = [:]
        for kind in ReportKind.allCases {
            for outcome in Outcome.allCases {
                reports[Label(kind: kind, outcome: outcome)] = Counter(
                    label: "reports_accepted_total",
                    dimensions: [("kind", kind.rawValue), ("outcome", outcome.rawValue)], factory: factory)
            }
        }
        self.reports = reports
        rejected = Door.allCases.reduce(into: [:]) { counters, door in
            counters[door] = Counter(
                label: "reports_rejected_total", dimensions: [("door", door.rawValue)], factory: factory)
        }
        batch = Recorder(label: "intake_batch_size", dimensions: [], aggregate: true, factory: factory)
        pending = Gauge(label: "outbox_pending", dimensions: Self.own, factory: factory)
        unanswered = Gauge(label: "outbox_unanswered", dimensions: Self.own, factory: factory)
        oldest = Gauge(label: "outbox_oldest_seconds", dimensions: Self.own, factory: factory)
    }

    func count(_ entries: [ReportEntry], _ outcomes: [StoringOutcome]) {
        batch.record(entries.count)
        for (entry, outcome) in zip(entries, outcomes) {
            let label: Outcome =
                switch outcome {
                case .accepted: .accepted
                case .repeated: .repeated
                case .conflict: .conflict
                }
            reports[Label(kind: entry.submission.event.kind, outcome: label)]?.increment()
            countPlatform(entry.submission.senderId, label.rawValue)
        }
    }

    private func countPlatform(_ sender: PersonID, _ outcome: String) {
        guard isPlatform(sender) else { return }
        let dimensions = [("platform", sender.rawValue), ("outcome", outcome)]
        Counter(label: "platform_reports_total", dimensions: dimensions, factory: factory).increment()
    }

    /// - Parameter sender: nil where nobody knows who it was.
    func countRejected(_ door: Door, from sender: PersonID?) {
        rejected[door]?.increment()
        if let sender { countPlatform(sender, "rejected") }
    }

    /// Somebody sent more than they may.
    func countTurnedAway(_ sender: PersonID) { countPlatform(sender, "limited") }

    func measure(pending: Int, unanswered: Int, oldestSeconds: Double) {
        self.pending.record(pending)
        self.unanswered.record(unanswered)
        oldest.record(oldestSeconds)
    }
}
