import CRdKafka

/// Questions that are answered over the network; they block the lane, in slices, and stop when the consumer closes.
extension NativeConsumer {
    /// How long one blocking question may take before it is looked whether somebody wants it to stop.
    private static let slice: Int32 = 500
    private static let patience: Duration = .seconds(15)

    func commit(_ offsets: [CommittedPosition], cancelled: StopSignal) throws {
        let handle = try openHandle()
        guard !offsets.isEmpty else { return }
        let list = NativePartitionList(capacity: offsets.count)
        for position in offsets {
            list.add(position.partition, offset: position.offset, metadata: position.metadata)
        }
        let answers = rd_kafka_queue_new(handle)
        defer { rd_kafka_queue_destroy(answers) }
        try KafkaError.check(rd_kafka_commit_queue(handle, list.pointer, answers, nil, nil))
        let deadline = ContinuousClock.now + Self.patience
        while .now < deadline {
            guard !stop.isSet else { throw KafkaError.closed }
            guard !cancelled.isSet else { throw CancellationError() }
            guard let answers, let event = NativeEvent.poll(answers, milliseconds: 100) else { continue }
            guard event.kind == RD_KAFKA_EVENT_OFFSET_COMMIT else { continue }
            if let error = event.error { throw error }
            let codes = event.withPartitions { NativePartitionList.elements(of: $0).map(\.err) }
            for code in codes { try KafkaError.check(code) }
            return
        }
        throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT)
    }

    func committed(
        _ partitions: [TopicPartition], cancelled: StopSignal
    ) throws -> [TopicPartition: CommittedPosition] {
        let handle = try openHandle()
        guard !partitions.isEmpty else { return [:] }
        return try asking(cancelled) {
            let list = NativePartitionList(partitions)
            try KafkaError.check(rd_kafka_committed(handle, list.pointer, Self.slice))
            var found: [TopicPartition: CommittedPosition] = [:]
            for element in list.elements {
                try KafkaError.check(element.err)
                guard element.offset >= 0 else { continue }
                found[element.name] = CommittedPosition(
                    partition: element.name, offset: element.offset, metadata: element.metadataText)
            }
            return found
        }
    }

    func watermarks(_ partition: TopicPartition, cancelled: StopSignal) throws -> (low: Int64, high: Int64) {
        let handle = try openHandle()
        return try asking(cancelled) {
            var low: Int64 = 0
            var high: Int64 = 0
            try KafkaError.check(
                rd_kafka_query_watermark_offsets(
                    handle, partition.topic, partition.partition, &low, &high, Self.slice))
            return (low, high)
        }
    }

    /// The offset behind the newest record that a fetch has heard of; nil before the first fetch.
    ///
    /// Asks nobody.
    func knownEnd(of partition: TopicPartition) throws -> Int64? {
        let handle = try openHandle()
        var low: Int64 = 0
        var high: Int64 = 0
        let code = rd_kafka_get_watermark_offsets(handle, partition.topic, partition.partition, &low, &high)
        return code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
    }

    func partitionCounts(of topics: [String], cancelled: StopSignal) throws -> [String: Int] {
        let handle = try openHandle()
        return try asking(cancelled) {
            try NativeMetadata.partitionCounts(handle, milliseconds: Self.slice).filter { topics.contains($0.key) }
        }
    }

    /// Asks again while the answer is one that heals, until patience ends or somebody wants it to stop.
    private func asking<Value>(_ cancelled: StopSignal, _ ask: () throws -> Value) throws -> Value {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            guard !stop.isSet else { throw KafkaError.closed }
            guard !cancelled.isSet else { throw CancellationError() }
            do {
                let answer = try ask()
                news.answered()
                return answer
            } catch let error as KafkaError where error.isRetriable {
                serveNews()
                guard .now < deadline else { throw news.explained(error) }
                waitForAnotherTry()
            }
        }
    }

    /// Lets a moment pass, since a broker that refuses at once would otherwise be asked without a pause.
    private func waitForAnotherTry() {
        lane.pause(milliseconds: 20)
    }
}

/// Reads what a cluster says of its brokers and topics.
enum NativeMetadata {
    struct Size {
        let partitions: Int
        /// The least number of copies of any partition.
        let replication: Int
    }

    /// Asks for all topics, since asking for one by name might create it.
    static func read(
        _ handle: OpaquePointer, milliseconds: Int32
    ) throws -> (brokers: Int, topics: [String: Size]) {
        var found: UnsafePointer<rd_kafka_metadata>?
        try KafkaError.check(rd_kafka_metadata(handle, 1, nil, &found, milliseconds))
        guard let found else { return (0, [:]) }
        defer { rd_kafka_metadata_destroy(found) }
        var sizes: [String: Size] = [:]
        for topic in UnsafeBufferPointer(start: found.pointee.topics, count: Int(found.pointee.topic_cnt)) {
            guard topic.err == RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
            let partitions = UnsafeBufferPointer(start: topic.partitions, count: Int(topic.partition_cnt))
            sizes[String(cString: topic.topic)] = Size(
                partitions: partitions.count, replication: partitions.map { Int($0.replica_cnt) }.min() ?? 0)
        }
        return (Int(found.pointee.broker_cnt), sizes)
    }

    /// The partition count of every topic.
    static func partitionCounts(_ handle: OpaquePointer, milliseconds: Int32) throws -> [String: Int] {
        try read(handle, milliseconds: milliseconds).topics.mapValues(\.partitions)
    }
}
