package import Contracts
import Foundation
import Kafka
import Logging
import Metrics

/// Asks sources for missing rows, loudly, and again while nothing comes.
struct HoleAsker {
    private let configuration: RuntimeConfiguration
    private let reader: String
    private let logger: Logger
    private let lostPlaces: Counter
    private var pace = AskPace()
    private var lost = LostPlaces()
    /// Partitions of which everything was read.
    private var readToEnd: Set<TopicPartition> = []

    /// - Parameter kind: What the reader is, whichever replica's: a label must not grow with the replicas.
    init(_ configuration: RuntimeConfiguration, reader: String, kind: String, logger: Logger) {
        self.configuration = configuration
        self.reader = reader
        self.logger = logger
        lostPlaces = Counter(label: "reader_places_lost_total", dimensions: [("reader", kind)])
    }

    /// Takes note of how far the reader has come, and of places that the log had forgotten before it came there.
    mutating func take(_ batch: ConsumerBatch, known tracker: StreamTracker) {
        noteEnds(of: batch)
        for (partition, begins) in batch.positionReset.sorted(by: { $0.key < $1.key }) {
            guard let topic = configuration.topic(named: partition.topic) else { continue }
            lostPlaces.increment()
            logger.error(
                "The log begins beyond where this reader stood: its sources are asked for what is missing",
                metadata: [
                    "topic": "\(topic.name)", "partition": "\(partition.partition)", "begins": "\(begins)",
                    "reader": "\(reader)",
                ])
            for writer in topic.writers where TopicCatalogue.processors.contains(writer) {
                let stream = StreamTracker.Stream(
                    topic: topic.name, partition: partition.partition, source: "\(writer)/\(partition.partition)")
                lost.note(stream, last: tracker.last[stream, default: 0])
            }
        }
    }

    /// Takes note of partitions that were read to their end.
    mutating func noteEnds(of batch: ConsumerBatch) {
        if !readToEnd.isEmpty {
            readToEnd.subtract(batch.records.map(\.topicPartition))
            readToEnd.subtract(batch.positionReset.keys)
        }
        readToEnd.formUnion(batch.endOfPartition)
    }

    /// Sends an ask for each hole that was not asked about just now.
    mutating func ask(about tracker: StreamTracker, through producer: KafkaProducer, writer: RecordWriter) async throws
    {
        let due = pace.due(tracker.holes + lost.open(tracker), at: .now) { [readToEnd, configuration] stream in
            guard let topic = TopicCatalogue.topic(named: stream.topic) else { return false }
            return readToEnd.contains(
                TopicPartition(topic: configuration.name(of: topic), partition: stream.partition))
        }
        var records: [OutgoingRecord] = []
        for ask in due {
            // A hole that closes bit by bit is asked about again each time; only a new one is worth a warning.
            if ask.isNew, !lost.contains(ask.stream) {
                logger.warning(
                    "Rows are missing and are asked for",
                    metadata: [
                        "source": "\(ask.stream.source)", "topic": "\(ask.stream.topic)",
                        "partition": "\(ask.stream.partition)", "from.row": "\(ask.row)",
                    ])
            }
            lost.asked(about: ask.stream)
            records.append(try record(ask.stream, from: ask.row, writer: writer))
        }
        try await producer.sendAll(records)
    }

    private func record(
        _ stream: StreamTracker.Stream, from row: Int64, writer: RecordWriter
    ) throws -> OutgoingRecord {
        let ask = RowsAsked(
            sourceStore: stream.source, topic: stream.topic, partition: Int(stream.partition), fromRow: Int(row),
            reader: reader)
        let envelope = Envelope(ask, id: .random(), source: "/\(reader)", time: .now)
        return writer.record(
            topic: TopicCatalogue.control, partition: 0, key: stream.source, value: try envelope.value())
    }
}

extension Timestamp {
    /// The wall clock's time.
    ///
    /// Edges and owners ask for it; a decision never may.
    package static var now: Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }
}
