import ArgumentParser
import Contracts
import Foundation
import Logging

/// The broker of a command, and the log that it keeps now.
struct LogTarget: ParsableArguments {
    @Option(help: "The data folder of a running deployment; leave it out for a Kafka cluster.")
    var data: String?

    @OptionGroup var cluster: ClusterOptions

    /// - Throws: `ValidationError` where nothing runs and nothing is named, or there is no log yet.
    func session(logger: Logger) async throws -> DeploymentSession {
        guard let data else { return try await Self.session(of: cluster, logger: logger) }
        return try await DeploymentBroker.demand(DataFolder(data)).demandSession(logger: logger)
    }

    /// The cluster that is named, and the log that it keeps.
    static func session(of cluster: ClusterOptions, logger: Logger) async throws -> DeploymentSession {
        guard let broker = try cluster.broker() else {
            throw ValidationError("Name the data folder (--data) or a cluster (--bootstrap, KAFKA_BOOTSTRAP_SERVERS).")
        }
        return try await broker.demandSession(logger: logger)
    }
}
