import CRdKafka
import Foundation

/// Reads messages of librdkafka's into records, remembering topic names, since each name is asked for a thousand times.
struct MessageReader {
    private var names: [OpaquePointer: String] = [:]

    /// Forgets the names: after a change of assignment a topic's handle may be another's.
    mutating func forgetNames() {
        names.removeAll()
    }

    mutating func topic(of message: rd_kafka_message_t) -> String {
        guard let handle = message.rkt else { return "" }
        if let name = names[handle] { return name }
        let name = rd_kafka_topic_name(handle).map { String(cString: $0) } ?? ""
        names[handle] = name
        return name
    }

    /// Copies a message without error; where there is no payload the record is a tombstone.
    mutating func record(_ message: UnsafePointer<rd_kafka_message_t>) -> KafkaRecord {
        let content = message.pointee
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        return KafkaRecord(
            topic: topic(of: content), partition: content.partition, offset: content.offset,
            key: content.key.map { Data(bytes: $0, count: content.key_len) },
            value: content.payload.map { Data(bytes: $0, count: content.len) }, headers: headers(message),
            timestamp: rd_kafka_message_timestamp(message, &kind))
    }

    /// The headers of a message.
    ///
    /// Headers that cannot be read are none, since a foreign record must not stop a reader.
    private func headers(_ message: UnsafePointer<rd_kafka_message_t>) -> [RecordHeader] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        var headers: [RecordHeader] = []
        headers.reserveCapacity(rd_kafka_header_cnt(list))
        var name: UnsafePointer<CChar>?
        var bytes: UnsafeRawPointer?
        var size = 0
        while rd_kafka_header_get_all(list, headers.count, &name, &bytes, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
            let value = bytes.map { Data(bytes: $0, count: size) } ?? Data()
            headers.append(RecordHeader(name: name.map { String(cString: $0) } ?? "", value: value))
        }
        return headers
    }
}
