import CoreMetrics
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing

@Test func `everything measured is written as Prometheus reads it`() {
    let registry = PrometheusRegistry(buckets: [0.1, 1])
    registry.describe("reports.accepted", "Reports that were\nstored \\ kept.")
    let accepted = Counter(
        label: "reports.accepted", dimensions: [("way", "a\"b\\c\nd"), ("place", "南昌")], factory: registry)
    accepted.increment(by: 3)
    Counter(label: "reports.accepted", dimensions: [("place", "南昌"), ("way", "a\"b\\c\nd")], factory: registry)
        .increment()
    FloatingPointCounter(label: "litres", factory: registry).increment(by: 0.5)
    Gauge(label: "outbox_pending", factory: registry).record(7)
    let meter = Meter(label: "9lives", factory: registry)
    meter.set(2.5)
    meter.decrement()
    let recorder = Recorder(label: "batch", factory: registry)
    recorder.record(2)
    recorder.record(4)
    let timer = Timer(label: "write", dimensions: [("db", "x")], factory: registry)
    for milliseconds in [50, 100, 500, 5_000] { timer.recordMilliseconds(milliseconds) }

    #expect(
        registry.text() == #"""
            # TYPE _9lives gauge
            _9lives 1.5
            # TYPE batch summary
            batch_sum 6
            batch_count 2
            # TYPE litres counter
            litres 0.5
            # TYPE outbox_pending gauge
            outbox_pending 7
            # HELP reports_accepted Reports that were\nstored \\ kept.
            # TYPE reports_accepted counter
            reports_accepted{place="南昌",way="a\"b\\c\nd"} 4
            # TYPE write_seconds histogram
            write_seconds_bucket{db="x",le="0.1"} 2
            write_seconds_bucket{db="x",le="1"} 3
            write_seconds_bucket{db="x",le="+Inf"} 4
            write_seconds_sum{db="x"} 5.65
            write_seconds_count{db="x"} 4

            """#)
}

@Test func `a name used for two kinds loses neither`() {
    let registry = PrometheusRegistry()
    Counter(label: "thing", factory: registry).increment()
    Gauge(label: "thing", factory: registry).record(9)
    #expect(registry.text() == "# TYPE thing counter\nthing 1\n# TYPE thing_gauge gauge\nthing_gauge 9\n")
}

@Test func `a label by mistake made of ids does not fill the memory`() {
    let registry = PrometheusRegistry()
    for id in 0..<(PrometheusRegistry.mostSeries + 50) {
        Counter(label: "c", dimensions: [("id", "\(id)")], factory: registry).increment()
    }
    let lines = registry.text().split(separator: "\n")
    #expect(lines.count == PrometheusRegistry.mostSeries + 2)
    #expect(lines.contains(#"c{id="other"} 50"#))
}

@Test func `a counter neither shrinks nor overflows, and a destroyed one is gone`() {
    let registry = PrometheusRegistry()
    let counter = Counter(label: "c", factory: registry)
    counter.increment(by: Int64.max)
    counter.increment(by: -5)
    #expect(registry.text().contains("c 9223372036854775807\n"))
    counter.reset()
    #expect(registry.text().contains("c 0\n"))
    counter.destroy()
    #expect(registry.text().isEmpty)
}

@Test func `counts are right when many count at once`() async {
    let registry = PrometheusRegistry()
    await withTaskGroup(of: Void.self) { group in
        for _ in 0..<8 {
            group.addTask {
                for _ in 0..<1_000 {
                    Counter(label: "c", factory: registry).increment()
                    Timer(label: "t", factory: registry).recordNanoseconds(1)
                }
            }
        }
    }
    #expect(registry.text().contains("\nc 8000\n"))
    #expect(registry.text().contains("t_seconds_count 8000\n"))
}

@Test func `requests are counted by route template, not by path`() async throws {
    let program = TestProgram()
    program.router.get("/reports/{id}") { _, _ in "x" }
    for id in 0..<3 { _ = try await program.ask(.get, "/reports/secret-\(id)") }
    _ = try await program.ask(.get, "/wp-admin.php")
    _ = try await program.ask(.delete, "/reports/1")
    _ = try await program.ask(HTTPRequest.Method("BREW") ?? .get, "/reports/1")

    let response = try await program.ask(.get, "/metrics")

    #expect(response.headers[.contentType]?.hasPrefix("text/plain; version=0.0.4") == true)
    let text = response.text
    #expect(text.contains(#"http_requests_total{method="GET",route="/reports/{id}",status="200"} 3"#))
    #expect(text.contains(#"http_requests_total{method="GET",route="NotFound",status="404"} 1"#))
    #expect(text.contains(#"http_requests_total{method="DELETE",route="/reports/{id}",status="405"} 1"#))
    #expect(text.contains(#"http_requests_total{method="other",route="NotFound",status="404"} 1"#))
    #expect(text.contains(#"http_request_duration_seconds_count{method="GET",route="/reports/{id}"} 3"#))
    #expect(!text.contains("secret"))
}

@Test func `one process has one registry`() {
    let registry = PrometheusRegistry.bootstrap()
    #expect(PrometheusRegistry.bootstrap() === registry)
    Counter(label: "from_the_system").increment()
    #expect(registry.text().contains("from_the_system 1\n"))
}
