import Contracts
import Foundation
import Kafka
package import Logging

/// Where the log and the snapshots of stores are found that keep no applied records.
package struct ReplaySource: Sendable {
    let configuration: RuntimeConfiguration
    let logger: Logger

    package init(_ configuration: RuntimeConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }
}

/// Replays a partition from its command topic: from the beginning of the first log while it stands there, else from the
/// oldest snapshot that the log still reaches.
struct LogReplay {
    let source: ReplaySource
    let processor: any Processor
    let partition: Int32
    /// For copies that are gone with it.
    let folder: URL

    /// How long the broker may bring nothing.
    private static let patience = Duration.seconds(30)

    private var place: TopicPartition {
        TopicPartition(topic: source.configuration.name(of: processor.commandTopic), partition: partition)
    }

    /// Applies what the log has up to the position of a store.
    ///
    /// - Throws: `KafkaError` where the broker does not answer.
    func run(upTo kept: PartitionStore) async throws -> Replay {
        let end = await kept.position
        let session: BrokerSession
        switch try await findSession(for: end) {
        case .success(let found): session = found
        case .failure(let refusal): return .nothing(refusal.reason)
        }
        return try await KafkaConsumer.withConsumer(session.settings, group: nil, logger: source.logger) { consumer in
            let log = try await consumer.watermarks(place)
            guard log.high >= end.offset else {
                return .nothing("the log ends at \(log.high), though the store has applied up to \(end.offset)")
            }
            var replay: Replay
            switch try await beginning(of: log, in: session, before: end) {
            case .success(let found): replay = found
            case .failure(let refusal): return .nothing(refusal.reason)
            }
            guard let store = replay.store else { return replay }
            // An empty store names no log yet, and one that was adopted still the log before.
            _ = try await store.enter(log: session.log)
            let control = try await skips(in: session)
            replay.incomplete = try await bring(store, to: end, by: consumer, in: session, control: control)
            replay.records = Int(await store.position.applied - replay.start)
            return replay
        }
    }

    private struct Refusal: Error {
        let reason: String
    }

    // MARK: - Where to begin

    private func findSession(for end: StorePosition) async throws -> Result<BrokerSession, Refusal> {
        guard case .settings(let settings) = source.configuration.broker else {
            return .failure(Refusal(reason: "the store kept no records, and no cluster is named"))
        }
        let topic = source.configuration.name(of: TopicCatalogue.logIdentity)
        let reader = LogIdentityReader(settings, topic: topic, logger: source.logger)
        guard case .identity(let identity) = try await reader.read() else {
            return .failure(Refusal(reason: "the broker keeps no log of ours, \(topic) is missing or empty"))
        }
        guard identity.id == end.log else {
            return .failure(Refusal(reason: "the store belongs to log \(end.log), the broker keeps log \(identity.id)"))
        }
        return .success(
            BrokerSession(
                settings: settings, log: identity.id, isEmbedded: settings.embedded, isFirst: identity.first))
    }

    private func beginning(
        of log: (low: Int64, high: Int64), in session: BrokerSession, before end: StorePosition
    ) async throws -> Result<Replay, Refusal> {
        // A store that applied more than this log holds began with a copy.
        let beganEmpty = session.isFirst && end.applied <= end.offset
        guard log.low > 0 || !beganEmpty else {
            return .success(Replay(store: try await Replay.emptyStore(processor, partition, in: folder)))
        }
        let lost =
            log.low > 0 ? "the log begins at \(log.low)" : "the store began on a log before \(session.log)"
        guard let place = source.configuration.snapshots?.place else {
            return .failure(Refusal(reason: "\(lost), and no place for snapshots is named"))
        }
        let shelf = SnapshotShelf(place: place, processor: processor.name, partition: partition)
        // The oldest first: what lies before a snapshot is not proved again.
        let reached = try await shelf.snapshots().reversed().filter {
            $0.log == end.log && $0.offset >= log.low && $0.applied <= end.applied
        }
        for name in reached {
            let file = folder.appendingPathComponent("replayed.sqlite")
            guard try await shelf.fetch(name, to: file) else {
                source.logger.error(
                    "A snapshot is damaged and passed over",
                    metadata: ["partition": "\(partition)", "applied": "\(name.applied)"])
                continue
            }
            return .success(
                Replay(store: try await Replay.open(processor, partition, at: file), start: name.applied))
        }
        return .failure(Refusal(reason: "\(lost), and no snapshot of this log goes on from there"))
    }

    // MARK: - Going on

    /// What operators have skipped so far.
    private func skips(in session: BrokerSession) async throws -> ControlReader {
        let control = ControlReader(source.configuration, session: session, logger: source.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await control.run() }
            group.addTask { try await control.waitUntilRead() }
            defer { group.cancelAll() }
            try await group.next()
        }
        return control
    }

    /// - Returns: Why the log did not reach to the end; nil where it did.
    private func bring(
        _ store: PartitionStore, to end: StorePosition, by consumer: KafkaConsumer, in session: BrokerSession,
        control: ControlReader
    ) async throws -> String? {
        try await consumer.assign([PartitionPosition(partition: place, offset: .at(await store.position.offset))])
        var deadline = ContinuousClock.now + Self.patience
        while await store.position.offset < end.offset {
            let batch = try await consumer.next(limit: 1_000, timeout: .milliseconds(100))
            if let begins = batch.positionReset[place] {
                return "the log begins at \(begins) meanwhile: run it again"
            }
            let records = batch.records.filter { $0.offset < end.offset }
            for record in records { try record.check(log: session.log) }
            _ = try await store.apply(
                records.map { record in
                    let isSkipped = control.isSkipped(
                        topic: processor.commandTopic.name, partition: partition, offset: record.offset)
                    return InputRecord(record, log: session.log, isSkipped: isSkipped)
                })
            // The last offsets of a log may hold no record.
            guard records.count == batch.records.count, batch.endOfPartition.isEmpty else { break }
            if !records.isEmpty { deadline = .now + Self.patience }
            guard ContinuousClock.now < deadline else {
                return "the broker brought nothing behind offset \(await store.position.offset)"
            }
        }
        return nil
    }
}
