import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import Logging
import ServiceKit

/// `replay`: whether each store is what its own log makes of it.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Apply the log once more and compare: tables and published bytes.",
        discussion: """
            On one machine a store keeps the records that it applied, and they are applied to an empty store. On a \
            cluster they are read from the command topic: from its beginning while that stands there, else from the \
            oldest snapshot that the log still reaches.

            Exits with 1 where a store differs from what its log makes of it, or nothing could be replayed.
            """)

    @Option(help: "The data folder (SUISHOUPAI_DATA).")
    var data: String

    @Option(help: "Where snapshots of stores lie: a folder or s3://bucket/prefix (SUISHOUPAI_SNAPSHOTS).")
    var snapshots: String?

    @Option(
        help: ArgumentHelp("Only this partition; may be given several times (default: all).", valueName: "n"))
    var partition: [Int] = []

    @Flag(help: "Print one JSON array instead of lines.")
    var json = false

    func run() async throws {
        guard let processor = ProcessorProgram.current?.processor else { return }
        let source = try source(of: processor)
        var reports: [ReplayReport] = []
        for number in 0..<processor.commandTopic.partitions where partition.isEmpty || partition.contains(number) {
            let url = PartitionStore.url(
                dataFolder: URL(filePath: data), processor: processor.name, partition: Int32(number))
            guard FileManager.default.fileExists(atPath: url.path) else { continue }
            let report = try await ReplayCheck.run(
                processor, partition: Int32(number), store: url, source: source)
            reports.append(report)
            if !json { print(Self.line(for: report, of: processor.name)) }
        }
        if json { print(String(decoding: try JSONEncoder().encode(reports), as: UTF8.self)) }
        guard reports.allSatisfy(\.isEqual) else { throw ExitCode(1) }
    }

    /// The log and the snapshots as `serve` would find them; nil with the embedded broker, where stores keep what they
    /// applied.
    private func source(of processor: any Processor) throws -> ReplaySource? {
        let environment = ProcessInfo.processInfo.environment
        guard !(environment["KAFKA_BOOTSTRAP_SERVERS"] ?? "").isEmpty else { return nil }
        let configuration = try ServiceConfiguration(
            config: Settings.reader(options: ["data": data, "snapshots": snapshots]), defaultPort: 0)
        let runtime = try ProgramSetup.runtime(
            service: processor.name, configuration: configuration, environment: environment)
        return ReplaySource(runtime, logger: Logger(label: processor.name))
    }

    static func line(for report: ReplayReport, of name: String) -> String {
        let start = report.start == 0 ? "" : " from \(report.start) applied on"
        return
            "\(name)/\(report.partition): \(report.records) records\(start), \(report.outputs) outputs: \(report.verdict)"
    }
}
