import Contracts
import Foundation
import Kafka

extension KafkaRecord {
    /// A header's text; nil where it is absent or no UTF-8.
    func text(of header: String) -> String? {
        headers.last { $0.name == header }.flatMap { String(data: $0.value, encoding: .utf8) }
    }

    var stamp: Timestamp { Timestamp(milliseconds: max(timestamp, 0)) }

    var keyText: String { key.map { String(decoding: $0, as: UTF8.self) } ?? "" }

    /// Ends the session where the record was written to another log than the one that the clients were made for.
    func check(log: String) throws {
        guard let found = text(of: HeaderName.log), found != log else { return }
        throw SessionEnded(reason: "a record of log \(found) on log \(log)")
    }
}

extension InputRecord {
    /// A record of a command topic.
    ///
    /// One that an operator took out of the way counts for nothing, its stamp included.
    init(_ record: KafkaRecord, log: String, isSkipped: Bool) {
        let row = record.text(of: HeaderName.row).flatMap(Int64.init)
        self.init(
            log: log, offset: record.offset, stamp: isSkipped ? Timestamp(milliseconds: 0) : record.stamp,
            value: record.value, source: row == nil ? nil : record.text(of: HeaderName.source), row: row,
            isSkipped: isSkipped)
    }
}

/// Makes the records that leave a process.
struct RecordWriter: Sendable {
    let configuration: RuntimeConfiguration
    let session: BrokerSession
    let source: String

    func record(
        topic: Topic, partition: Int32, key: String, value: Data, row: Int64? = nil, again: Bool = false,
        headers extra: [String: String] = [:]
    ) -> OutgoingRecord {
        var headers = [
            RecordHeader(name: HeaderName.contentType, text: HeaderName.cloudEventsJSON),
            RecordHeader(name: HeaderName.source, text: source),
            RecordHeader(name: HeaderName.log, text: session.log),
        ]
        if let row { headers.append(RecordHeader(name: HeaderName.row, text: String(row))) }
        if again { headers.append(RecordHeader(name: HeaderName.again, text: "true")) }
        for (name, text) in extra.sorted(by: { $0.key < $1.key }) {
            headers.append(RecordHeader(name: name, text: text))
        }
        return OutgoingRecord(
            topic: configuration.name(of: topic), partition: partition, key: Data(key.utf8), value: value,
            headers: headers, timestamp: nil)
    }

    /// A command that the owner of a partition writes to it by itself.
    func ownerCommand(
        _ payload: some Payload, to topic: Topic, partition: Int32, at moment: Timestamp = .now
    ) throws -> OutgoingRecord {
        let envelope = Envelope(payload, id: .random(), source: "/\(source)/owner", time: moment)
        return record(topic: topic, partition: partition, key: payload.messageSubject, value: try envelope.value())
    }
}

extension KafkaProducer {
    /// Sends all records and throws where one of them did not arrive.
    func sendAll(_ records: [OutgoingRecord]) async throws {
        guard !records.isEmpty else { return }
        for report in try await send(records) {
            if case .failed(let error) = report { throw error }
        }
    }
}
