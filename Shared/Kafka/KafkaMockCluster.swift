package import Logging

/// A Kafka-protocol cluster inside this process, on librdkafka's mock: what `embedded-broker` and the tests run on.
///
/// In memory, about 5 MB a partition, then the oldest records are forgotten. Ports are the system's choice. It has no
/// administration, no compaction, no transactions. Topics are best made by `createTopic`; a client that asks for an
/// unknown one makes it with four partitions.
package final class KafkaMockCluster: Sendable {
    private let native: NativeMockCluster

    /// Addresses for `KafkaSettings.bootstrapServers`.
    package let bootstrapServers: String

    /// Starts a cluster on the loopback interface.
    ///
    /// - Throws: `configuration` when librdkafka cannot start it, such as for want of sockets.
    package init(brokers: Int = 1, logger: Logger = Logger(label: "kafka")) throws {
        native = try NativeMockCluster(brokers: brokers, logger: logger)
        bootstrapServers = native.bootstrapServers
    }

    deinit {
        let native = native
        native.lane.post { native.close() }
    }

    /// Makes a topic; with more than one broker each partition has as many replicas as there are brokers, up to three.
    package func createTopic(_ name: String, partitions: Int) async throws {
        try await native.lane.run { [native] in try native.createTopic(name, partitions: partitions) }
    }

    /// Cuts every connection to a broker and refuses new ones; leaders stay where they were.
    ///
    /// - Parameter broker: Counted from 1; nil for all.
    package func setBrokerDown(_ broker: Int? = nil) async throws {
        try await native.lane.run { [native] in try native.setBroker(broker, up: false) }
    }

    /// Lets connections to a broker through again.
    package func setBrokerUp(_ broker: Int? = nil) async throws {
        try await native.lane.run { [native] in try native.setBroker(broker, up: true) }
    }

    /// Answers the next requests of a kind with these Kafka error codes, one each.
    ///
    /// - Parameters:
    ///   - apiKey: The protocol's number of the request: 0 produce, 1 fetch, 8 commit, 11 join, 12 heartbeat.
    ///   - codes: Kafka's error numbers; -195 cuts the connection instead.
    package func pushRequestErrors(_ apiKey: Int, _ codes: [Int]) async throws {
        try await native.lane.run { [native] in try native.pushErrors(apiKey, codes) }
    }

    /// Delays every answer of a broker; nil for all brokers.
    package func setRoundTripTime(_ time: Duration, broker: Int? = nil) async throws {
        try await native.lane.run { [native] in try native.setRoundTripTime(time, broker: broker) }
    }

    /// Stops the cluster; everything in it is gone.
    ///
    /// May be called twice.
    package func close() async {
        await native.lane.finish { [native] in native.close() }
    }
}
