package import Contracts
import Foundation
import Kafka
import Logging

/// Asks sources for missing rows, loudly, and again while nothing comes.
struct HoleAsker {
    private struct Ask {
        let row: Int64
        let at: ContinuousClock.Instant
    }

    private let configuration: RuntimeConfiguration
    private let reader: String
    private let logger: Logger
    private var asked: [StreamTracker.Stream: Ask] = [:]
    private static let patience = Duration.milliseconds(1_000)

    init(_ configuration: RuntimeConfiguration, reader: String, logger: Logger) {
        self.configuration = configuration
        self.reader = reader
        self.logger = logger
    }

    /// Sends an ask for each hole that was not asked about just now.
    mutating func ask(about tracker: StreamTracker, through producer: KafkaProducer, writer: RecordWriter) async throws
    {
        let holes = tracker.holes
        guard !holes.isEmpty else { return }
        let now = ContinuousClock.now
        var records: [OutgoingRecord] = []
        for (stream, row) in holes {
            if let last = asked[stream], last.row == row, now - last.at < Self.patience { continue }
            // A hole that closes bit by bit is asked about again each time; only a new one is worth a warning.
            if asked[stream] == nil {
                logger.warning(
                    "Rows are missing and are asked for",
                    metadata: [
                        "source": "\(stream.source)", "topic": "\(stream.topic)", "partition": "\(stream.partition)",
                        "from.row": "\(row)",
                    ])
            }
            asked[stream] = Ask(row: row, at: now)
            records.append(try record(stream, from: row, writer: writer))
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
