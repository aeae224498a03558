import ArgumentParser
import AsyncHTTPClient
import Contracts
import EventProcessing
import Foundation
import NIOCore
import NIOHTTP1

/// `suishoupai status`: who runs, and who is ready.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show which services run, where, and whether they are ready.",
        discussion: """
            Exit status: 0 when all that should run is ready, 1 when something is not, 2 when nothing was ever started \
            on the data folder.

            Examples:
              suishoupai status --data ./data
              suishoupai status --data ./data --json
            """)

    @Option(help: "The data folder.")
    var data: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let folder = DataFolder(data)
        guard let contents = try RunFile.read(folder.runFile) else {
            throw ValidationError(
                "There is no run.json in '\(folder.path)'. Start it with 'suishoupai up --data \(data)'.")
        }
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        let lines = await Self.lines(contents, http: http)
        try await http.shutdown()
        let report = StatusReport(bootstrapServers: contents.bootstrapServers, services: lines)
        print(json ? try ContractCoding.text(report) : report.text)
        guard report.isReady else { throw ExitCode(1) }
    }

    private static func lines(_ contents: RunFile.Contents, http: HTTPClient) async -> [StatusReport.Line] {
        var lines: [StatusReport.Line] = []
        let running = contents.services.merging(contents.replicas) { first, _ in first }
        for (name, entry) in running.sorted(by: { $0.key < $1.key }) {
            guard kill(entry.pid, 0) == 0 || errno == EPERM else {
                lines.append(.init(name: name, url: entry.url, pid: nil, isReady: false, detail: "does not run"))
                continue
            }
            guard let url = entry.url else {
                // The broker serves no HTTP: that it runs is all there is to know here.
                let isBroker = name == "embedded-broker"
                lines.append(
                    .init(
                        name: name, url: nil, pid: entry.pid, isReady: isBroker,
                        detail: isBroker ? nil : "is starting"))
                continue
            }
            let trouble = await trouble(at: url, http: http)
            lines.append(
                .init(
                    name: name, url: url, pid: entry.pid, isReady: trouble == nil, detail: trouble,
                    partitions: await partitions(at: url, http: http)))
        }
        for name in UpCommand.services where running[name] == nil {
            lines.append(.init(name: name, url: nil, pid: nil, isReady: false, detail: "does not run"))
        }
        return lines
    }

    /// The partitions that a process owns; none for one that owns no stores, or that does not answer.
    private static func partitions(at url: String, http: HTTPClient) async -> [PartitionReport] {
        do {
            let answer = try await http.execute(HTTPClientRequest(url: "\(url)/partitions"), timeout: .seconds(5))
            guard answer.status == .ok else { return [] }
            let body = try await answer.body.collect(upTo: 256 * 1_024)
            return try ContractCoding.decode([PartitionReport].self, from: Data(body.readableBytesView))
        } catch {
            return []
        }
    }

    /// What keeps a service from being ready; nil where nothing does.
    private static func trouble(at url: String, http: HTTPClient) async -> String? {
        struct Health: Decodable {
            struct Check: Decodable {
                let name: String
                let status: String
                let detail: String?
            }

            let checks: [Check]
        }
        do {
            let answer = try await http.execute(HTTPClientRequest(url: "\(url)/health/ready"), timeout: .seconds(5))
            guard answer.status != .ok else { return nil }
            let body = try await answer.body.collect(upTo: 64 * 1_024)
            let failing = try ContractCoding.decode(Health.self, from: Data(body.readableBytesView)).checks
                .filter { $0.status != "ok" }
            return failing.map { [$0.name, $0.detail].compactMap(\.self).joined(separator: ": ") }
                .joined(separator: "; ")
        } catch {
            return "does not answer"
        }
    }
}

/// What runs of a deployment, as programs read it.
struct StatusReport: Codable, Equatable, Sendable {
    struct Line: Codable, Equatable, Sendable {
        let name: String
        let url: String?
        /// Absent where the process is gone.
        let pid: Int32?
        let isReady: Bool
        let detail: String?
        /// What it owns, for a processor.
        var partitions: [PartitionReport] = []
    }

    let bootstrapServers: String?
    let services: [Line]

    var isReady: Bool { services.allSatisfy(\.isReady) }

    private static func text(_ partition: PartitionReport) -> String {
        let snapshot = partition.snapshot.map { "snapshot at \($0.applied), \($0.takenAt)" } ?? "no snapshot yet"
        let waits =
            partition.pending == 0
            ? "all published" : "\(partition.pending) rows wait, the oldest \(Int(partition.pendingSeconds)) s"
        let parts = [
            "partition \(partition.partition)", partition.state.rawValue, "offset \(partition.offset)",
            partition.lag.map { "lag \($0)" }, "applied \(partition.applied)",
            partition.clock.map { "clock \($0)" }, waits, snapshot, partition.detail,
        ]
        return "    " + parts.compactMap(\.self).joined(separator: "  ")
    }

    var text: String {
        let width = services.map(\.name.count).max() ?? 0
        return services.map { line in
            let name = line.name + String(repeating: " ", count: width - line.name.count)
            let parts = [line.url, line.pid.map { "pid \($0)" }, line.detail].compactMap(\.self)
            let head = "\(line.isReady ? "✓" : "✗") \(name)  \(parts.joined(separator: "  "))"
            return ([head] + line.partitions.map(Self.text)).joined(separator: "\n")
        }.joined(separator: "\n") + "\n  broker at \(bootstrapServers ?? "(none)")"
    }
}
