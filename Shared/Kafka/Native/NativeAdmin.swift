import CRdKafka
import Logging

/// A client of librdkafka for administration; every method runs on its lane.
// Safe because its mutable fields are touched only by blocks on `lane`, which run one at a time.
final class NativeAdmin: @unchecked Sendable {
    /// How long the cluster may take to answer one request.
    private static let patience: Duration = .seconds(30)

    let lane: Lane
    let stop = StopSignal()
    private let news: ClientNews
    private var handle: OpaquePointer?
    private var queue: OpaquePointer?

    init(_ settings: KafkaSettings, logger: Logger) throws {
        lane = Lane("admin.\(settings.clientID)")
        news = ClientNews(logger, client: settings.clientID, kind: "admin")
        let configuration = try NativeConfiguration(settings)
        try configuration.apply(overridesOf: settings)
        configuration.deliver([RD_KAFKA_EVENT_ERROR, RD_KAFKA_EVENT_LOG])
        let client = try configuration.makeClient(RD_KAFKA_PRODUCER)
        rd_kafka_set_log_queue(client, nil)
        handle = client
        queue = rd_kafka_queue_get_main(client)
        news.started()
    }

    func create(_ topics: [TopicSpecification], cancelled: StopSignal) throws -> [String: TopicCreation] {
        let handle = try open()
        guard !topics.isEmpty else { return [:] }
        var wishes: [OpaquePointer?] = []
        defer { for wish in wishes { rd_kafka_NewTopic_destroy(wish) } }
        for topic in topics { wishes.append(try wish(for: topic)) }
        let options = options(handle, RD_KAFKA_ADMIN_OP_CREATETOPICS)
        defer { rd_kafka_AdminOptions_destroy(options) }
        let answers = rd_kafka_queue_new(handle)
        defer { rd_kafka_queue_destroy(answers) }
        rd_kafka_CreateTopics(handle, &wishes, wishes.count, options, answers)
        return try answer(RD_KAFKA_EVENT_CREATETOPICS_RESULT, answers, cancelled) { event in
            var count = 0
            let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
            var outcomes: [String: TopicCreation] = [:]
            for result in UnsafeBufferPointer(start: results, count: count) {
                guard let name = rd_kafka_topic_result_name(result) else { continue }
                outcomes[String(cString: name)] = Self.creation(result)
            }
            return outcomes
        }
    }

    func describe(_ topics: [String], cancelled: StopSignal) throws -> ClusterDescription {
        let handle = try open()
        let metadata = try explaining { try NativeMetadata.read(handle, milliseconds: Self.patience.milliseconds) }
        let sizes = metadata.topics.filter { topics.contains($0.key) }
        guard !sizes.isEmpty else { return ClusterDescription(brokers: metadata.brokers, topics: [:]) }
        var resources: [OpaquePointer?] = sizes.keys.sorted().map {
            rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, $0)
        }
        defer { for resource in resources { rd_kafka_ConfigResource_destroy(resource) } }
        let options = options(handle, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS)
        defer { rd_kafka_AdminOptions_destroy(options) }
        let answers = rd_kafka_queue_new(handle)
        defer { rd_kafka_queue_destroy(answers) }
        rd_kafka_DescribeConfigs(handle, &resources, resources.count, options, answers)
        return try answer(RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT, answers, cancelled) { event in
            var count = 0
            let resources = rd_kafka_DescribeConfigs_result_resources(
                rd_kafka_event_DescribeConfigs_result(event), &count)
            return ClusterDescription(
                brokers: metadata.brokers,
                topics: try Self.descriptions(UnsafeBufferPointer(start: resources, count: count), sizes))
        }
    }

    func close() {
        lane.assertHere()
        stop.set()
        guard let handle else { return }
        self.handle = nil
        if let queue { rd_kafka_queue_destroy(queue) }
        queue = nil
        rd_kafka_destroy(handle)
        news.closed()
    }
}

// MARK: - Asking and reading

extension NativeAdmin {
    private func open() throws -> OpaquePointer {
        lane.assertHere()
        guard let handle, !stop.isSet else { throw KafkaError.closed }
        return handle
    }

    private func wish(for topic: TopicSpecification) throws -> OpaquePointer {
        var text = [CChar](repeating: 0, count: 256)
        guard
            let wish = rd_kafka_NewTopic_new(
                topic.name, Int32(topic.partitions), Int32(topic.replication), &text, text.count)
        else {
            throw KafkaError(.configuration, message: "librdkafka refuses the topic \(topic.name).")
        }
        for (name, value) in topic.configs.sorted(by: { $0.key < $1.key }) {
            rd_kafka_NewTopic_set_config(wish, name, value)
        }
        return wish
    }

    private func options(_ handle: OpaquePointer, _ operation: rd_kafka_admin_op_t) -> OpaquePointer? {
        let options = rd_kafka_AdminOptions_new(handle, operation)
        rd_kafka_AdminOptions_set_request_timeout(options, Self.patience.milliseconds, nil, 0)
        return options
    }

    /// Waits for the event that answers a request, on a queue of its own, and reads it.
    private func answer<Value>(
        _ kind: Int32, _ answers: OpaquePointer?, _ cancelled: StopSignal, _ read: (OpaquePointer) throws -> Value
    ) throws -> Value {
        let deadline = ContinuousClock.now + Self.patience + .seconds(5)
        while .now < deadline {
            guard !stop.isSet else { throw KafkaError.closed }
            guard !cancelled.isSet else { throw CancellationError() }
            serveNews()
            guard let answers, let event = NativeEvent.poll(answers, milliseconds: 100), event.kind == kind else {
                continue
            }
            if let error = event.error { throw news.explained(error) }
            news.answered()
            return try read(event.raw)
        }
        throw news.explained(KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT))
    }

    private func explaining<Value>(_ ask: () throws -> Value) throws -> Value {
        do {
            let answer = try ask()
            news.answered()
            return answer
        } catch let error as KafkaError {
            serveNews()
            throw news.explained(error)
        }
    }

    private func serveNews() {
        if let queue { news.serve(queue) }
    }

    private static func descriptions(
        _ resources: UnsafeBufferPointer<OpaquePointer?>, _ sizes: [String: NativeMetadata.Size]
    ) throws -> [String: TopicDescription] {
        var found: [String: TopicDescription] = [:]
        for resource in resources {
            guard let name = rd_kafka_ConfigResource_name(resource).map({ String(cString: $0) }) else { continue }
            try KafkaError.check(
                rd_kafka_ConfigResource_error(resource),
                text: rd_kafka_ConfigResource_error_string(resource).map { String(cString: $0) })
            found[name] = TopicDescription(
                name: name, partitions: sizes[name]?.partitions ?? 0, replication: sizes[name]?.replication ?? 0,
                configs: configs(resource))
        }
        return found
    }

    private static func creation(_ result: OpaquePointer?) -> TopicCreation {
        let code = rd_kafka_topic_result_error(result)
        switch code {
        case RD_KAFKA_RESP_ERR_NO_ERROR: return .created
        case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS: return .existed
        default:
            let text = rd_kafka_topic_result_error_string(result).map { String(cString: $0) }
            return .failed(KafkaError(code, text: text))
        }
    }

    private static func configs(_ resource: OpaquePointer?) -> [String: String] {
        var count = 0
        let entries = rd_kafka_ConfigResource_configs(resource, &count)
        var configs: [String: String] = [:]
        for entry in UnsafeBufferPointer(start: entries, count: count) {
            guard rd_kafka_ConfigEntry_is_sensitive(entry) == 0, let name = rd_kafka_ConfigEntry_name(entry) else {
                continue
            }
            configs[String(cString: name)] = rd_kafka_ConfigEntry_value(entry).map { String(cString: $0) } ?? ""
        }
        return configs
    }
}
