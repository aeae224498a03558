import Configuration
import EventProcessing
import Foundation
import Kafka
import ServiceKit

/// What intake can be told beside what every program can.
///
/// ## Configuration keys
/// - `intake.accept.after` (`INTAKE_ACCEPT_AFTER`; `broker` on Kafka, `store` with the embedded broker): when a report
///   is answered. With `broker` the answer waits up to 200 ms for the broker, too, and says whether it came.
/// - `intake.backlog.limit` (`INTAKE_BACKLOG_LIMIT`; 100,000): with so many reports unanswered by routing new ones are
///   refused for a while.
/// - `kafka.topic.prefix` (none): before every topic's name.
struct IntakeSettings: Sendable {
    /// When a report counts as accepted.
    enum AcceptAfter: String, CaseIterable, Sendable {
        case store
        case broker
    }

    var acceptAfter: AcceptAfter
    var backlogLimit: Int

    static let defaultBacklogLimit = 100_000

    init(acceptAfter: AcceptAfter, backlogLimit: Int = defaultBacklogLimit) {
        self.acceptAfter = acceptAfter
        self.backlogLimit = backlogLimit
    }

    /// - Throws: `ConfigurationError`, a sentence that names the key.
    init(config: ConfigReader, brokerIsEmbedded: Bool) throws {
        let settings = Settings(config)
        acceptAfter =
            try settings.choice("intake.accept.after", AcceptAfter.allCases) ?? (brokerIsEmbedded ? .store : .broker)
        backlogLimit =
            try settings.integer("intake.backlog.limit", in: 1...100_000_000) ?? Self.defaultBacklogLimit
    }

    /// The variables that are known by their own names, put where the settings are looked for.
    static func options(from environment: [String: String]) -> [String: String?] {
        [
            "intake.accept.after": environment["INTAKE_ACCEPT_AFTER"],
            "intake.backlog.limit": environment["INTAKE_BACKLOG_LIMIT"],
        ]
    }

    /// The broker: the cluster of the environment where it names one, else that of the data folder.
    static func runtime(
        data: URL, replica: String, config: ConfigReader, environment: [String: String]
    ) throws -> RuntimeConfiguration {
        let client = "report-intake-\(replica)"
        let hasCluster = environment["KAFKA_BOOTSTRAP_SERVERS"].map { !$0.isEmpty } ?? false
        let broker: BrokerAddress =
            hasCluster
            ? .settings(try KafkaSettings.fromEnvironment(environment, clientID: client))
            : .file(data.appending(path: "broker.json"), clientID: client)
        return RuntimeConfiguration(
            service: "report-intake", dataFolder: data, broker: broker, replica: replica,
            topicPrefix: Settings(config).text("kafka.topic.prefix") ?? "", keepsAppliedRecords: false)
    }
}
