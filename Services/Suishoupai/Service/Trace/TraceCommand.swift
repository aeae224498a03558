import ArgumentParser
import AsyncHTTPClient
import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging
import NIOCore
import NIOHTTP1

/// `suishoupai trace`: one timeline from the request through every topic to the last delivery.
struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Show what followed from a report or a command: one timeline through all topics.",
        discussion: """
            The topics are the trace: each record says what caused it, so nothing has to be sampled or kept elsewhere. A \
            line says when the log took a record in, how long after its cause, which program wrote it, and where it lies. \
            No content is shown.

            NAME is a case's number or id, a report's id, a message's id, or a trace's id (W3C Trace Context). With \
            --otlp the same is sent to a collector as spans.

            Exit status: 0 when something was found, 1 when nothing was or the collector refused, 2 when the command was \
            not understood.

            Examples:
              suishoupai trace MD-20261123-0007 --data ./data
              suishoupai trace 4bf92f3577b34da6a3ce929d0e0e4736 --data ./data --json
              suishoupai trace MD-20261123-0007 --data ./data --otlp http://localhost:4318
            """)

    @Argument(help: "What to follow.")
    var name: String

    @Option(help: "The data folder.")
    var data: String

    @Option(help: ArgumentHelp("A collector that takes OTLP over HTTP in JSON.", valueName: "url"))
    var otlp: String?

    @Flag(help: "Print a JSON array of records.")
    var json = false

    func validate() throws {
        guard !name.isEmpty else { throw ValidationError("Name what to follow.") }
        if let otlp {
            guard let url = URL(string: otlp), ["http", "https"].contains(url.scheme), url.host() != nil else {
                throw ValidationError("--otlp must be a URL such as http://localhost:4318, not '\(otlp)'.")
            }
        }
    }

    func run() async throws {
        // A broker that is away makes a client complain at length; the one sentence at the end is enough.
        let logger = Logger(label: "trace") { _ in SwiftLogNoOpLogHandler() }
        let session = try await DeploymentBroker.demand(try DataFolder.demand(data)).demandSession(logger: logger)
        let records = try await TraceSearch(session: session, logger: logger).records(about: name)
        guard !records.isEmpty else {
            FileHandle.standardError.write(
                Data("主题中没有 \(name) / no topic has a record about '\(name)'. Retention may have ended.\n".utf8))
            throw ExitCode(1)
        }
        let tree = TraceTree(records)
        if json {
            print(try ContractCoding.text(tree.lines.map(\.record)))
        } else {
            print(tree.text)
        }
        if let otlp { try await export(tree, to: otlp) }
    }

    private func export(_ tree: TraceTree, to collector: String) async throws {
        let base = collector.hasSuffix("/") ? String(collector.dropLast()) : collector
        var request = HTTPClientRequest(url: base + "/v1/traces")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(OTLPTraces(tree))))
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        let status: UInt
        do {
            status = try await http.execute(request, timeout: .seconds(10)).status.code
        } catch {
            try await http.shutdown()
            throw Trouble("The collector at \(base) does not answer: \(error)")
        }
        try await http.shutdown()
        guard (200..<300).contains(status) else {
            throw Trouble("The collector at \(base) answered \(status) to /v1/traces.")
        }
        FileHandle.standardError.write(Data("✓ \(tree.lines.count) spans sent to \(base)\n".utf8))
    }

    private struct Trouble: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }
}
