import Contracts
import Foundation
import TestSupport
import Testing

/// A running city as those see it who watch it: its metrics, its logs, and the modes of its files.
@Suite(.serialized, .timeLimit(.minutes(5))) struct WatchingTests {
    private static let root = Deployment.root
    /// Said only once a platform has a key.
    private static let rare: Set<String> = ["platform_reports_total"]

    @Test func `what programs tell is listed, and nothing they say or write names a person`() async throws {
        let list = try MetricsList(
            String(contentsOf: Self.root.appending(path: "docs/metrics.md"), encoding: .utf8))
        #expect(list.entries.count > 25)
        // A wrong label, a path with an id, another kind: the list would find them.
        #expect(
            list.complaints(
                about: """
                    # TYPE cases_open counter
                    cases_open{person="rider-1"} 1
                    # TYPE http_requests_total counter
                    http_requests_total{method="GET",route="/v1/cases/01HZX5",status="200"} 1
                    nothing{} 1
                    """
            ).count == 4)
        let deployment = try Deployment(environment: ["LOG_LEVEL": "trace"])
        try await deployment.running { deployment in
            try await Self.live(deployment)
            var said: Set<String> = []
            for name in try deployment.readRunFile().keys.sorted() where name != "embedded-broker" {
                let text = try await deployment.get(name, "/metrics").text
                #expect(list.complaints(about: text) == [], "\(name)")
                said.formUnion(text.matches(of: /# TYPE (\S+)/).map { String($0.output.1) })
            }
            #expect(Set(list.entries.keys).subtracting(said) == Self.rare)
            try await Self.prometheus(deployment)
            try Self.searchLogs(of: deployment)
            try Self.checkModes(of: deployment)
        }
    }

    private static let planted = ["王小明", "13912345678", "115.89217", "28.68553"]

    /// A report that is dispatched, with a name, a phone and a place in it, and requests that go wrong.
    private static func live(_ deployment: Deployment) async throws {
        let place = #"{"latitude": 28.68553, "longitude": 115.89217}"#
        let rider = try await deployment.token("rider", "rider-1")
        let report =
            #"{"description": "王小明 13912345678 的车挡住了门", "category": "E0102", "kind": "snapshot", "location": \#(place)}"#
        let bodies = [report, report.replacing("}", with: ""), report.replacing("E0102", with: "王小明")]
        for (number, body) in bodies.enumerated() {
            _ = try await deployment.post(
                "report-intake", "/v1/reports", token: rider, json: body,
                headers: ["Idempotency-Key": "planted-\(number)"])
        }
        _ = try await deployment.get("portal", "/v1/cases/13912345678", token: rider)
        _ = try await deployment.get("portal", "/13912345678?name=%E7%8E%8B%E5%B0%8F%E6%98%8E", token: rider)
        let view = try await deployment.caseOfReport(
            by: "rider-2", "E0102", saying: "王小明 13912345678 说这里很乱", key: "watched")
        #expect(view.ownerUnitId != nil)
    }

    /// A real Prometheus reads all programs, and its rules make sense of what they say.
    private static func prometheus(_ deployment: Deployment) async throws {
        guard Prometheus.isInstalled else {
            print("Prometheus is not installed: no real one was asked (apt-get install prometheus)")
            return
        }
        let rules = root.appending(path: "deploy/monitoring/rules")
        try await Prometheus.running(on: deployment.data, rules: rules) { prometheus in
            try await eventually("Prometheus hears all five programs") { try await prometheus.number("sum(up)") == 5 }
            let jobs = Set(try await prometheus.ask("up").compactMap { $0.metric["job"] })
            #expect(jobs == ["case-routing", "points", "notifications", "report-intake", "portal"])
            // Figures are asked of the stores every 15 seconds.
            try await eventually("open cases are seen") {
                (try await prometheus.number("city:cases_open:sum") ?? 0) >= 1
            }
            try await eventually("all partitions have owners") {
                try await prometheus.number("sum(processor:partitions_owned:sum)") == 12
            }
            let handled = try await prometheus.number(
                #"sum(events_handled_total{processor="case-routing",outcome="applied"})"#)
            #expect((handled ?? 0) >= 1)
            let health = try await prometheus.text("/api/v1/rules")
            try await eventually("every rule was evaluated") {
                !(try await prometheus.text("/api/v1/rules")).contains(#""health":"unknown""#)
            }
            #expect(!health.contains(#""health":"err""#))
            let alerts = try await prometheus.text("/api/v1/alerts")
            #expect(!alerts.contains(#""state":"firing""#), "\(alerts)")
        }
    }

    private static func searchLogs(of deployment: Deployment) throws {
        let folder = URL(filePath: deployment.data).appending(path: "logs")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        #expect(names.count >= 6)
        for name in names {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            for word in planted { #expect(!text.contains(word), "\(word) stands in \(name)") }
        }
        let requests = try String(contentsOf: folder.appending(path: "portal-1.log"), encoding: .utf8)
        #expect(requests.contains("/v1/cases"), "the log was searched before it was written")
    }

    /// The data folder is for its owner alone: no file in it is open to the group or to others.
    private static func checkModes(of deployment: Deployment) throws {
        let files = try #require(FileManager.default.enumerator(atPath: deployment.data))
        var seen = 0
        for case let path as String in files {
            let file = "\(deployment.data)/\(path)"
            // What was there a moment ago may be gone, as journals of SQLite are.
            guard FileManager.default.fileExists(atPath: file) else { continue }
            let attributes: [FileAttributeKey: Any]
            do {
                attributes = try FileManager.default.attributesOfItem(atPath: file)
            } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
                continue
            }
            let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
            #expect(mode & 0o077 == 0, "\(path) has the mode \(String(mode, radix: 8))")
            seen += 1
        }
        #expect(seen > 30)
    }
}
