package import Contracts
import Foundation
package import Kafka
package import Logging

/// Asks a broker which log it keeps: the first record of `log-identity.v1` says it.
package struct LogIdentityReader: Sendable {
    private let settings: KafkaSettings
    private let topic: String
    private let logger: Logger

    /// What a broker says of its log.
    package enum Answer: Sendable, Equatable {
        /// The topic of this name was never made.
        case noTopic(String)
        /// Nobody has given the log an identity yet.
        case unnamed
        case identity(LogIdentity)
    }

    /// How long a topic that is there may take to bring its first record.
    private static let patience = Duration.seconds(5)

    /// - Parameter topic: The topic's name on the broker.
    package init(_ settings: KafkaSettings, topic: String, logger: Logger) {
        self.settings = settings
        self.topic = topic
        self.logger = logger
    }

    /// - Throws: `KafkaError` where the broker does not answer.
    package func read() async throws -> Answer {
        let partition = TopicPartition(topic: topic, partition: 0)
        return try await KafkaConsumer.withConsumer(settings, group: nil, logger: logger) { consumer in
            guard try await consumer.partitionCounts(of: [topic])[topic] != nil else { return .noTopic(topic) }
            try await consumer.assign([PartitionPosition(partition: partition, offset: .beginning)])
            let deadline = ContinuousClock.now + Self.patience
            while ContinuousClock.now < deadline {
                let batch = try await consumer.next(limit: 1, timeout: .milliseconds(100))
                guard let value = batch.records.first?.value else { continue }
                return .identity(try Envelope<LogIdentity>(value: value).data)
            }
            return .unnamed
        }
    }
}
