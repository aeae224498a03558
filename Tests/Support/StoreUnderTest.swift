package import Contracts
package import EventProcessing
package import Foundation

/// A processor's store without a broker: commands in, outputs out.
package final class StoreUnderTest: Sendable {
    package let store: PartitionStore
    private let folder: TemporaryFolder
    private let log: String

    package init(_ processor: any Processor, partition: Int32 = 0, log: String = "log-a") async throws {
        folder = try TemporaryFolder()
        self.log = log
        store = try PartitionStore(
            processor, partition: partition,
            at: PartitionStore.url(dataFolder: folder.url, processor: processor.name, partition: partition),
            keepsAppliedRecords: true)
        _ = try await store.enter(log: log)
    }

    package var url: URL { folder.url }

    /// One message that a store wants published.
    package struct Message: Sendable, Equatable {
        package let topic: String
        package let partition: Int32
        package let key: String
        package let value: Data
        package let attributes: MessageAttributes

        package func read<P: Payload>(_ type: P.Type) throws -> P { try Envelope<P>(value: value).data }
    }

    /// Applies one command and says what came of it.
    @discardableResult
    package func apply(
        _ payload: some Payload, id: MessageID = .random(), source: String = "/portal/test", at milliseconds: Int64
    ) async throws -> [Message] {
        let envelope = Envelope(
            payload, id: id, source: source, time: Timestamp(milliseconds: milliseconds))
        return try await apply(value: try envelope.value(), at: milliseconds)
    }

    /// Applies the bytes of one record.
    @discardableResult
    package func apply(value: Data?, at milliseconds: Int64) async throws -> [Message] {
        let before = try await store.allOutputs().count
        let offset = await store.position.offset
        _ = try await store.apply([
            InputRecord(log: log, offset: offset, stamp: Timestamp(milliseconds: milliseconds), value: value)
        ])
        return try await messages(after: before)
    }

    /// Applies many records as one batch.
    package func applyBatch(_ values: [(value: Data, milliseconds: Int64)]) async throws {
        let offset = await store.position.offset
        _ = try await store.apply(
            values.enumerated().map { index, entry in
                InputRecord(
                    log: log, offset: offset + Int64(index), stamp: Timestamp(milliseconds: entry.milliseconds),
                    value: entry.value)
            })
    }

    /// Puts a pack in force.
    package func putInForce(_ pack: Pack, at milliseconds: Int64 = 1) async throws {
        let (parts, activation) = try PackTransport.messages(for: pack)
        for part in parts { try await apply(part, source: "/suishoupai", at: milliseconds) }
        try await apply(activation, source: "/suishoupai", at: milliseconds)
    }

    /// Everything that the store wants published, behind the first so many.
    package func messages(after count: Int = 0) async throws -> [Message] {
        try await store.allOutputs().dropFirst(count).map { output in
            // Dead letters carry the original bytes, which need not be readable.
            let attributes =
                output.topic.hasSuffix("dead-letters.v1")
                ? MessageAttributes(
                    id: MessageID(namespace: .suishoupai, name: "dead letter"), source: "", type: "dead-letter",
                    version: 1, subject: "", time: Timestamp(milliseconds: 0),
                    correlationID: MessageID(namespace: .suishoupai, name: "dead letter"))
                : try MessageAttributes(value: output.value)
            return Message(
                topic: output.topic, partition: output.partition, key: output.key, value: output.value,
                attributes: attributes)
        }
    }
}
