import CoreMetrics
import Synchronization

/// One line, or one histogram, of a family.
protocol PrometheusSeries: AnyObject, Sendable {
    var name: String { get }
    var labels: Labels { get }
    func lines(_ name: String, _ labels: Labels) -> [String]
}

/// A number that only grows, until the program starts anew.
///
/// Serves whole and fractional amounts.
final class CounterSeries: PrometheusSeries, CounterHandler, FloatingPointCounterHandler {
    private struct Total {
        var whole: Int64 = 0
        var fraction: Double = 0
    }

    let name: String
    let labels: Labels
    private let total = Mutex(Total())

    init(name: String, labels: Labels) {
        self.name = name
        self.labels = labels
    }

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        total.withLock { $0.whole = $0.whole.addingReportingOverflow(amount).partialValue }
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        total.withLock { $0.fraction += amount }
    }

    func reset() {
        total.withLock { $0 = Total() }
    }

    func lines(_ name: String, _ labels: Labels) -> [String] {
        let total = total.withLock { $0 }
        let value = total.fraction == 0 ? String(total.whole) : Labels.numeral(Double(total.whole) + total.fraction)
        return ["\(name)\(labels.text()) \(value)"]
    }
}

/// A number that goes up and down.
final class GaugeSeries: PrometheusSeries, MeterHandler, RecorderHandler {
    let name: String
    let labels: Labels
    private let value = Mutex<Double>(0)

    init(name: String, labels: Labels) {
        self.name = name
        self.labels = labels
    }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    func lines(_ name: String, _ labels: Labels) -> [String] {
        ["\(name)\(labels.text()) \(Labels.numeral(value.withLock { $0 }))"]
    }
}

/// How many values there were and what they add up to.
final class SummarySeries: PrometheusSeries, RecorderHandler {
    let name: String
    let labels: Labels
    private let totals = Mutex<(count: Int64, sum: Double)>((0, 0))

    init(name: String, labels: Labels) {
        self.name = name
        self.labels = labels
    }

    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { totals.withLock { $0 = ($0.count + 1, $0.sum + value) } }

    func lines(_ name: String, _ labels: Labels) -> [String] {
        let (count, sum) = totals.withLock { $0 }
        return ["\(name)_sum\(labels.text()) \(Labels.numeral(sum))", "\(name)_count\(labels.text()) \(count)"]
    }
}

/// How many durations lay below each bound, in seconds.
final class HistogramSeries: PrometheusSeries, TimerHandler {
    private struct Counts {
        /// Not cumulative; the last is beyond every bound.
        var perBucket: [Int64]
        var sum: Double = 0
    }

    let name: String
    let labels: Labels
    private let bounds: [Double]
    private let counts: Mutex<Counts>

    init(name: String, labels: Labels, bounds: [Double]) {
        self.name = name
        self.labels = labels
        self.bounds = bounds
        counts = Mutex(Counts(perBucket: Array(repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) / 1e9
        let bucket = bounds.firstIndex { seconds <= $0 } ?? bounds.count
        counts.withLock { counts in
            counts.perBucket[bucket] += 1
            counts.sum += seconds
        }
    }

    func lines(_ name: String, _ labels: Labels) -> [String] {
        let counts = counts.withLock { $0 }
        var lines: [String] = []
        var below: Int64 = 0
        for (bound, count) in zip(bounds.map(Labels.numeral) + ["+Inf"], counts.perBucket) {
            below += count
            lines.append("\(name)_bucket\(labels.text(and: ("le", bound))) \(below)")
        }
        return lines + [
            "\(name)_sum\(labels.text()) \(Labels.numeral(counts.sum))", "\(name)_count\(labels.text()) \(below)",
        ]
    }
}
