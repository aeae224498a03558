package import Logging

/// A topic as it should be made.
package struct TopicSpecification: Sendable, Hashable {
    package let name: String
    package let partitions: Int
    package let replication: Int
    /// Kafka's topic settings by name, such as `cleanup.policy`.
    package let configs: [String: String]

    package init(name: String, partitions: Int, replication: Int = 1, configs: [String: String] = [:]) {
        self.name = name
        self.partitions = partitions
        self.replication = replication
        self.configs = configs
    }
}

/// A topic as the cluster describes it.
package struct TopicDescription: Sendable, Hashable {
    package let name: String
    package let partitions: Int
    /// On how many brokers each record is kept: the least of any partition.
    package let replication: Int
    /// Every topic setting with its value, defaults included; what the broker calls sensitive is left out.
    package let configs: [String: String]

    package init(name: String, partitions: Int, replication: Int, configs: [String: String]) {
        self.name = name
        self.partitions = partitions
        self.replication = replication
        self.configs = configs
    }
}

/// What a cluster says of itself.
package struct ClusterDescription: Sendable, Hashable {
    package let brokers: Int
    /// Those of the topics that exist, by name.
    package let topics: [String: TopicDescription]

    package init(brokers: Int, topics: [String: TopicDescription]) {
        self.brokers = brokers
        self.topics = topics
    }
}

/// What became of the wish for a topic.
package enum TopicCreation: Sendable, Hashable {
    case created
    /// There was a topic of that name; it may look different from what was asked.
    case existed
    case failed(KafkaError)
}

/// Makes and describes the topics of a real Kafka.
///
/// The mock cluster knows no administration.
package final class KafkaAdmin: Sendable {
    private let native: NativeAdmin

    /// Makes a client for administration.
    ///
    /// - Throws: `configuration` when librdkafka refuses a setting. No network is touched.
    package init(_ settings: KafkaSettings, logger: Logger = Logger(label: "kafka")) throws {
        native = try NativeAdmin(settings, logger: logger)
    }

    deinit {
        let native = native
        native.stop.set()
        native.lane.post { native.close() }
    }

    /// Lends a client to the body and closes it on every way out.
    package static func withAdmin<Result>(
        _ settings: KafkaSettings, logger: Logger = Logger(label: "kafka"),
        isolation: isolated (any Actor)? = #isolation, _ body: (KafkaAdmin) async throws -> Result
    ) async throws -> Result {
        let admin = try KafkaAdmin(settings, logger: logger)
        let result: Result
        do {
            result = try await body(admin)
        } catch {
            await admin.close()
            throw error
        }
        await admin.close()
        return result
    }

    /// Makes topics.
    ///
    /// - Returns: What became of each, by name.
    /// - Throws: `KafkaError` when the cluster could not be asked at all; `closed`.
    package func create(_ topics: [TopicSpecification]) async throws -> [String: TopicCreation] {
        try await onLane { native, cancelled in try native.create(topics, cancelled: cancelled) }
    }

    /// Describes the cluster, and those of the topics that exist.
    package func describe(_ topics: [String]) async throws -> ClusterDescription {
        try await onLane { native, cancelled in try native.describe(topics, cancelled: cancelled) }
    }

    /// Frees the client.
    ///
    /// May be called twice.
    package func close() async {
        native.stop.set()
        await native.lane.finish { [native] in native.close() }
    }

    private func onLane<Value: Sendable>(
        _ body: @escaping @Sendable (NativeAdmin, StopSignal) throws -> Value
    ) async throws -> Value {
        let cancelled = StopSignal()
        return try await withTaskCancellationHandler {
            try await native.lane.run { [native] in try body(native, cancelled) }
        } onCancel: {
            cancelled.set()
        }
    }
}
