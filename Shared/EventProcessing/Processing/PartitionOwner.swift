import Contracts
import Foundation
import Kafka
import Logging

/// What the owner of a partition does around its store: publish, wake timers, send to the outside, answer asks.
struct PartitionOwner {
    let store: PartitionStore
    let processor: any Processor
    let writer: RecordWriter
    let logger: Logger
    /// Whether commands that the log has forgotten may be asked for again.
    let lostCommandsAreNews: Bool
    var snapshots: SnapshotKeeper?
    /// Whether the log was read to its end: only then may the owner wake timers.
    var isAtEnd = false {
        didSet { hasCaughtUp = hasCaughtUp || isAtEnd }
    }
    /// Set while the partition must not go on.
    var stopped: String?
    /// The record that ended the process again and again, where that is why it stopped.
    var suspect: Int64?
    /// How many skips of this partition were known when it stopped.
    var skipsKnown = 0
    /// Records from a time that has not come yet by this machine's clock.
    var held: [KafkaRecord] = []
    private var pendingSince: ContinuousClock.Instant?
    private var logicSaid: ContinuousClock.Instant?
    private var timerSaid: [String: ContinuousClock.Instant] = [:]
    private var answered: [RowsAnswered: ContinuousClock.Instant] = [:]
    var sendings: PartitionSendings
    /// Whether the log was ever read to its end: before that, the ends of an earlier owner's sendings may lie ahead.
    private(set) var hasCaughtUp = false
    /// What is being published once more.
    var republications: [Republication] = []
    /// When the states of the last days were published once more, as far as this owner knows.
    var statesSaidAt: Timestamp?

    private struct RowsAnswered: Hashable {
        let topic: String
        let partition: Int
        let row: Int
    }

    /// How long the owner waits before it says once more that a timer is due.
    private static let patience = Duration.seconds(10)

    init(
        _ taken: PartitionTaking.Taken, processor: any Processor, writer: RecordWriter, snapshots: SnapshotKeeper?,
        logger: Logger
    ) {
        store = taken.store
        lostCommandsAreNews = taken.lostCommandsAreNews
        self.processor = processor
        self.writer = writer
        self.snapshots = snapshots
        self.logger = logger
        sendings = PartitionSendings(store, patience: writer.configuration.deliveries.patience)
    }

    /// Publishes everything that waits, in order, and notes it.
    mutating func publish(through producer: KafkaProducer) async throws {
        while true {
            let rows = try await store.unpublished(limit: 2_000, bytes: 2_000_000)
            guard let last = rows.last else {
                pendingSince = nil
                return
            }
            pendingSince = pendingSince ?? .now
            try await producer.sendAll(try rows.map(outgoing))
            await store.markPublished(upTo: last.number)
        }
    }

    func outgoing(_ row: Outbox.Row) throws -> OutgoingRecord {
        guard let topic = TopicCatalogue.topic(named: row.topic) else {
            throw ContractError.malformed("the outbox names the unknown topic '\(row.topic)'")
        }
        return writer.record(
            topic: topic, partition: row.partition, key: row.key, value: row.value, row: row.row, headers: row.headers)
    }

    /// Announces how far each stream went, on earlier logs or this one.
    func announce(_ streams: [RowsAnnounced.Stream], through producer: KafkaProducer) async throws {
        guard !streams.isEmpty else { return }
        let announcement = RowsAnnounced(sourceStore: store.source, log: writer.session.log, streams: streams)
        let envelope = Envelope(announcement, id: .random(), source: "/\(store.source)", time: .now)
        try await producer.sendAll([
            writer.record(topic: TopicCatalogue.control, partition: 0, key: store.source, value: try envelope.value())
        ])
    }

    /// Sends again what readers lack, a piece of it, before anything new, and says how far each stream goes.
    ///
    /// The piece alone would look like all there is to who lost everything behind it, too.
    mutating func answer(_ asks: [RowsAsked], through producer: KafkaProducer) async throws {
        let now = ContinuousClock.now
        answered = answered.filter { now - $0.value < .milliseconds(500) }
        for ask in asks {
            let key = RowsAnswered(topic: ask.topic, partition: ask.partition, row: ask.fromRow)
            // Several readers lack the same rows after a loss: one answer serves them all.
            guard answered[key] == nil else { continue }
            answered[key] = now
            let rows = try await store.publishedRows(
                topic: ask.topic, partition: Int32(clamping: ask.partition), from: Int64(ask.fromRow),
                bytes: writer.configuration.answerSize)
            try await producer.sendAll(try rows.map(outgoing))
            logger.info(
                "Rows sent again",
                metadata: [
                    "topic": "\(ask.topic)", "partition": "\(ask.partition)", "from.row": "\(ask.fromRow)",
                    "rows": "\(rows.count)", "reader": "\(ask.reader)",
                ])
        }
        var streams: [RowsAnnounced.Stream] = []
        for asked in Set(asks.map({ TopicPartition(topic: $0.topic, partition: Int32(clamping: $0.partition)) }))
            .sorted()
        {
            guard let row = try await store.lastPublishedRow(topic: asked.topic, partition: asked.partition) else {
                continue
            }
            streams.append(
                RowsAnnounced.Stream(topic: asked.topic, partition: Int(asked.partition), lastRow: Int(row)))
        }
        try await announce(streams, through: producer)
    }

    /// Appends `timer.due` for what is due by the wall clock.
    mutating func wake(through producer: KafkaProducer) async throws {
        guard isAtEnd, stopped == nil, held.isEmpty else { return }
        let now = writer.configuration.now()
        var records = try await logicToActivate(at: now)
        for timer in try await store.dueTimers(at: now) where isNews(timer.id) {
            let due = TimerDue(timerId: timer.id, kind: timer.kind, about: timer.about, dueAt: timer.dueAt)
            records.append(try command(due, at: now))
        }
        try await producer.sendAll(records)
    }

    /// What brings the log to this program's logic, said again while it does not come back.
    private mutating func logicToActivate(at now: Timestamp) async throws -> [OutgoingRecord] {
        guard await store.logic < processor.logic else { return [] }
        if let logicSaid, ContinuousClock.now - logicSaid < Self.patience { return [] }
        logicSaid = .now
        return [try command(LogicActivated(processor: processor.name, logic: processor.logic), at: now)]
    }

    /// How the partition stands; the end of its log is the caller's to know.
    func report(end: Int64?) async throws -> PartitionReport {
        let position = await store.position
        let waits = pendingSince.map { ContinuousClock.now - $0 } ?? .zero
        return PartitionReport(
            partition: Int(store.partition), state: stopped != nil ? .stopped : held.isEmpty ? .running : .waiting,
            detail: stopped ?? held.first.map { "a record is stamped \($0.stamp)" }, log: position.log,
            offset: position.offset, lag: end.map { max($0 - position.offset, 0) }, applied: position.applied,
            clock: position.clock, logic: await store.logic, pending: try await store.unpublishedCount(),
            pendingSeconds: Double(waits.components.seconds)
                + Double(waits.components.attoseconds / 1_000_000_000_000_000) / 1_000,
            snapshot: snapshots?.last)
    }

    private mutating func isNews(_ timer: String) -> Bool {
        let now = ContinuousClock.now
        if let last = timerSaid[timer], now - last < Self.patience { return false }
        if timerSaid.count > 10_000 { timerSaid.removeAll() }
        timerSaid[timer] = now
        return true
    }

    func command(_ payload: some Payload, at moment: Timestamp = .now) throws -> OutgoingRecord {
        try writer.ownerCommand(
            payload, to: processor.commandTopic, partition: store.partition, at: moment)
    }
}
