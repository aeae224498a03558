import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging

/// Writes `record.skipped` to the control topic of a log.
struct Skip: Sendable {
    let session: DeploymentSession
    let logger: Logger

    /// What was skipped.
    struct Skipped: Codable, Equatable, Sendable {
        let log: String
        let topic: String
        let partition: Int
        let offset: Int64
        let reason: String
        /// What the record says of itself; absent where it cannot be read, or lies no longer on the broker.
        let type: String?
        let id: String?

        var line: String {
            let what = type.map { type in "\(type) \(id ?? "")" } ?? "a record that cannot be read"
            return "✓ \(topic)/\(partition) goes on without offset \(offset): \(what)"
        }
    }

    /// Why nothing was written.
    enum Refusal: Error, Equatable, CustomStringConvertible {
        case notThere(topic: String, partition: Int32, offset: Int64, end: Int64)
        case applied(topic: String, partition: Int32, offset: Int64, next: Int64)

        var description: String {
            switch self {
            case .notThere(let topic, let partition, let offset, let end):
                end == 0
                    ? "\(topic)/\(partition) is empty on this log, there is no record \(offset)"
                    : "\(topic)/\(partition) ends with record \(end - 1), there is no record \(offset)"
            case .applied(let topic, let partition, let offset, let next):
                "record \(offset) of \(topic)/\(partition) is applied already, the processor goes on at \(next): "
                    + "whoever replays the log would contradict it"
            }
        }
    }

    /// - Parameter note: Is given what was written, once the broker has it.
    func write(
        topic: Topic, partition: Int32, offset: Int64, reason: String,
        note: (Envelope<RecordSkipped>) async throws -> Void = { _ in }
    ) async throws -> Skipped {
        let place = TopicPartition(topic: session.name(of: topic), partition: partition)
        let attributes = try await look(at: place, offset)
        if let next = try await progress(of: topic, at: place), next > offset {
            throw Refusal.applied(topic: place.topic, partition: partition, offset: offset, next: next)
        }
        let skip = RecordSkipped(
            log: session.log, topic: topic.name, partition: Int(partition), offset: offset, reason: reason)
        let envelope = Envelope(skip, id: .random(), source: "/suishoupai", time: .now)
        let record = session.record(
            try envelope.value(), key: skip.subject, to: TopicCatalogue.control, partition: 0)
        try await session.send([record], logger: logger)
        try await note(envelope)
        return Skipped(
            log: session.log, topic: topic.name, partition: Int(partition), offset: offset, reason: reason,
            type: attributes?.type, id: attributes?.id.description)
    }

    /// What the record says of itself.
    ///
    /// An offset beyond the end is refused: it would take out of the way whatever comes there later.
    private func look(at partition: TopicPartition, _ offset: Int64) async throws -> MessageAttributes? {
        try await KafkaConsumer.withConsumer(session.settings, group: nil, logger: logger) { consumer in
            let marks = try await consumer.watermarks(partition)
            guard offset < marks.high else {
                throw Refusal.notThere(
                    topic: partition.topic, partition: partition.partition, offset: offset, end: marks.high)
            }
            guard offset >= marks.low else { return nil }
            try await consumer.assign([PartitionPosition(partition: partition, offset: .at(offset))])
            let deadline = ContinuousClock.now + .seconds(10)
            while ContinuousClock.now < deadline {
                let batch = try await consumer.next(limit: 1, timeout: .milliseconds(200))
                guard let record = batch.records.first else { continue }
                return record.offset == offset ? try record.value.flatMap(Self.attributes) : nil
            }
            return nil
        }
    }

    /// Where the processor of a command topic goes on, as far as it has told the broker.
    private func progress(of topic: Topic, at place: TopicPartition) async throws -> Int64? {
        guard let processor = TopicCatalogue.processors.first(where: topic.writers.contains) else { return nil }
        let group = session.topicPrefix + processor
        return try await KafkaConsumer.withConsumer(session.settings, group: group, logger: logger) { consumer in
            try await consumer.committed([place])[place]?.offset
        }
    }

    private static func attributes(_ value: Data) throws -> MessageAttributes? {
        do { return try MessageAttributes(value: value) } catch is ContractError { return nil }
    }
}
