import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import Kafka

/// `suishoupai topics diff`.
struct TopicsDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare a cluster's topics with the catalogue, and say what to do where they differ.",
        discussion: """
            Looked at are: whether the topic is there, partitions, copies, min.insync.replicas, \
            unclean.leader.election.enable, message.timestamp.type, cleanup.policy, retention and the largest record. A \
            topic may keep more than the catalogue wants, never less. With a difference that breaks a promise (✗) no \
            program works on that topic; one that does not (!) is only told of.

            Exit status: 0 when there is no difference, 1 when there is one, 2 when no cluster was named.

            Examples:
              suishoupai topics diff --bootstrap kafka-1:9092,kafka-2:9092
              KAFKA_BOOTSTRAP_SERVERS=kafka:9092 suishoupai topics diff --json
            """)

    @OptionGroup var cluster: ClusterOptions

    @Flag(help: "Print a JSON array.")
    var json = false

    func run() async throws {
        guard let broker = try cluster.broker(), let settings = broker.cluster else {
            throw ValidationError("Name a cluster: --bootstrap HOST:PORT, or KAFKA_BOOTSTRAP_SERVERS.")
        }
        let names = TopicCatalogue.all.map { broker.topicPrefix + $0.name }
        let found = try await KafkaAdmin.withAdmin(settings) { try await $0.describe(names) }
        let differences = Self.differences(found, prefix: broker.topicPrefix, servers: settings.bootstrapServers)
        print(json ? try ContractCoding.text(differences) : Self.text(differences, brokers: found.brokers))
        guard differences.isEmpty else { throw ExitCode(1) }
    }

    static func differences(
        _ cluster: ClusterDescription, prefix: String, servers: String
    ) -> [TopicDifference] {
        let comparison = TopicComparison(servers: servers, brokers: cluster.brokers)
        return TopicCatalogue.all.flatMap { topic in
            comparison.differences(
                of: topic, named: prefix + topic.name, found: cluster.topics[prefix + topic.name])
        }
    }

    static func text(_ differences: [TopicDifference], brokers: Int) -> String {
        guard !differences.isEmpty else {
            return "✓ all \(TopicCatalogue.all.count) topics are as the catalogue wants them, on \(brokers) brokers"
        }
        return differences.map { "\($0.breaksPromise ? "✗" : "!") \($0.sentence)" }.joined(separator: "\n")
    }
}
