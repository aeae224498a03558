import Contracts
import Kafka
import Logging

/// Whether a broker has the topics that a loop works with, each with as many partitions as the catalogue says and with
/// settings that break no promise.
///
/// A client that reads a topic which is not there waits in silence, so it is asked for first.
struct TopicCheck: Sendable {
    let configuration: RuntimeConfiguration
    /// What the loop reads; what its program writes follows from the catalogue.
    let reads: [Topic]
    let signals: RuntimeSignals
    let logger: Logger

    private static let pause = Duration.milliseconds(500)

    /// Waits until all are there, and says which are not.
    ///
    /// - Throws: `TopicError` where one has another number of partitions: what lies where would be wrong for ever; and where
    ///   a setting breaks a promise.
    func pass(_ session: BrokerSession) async throws {
        let topics = wanted
        try await waitForAll(topics, session)
        guard !session.isEmbedded, session.settings.checksTopics else { return }
        try await compare(topics, session.settings)
    }

    private func compare(_ topics: [Topic], _ settings: KafkaSettings) async throws {
        let cluster: ClusterDescription
        do {
            cluster = try await KafkaAdmin.withAdmin(settings, logger: logger) {
                try await $0.describe(topics.map(configuration.name(of:)))
            }
        } catch let error as KafkaError where error.isTimeout {
            logger.error(
                "The broker does not tell its topics' settings; where it never will, set KAFKA_CHECK_TOPICS=false",
                metadata: ["error": "\(error)"])
            throw error
        } catch let error as KafkaError where error.code == .refused {
            throw TopicError.settingsHidden(reason: "\(error)")
        }
        let comparison = TopicComparison(servers: settings.bootstrapServers, brokers: cluster.brokers)
        for topic in topics {
            let name = configuration.name(of: topic)
            for difference in comparison.differences(of: topic, named: name, found: cluster.topics[name]) {
                guard !difference.breaksPromise else { throw TopicError.promiseBroken(difference) }
                logger.warning(
                    "A topic is not as the catalogue wants it", metadata: ["topic": "\(difference.sentence)"])
            }
        }
    }

    private func waitForAll(_ topics: [Topic], _ session: BrokerSession) async throws {
        try await KafkaConsumer.withConsumer(session.settings, group: nil, logger: logger) { consumer in
            var said: [String] = []
            while true {
                let found = try await consumer.partitionCounts(of: topics.map(configuration.name(of:)))
                let missing = try missing(topics, among: found)
                signals.beat()
                if missing != said { say(missing) }
                guard !missing.isEmpty else { return }
                said = missing
                try await Task.sleep(for: Self.pause)
            }
        }
    }

    private var wanted: [Topic] {
        let names = Set(reads.map(\.name) + [TopicCatalogue.control.name])
        return TopicCatalogue.all.filter { names.contains($0.name) || $0.writers.contains(configuration.service) }
    }

    private func missing(_ topics: [Topic], among found: [String: Int]) throws -> [String] {
        try topics.compactMap { topic in
            let name = configuration.name(of: topic)
            guard let count = found[name] else { return name }
            guard count == topic.partitions else {
                throw TopicError.partitionCount(topic: name, found: count, expected: topic.partitions)
            }
            return nil
        }
    }

    private func say(_ missing: [String]) {
        guard !missing.isEmpty else {
            signals.condition("topics", nil)
            logger.notice("The topics are there now")
            return
        }
        let names = missing.joined(separator: ", ")
        signals.condition("topics", "the broker has no \(names): run 'suishoupai topics create'")
        logger.error(
            "The broker lacks topics: run 'suishoupai topics create'; this program waits for them",
            metadata: ["topics": "\(names)"])
    }
}

/// Why a broker's topics do not do.
enum TopicError: Error, Equatable, CustomStringConvertible {
    case partitionCount(topic: String, found: Int, expected: Int)
    case promiseBroken(TopicDifference)
    case settingsHidden(reason: String)

    var description: String {
        switch self {
        case .partitionCount(let topic, let found, let expected):
            "topic '\(topic)' has \(found) partitions on the broker, this program counts on \(expected): "
                + "records would go astray, so make the topic anew or point the program at the right cluster"
        case .promiseBroken(let difference): difference.sentence
        case .settingsHidden(let reason):
            "the cluster does not let this program see its topics' settings (\(reason)): grant DescribeConfigs, as "
                + "'suishoupai topics acl' prints it"
        }
    }
}
