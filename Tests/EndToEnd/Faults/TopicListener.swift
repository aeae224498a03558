import Contracts
import Crypto
import EventProcessing
import Foundation
import Kafka
import Synchronization
import Testing

/// Somebody else who listens to the topics from the first record on: what was said once must not be said otherwise.
///
/// Knows nothing of stores. When the broker has lost everything it begins anew and hears it all again.
final class TopicListener: Sendable {
    struct Heard: Sendable {
        var digests: [String: SHA256.Digest] = [:]
        var records = 0
        var repeats = 0
        var contradictions: [String] = []
        /// The last balance of each account, as a reader of the topic adds it up.
        var balances: [String: Int] = [:]
    }

    /// A broker, for somebody who belongs to no deployment.
    struct Broker: Sendable {
        var settings: KafkaSettings
        /// Tells a broker that lost everything from the one before.
        let log: String
        let topicPrefix: String
    }

    private let broker: @Sendable () throws -> Broker?
    private let state = Mutex(Heard())
    private static let topics = [
        TopicCatalogue.caseEvents, TopicCatalogue.cases, TopicCatalogue.pointsEvents, TopicCatalogue.accounts,
        TopicCatalogue.notificationEvents, TopicCatalogue.inboxes,
    ]

    init(_ broker: @escaping @Sendable () throws -> Broker?) {
        self.broker = broker
    }

    var heard: Heard { state.withLock { $0 } }

    /// Listens until cancelled.
    func run() async throws {
        while !Task.isCancelled {
            guard let broker = try broker() else {
                try await Task.sleep(for: .milliseconds(50))
                continue
            }
            do {
                try await listen(to: broker)
            } catch is KafkaError {
                // The broker is gone; another one comes.
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func listen(to known: Broker) async throws {
        var settings = known.settings
        settings.closeTimeout = .seconds(1)
        try await KafkaConsumer.withConsumer(settings, group: nil) { consumer in
            let partitions = Self.topics.flatMap { topic in
                (0..<topic.partitions).map {
                    TopicPartition(topic: known.topicPrefix + topic.name, partition: Int32($0))
                }
            }
            try await consumer.assign(partitions.map { PartitionPosition(partition: $0, offset: .beginning) })
            while try broker()?.log == known.log {
                let batch = try await consumer.next(limit: 1_000, timeout: .milliseconds(200))
                for record in batch.records {
                    try take(record, on: String(record.topic.dropFirst(known.topicPrefix.count)))
                }
            }
        }
    }

    private func take(_ record: KafkaRecord, on topic: String) throws {
        guard let value = record.value else { return }
        let attributes = try MessageAttributes(value: value)
        let digest = SHA256.hash(data: value)
        let key = "\(topic) \(attributes.id)"
        let isNew = state.withLock { heard in
            heard.records += 1
            guard let known = heard.digests[key] else {
                heard.digests[key] = digest
                return true
            }
            heard.repeats += 1
            if known != digest { heard.contradictions.append("\(key) (\(attributes.type)) has two contents") }
            return false
        }
        guard isNew, PointsMoved.Step(rawValue: attributes.type) != nil else { return }
        let postings = try Envelope<PointsMoved>(value: value).data.postings
        state.withLock { heard in
            for posting in postings { heard.balances[posting.accountId.rawValue, default: 0] += posting.amount }
        }
    }
}

extension TopicListener.Heard {
    /// Nothing was said in two ways, and nothing that is not in a store.
    func expectOnly(_ written: [String: SHA256.Digest]) {
        #expect(contradictions.isEmpty, "\(contradictions.prefix(5))")
        let unknown = digests.filter { written[$0.key] != $0.value }.keys.sorted()
        #expect(unknown.isEmpty, "said by somebody and not in the store that counts: \(unknown.prefix(5))")
    }
}
