import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging

/// The broker of a command, and the log that it keeps now.
struct LogTarget: ParsableArguments {
    @Option(help: "The data folder of a running deployment on one machine; leave it out for a Kafka cluster.")
    var data: String?

    @OptionGroup var cluster: ClusterOptions

    /// What a topic is called on this broker.
    func name(of topic: Topic) -> String { data == nil ? cluster.name(of: topic) : topic.name }

    func session() async throws -> BrokerSession {
        if let data {
            let session = try PackApplyCommand.session(DataFolder(data))
            return session.log.isEmpty ? try await Self.identified(session.settings, cluster) : session
        }
        return try await Self.identified(cluster)
    }

    /// The cluster that is named, and the log that it keeps.
    static func identified(_ cluster: ClusterOptions) async throws -> BrokerSession {
        guard let settings = try cluster.settings() else {
            throw ValidationError("Name the data folder (--data) or a cluster (--bootstrap, KAFKA_BOOTSTRAP_SERVERS).")
        }
        return try await identified(settings, cluster)
    }

    private static func identified(_ settings: KafkaSettings, _ cluster: ClusterOptions) async throws -> BrokerSession {
        let identity = IdentityRecord(
            settings: settings, topic: cluster.name(of: TopicCatalogue.logIdentity), logger: Logger(label: "suishoupai")
        )
        guard let log = try await identity.read() else {
            throw ValidationError("The cluster keeps no log of ours yet; run 'suishoupai topics create' first.")
        }
        return BrokerSession(settings: settings, log: log, isEmbedded: false, isFirst: true)
    }
}
