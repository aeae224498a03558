import CRdKafka
import Logging
import Metrics

/// Where a client's log lines and passing errors go.
///
/// Broker outages heal by themselves: they are counted and logged at debug level, and never thrown at a reader. A broker
/// that turns this client away is warned of: that heals only when somebody sees to it. Touched on one lane alone.
final class ClientNews {
    /// How long a broker that goes on turning this client away is not spoken of again.
    private static let silence: Duration = .seconds(60)

    private let logger: Logger
    private let errors: Counter
    /// Why no broker was reached or took this client, as long as no answer has come since.
    private var reason: KafkaError?
    private var lastWarning: ContinuousClock.Instant?

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
        guard error.isTurnedAway else {
            // "All brokers are down" says less than what one of them said.
            if reason?.isTurnedAway != true, error.name == "_TRANSPORT" || error.name == "_RESOLVE" { reason = error }
            logger.debug("Kafka client met an error", metadata: ["kafka.error": "\(error)"])
            return
        }
        reason = error
        if let lastWarning, .now - lastWarning < Self.silence { return }
        lastWarning = .now
        logger.warning("A broker turns this client away", metadata: ["kafka.error": "\(error)"])
    }

    /// An answer came, so whatever kept this client out does so no more.
    func answered() { reason = nil }

    /// The error as its reader should hear it: where nothing comes from the brokers, why.
    ///
    /// It may still heal, by another certificate or a right that is given.
    func explained(_ error: KafkaError) -> KafkaError {
        // Some brokers never answer some questions: a connection that ended meanwhile is no reason for that.
        guard error.isRetriable, let reason, reason.isTurnedAway || !error.isTimeout else { return error }
        return KafkaError(.retriable, name: reason.name, message: reason.message)
    }

    func line(_ event: borrowing NativeEvent) {
        guard let line = event.logLine else { return }
        logger.log(
            level: line.level > 6 ? .trace : .debug, "librdkafka said",
            metadata: ["kafka.facility": "\(line.facility)", "kafka.message": "\(line.text)"])
    }

    /// Takes what lies in a queue that has nothing but news.
    func serve(_ queue: OpaquePointer) {
        while let event = NativeEvent.poll(queue, milliseconds: 0) {
            if event.kind == RD_KAFKA_EVENT_LOG { line(event) }
            if event.kind == RD_KAFKA_EVENT_ERROR, let error = event.error { note(error) }
        }
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
