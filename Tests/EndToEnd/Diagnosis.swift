import AsyncHTTPClient
import Contracts
import Foundation
import GRDB
import Kafka
import NIOCore
import TestSupport

/// How a deployment stands, for whoever reads of a test that failed: its folder is gone by then.
struct Diagnosis {
    private var lines: [String] = []
    private let deployment: Deployment

    static func of(_ deployment: Deployment) async -> String {
        var diagnosis = Diagnosis(deployment)
        await diagnosis.attempt("services") { try await $0.askServices() }
        await diagnosis.attempt("road") { try $0.readRoad() }
        await diagnosis.attempt("topics") { try await $0.askGroups() }
        await diagnosis.attempt("logs") { try $0.readLogs() }
        return diagnosis.lines.joined(separator: "\n")
    }

    private init(_ deployment: Deployment) { self.deployment = deployment }

    private mutating func attempt(_ what: String, _ body: (inout Diagnosis) async throws -> Void) async {
        lines.append("== \(what)")
        do { try await body(&self) } catch { lines.append("\(error)") }
    }

    /// Health, and what waits where.
    private mutating func askServices() async throws {
        for (name, entry) in try deployment.readReplicas().sorted(by: { $0.key < $1.key }) {
            guard let url = entry.url else { continue }
            for path in ["/health/ready", "/metrics"] {
                let answer = try await deployment.http.execute(HTTPClientRequest(url: url + path), timeout: .seconds(5))
                let text = String(buffer: try await answer.body.collect(upTo: 1 << 20))
                let isHealth = path != "/metrics"
                lines += text.split(separator: "\n").filter {
                    isHealth || $0.hasPrefix("outbox_") || $0.hasPrefix("consumer_lag") || $0.hasPrefix("reader_")
                }.map { "\(name): \($0)" }
            }
        }
    }

    /// What intake's outbox holds, and what it believes to be on the road.
    private mutating func readRoad() throws {
        let files = FileManager.default.enumerator(at: URL(filePath: deployment.data), includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "sqlite", file.deletingLastPathComponent().lastPathComponent == "report-intake"
            else { continue }
            var configuration = Configuration()
            configuration.readonly = true
            let rows = try DatabaseQueue(path: file.path(percentEncoded: false), configuration: configuration).read {
                try Row.fetchAll($0, sql: "SELECT * FROM edgeRoad ORDER BY topic, key")
                    + Row.fetchAll(
                        $0,
                        sql: """
                            SELECT topic, key, state, COUNT(*) AS rows, MIN(sends), MAX(sends), MIN(dueAt) FROM edgeOutbox
                            GROUP BY topic, key, state
                            """)
            }
            lines += rows.map(\.description)
        }
    }

    /// How far each topic goes, and how far routing and its translator are known to be.
    private mutating func askGroups() async throws {
        var settings = KafkaSettings(bootstrapServers: try deployment.bootstrapServers(), clientID: "diagnosis")
        settings.embedded = true
        for (topic, group) in [
            (TopicCatalogue.reports, "case-routing-translator"), (TopicCatalogue.caseCommands, "case-routing"),
        ] {
            let told = try await KafkaConsumer.withConsumer(settings, group: group) { consumer in
                let partitions = (0..<topic.partitions).map { TopicPartition(topic: topic.name, partition: Int32($0)) }
                let known = try await consumer.committed(partitions)
                var told: [String] = []
                for partition in partitions {
                    let marks = try await consumer.watermarks(partition)
                    told.append("\(partition) \(marks), \(group) at \(known[partition]?.offset ?? -1)")
                }
                return told
            }
            lines += told
        }
    }

    /// What the programs said last, beside answered requests.
    private mutating func readLogs() throws {
        let files = FileManager.default.enumerator(at: URL(filePath: deployment.data), includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "log" else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            lines += text.split(separator: "\n").filter { !$0.contains("Request answered") }.suffix(12)
                .map { "\(file.lastPathComponent): \($0)" }
        }
        let supervisor = deployment.folder.url.appending(path: "up.log")
        let said = try String(contentsOf: supervisor, encoding: .utf8)
        lines += said.split(separator: "\n").filter { $0.contains("ended") || $0.contains("killed") }.map(String.init)
    }
}
