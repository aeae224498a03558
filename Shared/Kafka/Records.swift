package import Foundation

/// One partition of one topic: the unit of order and of ownership.
package struct TopicPartition: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let topic: String
    package let partition: Int32

    package init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    package static func < (left: TopicPartition, right: TopicPartition) -> Bool {
        (left.topic, left.partition) < (right.topic, right.partition)
    }

    package var description: String { "\(topic)/\(partition)" }
}

/// A name and bytes that travel beside a record's value.
package struct RecordHeader: Sendable, Equatable {
    package let name: String
    package let value: Data

    package init(name: String, value: Data) {
        self.name = name
        self.value = value
    }

    /// A header whose value is text in UTF-8.
    package init(name: String, text: String) {
        self.init(name: name, value: Data(text.utf8))
    }
}

/// A record as it was read from a partition.
package struct KafkaRecord: Sendable, Equatable {
    package let topic: String
    package let partition: Int32
    package let offset: Int64
    package let key: Data?
    /// The bytes; nil for a tombstone, which is something else than no bytes.
    package let value: Data?
    package let headers: [RecordHeader]
    /// Milliseconds since 1970, by the producer or the broker as the topic says; -1 when unknown.
    package let timestamp: Int64

    package init(
        topic: String, partition: Int32, offset: Int64, key: Data?, value: Data?, headers: [RecordHeader] = [],
        timestamp: Int64 = -1
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
    }

    /// Where the record came from.
    package var topicPartition: TopicPartition { TopicPartition(topic: topic, partition: partition) }

    /// The text of the last header of that name; nil when there is none.
    ///
    /// Bytes that are not UTF-8 are repaired, since a foreign record must never stop a reader.
    package func header(_ name: String) -> String? {
        headers.last { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }
}

/// A record to be written to a partition that the caller chose.
package struct OutgoingRecord: Sendable, Equatable {
    package let topic: String
    package let partition: Int32
    package let key: Data?
    /// The bytes; nil writes a tombstone.
    package let value: Data?
    package let headers: [RecordHeader]
    /// Milliseconds since 1970; nil takes the time of sending.
    package let timestamp: Int64?

    package init(
        topic: String, partition: Int32, key: Data?, value: Data?, headers: [RecordHeader] = [],
        timestamp: Int64? = nil
    ) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
    }
}

/// What became of one record that was sent.
package enum DeliveryReport: Sendable, Equatable {
    /// All in-sync replicas have it. The offset is nil where an idempotent retry hides it.
    case delivered(offset: Int64?)
    /// It was not acknowledged. It may have been stored all the same; send it again and let readers dedupe by id.
    case failed(KafkaError)

    /// The offset that the broker gave, if it is known.
    package var offset: Int64? {
        guard case .delivered(let offset) = self else { return nil }
        return offset
    }

    /// The reason of a failure; nil for a delivered record.
    package var error: KafkaError? {
        guard case .failed(let error) = self else { return nil }
        return error
    }
}
