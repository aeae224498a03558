package import Contracts
import Foundation
package import GRDB
import Kafka
package import Logging
import ServiceLifecycle
import Synchronization

/// Brings an edge's outbox to the broker, and again what nobody answers.
package final class EdgeRelay: Service, Sendable {
    private let outbox: EdgeOutbox
    private let store: any DatabaseWriter
    private let configuration: RuntimeConfiguration
    private let source: String
    private let limits: EdgeLimits
    private let signals: RuntimeSignals
    private let logger: Logger
    private let bell = Bell()
    /// From one look that found nothing to send to the next.
    private static let shortestPause = Duration.milliseconds(5)
    private let published = Mutex(PublishedIDs())

    /// - Parameter source: Stands in the records' headers, such as `report-intake/1`.
    package init(
        outbox: EdgeOutbox, store: any DatabaseWriter, configuration: RuntimeConfiguration, source: String,
        limits: EdgeLimits = EdgeLimits(), signals: RuntimeSignals = RuntimeSignals(), logger: Logger
    ) {
        self.outbox = outbox
        self.store = store
        self.configuration = configuration
        self.source = source
        self.limits = limits
        self.signals = signals
        self.logger = logger
    }

    /// Says that rows were appended or answered.
    package func nudge() { bell.ring() }

    /// Waits until the broker has a row, as far as this process knows.
    ///
    /// - Returns: False when the time is up.
    package func waitUntilPublished(_ id: MessageID, for timeout: Duration) async -> Bool {
        let deadline = ContinuousClock.now + timeout
        while ContinuousClock.now < deadline {
            if published.withLock({ $0.contains(id.data) }) { return true }
            await bell.waitForEcho(until: deadline)
        }
        return published.withLock { $0.contains(id.data) }
    }

    package func run() async throws {
        let watch = BrokerWatch(configuration, signals: signals, logger: logger)
        let topics = TopicCheck(configuration: configuration, reads: [], signals: signals, logger: logger)
        try await watch.eachSession { [self] session in
            try await topics.pass(session)
            try await FullDisk(signals: signals, logger: logger).wait {
                try await store.write { [outbox] db in try outbox.enter(log: session.log, in: db) }
            }
            let writer = RecordWriter(configuration: configuration, session: session, source: source)
            try await KafkaProducer.withProducer(session.settings, logger: logger) { producer in
                while true {
                    try Task.checkCancellation()
                    let begin = ContinuousClock.now
                    if try await relay(through: producer, writer: writer) == 0 {
                        // The road may be full, and then each new row rings for nothing.
                        try await Task.sleep(until: begin + Self.shortestPause, clock: .continuous)
                        await bell.wait(atMost: .milliseconds(200))
                    }
                    signals.beat()
                }
            }
        }
    }

    /// Sends one batch and notes it.
    private func relay(through producer: KafkaProducer, writer: RecordWriter) async throws -> Int {
        let now = Timestamp.now
        let rows = try await store.read { [outbox, limits] db in try outbox.next(at: now, limits: limits, in: db) }
        guard !rows.isEmpty else { return 0 }
        let records = try rows.map { row in
            guard let topic = TopicCatalogue.topic(named: row.topic) else {
                throw ContractError.malformed("the outbox names the unknown topic '\(row.topic)'")
            }
            return writer.record(
                topic: topic, partition: row.partition, key: row.key, value: row.value, again: row.sends > 0)
        }
        try await producer.sendAll(records)
        try await FullDisk(signals: signals, logger: logger).wait {
            try await store.write { [outbox, limits] db in
                try outbox.markSent(rows.map(\.number), at: .now, limits: limits, in: db)
            }
        }
        published.withLock { $0.add(rows.map(\.id)) }
        bell.echo()
        return rows.count
    }
}

/// The ids that were published last: as many as callers may be waiting for.
private struct PublishedIDs {
    private var recent: Set<Data> = []
    private var previous: Set<Data> = []

    mutating func add(_ ids: [Data]) {
        recent.formUnion(ids)
        guard recent.count > 20_000 else { return }
        previous = recent
        recent = []
    }

    func contains(_ id: Data) -> Bool { recent.contains(id) || previous.contains(id) }
}
