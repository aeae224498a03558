package import Contracts
package import Foundation
package import Kafka

/// Where the broker is found.
package enum BrokerAddress: Sendable {
    /// A cluster that is always at the same place.
    case settings(KafkaSettings)
    /// The file in which the broker of one machine writes its address; it changes with each start of the broker.
    case file(URL, clientID: String)
}

/// What the parts of the runtime need to know about the process that they run in.
package struct RuntimeConfiguration: Sendable {
    /// The program, such as `case-routing`.
    package let service: String
    package let dataFolder: URL
    package let broker: BrokerAddress
    /// Tells processes of one program apart.
    package let replica: String
    /// Before every topic's name, so that several deployments can share a cluster.
    package let topicPrefix: String
    /// Whether stores keep every record that they applied: needed for an audit where the broker forgets.
    package let keepsAppliedRecords: Bool
    /// Where snapshots of stores go; nil takes none.
    package let snapshots: SnapshotSettings?
    /// The wall clock, by which owners wake timers and know a stamp from the future; tests move it.
    package var now: @Sendable () -> Timestamp = { .now }
    /// How much is sent to the outside at once.
    package var deliveries = DeliverySettings()

    /// The most bytes of rows that one ask is answered with.
    package var answerSize = 1_000_000

    package init(
        service: String, dataFolder: URL, broker: BrokerAddress, replica: String, topicPrefix: String = "",
        keepsAppliedRecords: Bool, snapshots: SnapshotSettings? = nil
    ) {
        self.service = service
        self.dataFolder = dataFolder
        self.broker = broker
        self.replica = replica
        self.topicPrefix = topicPrefix
        self.keepsAppliedRecords = keepsAppliedRecords
        self.snapshots = snapshots
    }

    /// The topic's name on the broker.
    package func name(of topic: Topic) -> String { topicPrefix + topic.name }

    /// The catalogue's topic behind a name on the broker.
    package func topic(named name: String) -> Topic? {
        guard name.hasPrefix(topicPrefix) else { return nil }
        return TopicCatalogue.topic(named: String(name.dropFirst(topicPrefix.count)))
    }

    /// Whether all replicas of a processor work on the files of one data folder: that of the embedded broker.
    ///
    /// Then the file of a partition holds all that was ever applied to it; else some other host's copy may hold more.
    package var sharesStores: Bool {
        guard case .file(let url, _) = broker else { return false }
        return Self.components(url.deletingLastPathComponent()) == Self.components(dataFolder)
    }

    /// A folder's path whether or not it was written with a slash at its end.
    private static func components(_ folder: URL) -> [String] {
        folder.standardizedFileURL.resolvingSymlinksInPath().pathComponents.filter { $0 != "/" }
    }

    /// Whether the broker is the one-machine kind, which forgets everything when it ends.
    package var brokerIsEmbedded: Bool {
        switch broker {
        case .settings(let settings): settings.embedded
        case .file: true
        }
    }
}
