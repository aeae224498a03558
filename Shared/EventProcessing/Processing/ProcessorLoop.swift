import Contracts
import CoreMetrics
import Foundation
import Kafka
import Logging
import Synchronization

/// The state of one processor in one session, and one round of its loop.
struct ProcessorLoop {
    let processor: any Processor
    let edge: (any DeliveryEdge)?
    let configuration: RuntimeConfiguration
    let session: BrokerSession
    let control: ControlReader
    let consumer: KafkaConsumer
    let producer: KafkaProducer
    let signals: RuntimeSignals
    let logger: Logger

    private var owners: [Int32: PartitionOwner] = [:]
    private var asker: HoleAsker
    private let results = DeliveryResults()
    private let metrics: ProcessorMetrics
    private let topic: String
    private var lastHousekeeping = ContinuousClock.now

    /// A stamp so far ahead of the owner's clock makes it wait.
    private static let mostAhead: Int64 = 5 * 60_000
    /// How long a new owner waits for the one before to let go of a file.
    private static let lockPatience = Duration.seconds(20)

    init(
        processor: any Processor, edge: (any DeliveryEdge)?, configuration: RuntimeConfiguration,
        session: BrokerSession, control: ControlReader, consumer: KafkaConsumer, producer: KafkaProducer,
        signals: RuntimeSignals, logger: Logger
    ) {
        self.processor = processor
        self.edge = edge
        self.configuration = configuration
        self.session = session
        self.control = control
        self.consumer = consumer
        self.producer = producer
        self.signals = signals
        self.logger = logger
        asker = HoleAsker(configuration, reader: "\(processor.name)", logger: logger)
        metrics = ProcessorMetrics(processor: processor.name)
        topic = configuration.name(of: processor.commandTopic)
    }

    /// Polls once and does what follows: poll ▸ apply ▸ publish ▸ commit ▸ wake.
    ///
    /// - Returns: Sendings to be run beside the loop; each puts its result where the next round finds it.
    mutating func round() async throws -> [@Sendable () async -> Void] {
        let batch = try await consumer.next(limit: 500, timeout: .milliseconds(50))
        switch batch.rebalance {
        case .assigned(let partitions): try await take(partitions)
        case .revoked: try await giveBack()
        case .lost:
            await letGo()
            try await consumer.unassign()
        case nil: break
        }
        for (partition, records) in Dictionary(grouping: batch.records, by: \.partition).sorted(by: { $0.key < $1.key })
        {
            try await apply(records, of: partition)
        }
        for end in batch.endOfPartition { owners[end.partition]?.isAtEnd = true }
        if !batch.positionReset.isEmpty {
            try await askTranslators()
        }
        return try await attend(hadRecords: !batch.records.isEmpty)
    }

    // MARK: - Partitions come and go

    private mutating func take(_ partitions: [TopicPartition]) async throws {
        for partition in partitions where owners[partition.partition] == nil {
            owners[partition.partition] = try await open(partition.partition)
        }
        var positions: [PartitionPosition] = []
        for partition in partitions {
            guard let owner = owners[partition.partition], owner.stopped == nil else { continue }
            let offset = await owner.store.position.offset
            // Also an empty store asks for offset 0 by number: a log that begins later must be noticed.
            positions.append(PartitionPosition(partition: partition, offset: .at(offset)))
        }
        try await consumer.assign(positions)
        signals.condition("partitions", owners.isEmpty ? "none assigned" : nil)
        logger.info(
            "Partitions taken",
            metadata: ["partitions": "\(partitions.map(\.partition).sorted())", "log": "\(session.log)"])
    }

    private func open(_ partition: Int32) async throws -> PartitionOwner {
        let url = PartitionStore.url(
            dataFolder: configuration.dataFolder, processor: processor.name, partition: partition)
        let store = try await openWhenFree(partition, at: url)
        let known = await store.position
        if !known.log.isEmpty, known.log != session.log, !session.isEmbedded {
            throw StoreError.foreignLog(path: url.path, known: known.log, found: session.log)
        }
        let writer = RecordWriter(configuration: configuration, session: session, source: store.source)
        var owner = PartitionOwner(store: store, processor: processor, writer: writer, logger: logger)
        if let streams = try await store.enter(log: session.log) {
            try await owner.announce(streams, through: producer)
        }
        if let offset = await store.suspectOffset,
            !control.isSkipped(topic: processor.commandTopic.name, partition: partition, offset: offset)
        {
            owner.stopped = "record \(offset) ended the process \(AttemptMarker.mostAttempts) times"
            signals.condition("partition-\(partition)", owner.stopped)
            logger.critical(
                "Partition stopped: one record ends the process again and again; keep the data folder and report it",
                metadata: ["partition": "\(partition)", "offset": "\(offset)"])
        }
        return owner
    }

    /// The owner before may still be closing the file.
    private func openWhenFree(_ partition: Int32, at url: URL) async throws -> PartitionStore {
        let deadline = ContinuousClock.now + Self.lockPatience
        while true {
            do {
                return try PartitionStore(
                    processor, partition: partition, at: url, keepsAppliedRecords: configuration.keepsAppliedRecords)
            } catch let error as StoreError {
                guard case .locked = error, ContinuousClock.now < deadline else { throw error }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// Finishes what is under way, so that the next owner finds everything said and saved.
    private mutating func giveBack() async throws {
        for partition in owners.keys.sorted() { try await owners[partition]?.publish(through: producer) }
        await letGo()
        try await consumer.unassign()
    }

    /// Closes the stores.
    ///
    /// What is not saved is repeated by the next owner with the same ids.
    mutating func letGo() async {
        for (partition, owner) in owners {
            do {
                try await owner.store.close()
            } catch {
                logger.error("Store not closed cleanly", metadata: ["partition": "\(partition)", "error": "\(error)"])
            }
        }
        owners = [:]
    }

    // MARK: - Records

    private mutating func apply(_ records: [KafkaRecord], of partition: Int32) async throws {
        guard var owner = owners[partition], owner.stopped == nil else { return }
        let newest = Timestamp.now.milliseconds + Self.mostAhead
        var inputs: [InputRecord] = []
        for record in records {
            try record.check(log: session.log)
            guard record.timestamp <= newest else {
                try await waitForTime(record, owner: &owner)
                break
            }
            let isSkipped = control.isSkipped(
                topic: processor.commandTopic.name, partition: partition, offset: record.offset)
            inputs.append(input(record, isSkipped: isSkipped))
        }
        do {
            metrics.count(try await owner.store.apply(inputs))
        } catch let error as ContractError {
            // A newer version of a type that this program handles: others go on, this partition must not.
            stop(&owner, partition: partition, because: error.description)
        }
        metrics.batch.record(inputs.count)
        owner.isAtEnd = false
        try await owner.publish(through: producer)
        owners[partition] = owner
        guard owner.stopped == nil else { return }
        try await commit(owner)
    }

    private mutating func stop(_ owner: inout PartitionOwner, partition: Int32, because reason: String) {
        owner.stopped = reason
        signals.condition("partition-\(partition)", reason)
        logger.critical(
            "Partition stopped: upgrade this program", metadata: ["partition": "\(partition)", "reason": "\(reason)"])
    }

    /// A record from the future: the owner pauses, says so, and reads it again when its own clock has come near.
    private func waitForTime(_ record: KafkaRecord, owner: inout PartitionOwner) async throws {
        let wait = record.timestamp - Self.mostAhead - Timestamp.now.milliseconds
        logger.error(
            "A record is stamped ahead of this machine's clock: waiting",
            metadata: ["partition": "\(record.partition)", "offset": "\(record.offset)", "milliseconds": "\(wait)"])
        signals.condition("clock", "a record is stamped \(wait / 1_000 + 300) s ahead of this machine's clock")
        try await Task.sleep(for: .milliseconds(min(max(wait, 100), 5_000)))
        throw SessionEnded(reason: "a record was stamped ahead of this machine's clock")
    }

    private func input(_ record: KafkaRecord, isSkipped: Bool) -> InputRecord {
        let row = record.text(of: HeaderName.row).flatMap(Int64.init)
        return InputRecord(
            log: session.log, offset: record.offset, stamp: record.stamp, value: isSkipped ? nil : record.value,
            source: row == nil ? nil : record.text(of: HeaderName.source), row: row)
    }

    private func commit(_ owner: PartitionOwner) async throws {
        let partition = TopicPartition(topic: topic, partition: owner.store.partition)
        let position = CommittedPosition(partition: partition, offset: await owner.store.position.offset)
        do {
            try await consumer.commit([position])
        } catch let error as KafkaError where error.isRetriable {
            // Only others' view of our lag is late; where to go on stands in the store.
            logger.debug("Progress not committed", metadata: ["error": "\(error)"])
        }
    }

    /// Commands are missing from the log: translators are asked to translate again, edges send again by themselves.
    private func askTranslators() async throws {
        logger.error("The log begins beyond the store's position", metadata: ["topic": "\(topic)"])
        let translator = TranslatorService.source(of: processor.name)
        let ask = RowsAsked(
            sourceStore: translator, topic: processor.commandTopic.name, partition: 0, fromRow: 1,
            reader: processor.name)
        let envelope = Envelope(ask, id: .random(), source: "/\(processor.name)", time: .now)
        let writer = RecordWriter(configuration: configuration, session: session, source: processor.name)
        try await producer.sendAll([
            writer.record(topic: TopicCatalogue.control, partition: 0, key: translator, value: try envelope.value())
        ])
    }

    // MARK: - What is due

    private mutating func attend(hadRecords: Bool) async throws -> [@Sendable () async -> Void] {
        let asks = control.takeAsks(for: Set(owners.values.map(\.store.source)))
        var tasks: [@Sendable () async -> Void] = []
        let ended = Dictionary(grouping: results.take(), by: \.partition)
        for partition in owners.keys.sorted() {
            guard var owner = owners[partition] else { continue }
            try await owner.answer(asks.filter { $0.sourceStore == owner.store.source }, through: producer)
            try await owner.publish(through: producer)
            try await owner.report(ended[partition, default: []].map(\.report), through: producer)
            if !hadRecords {
                try await owner.forgetEnded()
                tasks += try await owner.wake(through: producer, hasEdge: edge != nil).map {
                    sending($0, of: partition)
                }
            }
            owners[partition] = owner
        }
        try await keepHouse()
        return tasks
    }

    /// Looks for holes among the commands that sibling stores sent, and measures what waits.
    private mutating func keepHouse() async throws {
        let now = ContinuousClock.now
        guard now - lastHousekeeping > .seconds(1) else { return }
        lastHousekeeping = now
        var pending = 0
        for (partition, owner) in owners.sorted(by: { $0.key < $1.key }) {
            var tracker = StreamTracker()
            tracker.restore(
                try await owner.store.sourceRows(), topic: processor.commandTopic.name, partition: partition)
            control.announce(to: &tracker, topics: [processor.commandTopic.name])
            try await asker.ask(
                about: tracker.only { $0.partition == partition }, through: producer,
                writer: RecordWriter(configuration: configuration, session: session, source: owner.store.source))
            pending += try await owner.store.unpublishedCount()
            try await owner.store.savePublished()
        }
        metrics.pending.record(pending)
    }

    private func sending(_ delivery: PlannedDelivery, of partition: Int32) -> @Sendable () async -> Void {
        { [edge, results] in
            guard let edge else { return }
            let result = await edge.send(delivery)
            let report: DeliveryReported
            switch result {
            case .delivered:
                report = DeliveryReported(
                    deliveryId: delivery.id, attempt: delivery.attempt, delivered: true, canRetry: false, reason: nil)
            case .failed(let reason, let canRetry):
                report = DeliveryReported(
                    deliveryId: delivery.id, attempt: delivery.attempt, delivered: false, canRetry: canRetry,
                    reason: reason)
            }
            results.add(report, partition: partition)
        }
    }
}

/// Where sendings leave their results for the loop.
private final class DeliveryResults: Sendable {
    struct Entry: Sendable {
        let partition: Int32
        let report: DeliveryReported
    }

    private let entries: Mutex<[Entry]> = Mutex([])

    func add(_ report: DeliveryReported, partition: Int32) {
        entries.withLock { $0.append(Entry(partition: partition, report: report)) }
    }

    func take() -> [Entry] {
        entries.withLock { entries in
            defer { entries = [] }
            return entries
        }
    }
}
