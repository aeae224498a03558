package import Contracts
package import Foundation
import Kafka

/// Takes in what outsiders write to a topic, and answers each record on another.
package struct Answering: Sendable {
    /// The group that shares the work, without the deployment's prefix.
    package let group: String
    package let source: Topic
    package let target: Topic
    /// Says of each record what is to be answered, in the order of the records.
    ///
    /// Whatever an answer promises must be safe before this returns. Should take no longer than a few seconds, since the
    /// group waits meanwhile.
    package let answer: @Sendable ([ForeignRecord]) async throws -> [Answered]

    package init(
        group: String, source: Topic, target: Topic,
        answer: @escaping @Sendable ([ForeignRecord]) async throws -> [Answered]
    ) {
        self.group = group
        self.source = source
        self.target = target
        self.answer = answer
    }
}

/// A record of an outsider, none of which can be relied upon.
package struct ForeignRecord: Sendable {
    /// The identity of the log that it stands on: with partition and offset it names the record for ever.
    package let log: String
    package let partition: Int32
    package let offset: Int64
    /// Nil for a tombstone.
    package let value: Data?
    private let headers: [String: String]

    package init(log: String, partition: Int32, offset: Int64, value: Data?, headers: [String: String] = [:]) {
        self.log = log
        self.partition = partition
        self.offset = offset
        self.value = value
        self.headers = headers
    }

    init(_ record: KafkaRecord, log: String) {
        self.init(
            log: log, partition: record.partition, offset: record.offset, value: record.value,
            headers: record.headers.reduce(into: [:]) { $0[$1.name] = String(decoding: $1.value, as: UTF8.self) })
    }

    /// The text of the last header of this name, bytes that are no UTF-8 repaired.
    package func header(_ name: String) -> String? { headers[name] }
}

/// What becomes of a record.
package enum Answered: Sendable, Equatable {
    /// An answer, with its key.
    case now(key: String, value: Data)
    /// Nothing yet: this record, and those behind it in its partition, are to be asked about again after a while.
    case later(Duration)
}
