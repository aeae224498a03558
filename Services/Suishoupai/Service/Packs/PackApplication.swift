import Contracts
import EventProcessing
import Foundation
import GRDB
import Kafka
import Logging

/// Brings a pack into every partition of every processor, and to those who only read it.
struct PackApplication: Sendable {
    let folder: DataFolder
    let session: BrokerSession
    let logger: Logger
    var topicPrefix = TopicPrefix.ofDeployment

    private struct Target: Hashable, Sendable {
        let processor: String
        let topic: Topic
        let partition: Int32
    }

    private static let processors = [
        ("case-routing", TopicCatalogue.caseCommands), ("points", TopicCatalogue.pointsCommands),
        ("notifications", TopicCatalogue.notificationCommands),
    ]
    /// How long a partition has to take a pack before it is sent once more.
    private static let patience = Duration.seconds(5)

    /// Publishes the pack for edges and readers.
    func publishReference(_ pack: Pack) async throws {
        let (parts, activation) = try PackTransport.messages(for: pack)
        try await KafkaProducer.withProducer(session.settings, logger: logger) { producer in
            let topic = TopicCatalogue.reference
            var records = try parts.map { try record($0, index: $0.index, to: topic, partition: 0, attempt: 0) }
            records.append(try record(activation, index: nil, to: topic, partition: 0, attempt: 0))
            try await send(records, through: producer)
        }
    }

    /// Sends the pack to every partition that does not have it, again until all have.
    func putInForce(_ pack: Pack) async throws {
        let (parts, activation) = try PackTransport.messages(for: pack)
        try await KafkaProducer.withProducer(session.settings, logger: logger) { producer in
            var attempt = 0
            while true {
                let missing = try targets().filter { try hash(in: $0) != activation.packHash }
                guard !missing.isEmpty else { return }
                for target in missing {
                    var records = try parts.map {
                        try record(
                            $0, index: $0.index, to: target.topic, partition: target.partition, attempt: attempt)
                    }
                    records.append(
                        try record(
                            activation, index: nil, to: target.topic, partition: target.partition, attempt: attempt))
                    try await send(records, through: producer)
                }
                try await wait(for: missing, hash: activation.packHash)
                attempt += 1
            }
        }
    }

    private func wait(for targets: [Target], hash wanted: String) async throws {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if try targets.allSatisfy({ try hash(in: $0) == wanted }) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func targets() -> [Target] {
        Self.processors.flatMap { processor, topic in
            (0..<Int32(topic.partitions)).map { Target(processor: processor, topic: topic, partition: $0) }
        }
    }

    /// The hash of the pack that a partition has in force; nil before the first, and while there is no store.
    private func hash(in target: Target) throws -> String? {
        let url = PartitionStore.url(
            dataFolder: folder.url, processor: target.processor, partition: target.partition)
        guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let store = try DatabaseQueue(path: url.path(percentEncoded: false), configuration: configuration)
        return try readHash(from: store)
    }

    private func readHash(from store: DatabaseQueue) throws -> String? {
        try store.read { db in
            guard try db.tableExists("packInForce") else { return nil }
            return try String.fetchOne(db, sql: "SELECT hash FROM packInForce")
        }
    }

    private func record(
        _ payload: some Payload, index: Int?, to topic: Topic, partition: Int32, attempt: Int
    ) throws -> OutgoingRecord {
        let first = PackTransport.recordID(
            hash: payload.messageSubject, part: index, topic: topic.name, partition: partition)
        // An inbox knows ids for ever: what is sent once more needs a new one, and any new one will do.
        let id = attempt == 0 ? first : MessageID(namespace: first, name: "\(MessageID.random())")
        let envelope = Envelope(payload, id: id, source: "/suishoupai", time: .now)
        var headers = [
            RecordHeader(name: HeaderName.contentType, text: HeaderName.cloudEventsJSON),
            RecordHeader(name: HeaderName.source, text: "suishoupai"),
        ]
        if !session.log.isEmpty { headers.append(RecordHeader(name: HeaderName.log, text: session.log)) }
        return OutgoingRecord(
            topic: topicPrefix + topic.name, partition: partition, key: Data(payload.messageSubject.utf8),
            value: try envelope.value(), headers: headers)
    }

    private func send(_ records: [OutgoingRecord], through producer: KafkaProducer) async throws {
        for report in try await producer.send(records) {
            if case .failed(let error) = report { throw error }
        }
    }
}
