import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging

/// Makes the topics of the catalogue that a cluster lacks, and gives its log an identity.
struct TopicMaking: Sendable {
    let settings: KafkaSettings
    let topicPrefix: String
    /// On how many brokers each new topic is kept.
    let replication: Int
    /// Whether the deployment had no log before.
    var isFirst = true
    let logger: Logger

    struct Outcome: Sendable {
        fileprivate(set) var lines: [Line] = []
        /// The log's identity; nil where a topic is not as it must be.
        fileprivate(set) var log: String?
    }

    /// What became of one topic.
    struct Line: Sendable, Equatable {
        enum State: Sendable, Equatable {
            case made
            case there
            case failed(String)
        }

        let topic: String
        let partitions: Int
        let state: State

        var text: String {
            switch state {
            case .made: "✓ \(topic) made, \(partitions) partitions"
            case .there: "• \(topic) was there"
            case .failed(let reason): "✗ \(topic): \(reason)"
            }
        }
    }

    /// Topics that are there stay as they are; so does an identity.
    ///
    /// A broker that has all of them need not know administration.
    func run() async throws -> Outcome {
        let wanted = TopicCatalogue.all.map { Self.specification($0, named: topicPrefix + $0.name, on: replication) }
        let found = try await KafkaConsumer.withConsumer(settings, group: nil, logger: logger) {
            try await $0.partitionCounts(of: wanted.map(\.name))
        }
        let missing = wanted.filter { found[$0.name] == nil }
        let made =
            missing.isEmpty
            ? [:] : try await KafkaAdmin.withAdmin(settings, logger: logger) { try await $0.create(missing) }
        var outcome = Outcome()
        outcome.lines = wanted.map { topic in
            Line(
                topic: topic.name, partitions: topic.partitions,
                state: Self.state(topic, found: found[topic.name], made: made[topic.name]))
        }
        let isSound = outcome.lines.allSatisfy { $0.state == .made || $0.state == .there }
        let identity = topicPrefix + TopicCatalogue.logIdentity.name
        if isSound { outcome.log = try await settle(isNew: made[identity] == .created) }
        return outcome
    }

    private static func state(_ topic: TopicSpecification, found: Int?, made: TopicCreation?) -> Line.State {
        if let found {
            return found == topic.partitions
                ? .there : .failed("has \(found) partitions, must have \(topic.partitions): make it anew")
        }
        return switch made {
        case .created: .made
        case .existed: .there
        case .failed(let error): .failed("\(error)")
        case nil: .failed("the cluster said nothing of it")
        }
    }

    /// With fewer brokers than the catalogue wishes for, a write is safe when all of them have it.
    static func specification(_ topic: Topic, named name: String, on replication: Int) -> TopicSpecification {
        var configs = topic.brokerSettings
        if let wished = configs["min.insync.replicas"].flatMap(Int.init) {
            configs["min.insync.replicas"] = String(min(wished, replication))
        }
        return TopicSpecification(
            name: name, partitions: topic.partitions, replication: replication, configs: configs)
    }

    /// Writes an identity where there is none; the first record counts, whoever wrote it.
    ///
    /// - Parameter isNew: Whether the topic was made just now, and so is empty.
    private func settle(isNew: Bool) async throws -> String {
        if !isNew, let known = try await identity() { return known }
        let identity = LogIdentity(id: MessageID.random().description, first: isFirst)
        let envelope = Envelope(identity, id: .random(), source: "/suishoupai", time: .now)
        let record = OutgoingRecord(
            topic: topicPrefix + TopicCatalogue.logIdentity.name, partition: 0, key: nil, value: try envelope.value(),
            headers: [RecordHeader(name: HeaderName.contentType, text: HeaderName.cloudEventsJSON)])
        try await KafkaProducer.withProducer(settings, logger: logger) { producer in
            for report in try await producer.send([record]) {
                if let error = report.error { throw error }
            }
        }
        return try await self.identity() ?? identity.id
    }

    private func identity() async throws -> String? {
        let reader = LogIdentityReader(
            settings, topic: topicPrefix + TopicCatalogue.logIdentity.name, logger: logger)
        guard case .identity(let found) = try await reader.read() else { return nil }
        return found.id
    }
}
