import Contracts
import Foundation
import Kafka
import Logging

/// The state of one translator in one session, and one round of its loop.
struct TranslatorLoop {
    let translator: Translator
    let configuration: RuntimeConfiguration
    let session: BrokerSession
    let control: ControlReader
    let consumer: KafkaConsumer
    let progress: KafkaConsumer
    let producer: KafkaProducer
    let logger: Logger
    private let writer: RecordWriter
    private let sourceTopics: Set<String>
    private var asker: HoleAsker
    private var tracker = StreamTracker()
    private var backlog = CommandBacklog()
    private var assigned: [TopicPartition] = []
    /// The last ask of each partition upon which it was translated again.
    private var answered: [TopicPartition: Int64] = [:]
    private var isPaused = false

    init(
        translator: Translator, configuration: RuntimeConfiguration, session: BrokerSession, control: ControlReader,
        consumer: KafkaConsumer, progress: KafkaConsumer, producer: KafkaProducer, logger: Logger
    ) {
        self.translator = translator
        self.configuration = configuration
        self.session = session
        self.control = control
        self.consumer = consumer
        self.progress = progress
        self.producer = producer
        self.logger = logger
        let source = TranslatorService.source(of: translator.name)
        writer = RecordWriter(configuration: configuration, session: session, source: source)
        sourceTopics = Set(translator.sources.map(\.name))
        asker = HoleAsker(configuration, reader: source, kind: "\(translator.name)-translator", logger: logger)
    }

    /// Polls once, appends what follows, commits, and keeps from running ahead.
    mutating func round() async throws {
        let batch = try await consumer.next(limit: 500, timeout: .milliseconds(50))
        switch batch.rebalance {
        case .assigned(let partitions): try await take(partitions)
        case .revoked, .lost:
            assigned = []
            try await consumer.unassign()
        case nil: break
        }
        try await translate(batch.records)
        asker.take(batch, known: tracker)
        try await holdBack()
        try await translateAgainWhenAsked()
        control.announce(to: &tracker, topics: sourceTopics)
        let mine = Set(assigned.map { TopicPartition(topic: $0.topic, partition: $0.partition) })
        let here = tracker.only { [configuration] stream in
            TopicCatalogue.topic(named: stream.topic).map {
                mine.contains(TopicPartition(topic: configuration.name(of: $0), partition: stream.partition))
            } ?? false
        }
        try await asker.ask(about: here, through: producer, writer: writer)
    }

    /// What is committed beside an offset.
    private struct Progress: Codable {
        /// The last row of each source.
        var rows: [String: Int64]
        /// The last ask upon which the partition was translated again, milliseconds.
        var answered: Int64
    }

    /// Goes on where the group stood, and remembers up to which row of each source that was.
    ///
    /// Whatever was asked for while nobody had a partition, and not translated since, is translated again.
    private mutating func take(_ partitions: [TopicPartition]) async throws {
        let committed = try await consumer.committed(partitions)
        let asked = control.lastAsk(of: writer.source)
        answered = [:]
        var positions: [PartitionPosition] = []
        for partition in partitions {
            guard let topic = configuration.topic(named: partition.topic) else { continue }
            let known = try committed[partition].flatMap { position in
                position.metadata.isEmpty
                    ? nil : try ContractCoding.decode(Progress.self, from: Data(position.metadata.utf8))
            }
            if let known, let position = committed[partition], known.answered >= asked {
                tracker.restore(known.rows, topic: topic.name, partition: partition.partition)
                positions.append(PartitionPosition(partition: partition, offset: .at(position.offset)))
                answered[partition] = known.answered
            } else {
                tracker.forget(topic: topic.name, partition: partition.partition)
                positions.append(PartitionPosition(partition: partition, offset: .beginning))
                answered[partition] = asked
            }
        }
        try await consumer.assign(positions)
        assigned = partitions
        isPaused = false
    }

    private mutating func translate(_ records: [KafkaRecord]) async throws {
        guard !records.isEmpty else { return }
        var commands: [OutgoingRecord] = []
        var reached: [TopicPartition: Int64] = [:]
        for record in records {
            try record.check(log: session.log)
            reached[record.topicPartition] = record.offset + 1
            guard isNew(record) else { continue }
            commands += try translations(of: record)
        }
        try await append(commands)
        let positions = try reached.compactMap { partition, offset -> CommittedPosition? in
            guard let topic = configuration.topic(named: partition.topic) else { return nil }
            let progress = Progress(
                rows: tracker.rows(topic: topic.name, partition: partition.partition),
                answered: answered[partition, default: 0])
            return CommittedPosition(partition: partition, offset: offset, metadata: try ContractCoding.text(progress))
        }
        do {
            try await consumer.commit(positions)
        } catch let error as KafkaError where error.isRetriable {
            logger.debug("Progress not committed", metadata: ["error": "\(error)"])
        }
    }

    private mutating func isNew(_ record: KafkaRecord) -> Bool {
        guard let topic = configuration.topic(named: record.topic),
            let row = record.text(of: HeaderName.row).flatMap(Int64.init),
            let source = record.text(of: HeaderName.source)
        else { return true }
        let stream = StreamTracker.Stream(topic: topic.name, partition: record.partition, source: source)
        return tracker.admit(row, of: stream, gapsAreHoles: true) == .next
    }

    private func translations(of record: KafkaRecord) throws -> [OutgoingRecord] {
        guard let value = record.value, let topic = configuration.topic(named: record.topic) else { return [] }
        do {
            let attributes = try MessageAttributes(value: value)
            let source = SourceRecord(attributes: attributes, value: value, topic: topic.name)
            return try translator.translate(source).map { translation in
                let value = try translation.envelopeValue(translator: translator.name, cause: attributes)
                // No broker would take it, now or later, and everything behind it would wait.
                guard value.count <= Transaction.largestOutput else {
                    throw OutputError.tooLarge(type: translation.payload.messageType, bytes: value.count)
                }
                return writer.record(
                    topic: translator.target, partition: translator.target.partition(forKey: translation.key),
                    key: translation.key, value: value)
            }
        } catch ContractError.unknownType {
            return []
        } catch ContractError.newerVersion(let type, let found, let known) {
            throw ContractError.newerVersion(type: type, found: found, known: known)
        } catch {
            logger.error(
                "Event put aside",
                metadata: ["topic": "\(topic.name)", "partition": "\(record.partition)", "offset": "\(record.offset)"])
            return [deadLetter(of: record, value: value, reason: String(describing: error))]
        }
    }

    private func deadLetter(of record: KafkaRecord, value: Data, reason: String) -> OutgoingRecord {
        writer.record(
            topic: TopicCatalogue.deadLetters(of: translator.name), partition: 0, key: record.topic,
            value: DeadLetterBytes.fitting(value),
            headers: [
                HeaderName.reason: reason, HeaderName.originTopic: record.topic,
                HeaderName.originPartition: String(record.partition), HeaderName.originOffset: String(record.offset),
                HeaderName.handler: "translator",
            ])
    }

    private mutating func append(_ commands: [OutgoingRecord]) async throws {
        guard !commands.isEmpty else { return }
        let reports = try await producer.send(commands)
        for (command, report) in zip(commands, reports) {
            switch report {
            case .failed(let error): throw error
            case .delivered(let offset):
                guard let offset, command.topic == configuration.name(of: translator.target) else { continue }
                backlog.add(
                    partition: command.partition, offset: offset, bytes: (command.value?.count ?? 0) + 300)
            }
        }
    }

    /// Pauses reading while the processor is far behind, and goes on when it has come near.
    private mutating func holdBack() async throws {
        guard isPaused || backlog.isTooLarge else { return }
        let topic = configuration.name(of: translator.target)
        let committed = try await progress.committed(
            backlog.partitions.map { TopicPartition(topic: topic, partition: $0) })
        backlog.workedOff(committed.reduce(into: [:]) { $0[$1.key.partition] = $1.value.offset })
        if backlog.isTooLarge, !isPaused {
            try await consumer.pause(assigned)
            isPaused = true
        } else if !backlog.isTooLarge, isPaused {
            try await consumer.resume(assigned)
            isPaused = false
        }
    }

    /// The processor lost commands of its log: everything is translated once more, and it knows what it has.
    private mutating func translateAgainWhenAsked() async throws {
        let asked = control.lastAsk(of: writer.source)
        guard assigned.contains(where: { answered[$0, default: 0] < asked }) else { return }
        logger.notice("Translating again from the beginning", metadata: ["translator": "\(translator.name)"])
        tracker = StreamTracker()
        try await consumer.assign(assigned.map { PartitionPosition(partition: $0, offset: .beginning) })
        for partition in assigned { answered[partition] = asked }
        isPaused = false
    }
}
