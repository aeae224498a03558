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
        abstract: "Make and list the topics of the catalogue on a Kafka cluster.",
        subcommands: [TopicsCreateCommand.self, TopicsListCommand.self])
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

    private var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// Nil where no cluster was named.
    func settings() throws -> KafkaSettings? {
        var environment = environment
        if let bootstrap { environment["KAFKA_BOOTSTRAP_SERVERS"] = bootstrap }
        guard !(environment["KAFKA_BOOTSTRAP_SERVERS"] ?? "").isEmpty else { return nil }
        do {
            return try KafkaSettings.fromEnvironment(environment, clientID: "suishoupai")
        } catch let error as KafkaError {
            throw ValidationError("\(error)")
        }
    }

    func name(of topic: Topic) -> String {
        (prefix ?? environment["KAFKA_TOPIC_PREFIX"] ?? "") + topic.name
    }
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
        guard let settings = try cluster.settings() else {
            throw ValidationError("Name a cluster: --bootstrap HOST:PORT, or KAFKA_BOOTSTRAP_SERVERS.")
        }
        LogSetup.bootstrap(service: "suishoupai", format: .console, level: .error)
        let logger = Logger(label: "suishoupai")
        let wanted = TopicCatalogue.all.map { Self.specification($0, named: cluster.name(of: $0), on: replication) }
        let made = try await KafkaAdmin.withAdmin(settings, logger: logger) { try await $0.create(wanted) }
        var hasFailed = false
        for topic in wanted {
            switch made[topic.name] {
            case .created: print("✓ \(topic.name) made, \(topic.partitions) partitions")
            case .existed: print("• \(topic.name) was there")
            case .failed(let error):
                hasFailed = true
                print("✗ \(topic.name): \(error)")
            case nil:
                hasFailed = true
                print("✗ \(topic.name): the cluster said nothing of it")
            }
        }
        guard !hasFailed else { throw ExitCode(1) }
        let identity = IdentityRecord(
            settings: settings, topic: cluster.name(of: TopicCatalogue.logIdentity), logger: logger)
        let id = try await identity.settle(isNew: made[identity.topic] == .created, isFirst: !afterLoss)
        print("✓ the log is \(id)")
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
}

/// The first record of `log-identity.v1`: which log this is.
struct IdentityRecord: Sendable {
    let settings: KafkaSettings
    let topic: String
    let logger: Logger

    /// Writes an identity where there is none; the first record counts, whoever wrote it.
    ///
    /// - Parameters:
    ///   - isNew: Whether the topic was made just now, and so is empty.
    ///   - isFirst: Whether the deployment had no log before.
    func settle(isNew: Bool, isFirst: Bool = true) async throws -> String {
        if !isNew, let known = try await read() { return known }
        let identity = LogIdentity(id: MessageID.random().description, first: isFirst)
        let envelope = Envelope(identity, id: .random(), source: "/suishoupai", time: .now)
        let record = OutgoingRecord(
            topic: topic, partition: 0, key: nil, value: try envelope.value(),
            headers: [RecordHeader(name: HeaderName.contentType, text: HeaderName.cloudEventsJSON)])
        let reports = try await KafkaProducer.withProducer(settings, logger: logger) { try await $0.send([record]) }
        for report in reports {
            if case .failed(let error) = report { throw error }
        }
        return try await read() ?? identity.id
    }

    func read() async throws -> String? {
        let partition = TopicPartition(topic: topic, partition: 0)
        return try await KafkaConsumer.withConsumer(settings, group: nil, logger: logger) { consumer in
            try await consumer.assign([PartitionPosition(partition: partition, offset: .beginning)])
            let deadline = ContinuousClock.now + .seconds(10)
            while ContinuousClock.now < deadline {
                let batch = try await consumer.next(limit: 1, timeout: .milliseconds(100))
                if let value = batch.records.first?.value { return try Envelope<LogIdentity>(value: value).data.id }
            }
            return nil
        }
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
        let names = TopicCatalogue.all.map { cluster.name(of: $0) }
        var found: [String: TopicDescription]?
        if let settings = try cluster.settings() {
            found = try await KafkaAdmin.withAdmin(settings) { try await $0.describe(names) }
        }
        let lines = TopicCatalogue.all.map { topic in
            let name = cluster.name(of: topic)
            return Line(
                name: name, kind: topic.kind.rawValue, key: topic.key, partitions: topic.partitions,
                audience: topic.audience.rawValue, purpose: topic.purpose,
                trouble: found.flatMap { Self.trouble(topic, $0[name]) })
        }
        if json {
            print(try ContractCoding.text(lines))
        } else {
            for line in lines {
                let mark = found == nil ? " " : line.trouble == nil ? "✓" : "✗"
                let trouble = line.trouble.map { "  (\($0))" } ?? ""
                print(
                    "\(mark) \(line.name)  \(line.kind), \(line.partitions) by \(line.key): \(line.purpose)\(trouble)")
            }
        }
        guard lines.allSatisfy({ $0.trouble == nil }) else { throw ExitCode(1) }
    }

    /// What of a topic on the cluster breaks a promise; settings that only keep records longer do not.
    static func trouble(_ topic: Topic, _ found: TopicDescription?) -> String? {
        guard let found else { return "missing; make it with 'suishoupai topics create'" }
        guard found.partitions == topic.partitions else {
            return "has \(found.partitions) partitions, must have \(topic.partitions)"
        }
        for setting in ["cleanup.policy", "message.timestamp.type"] {
            guard let wanted = topic.brokerSettings[setting], let actual = found.configs[setting], actual != wanted
            else { continue }
            return "\(setting) is \(actual), must be \(wanted)"
        }
        return nil
    }
}
