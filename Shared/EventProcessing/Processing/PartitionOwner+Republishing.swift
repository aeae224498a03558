import Contracts
import Kafka
import Logging

/// What was said before is said once more: asked for by an operator, or by the day.
extension PartitionOwner {
    /// Takes note of what an operator wants published once more, where this store wrote it.
    mutating func take(_ asks: [Envelope<ReplayAsked>]) async throws {
        for ask in asks {
            guard let topic = TopicCatalogue.topic(named: ask.data.topic), topic.writers.contains(processor.name),
                topic.kind == .events || topic.kind == .states
            else { continue }
            try await begin(
                topic.name, askID: ask.id, from: ask.data.from, to: ask.data.to, onlyLast: ask.data.onlyLast)
        }
    }

    private mutating func begin(
        _ topic: String, askID: MessageID?, from: Timestamp?, to: Timestamp?, onlyLast: Bool
    ) async throws {
        let rows = try await store.window(topic: topic, from: from, to: to, onlyLast: onlyLast)
        republications.append(Republication(topic: topic, askID: askID, rows: rows))
        logger.info(
            "Rows are published once more",
            metadata: ["topic": "\(topic)", "partition": "\(store.partition)", "rows": "\(rows.count)"])
    }

    /// Once a day: the states of the last two days, where the broker compacts them.
    private mutating func beginDailyStates() async throws {
        guard !writer.session.isEmbedded, isAtEnd, stopped == nil else { return }
        let now = writer.configuration.now()
        if statesSaidAt == nil { statesSaidAt = try await store.statesSaidAt() }
        guard let last = statesSaidAt else {
            // A new store had no owner before this one.
            try await store.markStatesSaid(at: now)
            statesSaidAt = now
            return
        }
        guard now.milliseconds - last.milliseconds >= DailyStates.pause else { return }
        for topic in DailyStates.topics(of: processor.name) {
            try await begin(
                topic.name, askID: nil, from: now.adding(milliseconds: -DailyStates.reach), to: nil, onlyLast: true)
        }
        try await store.markStatesSaid(at: now)
        statesSaidAt = now
    }

    /// Publishes a piece of what is to be said once more, and says so where that was the last.
    mutating func republish(through producer: KafkaProducer) async throws {
        try await beginDailyStates()
        guard var current = republications.first else { return }
        try await producer.sendAll(try await current.takePiece(of: store).map(outgoing))
        republications[0] = current
        guard current.isDone else { return }
        republications.removeFirst()
        guard let askID = current.askID else { return }
        let ended = ReplayEnded(
            askId: askID, sourceStore: store.source, topic: current.topic, partition: Int(store.partition),
            records: current.rows.count)
        let envelope = Envelope(ended, id: .random(), source: "/\(store.source)", time: .now)
        try await producer.sendAll([
            writer.record(topic: TopicCatalogue.control, partition: 0, key: store.source, value: try envelope.value())
        ])
    }
}
