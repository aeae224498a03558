package import Logging

/// A reader of partitions: as a member of a group, or alone on partitions that the caller names.
///
/// `next` is the poll; nothing is buffered between it and librdkafka. A rebalance comes out of `next` and the group
/// waits until the caller has answered with `assign` or `unassign`. Offsets are never committed by themselves; where to
/// go on is the caller's to know. One task at a time: a call waits behind a `next` that another task is in, except
/// `close`, which ends it. Always end with `close`: dropping the consumer closes it too, but nobody waits for it.
package final class KafkaConsumer: Sendable {
    private let native: NativeConsumer

    /// Makes a consumer that does nothing until `subscribe` or `assign`.
    ///
    /// - Parameters:
    ///   - settings: How to reach the cluster.
    ///   - group: The group whose member this is and whose progress it commits; nil for reading alone.
    ///   - logger: Where debug lines go.
    /// - Throws: `configuration` when librdkafka refuses a setting. No network is touched.
    package init(
        _ settings: KafkaSettings, group: String?, logger: Logger = Logger(label: "kafka")
    ) throws {
        native = try NativeConsumer(settings, group: group, logger: logger)
    }

    deinit {
        let native = native
        native.stop.set()
        native.lane.post { native.close() }
    }

    /// Lends a consumer to the body and closes it on every way out.
    package static func withConsumer<Result>(
        _ settings: KafkaSettings, group: String?, logger: Logger = Logger(label: "kafka"),
        isolation: isolated (any Actor)? = #isolation, _ body: (KafkaConsumer) async throws -> Result
    ) async throws -> Result {
        let consumer = try KafkaConsumer(settings, group: group, logger: logger)
        let result: Result
        do {
            result = try await body(consumer)
        } catch {
            await consumer.close()
            throw error
        }
        await consumer.close()
        return result
    }

    /// Joins the group for these topics.
    ///
    /// What is assigned comes as a rebalance out of `next`.
    package func subscribe(_ topics: [String]) async throws {
        try await native.lane.run { [native] in try native.subscribe(topics) }
    }

    /// Reads these partitions and no others: the answer to an assignment, or what a lone reader wants.
    ///
    /// Replaces what was assigned before. Pauses are forgotten.
    package func assign(_ positions: [PartitionPosition]) async throws {
        try await native.lane.run { [native] in try native.assign(positions) }
    }

    /// Reads nothing any more: the answer to a revocation or a loss.
    package func unassign() async throws {
        try await native.lane.run { [native] in try native.unassign() }
    }

    /// Waits up to the timeout for news, then takes along what is there already.
    ///
    /// - Parameters:
    ///   - limit: The most records; a batch also ends at about 8 MB.
    ///   - timeout: How long to wait for the first; the batch is empty when nothing came.
    /// - Throws: `closed` after or during `close`; a `fatal` error of the client; `CancellationError` within 100 ms of
    ///   the task being cancelled, unless records were already taken, which are then returned.
    package func next(limit: Int, timeout: Duration) async throws -> ConsumerBatch {
        try await onLane { native, cancelled in
            try native.next(limit: limit, timeout: timeout, cancelled: cancelled)
        }
    }

    /// Commits the group's progress and waits for the broker's answer.
    ///
    /// - Throws: `retriable` when the group is being rebalanced or the partition is no longer ours.
    package func commit(_ offsets: [CommittedPosition]) async throws {
        try await onLane { native, cancelled in try native.commit(offsets, cancelled: cancelled) }
    }

    /// The progress that this consumer's group has committed; partitions without any are absent.
    ///
    /// Works without having joined, to look at another group's progress.
    package func committed(_ partitions: [TopicPartition]) async throws -> [TopicPartition: CommittedPosition] {
        try await onLane { native, cancelled in try native.committed(partitions, cancelled: cancelled) }
    }

    /// The offset of the oldest record and the offset behind the newest, asked of the broker.
    package func watermarks(_ partition: TopicPartition) async throws -> (low: Int64, high: Int64) {
        try await onLane { native, cancelled in try native.watermarks(partition, cancelled: cancelled) }
    }

    /// The offset behind the newest record as of the last fetch, without asking the broker; nil before the first.
    package func knownEnd(of partition: TopicPartition) async throws -> Int64? {
        try await native.lane.run { [native] in try native.knownEnd(of: partition) }
    }

    /// Stops bringing records of these partitions, without giving them up.
    package func pause(_ partitions: [TopicPartition]) async throws {
        try await native.lane.run { [native] in try native.pause(partitions) }
    }

    /// Goes on with paused partitions where they stood.
    package func resume(_ partitions: [TopicPartition]) async throws {
        try await native.lane.run { [native] in try native.resume(partitions) }
    }

    /// How many partitions each of these topics has; a topic that does not exist is absent.
    package func partitionCounts(of topics: [String]) async throws -> [String: Int] {
        try await onLane { native, cancelled in try native.partitionCounts(of: topics, cancelled: cancelled) }
    }

    /// Leaves the group and frees the client.
    ///
    /// May be called twice, and while another task is in `next`.
    ///
    /// An unanswered rebalance is answered by letting go. Is not cut short by cancellation.
    package func close() async {
        native.stop.set()
        await native.lane.finish { [native] in native.close() }
    }

    /// Runs a call that may block on the lane, and tells it when the task is cancelled.
    private func onLane<Value: Sendable>(
        _ body: @escaping @Sendable (NativeConsumer, StopSignal) throws -> Value
    ) async throws -> Value {
        let cancelled = StopSignal()
        return try await withTaskCancellationHandler {
            try await native.lane.run { [native] in try body(native, cancelled) }
        } onCancel: {
            cancelled.set()
        }
    }
}
