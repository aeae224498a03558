import Contracts
import EventProcessing
import Foundation
import Kafka
import Subprocess
import SystemPackage

/// Has each processor's own program replay its stores: only it knows its rules.
struct StoreReplays {
    private let hosts: [DataFolder]
    private let cluster: KafkaSettings?
    private let environment: [String: String]

    init(_ folder: DataFolder) throws {
        hosts = try [folder] + folder.hosts()
        let broker = try DeploymentBroker.find(folder)
        cluster = broker?.cluster
        environment = try Self.environment(broker, folder)
    }

    /// What a program needs to find the log of a cluster and the snapshots; how to get in it knows as this one does.
    private static func environment(_ broker: DeploymentBroker?, _ folder: DataFolder) throws -> [String: String] {
        guard let broker, let cluster = broker.cluster else { return [:] }
        var environment = [
            "KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrapServers, "KAFKA_TOPIC_PREFIX": broker.topicPrefix,
        ]
        if let snapshots = try folder.running()?.snapshots { environment["SUISHOUPAI_SNAPSHOTS"] = snapshots }
        return environment
    }

    func check(_ processor: String) async throws -> AuditFinding {
        var reports: [ReplayReport] = []
        var failures: [String] = []
        for host in hosts {
            let partitions = try cluster == nil ? [] : best(of: processor, on: host)
            // On a cluster only the copy that counts is replayed: the log need not reach as far back as older ones.
            guard cluster == nil || !partitions.isEmpty else { continue }
            switch try await replay(processor, host, partitions) {
            case .success(let found): reports += found
            case .failure(let failure): failures.append("\(processor) replay failed: \(failure.output)")
            }
        }
        return AuditFinding(
            "\(processor) is what its log makes of it", checked: reports.reduce(0) { $0 + $1.records },
            broken: reports.filter { !$0.isEqual }.map { "\(processor)/\($0.partition): \($0.verdict)" } + failures,
            notes: reports.filter { $0.start > 0 }.map {
                "\(processor)/\($0.partition): from \($0.start) of \($0.applied) applied records on"
            })
    }

    /// The partitions of which this host has the copy with most applied.
    private func best(of processor: String, on host: DataFolder) throws -> [Int] {
        let topic = TopicCatalogue.all.first { $0.kind == .commands && $0.writers.contains(processor) }
        return try (0..<(topic?.partitions ?? 0)).filter { partition in
            let applied = try hosts.map { try Self.applied(processor, partition, on: $0) }
            guard let most = applied.max(), most >= 0, let winner = applied.firstIndex(of: most) else { return false }
            return hosts[winner].path == host.path
        }
    }

    private static func applied(_ processor: String, _ partition: Int, on host: DataFolder) throws -> Int64 {
        let url = PartitionStore.url(dataFolder: host.url, processor: processor, partition: Int32(partition))
        return try StoreCopy.position(of: url)?.applied ?? -1
    }

    private struct ReplayFailure: Error {
        let output: String
    }

    private func replay(
        _ processor: String, _ host: DataFolder, _ partitions: [Int]
    ) async throws -> Result<[ReplayReport], ReplayFailure> {
        let program = Programs.folder.appending(path: processor)
        let result = try await Subprocess.run(
            .path(FilePath(program.path(percentEncoded: false))),
            arguments: Arguments(
                ["replay", "--data", host.path, "--json"] + partitions.flatMap { ["--partition", String($0)] }),
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard let reports = try readReports(result.standardOutput) else {
            return .failure(ReplayFailure(output: result.standardError))
        }
        return .success(reports)
    }

    private func readReports(_ text: String) throws -> [ReplayReport]? {
        guard text.hasPrefix("[") else { return nil }
        return try ContractCoding.decode([ReplayReport].self, from: Data(text.utf8))
    }
}
