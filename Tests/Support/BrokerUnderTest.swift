package import Contracts
package import EventProcessing
package import Foundation
package import Kafka

/// A broker for one test: librdkafka's mock cluster with every topic of the catalogue, and the address file that
/// programs look for.
package final class BrokerUnderTest: Sendable {
    package let folder: TemporaryFolder
    private let cluster: KafkaMockCluster

    /// - Parameter missing: Topics that it does not have, until they are made.
    package init(without missing: [Topic] = []) async throws {
        folder = try TemporaryFolder()
        cluster = try await Self.begin(in: folder.url, first: true, without: missing)
    }

    /// Makes a topic, with as many partitions as the catalogue says or another number.
    package func make(_ topic: Topic, partitions: Int? = nil) async throws {
        try await cluster.createTopic(topic.name, partitions: partitions ?? topic.partitions)
    }

    private init(folder: TemporaryFolder, cluster: KafkaMockCluster) {
        self.folder = folder
        self.cluster = cluster
    }

    private static func begin(
        in folder: URL, first: Bool, without missing: [Topic] = []
    ) async throws -> KafkaMockCluster {
        let cluster = try KafkaMockCluster()
        for topic in TopicCatalogue.all where !missing.contains(topic) {
            try await cluster.createTopic(topic.name, partitions: topic.partitions)
        }
        let identity = LogIdentity(id: MessageID.random().description, first: first)
        let envelope = Envelope(identity, id: .random(), source: "/embedded-broker", time: .now)
        let settings = KafkaSettings(bootstrapServers: cluster.bootstrapServers, clientID: "identity", embedded: true)
        try await KafkaProducer.withProducer(settings) { producer in
            _ = try await producer.send([
                OutgoingRecord(
                    topic: TopicCatalogue.logIdentity.name, partition: 0, key: nil, value: try envelope.value())
            ])
        }
        let file = BrokerFile(
            bootstrapServers: cluster.bootstrapServers, logId: identity.id, isFirst: first,
            pid: Int(ProcessInfo.processInfo.processIdentifier))
        try ContractCoding.encode(file).write(
            to: folder.appendingPathComponent("broker.json"), options: .atomic)
        return cluster
    }

    /// Answers the next commits, of whatever group, with `REBALANCE_IN_PROGRESS`.
    package func refuseCommits(_ count: Int) async throws {
        let offsetCommit = 8
        try await cluster.pushRequestErrors(offsetCommit, Array(repeating: 27, count: count))
    }

    /// Delays every answer from now on.
    package func answer(after delay: Duration) async throws { try await cluster.setRoundTripTime(delay) }

    /// The broker loses everything and comes back at another address, with another log.
    package func restart() async throws -> BrokerUnderTest {
        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("broker.json"))
        await cluster.close()
        return BrokerUnderTest(folder: folder, cluster: try await Self.begin(in: folder.url, first: false))
    }

    package func close() async { await cluster.close() }

    package var settings: KafkaSettings {
        KafkaSettings(bootstrapServers: cluster.bootstrapServers, clientID: "test", embedded: true)
    }

    package var data: URL { folder.url }

    /// - Parameters:
    ///   - data: The data folder, where it is not the broker's: then as on another host.
    ///   - onCluster: Whether the broker is taken for a cluster, which is always at the same place.
    package func configuration(
        _ service: String, replica: String = "1", data: URL? = nil, snapshots: SnapshotSettings? = nil,
        onCluster: Bool = false
    ) -> RuntimeConfiguration {
        let clientID = "\(service)-\(replica)"
        return RuntimeConfiguration(
            service: service, dataFolder: data ?? folder.url,
            broker: onCluster
                ? .settings(elsewhere(clientID))
                : .file(folder.url.appendingPathComponent("broker.json"), clientID: clientID),
            replica: replica, keepsAppliedRecords: true, snapshots: snapshots)
    }

    /// The mock cluster taken for a real one; it knows no administration, so nobody asks it for its topics' settings.
    private func elsewhere(_ clientID: String) -> KafkaSettings {
        var settings = KafkaSettings(bootstrapServers: cluster.bootstrapServers, clientID: clientID)
        settings.checksTopics = false
        return settings
    }

    /// Appends a command to a topic as an outsider would: without a log header.
    package func send(_ payload: some Payload, to topic: Topic, key: String, id: MessageID = .random()) async throws {
        let envelope = Envelope(payload, id: id, source: "/portal/test", time: .now)
        let value = try envelope.value()
        try await KafkaProducer.withProducer(settings) { producer in
            _ = try await producer.send([
                OutgoingRecord(
                    topic: topic.name, partition: topic.partition(forKey: key), key: Data(key.utf8), value: value)
            ])
        }
    }

    /// Everything that stands on a topic now, in the order of each partition.
    package func records(of topic: Topic) async throws -> [KafkaRecord] {
        try await KafkaConsumer.withConsumer(settings, group: nil) { consumer in
            let partitions = (0..<topic.partitions).map { TopicPartition(topic: topic.name, partition: Int32($0)) }
            try await consumer.assign(partitions.map { PartitionPosition(partition: $0, offset: .beginning) })
            var unread = Set(partitions)
            var records: [KafkaRecord] = []
            while !unread.isEmpty {
                let batch = try await consumer.next(limit: 1_000, timeout: .seconds(1))
                records += batch.records
                unread.subtract(batch.endOfPartition)
            }
            return records
        }
    }
}
