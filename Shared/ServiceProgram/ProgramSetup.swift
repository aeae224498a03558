package import EventProcessing
import Foundation
import Kafka
package import Logging
import ObjectStore
package import ServiceKit
package import ServiceLifecycle

/// What stands around the logic of a program: its broker, its logs, its health, its HTTP.
package struct ProgramSetup: Sendable {
    package let service: String
    package let configuration: ServiceConfiguration
    package let runtime: RuntimeConfiguration
    package let health: HealthRegistry
    package let metrics: PrometheusRegistry
    package let logger: Logger
    /// The partitions that this process owns, as its loop last said.
    let partitions = OwnedPartitions()
    private let conditions: Conditions

    /// Sets the process up: logs and metrics first, since instruments made earlier measure into nothing.
    ///
    /// The broker is `KAFKA_BOOTSTRAP_SERVERS` where that is set, else the one that writes `broker.json` into the data
    /// folder.
    ///
    /// - Throws: `ConfigurationError` or `KafkaError`, each a sentence that names the key; `StoreError` where no store is
    ///   free.
    package init(
        service: String, configuration: ServiceConfiguration,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        self.service = service
        // What it writes is for its own user alone.
        umask(0o077)
        var configuration = configuration
        if configuration.replica == FreeStore.word {
            configuration.replica = try FreeStore.name(of: service, in: configuration.data)
        }
        self.configuration = configuration
        _ = LogSetup.bootstrap(service: service, configuration: configuration)
        metrics = PrometheusRegistry.bootstrap()
        logger = Logger(label: service)
        health = HealthRegistry()
        conditions = Conditions(metrics: metrics)
        runtime = try Self.runtime(service: service, configuration: configuration, environment: environment)
        health.check("conditions") { [conditions] in
            conditions.worst.map(HealthStatus.failing) ?? .ok()
        }
    }

    static func runtime(
        service: String, configuration: ServiceConfiguration, environment: [String: String]
    ) throws -> RuntimeConfiguration {
        let clientID = "\(service)-\(configuration.replica)"
        let hasKafka = !(environment["KAFKA_BOOTSTRAP_SERVERS"] ?? "").isEmpty
        let broker: BrokerAddress =
            hasKafka
            ? .settings(try KafkaSettings.fromEnvironment(environment, clientID: clientID))
            : .file(
                configuration.brokerFile ?? configuration.data.appendingPathComponent("broker.json"),
                clientID: clientID)
        return RuntimeConfiguration(
            service: service, dataFolder: configuration.data, broker: broker, replica: configuration.replica,
            topicPrefix: environment["KAFKA_TOPIC_PREFIX"] ?? "", keepsAppliedRecords: !hasKafka,
            snapshots: try snapshots(configuration.snapshots, environment: environment))
    }

    private static func snapshots(
        _ choice: ServiceConfiguration.SnapshotChoice, environment: [String: String]
    ) throws -> SnapshotSettings? {
        guard let place = choice.place else { return nil }
        var settings = SnapshotSettings(place: try ObjectPlace(text: place, environment: environment).open())
        if let records = choice.records { settings.everyRecords = Int64(records) }
        if let seconds = choice.seconds { settings.every = .seconds(seconds) }
        settings.everyBytes = choice.kilobytes.map { Int64($0) * 1_000 }
        return settings
    }

    /// The signals of one loop: its heartbeat, and what an operator must see of it.
    ///
    /// A loop may wait a while for a broker that is away; a minute of silence is a stuck loop.
    package func signals(_ loop: String) -> RuntimeSignals {
        let heartbeat = health.heartbeat(loop, within: .seconds(60))
        return RuntimeSignals(
            beat: { heartbeat.beat() },
            condition: { [conditions] name, detail in conditions.set("\(loop): \(name)", detail) },
            partitions: { [partitions] in partitions.set($0) })
    }

    /// Runs services until the process is asked to stop.
    package func run(_ services: [any Service]) async throws {
        try await ServiceRunner.run(services, logger: logger, stopWithStdin: configuration.stopWithStdin)
    }
}
