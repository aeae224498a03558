import CRdKafka

/// One event of librdkafka's, owned; messages and lists taken from it live no longer than it does.
struct NativeEvent: ~Copyable {
    private let pointer: OpaquePointer

    private init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        rd_kafka_event_destroy(pointer)
    }

    /// Waits for the next event of a queue; nil when the time went by without any.
    static func poll(_ queue: OpaquePointer, milliseconds: Int32) -> NativeEvent? {
        guard let pointer = rd_kafka_queue_poll(queue, milliseconds) else { return nil }
        return NativeEvent(pointer)
    }

    var kind: Int32 { rd_kafka_event_type(pointer) }

    var code: rd_kafka_resp_err_t { rd_kafka_event_error(pointer) }

    /// The error that the event carries, if any.
    ///
    /// Only error events know whether an error is fatal: of any other kind librdkafka would read that from memory which
    /// means something else.
    var error: KafkaError? {
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        let known = KafkaError(code, text: rd_kafka_event_error_string(pointer).map { String(cString: $0) })
        guard kind == RD_KAFKA_EVENT_ERROR, rd_kafka_event_error_is_fatal(pointer) != 0 else { return known }
        return KafkaError(.fatal, name: known.name, message: known.message)
    }

    /// Calls the body with every message of the event, in order.
    func forEachMessage(_ body: (UnsafePointer<rd_kafka_message_t>) throws -> Void) rethrows {
        while let message = rd_kafka_event_message_next(pointer) {
            try body(message)
        }
    }

    /// The partitions that a rebalance or a commit speaks of.
    func withPartitions<Value>(_ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?) -> Value) -> Value {
        body(rd_kafka_event_topic_partition_list(pointer))
    }

    /// The partition that an error speaks of, with the offset in question.
    var partitionAndOffset: (TopicPartition, Int64)? {
        guard let element = rd_kafka_event_topic_partition(pointer) else { return nil }
        defer { rd_kafka_topic_partition_destroy(element) }
        let partition = TopicPartition(
            topic: String(cString: element.pointee.topic), partition: element.pointee.partition)
        return (partition, element.pointee.offset)
    }

    /// A log line of librdkafka's: its severity after syslog, the part that speaks, and the text.
    var logLine: (level: Int32, facility: String, text: String)? {
        var facility: UnsafePointer<CChar>?
        var text: UnsafePointer<CChar>?
        var level: Int32 = 0
        guard rd_kafka_event_log(pointer, &facility, &text, &level) == 0, let facility, let text else { return nil }
        return (level, String(cString: facility), String(cString: text))
    }

    /// The C event, for the calls that read the results of administration out of it.
    var raw: OpaquePointer { pointer }
}
