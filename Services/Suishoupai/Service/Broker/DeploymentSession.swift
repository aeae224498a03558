import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging

/// A deployment's broker as it is now: the log that it keeps, and what the topics are called there.
struct DeploymentSession: Sendable, Equatable {
    let session: BrokerSession
    let topicPrefix: String

    var settings: KafkaSettings { session.settings }
    var log: String { session.log }

    /// The topic's name on the broker.
    func name(of topic: Topic) -> String { topicPrefix + topic.name }

    /// A record as an operator's command writes it.
    func record(_ value: Data, key: String, to topic: Topic, partition: Int32) -> OutgoingRecord {
        OutgoingRecord(
            topic: name(of: topic), partition: partition, key: Data(key.utf8), value: value,
            headers: [
                RecordHeader(name: HeaderName.contentType, text: HeaderName.cloudEventsJSON),
                RecordHeader(name: HeaderName.source, text: "suishoupai"),
                RecordHeader(name: HeaderName.log, text: log),
            ])
    }

    /// Sends records and waits until the broker has them.
    func send(_ records: [OutgoingRecord], logger: Logger) async throws {
        try await KafkaProducer.withProducer(settings, logger: logger) { producer in
            for report in try await producer.send(records) {
                if let error = report.error { throw error }
            }
        }
    }

    /// Reads topics from their first record to where they end now, each partition in its order.
    ///
    /// - Throws: `BrokerAbsence.silent` where the broker brings nothing for a while.
    func eachRecord(
        of topics: [Topic], patience: Duration = .seconds(5), logger: Logger, _ body: (KafkaRecord) throws -> Void
    ) async throws {
        try await KafkaConsumer.withConsumer(settings, group: nil, logger: logger) { consumer in
            let partitions = topics.flatMap { topic in
                (0..<Int32(topic.partitions)).map { TopicPartition(topic: name(of: topic), partition: $0) }
            }
            try await consumer.assign(partitions.map { PartitionPosition(partition: $0, offset: .beginning) })
            var unread = Set(partitions)
            var deadline = ContinuousClock.now + patience
            while !unread.isEmpty {
                guard ContinuousClock.now < deadline else { throw BrokerAbsence.silent }
                let batch = try await consumer.next(limit: 1_000, timeout: .milliseconds(100))
                if !batch.isEmpty { deadline = ContinuousClock.now + patience }
                for record in batch.records { try body(record) }
                unread.subtract(batch.endOfPartition)
            }
        }
    }
}
