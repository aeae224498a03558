import CRdKafka
import Logging

/// The mock cluster and the idle client that librdkafka wants it to belong to; every method runs on its lane.
// Safe because its mutable fields are touched only by blocks on `lane`, which run one at a time.
final class NativeMockCluster: @unchecked Sendable {
    let lane: Lane
    let bootstrapServers: String
    private let brokers: Int
    private var host: OpaquePointer?
    private var cluster: OpaquePointer?

    init(brokers: Int, logger: Logger) throws {
        lane = Lane("mock")
        self.brokers = brokers
        let configuration = NativeConfiguration()
        // The host talks to nobody, and would warn on standard error that it has no servers.
        try configuration.set("log_level", "2")
        let host = try configuration.makeClient(RD_KAFKA_PRODUCER)
        guard let cluster = rd_kafka_mock_cluster_new(host, Int32(brokers)) else {
            rd_kafka_destroy(host)
            throw KafkaError(.configuration, message: "librdkafka cannot start a mock cluster.")
        }
        guard let servers = rd_kafka_mock_cluster_bootstraps(cluster) else {
            rd_kafka_mock_cluster_destroy(cluster)
            rd_kafka_destroy(host)
            throw KafkaError(.configuration, message: "The mock cluster has no address.")
        }
        bootstrapServers = String(cString: servers)
        self.host = host
        self.cluster = cluster
    }

    func createTopic(_ name: String, partitions: Int) throws {
        let replicas = min(brokers, 3)
        try KafkaError.check(
            rd_kafka_mock_topic_create(try open(), name, Int32(partitions), Int32(replicas)),
            text: "The mock cluster refuses the topic.")
    }

    func setBroker(_ broker: Int?, up: Bool) throws {
        let cluster = try open()
        let number = Int32(broker ?? -1)
        try KafkaError.check(
            up ? rd_kafka_mock_broker_set_up(cluster, number) : rd_kafka_mock_broker_set_down(cluster, number))
    }

    func pushErrors(_ apiKey: Int, _ codes: [Int]) throws {
        let errors = codes.map { rd_kafka_resp_err_t(rawValue: Int32($0)) }
        rd_kafka_mock_push_request_errors_array(try open(), Int16(apiKey), errors.count, errors)
    }

    func setRoundTripTime(_ time: Duration, broker: Int?) throws {
        try KafkaError.check(rd_kafka_mock_broker_set_rtt(try open(), Int32(broker ?? -1), time.milliseconds))
    }

    func close() {
        lane.assertHere()
        if let cluster { rd_kafka_mock_cluster_destroy(cluster) }
        cluster = nil
        if let host { rd_kafka_destroy(host) }
        host = nil
    }

    private func open() throws -> OpaquePointer {
        lane.assertHere()
        guard let cluster else { throw KafkaError.closed }
        return cluster
    }
}
