import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging

/// Where the broker of a deployment is found: the one place where every command of an operator learns it.
///
/// What runs on the data folder says which broker it is. Security, further properties and the topic prefix come from the
/// environment, as they do for the services: `KAFKA_SECURITY_PROTOCOL`, `KAFKA_SASL_…`, `KAFKA_SSL_…`,
/// `KAFKA_PROPERTY_…`, `KAFKA_TOPIC_PREFIX`.
struct DeploymentBroker: Sendable, Equatable {
    enum Place: Sendable, Equatable {
        /// The broker of one machine; it writes its address into this file.
        case embedded(URL)
        case cluster(KafkaSettings)
    }

    let place: Place
    let topicPrefix: String

    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    private static let client = "suishoupai"

    /// A cluster.
    ///
    /// - Parameters:
    ///   - servers: Its addresses; nil takes `KAFKA_BOOTSTRAP_SERVERS`.
    ///   - prefix: What stands before each topic's name; nil takes `KAFKA_TOPIC_PREFIX`.
    /// - Returns: Nil where nobody named a cluster.
    static func cluster(
        _ servers: String? = nil, prefix: String? = nil, environment: [String: String] = environment
    ) throws -> DeploymentBroker? {
        var environment = environment
        if let servers { environment["KAFKA_BOOTSTRAP_SERVERS"] = servers }
        guard !(environment["KAFKA_BOOTSTRAP_SERVERS"] ?? "").isEmpty else { return nil }
        do {
            return DeploymentBroker(
                place: .cluster(try KafkaSettings.fromEnvironment(environment, clientID: client)),
                topicPrefix: topicPrefix(prefix, environment: environment))
        } catch let error as KafkaError {
            throw ValidationError("\(error)")
        }
    }

    /// The broker of one machine, of a data folder.
    static func embedded(
        _ folder: DataFolder, prefix: String? = nil, environment: [String: String] = environment
    ) -> DeploymentBroker {
        DeploymentBroker(
            place: .embedded(folder.brokerFile), topicPrefix: topicPrefix(prefix, environment: environment))
    }

    /// What stands before each topic's name, so that several deployments can share a cluster.
    static func topicPrefix(_ given: String?, environment: [String: String] = environment) -> String {
        given ?? environment["KAFKA_TOPIC_PREFIX"] ?? ""
    }

    /// The broker of what runs on a folder, else the cluster that the environment names; nil where there is neither.
    static func find(
        _ folder: DataFolder, environment: [String: String] = environment
    ) throws -> DeploymentBroker? {
        let running = try folder.running()
        if let servers = running?.kafka {
            return try cluster(servers, prefix: running?.topicPrefix, environment: environment)
        }
        if try running != nil || folder.hasBroker() {
            return embedded(folder, prefix: running?.topicPrefix, environment: environment)
        }
        return try cluster(environment: environment)
    }

    /// The broker of what runs on a folder.
    ///
    /// - Throws: `ValidationError` where nothing runs there, and no cluster is named.
    static func demand(_ folder: DataFolder, environment: [String: String] = environment) throws -> DeploymentBroker {
        if let found = try find(folder, environment: environment) { return found }
        throw ValidationError(
            "Nothing runs on '\(folder.path)'. Start it with 'suishoupai up --data \(folder.path) --pack DIR', or name "
                + "the cluster in KAFKA_BOOTSTRAP_SERVERS.")
    }

    /// The cluster's settings; nil for the broker of one machine.
    var cluster: KafkaSettings? {
        guard case .cluster(let settings) = place else { return nil }
        return settings
    }
}

// MARK: - Sessions

extension DeploymentBroker {
    /// The broker's session, for a command that cannot do without.
    ///
    /// - Throws: `ValidationError` where there is none, and `KafkaError` where a cluster does not answer.
    func demandSession(logger: Logger) async throws -> DeploymentSession {
        do { return try await session(logger: logger) } catch let absence as BrokerAbsence {
            throw ValidationError("\(absence)")
        }
    }

    /// Looks at the broker as it is now.
    ///
    /// - Parameter patience: How long one that is being started anew is waited for.
    /// - Throws: `BrokerAbsence`, and `KafkaError` where a cluster does not answer.
    func session(logger: Logger, patience: Duration = .seconds(5)) async throws -> DeploymentSession {
        switch place {
        case .embedded(let file):
            let found = try await Self.wait(for: file, patience)
            let settings = KafkaSettings(
                bootstrapServers: found.bootstrapServers, clientID: Self.client, embedded: true)
            return DeploymentSession(
                session: BrokerSession(
                    settings: settings, log: found.logId, isEmbedded: true, isFirst: found.isFirst),
                topicPrefix: topicPrefix)
        case .cluster(let settings):
            let topic = topicPrefix + TopicCatalogue.logIdentity.name
            let answer = try await LogIdentityReader(settings, topic: topic, logger: logger).read()
            guard case .identity(let identity) = answer else { throw BrokerAbsence.noLog(topic) }
            return DeploymentSession(
                session: BrokerSession(
                    settings: settings, log: identity.id, isEmbedded: settings.embedded, isFirst: identity.first),
                topicPrefix: topicPrefix)
        }
    }

    private static func wait(for file: URL, _ patience: Duration) async throws -> BrokerFile {
        let deadline = ContinuousClock.now + patience
        while true {
            if let found = try read(file) { return found }
            guard ContinuousClock.now < deadline else { throw BrokerAbsence.notThere }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// The address file is replaced as a whole, but may vanish between two looks.
    private static func read(_ file: URL) throws -> BrokerFile? {
        do {
            return try BrokerFile.read(file)
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
            return nil
        }
    }
}

/// Why there is no session with a broker at this moment.
enum BrokerAbsence: Error, Equatable, CustomStringConvertible {
    /// The broker of one machine is being started.
    case notThere
    /// A cluster has no log of ours.
    case noLog(String)
    /// It is there, but brings nothing.
    case silent

    var description: String {
        switch self {
        case .notThere: "the broker is not there at this moment; run the same command again"
        case .noLog(let topic):
            "the cluster keeps no log of ours, \(topic) is missing or empty: run 'suishoupai topics create' first"
        case .silent: "the broker brought nothing for some seconds; run the same command again"
        }
    }
}
