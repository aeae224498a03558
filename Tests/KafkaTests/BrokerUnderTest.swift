import Foundation
import Kafka
import TestSupport
import Testing

/// The brokers on which the conformance suite runs: always the mock, and a real one when the environment names it.
enum BrokerKind: String, CaseIterable, CustomTestStringConvertible {
    case mock
    case real

    static var available: [BrokerKind] {
        ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"] == nil ? [.mock] : [.mock, .real]
    }

    var testDescription: String { rawValue }
}

/// A broker with one fresh topic, lent to a test.
struct BrokerUnderTest: Sendable {
    let settings: KafkaSettings
    let topic: String
    /// The cluster to do harm to; nil for a real broker.
    let cluster: KafkaMockCluster?

    func partition(_ number: Int32) -> TopicPartition { TopicPartition(topic: topic, partition: number) }

    static func with(
        _ kind: BrokerKind = .mock, partitions: Int = 1, _ body: (BrokerUnderTest) async throws -> Void
    ) async throws {
        let topic = "kafka-tests-\(UUID().uuidString.lowercased())"
        switch kind {
        case .mock:
            let cluster = try KafkaMockCluster()
            try await cluster.createTopic(topic, partitions: partitions)
            try await body(
                BrokerUnderTest(settings: .mock(cluster.bootstrapServers), topic: topic, cluster: cluster))
        // Not waited for: dropping the cluster closes it, which may take the mock a second.
        case .real:
            let settings = try KafkaSettings.fromEnvironment(
                ProcessInfo.processInfo.environment, clientID: "kafka-tests")
            let made = try await KafkaAdmin.withAdmin(settings) { admin in
                try await admin.create([TopicSpecification(name: topic, partitions: partitions)])
            }
            try #require(made == [topic: .created])
            try await body(BrokerUnderTest(settings: settings, topic: topic, cluster: nil))
        }
    }
}

extension KafkaSettings {
    /// For a mock cluster, with a session as short as it bears and little patience at closing.
    static func mock(_ servers: String) -> KafkaSettings {
        KafkaSettings(
            bootstrapServers: servers, clientID: "kafka-tests", embedded: true, closeTimeout: .seconds(4),
            overrides: ["session.timeout.ms": "3500", "heartbeat.interval.ms": "300"])
    }
}

extension OutgoingRecord {
    /// A record whose value is a text.
    static func text(_ text: String, to partition: TopicPartition) -> OutgoingRecord {
        OutgoingRecord(
            topic: partition.topic, partition: partition.partition, key: nil, value: Data(text.utf8))
    }
}

extension KafkaRecord {
    var text: String { value.map { String(decoding: $0, as: UTF8.self) } ?? "" }
}

/// Polls until enough records came, letting rebalances be answered by reading on from the beginning.
func read(
    _ count: Int, from consumer: KafkaConsumer, within patience: Duration = .seconds(20)
) async throws -> [KafkaRecord] {
    var records: [KafkaRecord] = []
    try await eventually("\(count) records came", within: patience) {
        guard records.count < count else { return true }
        records += try await consumer.next(limit: 1000, timeout: .seconds(1)).records
        return records.count >= count
    }
    return records
}

/// Polls until a batch satisfies the condition, and gives that batch.
func poll(
    _ consumer: KafkaConsumer, within patience: Duration = .seconds(20), until wanted: (ConsumerBatch) -> Bool
) async throws -> ConsumerBatch {
    try await eventually("the batch that is waited for came", within: patience) {
        let batch = try await consumer.next(limit: 1000, timeout: .seconds(1))
        return wanted(batch) ? batch : nil
    }
}
