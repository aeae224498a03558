import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging

/// Finds the records of everything that a name stands for: a case or a report by its id or number, a message, a trace.
struct TraceSearch {
    let session: DeploymentSession
    let logger: Logger

    /// All topics that tell of work; none that only keep what stands elsewhere.
    private static var topics: [Topic] {
        TopicCatalogue.all.filter { $0 != TopicCatalogue.control && $0 != TopicCatalogue.logIdentity }
    }

    /// The records in the order of the log, each once.
    ///
    /// Reads the topics three times and keeps only what belongs to the trace: first for the chains that name it, then for
    /// everything in these chains, and last for the sendings to the outside that tell of it.
    /// - Throws: `BrokerAbsence`, and `KafkaError`.
    func records(about name: String) async throws -> [TracedRecord] {
        let match = TraceMatch(name)
        var chains: Set<String> = []
        try await each { record, value in
            if match.isAbout(record, value) { chains.insert(record.correlationId) }
        }
        guard !chains.isEmpty else { return [] }
        var found: [String: TracedRecord] = [:]
        try await each { record, _ in
            // What is published once more has the same id: its first coming counts.
            if chains.contains(record.correlationId) { found[record.id] = Self.earlier(found[record.id], record) }
        }
        var events: [String: String] = [:]
        var told: [TracedRecord] = []
        try await each { record, _ in
            guard let delivery = record.deliveryId else { return }
            told.append(record)
            if let event = record.aboutEventId, found[event] != nil { events[delivery] = event }
        }
        for var record in told {
            guard let event = record.deliveryId.flatMap({ events[$0] }) else { continue }
            record.aboutEventId = event
            found[record.id] = Self.earlier(found[record.id], record)
        }
        return found.values.sorted { ($0.time, $0.topic, $0.offset) < ($1.time, $1.topic, $1.offset) }
    }

    private static func earlier(_ known: TracedRecord?, _ record: TracedRecord) -> TracedRecord {
        guard let known, known.time <= record.time else { return record }
        return known
    }

    private func each(_ body: (TracedRecord, Data) -> Void) async throws {
        let prefix = session.topicPrefix.count
        try await session.eachRecord(of: Self.topics, logger: logger) { record in
            guard let traced = TracedRecord(record, topic: String(record.topic.dropFirst(prefix))) else { return }
            body(traced, record.value ?? Data())
        }
    }
}

/// Whether a record is about what somebody named.
struct TraceMatch {
    private let name: String
    private let quoted: Data

    init(_ name: String) {
        self.name = name
        quoted = Data("\"\(name)\"".utf8)
    }

    /// A message of that id, chain or trace, or one that says the name as a whole word of its content.
    func isAbout(_ record: TracedRecord, _ value: Data) -> Bool {
        record.id == name || record.correlationId == name || record.traceId == name || value.range(of: quoted) != nil
    }
}
