import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging
import ServiceKit

/// `suishoupai topics …`: the topics of a Kafka cluster.
struct TopicsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics",
        abstract: "Make, list and check the topics of the catalogue on a Kafka cluster, and print who may use them.",
        subcommands: [
            TopicsCreateCommand.self, TopicsListCommand.self, TopicsDiffCommand.self, TopicsACLCommand.self,
        ])
}

/// Which cluster, and the names there.
struct ClusterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Bootstrap servers (default: KAFKA_BOOTSTRAP_SERVERS). Security comes from KAFKA_SECURITY_PROTOCOL, "
                + "KAFKA_SASL_… and KAFKA_SSL_….", valueName: "host:port,…"))
    var bootstrap: String?

    @Option(help: ArgumentHelp("Stands before each topic's name (default: KAFKA_TOPIC_PREFIX).", valueName: "prefix"))
    var prefix: String?

    /// Nil where no cluster was named.
    func broker() throws -> DeploymentBroker? { try DeploymentBroker.cluster(bootstrap, prefix: prefix) }
}

/// `suishoupai topics create`.
struct TopicsCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make the topics that are missing, and give the log its identity.",
        discussion: """
            Topics that are there stay as they are; an identity that is there stays, too. Run it once before the \
            services, and again after an upgrade that brings new topics. The embedded broker needs none of this.

            Exit status: 0 when all are there, 1 when one could not be made, 2 when no cluster was named.

            Examples:
              suishoupai topics create --bootstrap kafka-1:9092,kafka-2:9092 --replication 3
              KAFKA_BOOTSTRAP_SERVERS=kafka:9092 suishoupai topics create
            """)

    @OptionGroup var cluster: ClusterOptions

    @Option(help: ArgumentHelp("On how many brokers each topic is kept.", valueName: "n"))
    var replication = 1

    @Flag(
        help: """
            This cluster takes the place of one that was lost: a replica that finds no copy of a partition then refuses \
            it instead of beginning anew. See 'suishoupai log adopt'.
            """)
    var afterLoss = false

    func validate() throws {
        guard replication >= 1 else { throw ValidationError("--replication must be 1 or more.") }
    }

    func run() async throws {
        guard let broker = try cluster.broker(), let settings = broker.cluster else {
            throw ValidationError("Name a cluster: --bootstrap HOST:PORT, or KAFKA_BOOTSTRAP_SERVERS.")
        }
        LogSetup.bootstrap(service: "suishoupai", format: .console, level: .error)
        let making = TopicMaking(
            settings: settings, topicPrefix: broker.topicPrefix, replication: replication,
            isFirst: !afterLoss, logger: Logger(label: "suishoupai"))
        let outcome = try await making.run()
        for line in outcome.lines { print(line.text) }
        guard let log = outcome.log else { throw ExitCode(1) }
        print("✓ the log is \(log)")
    }
}

/// `suishoupai topics list`.
struct TopicsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the topics of the catalogue, and whether a cluster has them as they must be.",
        discussion: """
            Without a cluster it lists the catalogue alone.

            Exit status: 0 when all is as it must be, 1 when a topic is missing or another than wanted.

            Examples:
              suishoupai topics list
              suishoupai topics list --bootstrap kafka:9092 --json
            """)

    @OptionGroup var cluster: ClusterOptions

    @Flag(help: "Print a JSON array.")
    var json = false

    struct Line: Codable, Equatable, Sendable {
        let name: String
        let kind: String
        let key: String
        let partitions: Int
        let audience: String
        let purpose: String
        /// What is wrong with it on the cluster; absent where nothing is, or none was asked.
        let trouble: String?
    }

    func run() async throws {
        let broker = try cluster.broker()
        let prefix = DeploymentBroker.topicPrefix(cluster.prefix)
        let names = TopicCatalogue.all.map { prefix + $0.name }
        var troubles: [String: String]?
        if let settings = broker?.cluster {
            let cluster = try await KafkaAdmin.withAdmin(settings) { try await $0.describe(names) }
            troubles = Self.troubles(
                TopicsDiffCommand.differences(cluster, prefix: prefix, servers: settings.bootstrapServers))
        }
        let lines = TopicCatalogue.all.map { topic in
            let name = prefix + topic.name
            return Line(
                name: name, kind: topic.kind.rawValue, key: topic.key, partitions: topic.partitions,
                audience: topic.audience.rawValue, purpose: topic.purpose,
                trouble: troubles?[name])
        }
        if json {
            print(try ContractCoding.text(lines))
        } else {
            for line in lines {
                let mark = troubles == nil ? " " : line.trouble == nil ? "✓" : "✗"
                let trouble = line.trouble.map { "  (\($0))" } ?? ""
                print(
                    "\(mark) \(line.name)  \(line.kind), \(line.partitions) by \(line.key): \(line.purpose)\(trouble)")
            }
        }
        guard lines.allSatisfy({ $0.trouble == nil }) else { throw ExitCode(1) }
    }

    /// What of each topic breaks a promise; what does not, `topics diff` tells.
    static func troubles(_ differences: [TopicDifference]) -> [String: String] {
        Dictionary(grouping: differences.filter(\.breaksPromise), by: \.topic).mapValues { broken in
            broken.map { $0.found == nil ? $0.remedy : "\($0.setting) is \($0.found ?? ""), must be \($0.wanted)" }
                .joined(separator: "; ")
        }
    }
}
