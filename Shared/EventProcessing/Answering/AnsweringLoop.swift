import Contracts
import Kafka
import Logging

/// The state of an answering service in one session, and one round of its loop.
struct AnsweringLoop {
    /// Records of a partition that wait for their answer, oldest first.
    private struct Held {
        var records: [KafkaRecord] = []
        var isDue = ContinuousClock.now
    }

    private let answering: Answering
    private let configuration: RuntimeConfiguration
    private let session: BrokerSession
    private let consumer: KafkaConsumer
    private let producer: KafkaProducer
    private let logger: Logger
    private let writer: RecordWriter
    /// What was read and is not answered; while a partition has some, nothing more of it is read.
    private var held: [TopicPartition: Held] = [:]
    private var paused: Set<TopicPartition> = []

    /// Records of one round: as many as one transaction of a store takes well.
    private static let most = 500

    init(
        _ answering: Answering, configuration: RuntimeConfiguration, session: BrokerSession, consumer: KafkaConsumer,
        producer: KafkaProducer, logger: Logger
    ) {
        self.answering = answering
        self.configuration = configuration
        self.session = session
        self.consumer = consumer
        self.producer = producer
        self.logger = logger
        writer = RecordWriter(
            configuration: configuration, session: session,
            source: "\(configuration.service)/\(configuration.replica)")
    }

    /// Polls once, answers what can be answered, commits that, and holds back partitions that have to wait.
    ///
    /// Polling goes on while records wait, so that the group does not take the partitions away.
    mutating func round() async throws {
        let batch = try await consumer.next(limit: Self.most, timeout: .milliseconds(50))
        switch batch.rebalance {
        case .assigned(let partitions):
            forget()
            // An outsider's records name no log, so only the group's own progress says where to go on.
            try await consumer.assign(partitions.map { PartitionPosition(partition: $0, offset: .committed) })
            say("Answering partitions", partitions)
        case .revoked(let partitions), .lost(let partitions):
            forget()
            try await consumer.unassign()
            say("Others answer partitions from here on", partitions)
        case nil: break
        }
        say(batch.positionReset)
        for record in batch.records { held[record.topicPartition, default: Held()].records.append(record) }
        try await answerWhatIsDue()
        try await holdBack()
    }

    /// Whoever has the partitions next finds their records behind what was committed.
    private mutating func forget() {
        held = [:]
        paused = []
    }

    /// Who writes and hears nothing finds here whether anybody had the partition.
    private func say(_ what: Logger.Message, _ partitions: [TopicPartition]) {
        logger.info(
            what, metadata: ["partitions": "\(partitions.sorted().map(\.description).joined(separator: " "))"])
    }

    private func say(_ resets: [TopicPartition: Int64]) {
        for (partition, offset) in resets.sorted(by: { $0.key < $1.key }) {
            logger.error(
                "The broker forgot records before they were read; their writers miss the answers",
                metadata: ["partition": "\(partition)", "offset": "\(offset)"])
        }
    }

    private mutating func answerWhatIsDue() async throws {
        let moment = ContinuousClock.now
        let due = held.filter { $0.value.isDue <= moment }.sorted { $0.key < $1.key }.flatMap { $0.value.records }
        guard !due.isEmpty else { return }
        let answers = try await answering.answer(due.map { ForeignRecord($0, log: session.log) })
        var outgoing: [OutgoingRecord] = []
        var reached: [TopicPartition: Int64] = [:]
        var waits: [TopicPartition: Duration] = [:]
        for (record, answered) in zip(due, answers) where waits[record.topicPartition] == nil {
            switch answered {
            case .later(let pause): waits[record.topicPartition] = pause
            case .now(let key, let value):
                outgoing.append(
                    writer.record(
                        topic: answering.target, partition: answering.target.partition(forKey: key), key: key,
                        value: value))
                reached[record.topicPartition] = record.offset + 1
            }
        }
        try await producer.sendAll(outgoing)
        settle(Set(due.map(\.topicPartition)), reached: reached, waits: waits)
        try await commit(reached)
    }

    /// Lets go of what was answered.
    private mutating func settle(
        _ partitions: Set<TopicPartition>, reached: [TopicPartition: Int64], waits: [TopicPartition: Duration]
    ) {
        for partition in partitions {
            let end = reached[partition, default: 0]
            let rest = held[partition]?.records.filter { $0.offset >= end } ?? []
            let pause = waits[partition] ?? .zero
            held[partition] = rest.isEmpty ? nil : Held(records: rest, isDue: .now + pause)
        }
    }

    private func commit(_ reached: [TopicPartition: Int64]) async throws {
        guard !reached.isEmpty else { return }
        do {
            try await consumer.commit(reached.map { CommittedPosition(partition: $0.key, offset: $0.value) })
        } catch let error as KafkaError where error.isRetriable {
            // Another member has the partitions by now; it answers once more.
            logger.debug("Progress not committed", metadata: ["error": "\(error)"])
        }
    }

    private mutating func holdBack() async throws {
        let waiting = Set(held.keys)
        let full = waiting.subtracting(paused).sorted()
        let free = paused.subtracting(waiting).sorted()
        if !full.isEmpty { try await consumer.pause(full) }
        if !free.isEmpty { try await consumer.resume(free) }
        paused = waiting
    }
}
