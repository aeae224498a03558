import Contracts
import Foundation
import Kafka
import Logging
import ServiceLifecycle

/// Keeps a mock cluster with the catalogue's topics running, and tells where it is once it can be used.
///
/// In this order: the topics, the log's identity as first record of `log-identity.v1`, the remembered identity in the
/// data folder, the address file. So whoever finds the address finds a log that has its name.
struct EmbeddedBroker: Service {
    let data: URL
    let addressFile: URL
    let topics: [Topic]
    /// Stands before each topic's name, as on a cluster that several deployments share.
    var topicPrefix = ""
    let logger: Logger

    func run() async throws {
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        let lock = try FolderLock(data)
        defer { lock.release() }
        // After a crash the file still names a broker that is gone.
        try removeAddress()
        let cluster = try KafkaMockCluster(logger: logger)
        let outcome: Result<Void, any Error>
        do {
            try await serve(cluster)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await cluster.close()
        try outcome.get()
    }

    private func serve(_ cluster: KafkaMockCluster) async throws {
        for topic in topics { try await cluster.createTopic(topicPrefix + topic.name, partitions: topic.partitions) }
        let memory = LogMemory(folder: data)
        let identity = LogIdentity(id: UUID().uuidString.lowercased(), first: !memory.isKnown)
        try await write(identity, to: cluster)
        let address = BrokerAddress(
            bootstrapServers: cluster.bootstrapServers, logId: identity.id, isFirst: identity.first,
            pid: ProcessInfo.processInfo.processIdentifier)
        try memory.remember(identity)
        try DurableFile.replace(addressFile, with: try ContractCoding.encode(address))
        logger.notice(
            "Broker is ready",
            metadata: [
                "kafka.servers": "\(cluster.bootstrapServers)", "log.id": "\(identity.id)",
                "log.first": "\(identity.first)",
            ])
        try await waitForShutdown()
        try removeAddress()
    }

    private func write(_ identity: LogIdentity, to cluster: KafkaMockCluster) async throws {
        let now = Timestamp(milliseconds: Int64(Date.now.timeIntervalSince1970 * 1_000))
        let envelope = Envelope(identity, id: .random(), source: "/embedded-broker", time: now)
        let record = OutgoingRecord(
            topic: topicPrefix + TopicCatalogue.logIdentity.name, partition: 0, key: nil,
            value: try ContractCoding.encode(envelope),
            headers: [RecordHeader(name: HeaderName.contentType, text: HeaderName.cloudEventsJSON)])
        let settings = KafkaSettings(
            bootstrapServers: cluster.bootstrapServers, clientID: "embedded-broker", embedded: true)
        let reports = try await KafkaProducer.withProducer(settings, logger: logger) { try await $0.send([record]) }
        if let error = reports.first?.error { throw error }
    }

    private func waitForShutdown() async throws {
        do {
            try await gracefulShutdown()
        } catch is CancellationError {
            logger.debug("Broker was cancelled")
        }
    }

    private func removeAddress() throws {
        guard FileManager.default.fileExists(atPath: addressFile.path(percentEncoded: false)) else { return }
        try FileManager.default.removeItem(at: addressFile)
    }
}

/// What stands in the address file.
struct BrokerAddress: Codable, Equatable, Sendable {
    let bootstrapServers: String
    /// The id in the first record of `log-identity.v1`.
    let logId: String
    /// Whether the data folder knew no log before this one.
    let isFirst: Bool
    let pid: Int32
}
