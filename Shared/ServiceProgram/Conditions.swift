import CoreMetrics
import Metrics
import Synchronization

/// What is wrong at the moment, by name.
final class Conditions: Sendable {
    private let details: Mutex<[String: String]> = Mutex([:])
    private let count: Gauge

    init(metrics: any MetricsFactory) {
        count = Gauge(label: "conditions", dimensions: [], factory: metrics)
        count.record(0)
    }

    func set(_ name: String, _ detail: String?) {
        details.withLock { details in
            details[name] = detail
            count.record(details.count)
        }
    }

    /// The first of the conditions by name; nil when all is well.
    var worst: String? {
        details.withLock { details in
            details.min { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        }
    }
}
