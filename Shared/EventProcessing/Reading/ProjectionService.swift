import Contracts
import CoreMetrics
import Foundation
package import GRDB
import Kafka
package import Logging
import Metrics
import ServiceLifecycle
import Synchronization

/// Fills a read model: reads all partitions of its topics, without a group, from where its own store stands.
package final class ProjectionService: Service, Sendable {
    private struct State {
        var position = ReadPosition(log: "", offsets: [:])
        var isCaughtUp = false
    }

    private let projection: any Projection
    private let store: any DatabaseWriter
    private let places: ProjectionStore
    private let configuration: RuntimeConfiguration
    private let onBatch: (@Sendable ([IncomingRecord]) -> Void)?
    private let signals: RuntimeSignals
    private let logger: Logger
    private let state = Mutex(State())
    private let bell = Bell()
    private let failures: Counter

    /// - Parameter onBatch: Called after each commit with the records that it took in.
    package init(
        projection: any Projection, store: any DatabaseWriter, configuration: RuntimeConfiguration,
        signals: RuntimeSignals = RuntimeSignals(), logger: Logger,
        onBatch: (@Sendable ([IncomingRecord]) -> Void)? = nil
    ) {
        self.projection = projection
        self.store = store
        self.configuration = configuration
        self.signals = signals
        self.logger = logger
        self.onBatch = onBatch
        places = ProjectionStore(projection: projection.name)
        failures = Counter(label: "projection_failures_total", dimensions: [("projection", projection.name)])
    }

    package static func migrate(_ migrator: inout DatabaseMigrator) { ProjectionStore.migrate(&migrator) }

    /// Whether everything was read that stood on the topics when the session began.
    package func isCaughtUp() -> Bool { state.withLock { $0.isCaughtUp } }

    package func readPosition() -> ReadPosition { state.withLock { $0.position } }

    /// Waits until this instance has read so far.
    ///
    /// - Returns: False when the time is up.
    package func wait(until position: ReadPosition, timeout: Duration) async -> Bool {
        let deadline = ContinuousClock.now + timeout
        while !readPosition().reaches(position) {
            guard ContinuousClock.now < deadline, !Task.isCancelled else { return false }
            await bell.waitForEcho(until: min(deadline, ContinuousClock.now + .milliseconds(100)))
        }
        return true
    }

    package func run() async throws {
        let watch = BrokerWatch(configuration, signals: signals, logger: logger)
        let topics = TopicCheck(
            configuration: configuration, reads: projection.topics, signals: signals, logger: logger)
        try await watch.eachSession { [self] session in
            state.withLock { $0.isCaughtUp = false }
            try await topics.pass(session)
            let control = ControlReader(configuration, session: session, logger: logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await control.run() }
                group.addTask { [self] in try await read(session, control: control) }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    private func read(_ session: BrokerSession, control: ControlReader) async throws {
        try await control.waitUntilRead()
        try await KafkaProducer.withProducer(session.settings, logger: logger) { producer in
            try await KafkaConsumer.withConsumer(session.settings, group: nil, logger: logger) { consumer in
                let known = try await store.read { [places] db in
                    (offsets: try places.offsets(log: session.log, in: db), rows: try places.rows(in: db))
                }
                var pass = ProjectionPass(
                    session: session, configuration: configuration, tracker: StreamTracker(last: known.rows))
                let positions = allPlaces().map { place in
                    PartitionPosition(
                        partition: TopicPartition(
                            topic: configuration.topicPrefix + place.topic, partition: place.partition),
                        offset: known.offsets[place].map { .at($0) } ?? .beginning)
                }
                begin(session, known.offsets)
                try await consumer.assign(positions)
                var unread = Set(positions.map(\.partition))
                var asker = HoleAsker(
                    configuration, reader: "\(configuration.service)/\(configuration.replica)/\(projection.name)",
                    kind: projection.name, logger: logger)
                let writer = RecordWriter(
                    configuration: configuration, session: session,
                    source: "\(configuration.service)/\(configuration.replica)")
                while true {
                    let batch = try await consumer.next(limit: 1_000, timeout: .milliseconds(100))
                    try await take(try pass.admit(batch.records), of: session, pass: &pass)
                    unread.subtract(batch.endOfPartition)
                    asker.take(batch, known: pass.tracker)
                    control.announce(to: &pass.tracker, topics: Set(projection.topics.map(\.name)))
                    try await asker.ask(about: pass.tracker, through: producer, writer: writer)
                    if unread.isEmpty, pass.tracker.holes.isEmpty { state.withLock { $0.isCaughtUp = true } }
                    signals.beat()
                }
            }
        }
    }

    private func allPlaces() -> [ProjectionStore.Place] {
        projection.topics.flatMap { topic in
            (0..<topic.partitions).map { ProjectionStore.Place(topic: topic.name, partition: Int32($0)) }
        }
    }

    private func begin(_ session: BrokerSession, _ offsets: [ProjectionStore.Place: Int64]) {
        let known = offsets.reduce(into: [String: Int64]()) { $0["\($1.key.topic)/\($1.key.partition)"] = $1.value }
        state.withLock { $0.position = ReadPosition(log: session.log, offsets: known) }
    }

    /// Takes records in and notes those that could not be understood.
    private func apply(
        _ records: [IncomingRecord], log: String, in db: Database
    ) throws -> [(IncomingRecord, String)] {
        var failed: [(IncomingRecord, String)] = []
        for record in records {
            do {
                try projection.apply(record, in: db)
            } catch ContractError.unknownType {
                continue
            } catch let error as ContractError {
                failed.append((record, error.description))
            }
        }
        for (record, reason) in failed {
            let place = ProjectionStore.Place(topic: record.topic, partition: record.partition)
            try places.note(failure: reason, at: place, log: log, offset: record.offset, in: db)
        }
        return failed
    }

    /// One batch is one transaction: what was read and how far stand there together.
    private func take(
        _ admitted: ProjectionPass.Admitted, of session: BrokerSession, pass: inout ProjectionPass
    ) async throws {
        guard !admitted.offsets.isEmpty else { return }
        let rows = pass.tracker.takeChanges()
        let failed = try await FullDisk(signals: signals, logger: logger).wait {
            try await store.write { [self] db in
                let failed = try apply(admitted.records, log: session.log, in: db)
                try places.save(offsets: admitted.offsets, log: session.log, rows: rows, in: db)
                return failed.map { ($0.0.topic, $0.0.offset, $0.1) }
            }
        }
        for (topic, offset, reason) in failed {
            failures.increment()
            logger.error(
                "Record not understood by a read model",
                metadata: ["topic": "\(topic)", "offset": "\(offset)", "reason": "\(reason)"])
        }
        state.withLock { state in
            for (place, offset) in admitted.offsets {
                state.position.offsets["\(place.topic)/\(place.partition)"] = offset
            }
        }
        bell.echo()
        if !admitted.records.isEmpty { onBatch?(admitted.records) }
    }
}

/// What of a batch a projection has to take in, and where it stands then.
struct ProjectionPass {
    let session: BrokerSession
    let configuration: RuntimeConfiguration
    var tracker: StreamTracker

    struct Admitted {
        var records: [IncomingRecord] = []
        var offsets: [ProjectionStore.Place: Int64] = [:]
    }

    mutating func admit(_ records: [KafkaRecord]) throws -> Admitted {
        var admitted = Admitted()
        for record in records {
            try record.check(log: session.log)
            guard let topic = configuration.topic(named: record.topic) else { continue }
            admitted.offsets[ProjectionStore.Place(topic: topic.name, partition: record.partition)] = record.offset + 1
            guard isNew(record, of: topic), let value = record.value else { continue }
            // What is no CloudEvents JSON of ours was put there by somebody else, and is nothing to us.
            guard let attributes = try readable(value) else { continue }
            admitted.records.append(
                IncomingRecord(
                    topic: topic.name, partition: record.partition, offset: record.offset, attributes: attributes,
                    value: value, key: record.keyText, stamp: record.stamp))
        }
        return admitted
    }

    private func readable(_ value: Data) throws -> MessageAttributes? {
        do { return try MessageAttributes(value: value) } catch is ContractError { return nil }
    }

    private mutating func isNew(_ record: KafkaRecord, of topic: Topic) -> Bool {
        guard let row = record.text(of: HeaderName.row).flatMap(Int64.init),
            let source = record.text(of: HeaderName.source)
        else { return true }
        let stream = StreamTracker.Stream(topic: topic.name, partition: record.partition, source: source)
        guard topic.kind == .states, !session.isEmbedded else {
            return tracker.admit(row, of: stream, gapsAreHoles: true) == .next
        }
        // A compacted topic has gaps where newer versions stand, and a state said once more may be the only one that is
        // left of its key: its row is low, and its version decides.
        _ = tracker.admit(row, of: stream, gapsAreHoles: false)
        return true
    }
}
