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
}
