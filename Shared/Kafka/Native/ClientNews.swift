import CRdKafka
import Logging
import Metrics

/// Where a client's log lines and passing errors go.
///
/// Broker outages heal by themselves: they are counted and logged at debug level, and never thrown at a reader.
struct ClientNews: Sendable {
    private let logger: Logger
    private let errors: Counter

    init(_ logger: Logger, client: String, kind: String) {
        var logger = logger
        logger[metadataKey: "kafka.client"] = "\(client)"
        logger[metadataKey: "kafka.kind"] = "\(kind)"
        self.logger = logger
        errors = Counter(label: "kafka_client_errors_total", dimensions: [("client", kind)])
    }

    func started() {
        let version = rd_kafka_version_str().map { String(cString: $0) } ?? "unknown"
        logger.debug("Kafka client started", metadata: ["librdkafka.version": "\(version)"])
    }

    func closed() {
        logger.debug("Kafka client closed")
    }

    /// Counts an error that heals, or that the caller hears of in another way.
    func note(_ error: KafkaError) {
        errors.increment()
        logger.debug("Kafka client met an error", metadata: ["kafka.error": "\(error)"])
    }

    func line(_ event: borrowing NativeEvent) {
        guard let line = event.logLine else { return }
        logger.log(
            level: line.level > 6 ? .trace : .debug, "librdkafka said",
            metadata: ["kafka.facility": "\(line.facility)", "kafka.message": "\(line.text)"])
    }

    func note(_ message: Logger.Message) {
        logger.debug(message)
    }
}

/// The fatal error that a client has met, nil while it is sound.
func fatalFailure(of client: OpaquePointer) -> KafkaError? {
    var text = [CChar](repeating: 0, count: 256)
    let code = rd_kafka_fatal_error(client, &text, text.count)
    guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
    let known = KafkaError(code)
    return KafkaError(.fatal, name: known.name, message: known.message)
}
