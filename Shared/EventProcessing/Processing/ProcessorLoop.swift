import Contracts
import CoreMetrics
import Foundation
import GRDB
import Kafka
import Logging

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

    /// What the group has given us, whether or not it could be taken.
    var assigned: [TopicPartition] = []
    var owners: [Int32: PartitionOwner] = [:]
    /// Partitions for which no copy does, and when to look again.
    var refused: [Int32: RefusedPartition] = [:]
    let metrics: ProcessorMetrics
    let topic: String
    private var asker: HoleAsker
    let results = BesideResults()
    /// What this process has under way to the outside, over all its partitions.
    var book: LaneBook
    private var rounds = 0
    private var lastHousekeeping = ContinuousClock.now
    /// When the figures of the stores were last asked for.
    var figuresAt: ContinuousClock.Instant?

    /// A stamp so far ahead of the owner's clock makes it wait.
    private static let mostAhead: Int64 = 5 * 60_000

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
        asker = HoleAsker(configuration, reader: processor.name, kind: processor.name, logger: logger)
        metrics = ProcessorMetrics(processor)
        topic = configuration.name(of: processor.commandTopic)
        book = LaneBook(configuration.deliveries)
    }

    /// Polls once and does what follows: poll ▸ apply ▸ publish ▸ commit ▸ wake.
    ///
    /// - Returns: What is to be run beside the loop; each puts its result where the next round finds it.
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
        let byPartition = Dictionary(grouping: batch.records, by: \.partition)
        for (partition, records) in byPartition.sorted(by: { $0.key < $1.key }) {
            try await apply(records, of: partition)
        }
        for end in batch.endOfPartition { owners[end.partition]?.isAtEnd = true }
        asker.noteEnds(of: batch)
        try await missed(batch.positionReset)
        try await lookAgain()
        try await resumeSkipped()
        return try await attend()
    }

    // MARK: - Records

    private mutating func apply(_ records: [KafkaRecord], of partition: Int32) async throws {
        guard var owner = owners[partition], owner.stopped == nil else { return }
        for record in records { try record.check(log: session.log) }
        let wasWaiting = !owner.held.isEmpty
        let waiting = owner.held + records
        let newest = configuration.now().milliseconds + Self.mostAhead
        let due = waiting.prefix { $0.timestamp <= newest || isSkipped($0) }
        owner.held = Array(waiting.dropFirst(due.count))
        if let early = owner.held.first { try await wait(for: early, isNews: !wasWaiting) }
        let inputs = due.map { InputRecord($0, log: session.log, isSkipped: isSkipped($0)) }
        owner.snapshots?.applied(bytes: inputs.reduce(0) { $0 + ($1.value?.count ?? 0) + 200 })
        do {
            metrics.count(try await owner.store.apply(inputs))
        } catch let error where Self.stopsThePartition(error) {
            // A newer version of a type, or a newer logic: other partitions go on, this one must not.
            stop(&owner, partition: partition, because: String(describing: error))
        } catch let error as DatabaseError where error.isDamage {
            // The next owner looks at every page before it trusts the file.
            try DamageMark(store: owner.store.url).set()
            throw error
        }
        metrics.batch.record(inputs.count)
        owner.isAtEnd = false
        try await owner.publish(through: producer)
        owners[partition] = owner
        guard owner.stopped == nil else { return }
        try await commit(owner)
    }

    private static func stopsThePartition(_ error: any Error) -> Bool {
        error is ContractError || error is LogicError
    }

    private mutating func stop(_ owner: inout PartitionOwner, partition: Int32, because reason: String) {
        owner.stopped = reason
        owner.skipsKnown = control.skipCount(topic: processor.commandTopic.name, partition: partition)
        signals.condition("partition-\(partition)", reason)
        logger.critical(
            "Partition stopped: upgrade this program", metadata: ["partition": "\(partition)", "reason": "\(reason)"])
    }

    /// A record from the future: its partition pauses until the owner's own clock has come near, and says so.
    private func wait(for early: KafkaRecord, isNews: Bool) async throws {
        let seconds = (early.timestamp - configuration.now().milliseconds) / 1_000
        signals.condition(
            "clock-\(early.partition)",
            "record \(early.offset) of partition \(early.partition) is stamped \(seconds) s ahead of this machine's clock"
        )
        guard isNews else { return }
        logger.error(
            "A record is stamped ahead of this machine's clock: waiting",
            metadata: [
                "partition": "\(early.partition)", "offset": "\(early.offset)", "seconds": "\(seconds)",
            ])
        try await consumer.pause([early.topicPartition])
    }

    /// Goes on with partitions whose time has come.
    private mutating func applyHeld() async throws {
        for (partition, owner) in owners.sorted(by: { $0.key < $1.key }) {
            guard let first = owner.held.first else { continue }
            try await apply([], of: partition)
            guard owners[partition]?.held.first?.offset != first.offset else { continue }
            signals.condition("clock-\(partition)", nil)
            if owners[partition]?.held.isEmpty ?? true { try await consumer.resume([first.topicPartition]) }
        }
    }

    private func isSkipped(_ record: KafkaRecord) -> Bool {
        control.isSkipped(
            topic: processor.commandTopic.name, partition: record.partition, offset: record.offset)
    }

    private func commit(_ owner: PartitionOwner) async throws {
        let partition = TopicPartition(topic: topic, partition: owner.store.partition)
        let position = CommittedPosition(partition: partition, offset: await owner.store.position.offset)
        do {
            try await consumer.commit([position])
        } catch let error as KafkaError where error.isRetriable {
            // Where to go on stands in the store; others' view of our lag is mended by `commitLate`.
            logger.debug("Progress not committed", metadata: ["error": "\(error)"])
        }
    }

    /// Commits what the group does not know of: a commit was refused, or an owner that woke up late has set it back.
    ///
    /// Translators wait while the group's progress lies far behind, and then no new record comes to commit with.
    private func commitLate() async throws {
        let mine = owners.filter { $0.value.stopped == nil }
        guard !mine.isEmpty else { return }
        let known: [TopicPartition: CommittedPosition]
        do {
            known = try await consumer.committed(
                mine.keys.sorted().map { TopicPartition(topic: topic, partition: $0) })
        } catch let error as KafkaError where error.isRetriable {
            return logger.debug("Progress not looked at", metadata: ["error": "\(error)"])
        }
        for (partition, owner) in mine.sorted(by: { $0.key < $1.key }) {
            let there = known[TopicPartition(topic: topic, partition: partition)]?.offset ?? 0
            if await owner.store.position.offset > there { try await commit(owner) }
        }
    }

    // MARK: - What is due

    private mutating func attend() async throws -> [@Sendable () async -> Void] {
        let asks = control.takeAsks(for: Set(owners.values.map(\.store.source)))
        let replays = control.takeReplays()
        var tasks: [@Sendable () async -> Void] = []
        let ended = endSendings()
        for snapshot in results.takeSnapshots() { note(snapshot) }
        for partition in partitionsInTurn() {
            guard var owner = owners[partition] else { continue }
            try await owner.answer(asks.filter { $0.sourceStore == owner.store.source }, through: producer)
            try await owner.publish(through: producer)
            try await owner.take(replays)
            try await owner.republish(through: producer)
            try await owner.wake(through: producer)
            tasks += try await send(ended[partition, default: []], of: &owner)
            let position = await owner.store.position
            if owner.snapshots?.begin(at: position) ?? false { tasks.append(snapshot(of: owner)) }
            owners[partition] = owner
        }
        try await reportStray(ended)
        try await keepHouse()
        return tasks
    }

    /// Each time another partition first, so that all find places for their sendings.
    private mutating func partitionsInTurn() -> [Int32] {
        let sorted = owners.keys.sorted()
        guard !sorted.isEmpty else { return [] }
        rounds += 1
        let first = rounds % sorted.count
        return Array(sorted[first...] + sorted[..<first])
    }

    /// Looks for holes among the commands that sibling stores sent, and measures what waits.
    private mutating func keepHouse() async throws {
        let now = ContinuousClock.now
        guard now - lastHousekeeping > .seconds(1) else { return }
        lastHousekeeping = now
        try await applyHeld()
        try await commitLate()
        var reports = refused.sorted { $0.key < $1.key }.map { $0.value.report(of: $0.key, log: session.log) }
        var tracker = StreamTracker()
        for (partition, owner) in owners.sorted(by: { $0.key < $1.key }) {
            tracker.restore(
                try await owner.store.sourceRows(), topic: processor.commandTopic.name, partition: partition)
            try await owner.store.savePublished()
            let end = try await consumer.knownEnd(of: TopicPartition(topic: topic, partition: partition))
            reports.append(try await owner.report(end: end))
        }
        control.announce(to: &tracker, topics: [processor.commandTopic.name])
        try await asker.ask(
            about: tracker.only { [owners] in owners[$0.partition] != nil }, through: producer,
            writer: RecordWriter(configuration: configuration, session: session, source: processor.name))
        try await measureSendings()
        try await measure(reports)
        signals.partitions(reports.sorted { $0.partition < $1.partition })
    }
}
