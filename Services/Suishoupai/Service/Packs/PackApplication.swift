import Contracts
import EventProcessing
import Foundation
import GRDB
import Kafka
import Logging

/// Brings a pack into every partition of every processor, and to those who only read it.
struct PackApplication: Sendable {
    let folder: DataFolder
    let session: DeploymentSession
    let logger: Logger

    private struct Target: Hashable, Sendable {
        let processor: String
        let topic: Topic
        let partition: Int32
    }

    private static let processors = [
        (name: "case-routing", commands: TopicCatalogue.caseCommands, events: TopicCatalogue.caseEvents),
        (name: "points", commands: TopicCatalogue.pointsCommands, events: TopicCatalogue.pointsEvents),
        (
            name: "notifications", commands: TopicCatalogue.notificationCommands,
            events: TopicCatalogue.notificationEvents
        ),
    ]
    /// How long a partition has to take a pack before it is sent once more.
    private static let patience = Duration.seconds(5)

    /// Publishes the pack for edges and readers, and what of it everybody may know.
    func publishReference(_ pack: Pack) async throws {
        let (parts, activation) = try PackTransport.messages(for: pack)
        try await KafkaProducer.withProducer(session.settings, logger: logger) { producer in
            let topic = TopicCatalogue.reference
            func id(part: Int?) -> MessageID {
                PackTransport.recordID(hash: activation.packHash, part: part, topic: topic.name, partition: 0)
            }
            var records = try parts.map { try record($0, id: id(part: $0.index), to: topic, partition: 0) }
            records.append(try record(activation, id: id(part: nil), to: topic, partition: 0))
            records.append(
                try record(
                    OpenReferenceState(pack, hash: activation.packHash),
                    id: PackTransport.recordID(
                        hash: activation.packHash, part: nil, topic: TopicCatalogue.openReference.name, partition: 0),
                    to: TopicCatalogue.openReference, partition: 0))
            try await send(records, through: producer)
        }
    }

    /// Sends the pack to every partition that is not known to have it, again until all have answered.
    func putInForce(_ pack: Pack) async throws {
        let (parts, activation) = try PackTransport.messages(for: pack)
        var missing = try targets().filter { try !isInForce(activation.packHash, in: $0) }
        guard !missing.isEmpty else { return }
        try await KafkaProducer.withProducer(session.settings, logger: logger) { producer in
            try await KafkaConsumer.withConsumer(session.settings, group: nil, logger: logger) { consumer in
                try await beginListening(consumer)
                var asked: Set<MessageID> = []
                while !missing.isEmpty {
                    for target in missing {
                        // An inbox knows ids for ever: what is sent once more needs a new one, and any new one will do.
                        let id = MessageID.random()
                        var records = try parts.map {
                            try record($0, id: .random(), to: target.topic, partition: target.partition)
                        }
                        records.append(
                            try record(activation, id: id, to: target.topic, partition: target.partition))
                        try await send(records, through: producer)
                        asked.insert(id)
                    }
                    missing = try await listen(to: consumer, for: missing, asked: asked)
                }
            }
        }
    }

    /// Reads what processors answer from here on.
    private func beginListening(_ consumer: KafkaConsumer) async throws {
        let partitions = Set(Self.processors.map(\.events)).flatMap { topic in
            (0..<topic.partitions).map { TopicPartition(topic: session.name(of: topic), partition: Int32($0)) }
        }.sorted()
        var positions: [PartitionPosition] = []
        for partition in partitions {
            let end = try await consumer.watermarks(partition).high
            positions.append(PartitionPosition(partition: partition, offset: .at(end)))
        }
        try await consumer.assign(positions)
    }

    /// Waits for answers, and says who has given none.
    ///
    /// - Parameter asked: The activations that were sent. An answer to an earlier one, which a source may say again at
    ///   any time, tells nothing of today.
    private func listen(
        to consumer: KafkaConsumer, for targets: [Target], asked: Set<MessageID>
    ) async throws -> [Target] {
        var missing = targets
        let deadline = ContinuousClock.now + Self.patience
        while !missing.isEmpty, ContinuousClock.now < deadline {
            let batch = try await consumer.next(limit: 500, timeout: .milliseconds(50))
            for value in batch.records.compactMap(\.value) {
                let attributes = try MessageAttributes(value: value)
                guard attributes.type == PackTookEffect.type, let cause = attributes.causationID, asked.contains(cause)
                else { continue }
                let answer = try Envelope<PackTookEffect>(value: value).data
                missing.removeAll {
                    $0.processor == answer.processor && Int($0.partition) == answer.partition
                }
            }
        }
        return missing
    }

    private func targets() -> [Target] {
        Self.processors.flatMap { processor, topic, _ in
            (0..<Int32(topic.partitions)).map { Target(processor: processor, topic: topic, partition: $0) }
        }
    }

    /// Whether a store on this machine says that the pack is in force; where there is none, only its answer tells.
    private func isInForce(_ hash: String, in target: Target) throws -> Bool {
        let url = PartitionStore.url(
            dataFolder: folder.url, processor: target.processor, partition: target.partition)
        guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else { return false }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let store = try DatabaseQueue(path: url.path(percentEncoded: false), configuration: configuration)
        let found = try store.read { db in
            try db.tableExists("packInForce") ? String.fetchOne(db, sql: "SELECT hash FROM packInForce") : nil
        }
        try store.close()
        return found == hash
    }

    private func record(
        _ payload: some Payload, id: MessageID, to topic: Topic, partition: Int32
    ) throws -> OutgoingRecord {
        let envelope = Envelope(payload, id: id, source: "/suishoupai", time: .now)
        return session.record(try envelope.value(), key: payload.messageSubject, to: topic, partition: partition)
    }

    private func send(_ records: [OutgoingRecord], through producer: KafkaProducer) async throws {
        for report in try await producer.send(records) {
            if case .failed(let error) = report { throw error }
        }
    }
}
