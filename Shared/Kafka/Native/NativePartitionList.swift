import CRdKafka
import Foundation

/// A list of partitions for librdkafka, owned.
struct NativePartitionList: ~Copyable {
    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(capacity: Int = 0) {
        pointer = rd_kafka_topic_partition_list_new(Int32(capacity))
    }

    init(_ partitions: some Collection<TopicPartition>) {
        self.init(capacity: partitions.count)
        for partition in partitions { add(partition) }
    }

    deinit {
        rd_kafka_topic_partition_list_destroy(pointer)
    }

    /// Adds a partition, with an offset and words to commit where the call in question reads them.
    func add(_ partition: TopicPartition, offset: Int64? = nil, metadata: String = "") {
        guard let element = rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition) else {
            return
        }
        if let offset { element.pointee.offset = offset }
        guard !metadata.isEmpty, let bytes = strdup(metadata) else { return }
        // librdkafka frees these bytes with the list.
        element.pointee.metadata = UnsafeMutableRawPointer(bytes)
        element.pointee.metadata_size = strlen(bytes)
    }

    var elements: [rd_kafka_topic_partition_t] { Self.elements(of: pointer) }

    var partitions: [TopicPartition] { Self.partitions(of: pointer) }

    static func elements(
        of pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    ) -> [rd_kafka_topic_partition_t] {
        guard let pointer else { return [] }
        return Array(UnsafeBufferPointer(start: pointer.pointee.elems, count: Int(pointer.pointee.cnt)))
    }

    static func partitions(of pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?) -> [TopicPartition] {
        elements(of: pointer).map(\.name)
    }
}

extension rd_kafka_topic_partition_t {
    var name: TopicPartition { TopicPartition(topic: String(cString: topic), partition: partition) }

    /// The words that were committed with the offset.
    var metadataText: String {
        guard let metadata, metadata_size > 0 else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: metadata, count: metadata_size), as: UTF8.self)
    }
}
