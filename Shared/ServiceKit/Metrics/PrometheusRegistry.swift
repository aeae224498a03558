package import CoreMetrics
import Synchronization

/// Keeps what the program measures and writes it down for Prometheus.
///
/// A family is all series of one name; its kind is that of the first instrument made, and an instrument of another
/// kind under the same name gets a name of its own (`_counter`, `_gauge`, …), so that nothing measured is lost. A
/// family holds at most ``mostSeries``: what comes after is counted together with every label `other`, since an id
/// used as a label by mistake must not fill the memory.
package final class PrometheusRegistry: Sendable {
    package static let mostSeries = 1_000

    enum Kind: String {
        case counter
        case gauge
        case histogram
        case summary
    }

    struct Family {
        let kind: Kind
        var series: [Labels: any PrometheusSeries] = [:]
    }

    private let families = Mutex<[String: Family]>([:])
    private let helps = Mutex<[String: String]>([:])
    let buckets: [Double]

    /// - Parameter buckets: the upper bounds of every timer's histogram, in seconds, rising.
    package init(
        buckets: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    ) {
        self.buckets = buckets.sorted()
    }

    /// Says what a family means, for the `HELP` line.
    package func describe(_ name: String, _ help: String) {
        helps.withLock { $0[Labels.name(name)] = help }
    }

    /// Everything measured so far in the text format 0.0.4, sorted, so that equal states are equal texts.
    package func text() -> String {
        let families = families.withLock { $0 }
        let helps = helps.withLock { $0 }
        var lines: [String] = []
        for (name, family) in families.sorted(by: { $0.key < $1.key }) where !family.series.isEmpty {
            if let help = helps[name] { lines.append("# HELP \(name) \(Labels.escapedHelp(help))") }
            lines.append("# TYPE \(name) \(family.kind.rawValue)")
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                lines += series.lines(name, labels)
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    func series<Series: PrometheusSeries>(
        _ name: String, _ kind: Kind, _ dimensions: [(String, String)], make: (String, Labels) -> Series
    ) -> Series {
        families.withLock { families in
            var name = Labels.name(name)
            while let family = families[name], family.kind != kind { name += "_\(kind.rawValue)" }
            var labels = Labels(dimensions)
            var family = families[name] ?? Family(kind: kind)
            if family.series[labels] == nil, family.series.count >= Self.mostSeries { labels = labels.merged }
            if let known = family.series[labels] as? Series { return known }
            let series = make(name, labels)
            family.series[labels] = series
            families[name] = family
            return series
        }
    }

    func forget(_ handler: AnyObject) {
        guard let series = handler as? any PrometheusSeries else { return }
        _ = families.withLock { $0[series.name]?.series.removeValue(forKey: series.labels) }
    }
}

extension PrometheusRegistry: MetricsFactory {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, .counter, dimensions) { CounterSeries(name: $0, labels: $1) }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, .counter, dimensions) { CounterSeries(name: $0, labels: $1) }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, .gauge, dimensions) { GaugeSeries(name: $0, labels: $1) }
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return series(label, .gauge, dimensions) { GaugeSeries(name: $0, labels: $1) } }
        return series(label, .summary, dimensions) { SummarySeries(name: $0, labels: $1) }
    }

    /// A timer is a histogram in seconds; its name ends in `_seconds`, as Prometheus wants it.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let name = label.hasSuffix("seconds") ? label : "\(label)_seconds"
        return series(name, .histogram, dimensions) { HistogramSeries(name: $0, labels: $1, bounds: buckets) }
    }

    package func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { forget(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { forget(handler) }
}
