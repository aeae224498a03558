import CRdKafka
import Foundation
import Logging

/// One producing client of librdkafka; every method runs on its lane.
// Safe because its mutable fields are touched only by blocks on `lane`, which run one at a time.
final class NativeProducer: @unchecked Sendable {
    /// How long one poll for acknowledgements may keep the lane from the next send.
    private static let slice: Int32 = 5
    /// The same while the broker has been silent for a while, so that an outage costs few wake-ups.
    private static let idleSlice: Int32 = 50

    let lane: Lane
    let stop = StopSignal()
    private let news: ClientNews
    private let closeTimeout: Duration
    private var handle: OpaquePointer?
    private var queue: OpaquePointer?
    private var topics: [String: OpaquePointer] = [:]
    /// Batches not yet answered, by their number.
    private var pending: [UInt32: PendingBatch] = [:]
    /// Batches that still have records to hand over, oldest first; order between batches is kept.
    private var backlog: [PendingBatch] = []
    private var lastNumber: UInt32 = 0
    private var isPumping = false
    private var silentPolls = 0
    private var fatal: KafkaError?

    init(_ settings: KafkaSettings, logger: Logger) throws {
        lane = Lane("producer.\(settings.clientID)")
        news = ClientNews(logger, client: settings.clientID, kind: "producer")
        closeTimeout = settings.closeTimeout
        let configuration = try Self.configuration(settings)
        let client = try configuration.makeClient(RD_KAFKA_PRODUCER)
        rd_kafka_set_log_queue(client, nil)
        handle = client
        queue = rd_kafka_queue_get_main(client)
        news.started()
    }

    private static func configuration(_ settings: KafkaSettings) throws -> NativeConfiguration {
        let configuration = try NativeConfiguration(settings)
        try configuration.set("enable.idempotence", "true")
        try configuration.set("acks", "all")
        // Whoever sends keeps the record until it is acknowledged, so giving up after a time would only reorder.
        try configuration.set("message.timeout.ms", "0")
        try configuration.set("compression.type", "zstd")
        try configuration.set("linger.ms", "\(settings.linger.milliseconds)")
        try configuration.set("message.max.bytes", "2000000")
        try configuration.set("queue.buffering.max.messages", "50000")
        try configuration.set("queue.buffering.max.kbytes", "65536")
        try configuration.apply(overridesOf: settings)
        configuration.deliver([RD_KAFKA_EVENT_DR, RD_KAFKA_EVENT_ERROR, RD_KAFKA_EVENT_LOG])
        return configuration
    }
}

// MARK: - Sending

extension NativeProducer {
    func send(_ records: [OutgoingRecord], cancelled: StopSignal, _ answer: PendingBatch.Answer) {
        lane.assertHere()
        guard handle != nil, !stop.isSet else { return answer.resume(throwing: KafkaError.closed) }
        if let fatal { return answer.resume(throwing: fatal) }
        guard !cancelled.isSet else { return answer.resume(throwing: CancellationError()) }
        guard !records.isEmpty else { return answer.resume(returning: []) }
        lastNumber &+= 1
        let batch = PendingBatch(number: lastNumber, records: records, cancelled: cancelled, answer: answer)
        pending[batch.number] = batch
        backlog.append(batch)
        feed()
        startPumping()
    }

    /// Stops waiting for a batch whose sender was cancelled; what was handed over may still be stored.
    func abandonCancelled() {
        lane.assertHere()
        for batch in pending.values where batch.isCancelled { batch.abandon() }
        backlog.removeAll { $0.isCancelled }
        for batch in pending.values where batch.isCancelled && batch.isSettled { pending[batch.number] = nil }
    }

    private func startPumping() {
        guard !isPumping else { return }
        isPumping = true
        lane.post { self.pump() }
    }

    /// Serves acknowledgements while some are due, letting other blocks of the lane in between.
    private func pump() {
        guard handle != nil, !pending.isEmpty else {
            isPumping = false
            return
        }
        serve(milliseconds: silentPolls > 200 ? Self.idleSlice : Self.slice)
        feed()
        lane.post { self.pump() }
    }

    /// Hands records over in order until all are, or librdkafka's queue is full.
    private func feed() {
        while let batch = backlog.first {
            while let (index, record) = batch.nextUnsent {
                guard let error = produce(record, number: batch.number, index: index) else {
                    batch.handedOver()
                    continue
                }
                guard error.name != Self.queueFull else { return }
                if error.isFatal { noteFatal(error) }
                batch.handedOver()
                settle(batch, index, .failed(error))
            }
            backlog.removeFirst()
        }
    }

    private static let queueFull = KafkaError(RD_KAFKA_RESP_ERR__QUEUE_FULL).name

    private func settle(_ batch: PendingBatch, _ index: Int, _ report: DeliveryReport) {
        batch.settle(index, report)
        if batch.isSettled { pending[batch.number] = nil }
    }
}

// MARK: - Handing one record over

extension NativeProducer {
    /// Hands one record over; nil when librdkafka took it, and then a delivery report will come for it.
    private func produce(_ record: OutgoingRecord, number: UInt32, index: Int) -> KafkaError? {
        guard let handle, let topic = topicHandle(record.topic) else {
            return KafkaError(.record, message: "librdkafka refuses the name of the topic.")
        }
        let headers = nativeHeaders(record.headers)
        let opaque = UInt(number) << 32 | UInt(UInt32(truncatingIfNeeded: index))
        var arguments: [rd_kafka_vu_t] = [
            .init(RD_KAFKA_VTYPE_RKT) { $0.rkt = topic },
            .init(RD_KAFKA_VTYPE_PARTITION) { $0.i32 = record.partition },
            .init(RD_KAFKA_VTYPE_MSGFLAGS) { $0.i = RD_KAFKA_MSG_F_COPY },
            .init(RD_KAFKA_VTYPE_OPAQUE) { $0.ptr = UnsafeMutableRawPointer(bitPattern: opaque) },
        ]
        if let timestamp = record.timestamp {
            arguments.append(.init(RD_KAFKA_VTYPE_TIMESTAMP) { $0.i64 = timestamp })
        }
        if let headers { arguments.append(.init(RD_KAFKA_VTYPE_HEADERS) { $0.headers = headers }) }
        let failure = withBytes(record.key) { key in
            withBytes(record.value) { value in
                arguments.append(.init(RD_KAFKA_VTYPE_KEY) { $0.mem = .init(ptr: key.start, size: key.count) })
                arguments.append(.init(RD_KAFKA_VTYPE_VALUE) { $0.mem = .init(ptr: value.start, size: value.count) })
                return NativeFailure(taking: rd_kafka_produceva(handle, &arguments, arguments.count))?.error
            }
        }
        // The headers are librdkafka's only once it took the record.
        if failure != nil, let headers { rd_kafka_headers_destroy(headers) }
        return failure
    }

    private func topicHandle(_ name: String) -> OpaquePointer? {
        if let topic = topics[name] { return topic }
        guard let handle, let topic = rd_kafka_topic_new(handle, name, nil) else { return nil }
        topics[name] = topic
        return topic
    }

    private func nativeHeaders(_ headers: [RecordHeader]) -> OpaquePointer? {
        guard !headers.isEmpty, let list = rd_kafka_headers_new(headers.count) else { return nil }
        for header in headers {
            withBytes(header.value) { value in
                _ = rd_kafka_header_add(list, header.name, -1, value.start, value.count)
            }
        }
        return list
    }

    /// Lends the bytes to C, where no bytes must not look like the null of a tombstone.
    private func withBytes<Value>(
        _ data: Data?, _ body: ((start: UnsafeMutableRawPointer?, count: Int)) -> Value
    ) -> Value {
        guard let data else { return body((nil, 0)) }
        return data.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, !bytes.isEmpty else {
                var nothing: UInt8 = 0
                return withUnsafeMutableBytes(of: &nothing) { body(($0.baseAddress, 0)) }
            }
            return body((UnsafeMutableRawPointer(mutating: start), bytes.count))
        }
    }
}

// MARK: - Acknowledgements and closing

extension NativeProducer {
    private func serve(milliseconds: Int32) {
        guard let queue else { return }
        guard let first = NativeEvent.poll(queue, milliseconds: milliseconds) else {
            silentPolls += 1
            return
        }
        silentPolls = 0
        take(first)
        while let event = NativeEvent.poll(queue, milliseconds: 0) { take(event) }
    }

    private func take(_ event: borrowing NativeEvent) {
        switch event.kind {
        case RD_KAFKA_EVENT_DR: event.forEachMessage { acknowledge($0.pointee) }
        case RD_KAFKA_EVENT_LOG: news.line(event)
        case RD_KAFKA_EVENT_ERROR:
            guard let error = event.error else { return }
            news.note(error)
            if error.isFatal { noteFatal(error) }
        default: news.note("An event of an unknown kind was ignored")
        }
    }

    private func acknowledge(_ message: rd_kafka_message_t) {
        let opaque = UInt(bitPattern: message._private)
        guard let batch = pending[UInt32(truncatingIfNeeded: opaque >> 32)] else { return }
        let index = Int(UInt32(truncatingIfNeeded: opaque))
        guard message.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            return settle(
                batch, index, .failed(fatal ?? (stop.isSet ? .closed : news.explained(KafkaError(message.err)))))
        }
        news.answered()
        settle(batch, index, .delivered(offset: message.offset >= 0 ? message.offset : nil))
    }

    /// Remembers that this client is finished and lets go of what it still holds, so that nobody waits for it.
    private func noteFatal(_ error: KafkaError) {
        guard fatal == nil, let handle else { return }
        fatal = error
        rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    }

    /// Waits for acknowledgements as long as closing may take, fails the rest, and frees the client.
    func close() {
        lane.assertHere()
        stop.set()
        guard let handle else { return }
        let deadline = ContinuousClock.now + closeTimeout
        while !pending.isEmpty, fatal == nil, .now < deadline {
            feed()
            // Ends the lingering; with delivery events it is the polling below that counts acknowledgements.
            _ = rd_kafka_flush(handle, 0)
            serve(milliseconds: 10)
        }
        for batch in backlog { batch.failUnsent(fatal ?? .closed) }
        backlog = []
        rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        let last = ContinuousClock.now + .seconds(1)
        while pending.values.contains(where: { !$0.isSettled }), .now < last { serve(milliseconds: 10) }
        for batch in pending.values { batch.fail(fatal ?? .closed) }
        pending = [:]
        free(handle)
        news.closed()
    }

    private func free(_ handle: OpaquePointer) {
        for topic in topics.values { rd_kafka_topic_destroy(topic) }
        topics = [:]
        if let queue { rd_kafka_queue_destroy(queue) }
        queue = nil
        self.handle = nil
        rd_kafka_destroy(handle)
    }
}

extension rd_kafka_vu_t {
    /// One argument of a produce call, its value set by the body.
    fileprivate init(_ kind: rd_kafka_vtype_t, _ set: (inout __Unnamed_union_u) -> Void) {
        self.init()
        vtype = kind
        set(&u)
    }
}
