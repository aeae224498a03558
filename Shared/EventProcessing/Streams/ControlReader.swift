import Contracts
import Foundation
import Kafka
import Logging
import Synchronization

/// What `control.v1` says in one session, for all loops of a process.
final class ControlReader: Sendable {
    fileprivate struct State {
        var announced: [StreamTracker.Stream: Int64] = [:]
        var asks: [RowsAsked] = []
        /// When each source was last asked for anything, milliseconds, however long ago.
        var lastAsks: [String: Int64] = [:]
        var replays: [Envelope<ReplayAsked>] = []
        var skipped: Set<String> = []
        var isAtEnd = false
    }

    private let configuration: RuntimeConfiguration
    private let session: BrokerSession
    private let logger: Logger
    private let state = Mutex(State())
    /// Asks from before that are nobody's any more.
    private static let oldestAsk: Int64 = 30_000

    init(_ configuration: RuntimeConfiguration, session: BrokerSession, logger: Logger) {
        self.configuration = configuration
        self.session = session
        self.logger = logger
    }

    /// Reads until cancelled.
    func run() async throws {
        let begin = Int64(Date().timeIntervalSince1970 * 1_000)
        let partition = TopicPartition(topic: configuration.name(of: TopicCatalogue.control), partition: 0)
        try await KafkaConsumer.withConsumer(session.settings, group: nil, logger: logger) { consumer in
            try await consumer.assign([PartitionPosition(partition: partition, offset: .beginning)])
            while !Task.isCancelled {
                let batch = try await consumer.next(limit: 500, timeout: .milliseconds(100))
                for record in batch.records {
                    try record.check(log: session.log)
                    take(record, asksSince: begin - Self.oldestAsk)
                }
                if !batch.endOfPartition.isEmpty { state.withLock { $0.isAtEnd = true } }
            }
        }
    }

    /// Waits until everything was read that stood there at the beginning.
    func waitUntilRead() async throws {
        while !state.withLock({ $0.isAtEnd }) { try await Task.sleep(for: .milliseconds(5)) }
    }

    private func take(_ record: KafkaRecord, asksSince oldest: Int64) {
        guard let value = record.value else { return }
        do {
            let attributes = try MessageAttributes(value: value)
            switch attributes.type {
            case RowsAnnounced.type:
                let announcement = try Envelope<RowsAnnounced>(value: value).data
                guard announcement.log == session.log else { return }
                state.withLock { $0.take(announcement) }
            case RowsAsked.type:
                let ask = try Envelope<RowsAsked>(value: value).data
                state.withLock { state in
                    state.lastAsks[ask.sourceStore] = max(state.lastAsks[ask.sourceStore, default: 0], record.timestamp)
                    if record.timestamp >= oldest { state.asks.append(ask) }
                }
            case ReplayAsked.type where record.timestamp >= oldest:
                let ask = try Envelope<ReplayAsked>(value: value)
                state.withLock { $0.replays.append(ask) }
            case RecordSkipped.type:
                let skip = try Envelope<RecordSkipped>(value: value).data
                guard skip.log == session.log else { return }
                state.withLock { _ = $0.skipped.insert(skip.subject) }
            default:
                return
            }
        } catch {
            logger.error(
                "Unreadable control record", metadata: ["offset": "\(record.offset)", "error": "\(error)"])
        }
    }

    /// Tells a tracker what was announced of the topics that it reads.
    func announce(to tracker: inout StreamTracker, topics: Set<String>) {
        for (stream, row) in state.withLock({ $0.announced }) where topics.contains(stream.topic) {
            tracker.announce(row, of: stream)
        }
    }

    /// Takes the asks that are for these sources.
    func takeAsks(for sources: Set<String>) -> [RowsAsked] {
        state.withLock { state in
            let mine = state.asks.filter { sources.contains($0.sourceStore) }
            state.asks.removeAll { sources.contains($0.sourceStore) }
            return mine
        }
    }

    /// When a source was last asked for something, milliseconds by the asker's clock; 0 where it never was.
    func lastAsk(of source: String) -> Int64 {
        state.withLock { $0.lastAsks[source, default: 0] }
    }

    /// Takes what an operator wants to be published once more.
    func takeReplays() -> [Envelope<ReplayAsked>] {
        state.withLock { state in
            defer { state.replays = [] }
            return state.replays
        }
    }

    /// How many records of a partition an operator has skipped.
    func skipCount(topic: String, partition: Int32) -> Int {
        state.withLock { state in state.skipped.count { $0.hasPrefix("\(topic)/\(partition)/") } }
    }

    func isSkipped(topic: String, partition: Int32, offset: Int64) -> Bool {
        state.withLock { $0.skipped.contains("\(topic)/\(partition)/\(offset)") }
    }
}

extension ControlReader.State {
    mutating func take(_ announcement: RowsAnnounced) {
        for stream in announcement.streams {
            let key = StreamTracker.Stream(
                topic: stream.topic, partition: Int32(clamping: stream.partition), source: announcement.sourceStore)
            announced[key] = max(announced[key, default: 0], Int64(stream.lastRow))
        }
    }
}
