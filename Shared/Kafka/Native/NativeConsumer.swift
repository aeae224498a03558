import CRdKafka
import Foundation
import Logging

/// One consuming client of librdkafka; every method runs on its lane.
// Safe because its mutable fields are touched only by blocks on `lane`, which run one at a time.
final class NativeConsumer: @unchecked Sendable {
    /// How long a poll waits before it looks whether somebody wants it to stop.
    private static let slice: Int32 = 100
    /// How long one assignment has to settle before the next.
    ///
    /// librdkafka stops the partitions of the one before in the background, and ends the process when it is told to stop
    /// one twice (confluentinc/librdkafka#5573).
    private static let settling = Duration.milliseconds(250)

    let lane: Lane
    let stop = StopSignal()
    let news: ClientNews
    private let closeTimeout: Duration
    private var handle: OpaquePointer?
    private var queue: OpaquePointer?
    private var reader = MessageReader()
    /// The offset of the next record of each assigned partition; what was asked for until the first record came.
    private var positions: [TopicPartition: Int64] = [:]
    /// Partitions that were asked for from the beginning, wherever that is.
    private var fromBeginning: Set<TopicPartition> = []
    private var paused: Set<TopicPartition> = []
    /// What was paused in assignments before, and may still be so for librdkafka.
    private var pausedBefore: Set<TopicPartition> = []
    /// Partitions whose log lacks the offset that was asked for, waiting for a new place; the offset is negative where
    /// the group never committed one.
    private var displaced: [TopicPartition: Int64] = [:]
    /// Partitions that go on at the oldest record, and whether the caller has to hear where that is.
    private var movedToOldest: [TopicPartition: Bool] = [:]
    /// Partitions whose new place the caller hears of in the batch at hand: their records belong behind it.
    private var withheld: Set<TopicPartition> = []
    /// A rebalance that came behind records, kept for the next call.
    private var heldRebalance: Rebalance?
    private var lastAssigned: ContinuousClock.Instant?
    private var isSubscribed = false
    /// True from the moment a rebalance was polled until the caller has answered it.
    private var owesAnswer = false

    init(_ settings: KafkaSettings, group: String?, logger: Logger) throws {
        lane = Lane("consumer.\(settings.clientID)")
        news = ClientNews(logger, client: settings.clientID, kind: "consumer")
        closeTimeout = settings.closeTimeout
        let configuration = try Self.configuration(settings, group: group)
        let client = try configuration.makeClient(RD_KAFKA_CONSUMER)
        // From here on one queue serves records, rebalances, errors and logs.
        rd_kafka_poll_set_consumer(client)
        rd_kafka_set_log_queue(client, nil)
        handle = client
        queue = rd_kafka_queue_get_consumer(client)
        news.started()
    }

    private static func configuration(_ settings: KafkaSettings, group: String?) throws -> NativeConfiguration {
        let configuration = try NativeConfiguration(settings)
        // librdkafka refuses to assign without a group's name; this one is never joined and never committed to.
        try configuration.set("group.id", group ?? "\(settings.clientID)-reading-alone")
        if let instance = settings.groupInstanceID { try configuration.set("group.instance.id", instance) }
        try configuration.set("partition.assignment.strategy", "range")
        try configuration.set("enable.auto.commit", "false")
        try configuration.set("enable.auto.offset.store", "false")
        try configuration.set("enable.partition.eof", "true")
        // An offset that is not there must be told to the caller, so librdkafka may not skip to another by itself.
        try configuration.set("auto.offset.reset", "error")
        // Once this much is fetched ahead, librdkafka looks only every second whether there is room again, so a bound
        // that is reached often would make catching up crawl.
        try configuration.set("queued.min.messages", "50000")
        try configuration.set("queued.max.messages.kbytes", "16384")
        // A leader that moves or refuses is asked again soon; the default is half a second.
        try configuration.set("fetch.error.backoff.ms", "50")
        try configuration.set("session.timeout.ms", settings.embedded ? "6000" : "10000")
        try configuration.set("heartbeat.interval.ms", settings.embedded ? "1000" : "3000")
        // The broker of one machine answers an empty fetch when this is over, whatever came meanwhile: shorter waits make
        // every hop faster and cost each idle process more (5 ms took a seventh of a core).
        if settings.embedded { try configuration.set("fetch.wait.max.ms", "20") }
        try configuration.apply(overridesOf: settings)
        configuration.deliver([
            RD_KAFKA_EVENT_LOG, RD_KAFKA_EVENT_ERROR, RD_KAFKA_EVENT_FETCH, RD_KAFKA_EVENT_REBALANCE,
            RD_KAFKA_EVENT_OFFSET_COMMIT,
        ])
        return configuration
    }

    /// The handle, as long as the consumer is open and sound.
    func openHandle() throws -> OpaquePointer {
        lane.assertHere()
        guard let handle, !stop.isSet else { throw KafkaError.closed }
        return handle
    }
}

// MARK: - What to read

extension NativeConsumer {
    func subscribe(_ topics: [String]) throws {
        let handle = try openHandle()
        let list = NativePartitionList(topics.map { TopicPartition(topic: $0, partition: -1) })
        isSubscribed = true
        try KafkaError.check(rd_kafka_subscribe(handle, list.pointer))
    }

    func assign(_ asked: [PartitionPosition]) throws {
        let handle = try openHandle()
        heldRebalance = nil
        owesAnswer = false
        forgetAssignment()
        for position in asked { positions[position.partition] = position.offset.native }
        fromBeginning = Set(asked.filter { $0.offset == .beginning }.map(\.partition))
        try assignPositions(handle)
    }

    func unassign() throws {
        let handle = try openHandle()
        heldRebalance = nil
        owesAnswer = false
        try letGo(handle)
    }

    func pause(_ partitions: [TopicPartition]) throws {
        let handle = try openHandle()
        let list = NativePartitionList(partitions)
        try KafkaError.check(rd_kafka_pause_partitions(handle, list.pointer))
        paused.formUnion(partitions)
    }

    func resume(_ partitions: [TopicPartition]) throws {
        let handle = try openHandle()
        let list = NativePartitionList(partitions)
        try KafkaError.check(rd_kafka_resume_partitions(handle, list.pointer))
        paused.subtract(partitions)
    }

    private func letGo(_ handle: OpaquePointer) throws {
        forgetAssignment()
        reader.forgetNames()
        waitForSettling()
        try KafkaError.check(rd_kafka_assign(handle, nil))
    }

    private var isSettled: Bool { lastAssigned.map { .now - $0 >= Self.settling } ?? true }

    private func waitForSettling() {
        if let lastAssigned, !isSettled {
            Thread.sleep(forTimeInterval: (Self.settling - (.now - lastAssigned)) / .seconds(1))
        }
        lastAssigned = .now
    }

    /// Ends the pauses of assignments before: librdkafka keeps them with the partition, whoever has it next.
    private func wakeUp(_ handle: OpaquePointer) throws {
        let stale = pausedBefore.subtracting(paused).intersection(positions.keys)
        guard !stale.isEmpty else { return }
        let list = NativePartitionList(stale)
        try KafkaError.check(rd_kafka_resume_partitions(handle, list.pointer))
        pausedBefore.subtract(stale)
    }

    private func forgetAssignment() {
        positions = [:]
        fromBeginning = []
        pausedBefore.formUnion(paused)
        paused = []
        displaced = [:]
        movedToOldest = [:]
        withheld = []
    }

    /// Makes librdkafka read from `positions`; what it has fetched ahead is dropped.
    private func assignPositions(_ handle: OpaquePointer) throws {
        reader.forgetNames()
        let list = NativePartitionList(capacity: positions.count)
        for (partition, offset) in positions.sorted(by: { $0.key < $1.key }) {
            list.add(partition, offset: offset)
        }
        waitForSettling()
        try wakeUp(handle)
        try KafkaError.check(rd_kafka_assign(handle, list.pointer))
        guard !paused.isEmpty else { return }
        let still = NativePartitionList(paused)
        try KafkaError.check(rd_kafka_pause_partitions(handle, still.pointer))
    }
}

// MARK: - Polling

extension NativeConsumer {
    /// Waits for the first news, then takes along what is there already, up to the limit.
    func next(limit: Int, timeout: Duration, cancelled: StopSignal) throws -> ConsumerBatch {
        let handle = try openHandle()
        guard let queue else { throw KafkaError.closed }
        if let heldRebalance {
            self.heldRebalance = nil
            return ConsumerBatch(rebalance: heldRebalance)
        }
        var gathered = BatchInTheMaking(limit: limit)
        let deadline = ContinuousClock.now + timeout
        while gathered.isEmpty {
            guard !stop.isSet else { throw KafkaError.closed }
            guard !cancelled.isSet else { throw CancellationError() }
            try replaceDisplaced(handle)
            let left = (deadline - .now).milliseconds
            if let event = NativeEvent.poll(queue, milliseconds: min(left, Self.slice)) {
                try take(event, into: &gathered)
            } else if left == 0 {
                break
            }
        }
        while !gathered.isFull, let event = NativeEvent.poll(queue, milliseconds: 0) {
            try take(event, into: &gathered)
        }
        return gathered.batch
    }

    private func take(_ event: borrowing NativeEvent, into gathered: inout BatchInTheMaking) throws {
        switch event.kind {
        case RD_KAFKA_EVENT_FETCH: event.forEachMessage { takeMessage($0, into: &gathered) }
        case RD_KAFKA_EVENT_REBALANCE: takeRebalance(event, into: &gathered)
        case RD_KAFKA_EVENT_ERROR: try takeError(event, into: &gathered)
        case RD_KAFKA_EVENT_LOG: news.line(event)
        default: news.note("An event of an unknown kind was ignored")
        }
    }

    /// Hears why a question is not answered, while nothing is read: afterwards `next` hears it.
    func serveNews() {
        if let queue, positions.isEmpty, !isSubscribed { news.serve(queue) }
    }

    /// Takes a record unless it was fetched for a position that is no longer ours.
    private func takeMessage(_ message: UnsafePointer<rd_kafka_message_t>, into gathered: inout BatchInTheMaking) {
        guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            // Where there is an error, the payload is its text.
            news.note(KafkaError(message.pointee.err))
            return
        }
        news.answered()
        let record = reader.record(message)
        guard let position = positions[record.topicPartition], record.offset >= position,
            !isToHearFirst(record.topicPartition, at: record.offset, &gathered)
        else { return }
        positions[record.topicPartition] = record.offset + 1
        gathered.append(record)
    }

    private func takeRebalance(_ event: borrowing NativeEvent, into gathered: inout BatchInTheMaking) {
        owesAnswer = true
        guard let handle else { return }
        let partitions = event.withPartitions { NativePartitionList.partitions(of: $0) }
        let rebalance: Rebalance
        switch event.code {
        case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
            rebalance = .assigned(partitions)
        case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
            rebalance = rd_kafka_assignment_lost(handle) != 0 ? .lost(partitions) : .revoked(partitions)
        default:
            // librdkafka wants any other outcome answered with no assignment.
            news.note(KafkaError(event.code))
            rebalance = .lost(Array(positions.keys).sorted())
        }
        if gathered.isEmpty {
            gathered.carry(rebalance)
        } else {
            heldRebalance = rebalance
            gathered.close()
        }
    }

    private func takeError(_ event: borrowing NativeEvent, into gathered: inout BatchInTheMaking) throws {
        guard let error = event.error else { return }
        switch event.code {
        case RD_KAFKA_RESP_ERR__PARTITION_EOF:
            guard let (partition, offset) = event.partitionAndOffset, positions[partition] != nil,
                !isToHearFirst(partition, at: offset, &gathered)
            else { return }
            gathered.reachedEnd(of: partition)
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
            guard let (partition, offset) = event.partitionAndOffset, positions[partition] != nil else { return }
            news.note(error)
            displaced[partition] = offset
            gathered.close()
        default:
            news.note(error)
            if error.isFatal { throw error }
        }
    }
}

// MARK: - Offsets that are not there

extension NativeConsumer {
    /// Goes on at the oldest record of partitions whose log lacks the asked offset.
    ///
    /// Where that is, the first record tells, or the end of the log: librdkafka's call that asks the broker for it may
    /// never come back from a broker that has just died.
    private func replaceDisplaced(_ handle: OpaquePointer) throws {
        // Others may have complained meanwhile: one new assignment serves them all.
        guard !displaced.isEmpty || !withheld.isEmpty, !owesAnswer, isSettled else { return }
        for (partition, missing) in displaced { displace(partition, missing: missing) }
        displaced = [:]
        withheld = []
        try assignPositions(handle)
    }

    private func displace(_ partition: TopicPartition, missing: Int64) {
        guard let position = positions[partition] else { return }
        // The complaint was about a place that was asked for earlier; this one is tried first.
        guard position < 0 || missing < 0 || missing == position else { return }
        let neverCommitted = position == PartitionPosition.Offset.committed.native && missing < 0
        let anywhere = position == PartitionPosition.Offset.beginning.native && fromBeginning.contains(partition)
        movedToOldest[partition] = movedToOldest[partition] ?? (!neverCommitted && !anywhere)
        positions[partition] = Int64(RD_KAFKA_OFFSET_BEGINNING)
    }

    /// Whether the caller must hear first that a partition goes on elsewhere, before anything comes from there.
    ///
    /// Who asked for the beginning, or has never committed, begins there too but has missed nothing: that is not told.
    private func isToHearFirst(
        _ partition: TopicPartition, at offset: Int64, _ gathered: inout BatchInTheMaking
    ) -> Bool {
        guard !withheld.contains(partition) else { return true }
        guard let mustHear = movedToOldest.removeValue(forKey: partition), mustHear else { return false }
        positions[partition] = offset
        withheld.insert(partition)
        gathered.reset(partition, to: offset)
        gathered.close()
        return true
    }
}

// MARK: - Closing

extension NativeConsumer {
    /// Leaves the group and frees the client; does nothing the second time.
    func close() {
        lane.assertHere()
        stop.set()
        guard let handle else { return }
        self.handle = nil
        let left = fatalFailure(of: handle) == nil && leaveGroup(handle)
        if let queue { rd_kafka_queue_destroy(queue) }
        queue = nil
        rd_kafka_destroy_flags(handle, left ? 0 : RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
        news.closed()
    }

    /// Closes the group membership, answering rebalances by letting go; false when that took too long.
    private func leaveGroup(_ handle: OpaquePointer) -> Bool {
        if owesAnswer, rd_kafka_assign(handle, nil) != RD_KAFKA_RESP_ERR_NO_ERROR {
            news.note("A rebalance could not be answered while closing")
        }
        let farewell = rd_kafka_queue_new(handle)
        defer { rd_kafka_queue_destroy(farewell) }
        if let failure = NativeFailure(taking: rd_kafka_consumer_close_queue(handle, farewell)) {
            news.note(failure.error)
            return false
        }
        let deadline = ContinuousClock.now + closeTimeout
        while rd_kafka_consumer_closed(handle) == 0 {
            guard .now < deadline else {
                news.note("The group did not let go in time; the consumer leaves without its answer")
                return false
            }
            guard let farewell, let event = NativeEvent.poll(farewell, milliseconds: 50) else { continue }
            if event.kind == RD_KAFKA_EVENT_REBALANCE { _ = rd_kafka_assign(handle, nil) }
            if event.kind == RD_KAFKA_EVENT_LOG { news.line(event) }
        }
        return true
    }
}

extension PartitionPosition.Offset {
    /// The number that librdkafka takes for it: places that are not offsets are negative.
    ///
    /// The beginning is tried as offset 0, which saves half a second where the log still has it: for a real
    /// "beginning" librdkafka waits for a timer before it asks where that is.
    var native: Int64 {
        switch self {
        case .beginning: 0
        case .end: Int64(RD_KAFKA_OFFSET_END)
        case .committed: Int64(RD_KAFKA_OFFSET_STORED)
        case .at(let offset): offset
        }
    }
}
