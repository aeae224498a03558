package import Contracts
import Foundation
import Kafka
import Logging
import Metrics

/// Asks sources for missing rows, loudly, and again while nothing comes.
struct HoleAsker {
    /// A stream of which something may have been forgotten before it was read.
    private struct Probe {
        /// The last row that was had of it.
        let last: Int64
        var asksLeft: Int
    }

    private let configuration: RuntimeConfiguration
    private let reader: String
    private let logger: Logger
    private let lostPlaces: Counter
    private var pace = AskPace()
    private var probes: [StreamTracker.Stream: Probe] = [:]
    /// So often it is asked whether there is anything to be had; a source that is away so long shows its next row by itself.
    private static let mostProbes = 60

    /// - Parameter kind: What the reader is, whichever replica's: a label must not grow with the replicas.
    init(_ configuration: RuntimeConfiguration, reader: String, kind: String, logger: Logger) {
        self.configuration = configuration
        self.reader = reader
        self.logger = logger
        lostPlaces = Counter(label: "reader_places_lost_total", dimensions: [("reader", kind)])
    }

    /// Takes note that the log begins beyond the place where this reader stood: what lay between was forgotten unread.
    ///
    /// Whether there was anything, only the sources know; they are asked until something comes.
    mutating func lostPlace(
        _ resets: [TopicPartition: Int64], known tracker: StreamTracker, topic: (String) -> Topic?
    ) {
        for (partition, begins) in resets.sorted(by: { $0.key < $1.key }) {
            guard let topic = topic(partition.topic) else { continue }
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
                probes[stream] = Probe(last: tracker.last[stream, default: 0], asksLeft: Self.mostProbes)
            }
        }
    }

    /// Sends an ask for each hole that was not asked about just now.
    mutating func ask(about tracker: StreamTracker, through producer: KafkaProducer, writer: RecordWriter) async throws
    {
        var records: [OutgoingRecord] = []
        for ask in pace.due(tracker.holes + openProbes(tracker), at: .now) {
            // A hole that closes bit by bit is asked about again each time; only a new one is worth a warning.
            if ask.isNew, probes[ask.stream] == nil {
                logger.warning(
                    "Rows are missing and are asked for",
                    metadata: [
                        "source": "\(ask.stream.source)", "topic": "\(ask.stream.topic)",
                        "partition": "\(ask.stream.partition)", "from.row": "\(ask.row)",
                    ])
            }
            probes[ask.stream]?.asksLeft -= 1
            records.append(try record(ask.stream, from: ask.row, writer: writer))
        }
        try await producer.sendAll(records)
    }

    /// Streams that nothing has come of yet, with the row that would be next.
    private mutating func openProbes(_ tracker: StreamTracker) -> [(stream: StreamTracker.Stream, from: Int64)] {
        guard !probes.isEmpty else { return [] }
        let holes = Set(tracker.holes.map(\.stream))
        probes = probes.filter { stream, probe in
            probe.asksLeft > 0 && !holes.contains(stream) && tracker.last[stream, default: 0] == probe.last
        }
        return probes.sorted { $0.key < $1.key }.map { ($0.key, $0.value.last + 1) }
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
