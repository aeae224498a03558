import Contracts
import Kafka
package import Logging
import ServiceLifecycle

/// Reads a topic of outsiders as a group, answers, and commits once the answers are acknowledged.
///
/// What was answered and not committed, because the process or its session ended in between, is answered again.
package final class AnsweringService: Service {
    private let answering: Answering
    private let configuration: RuntimeConfiguration
    private let signals: RuntimeSignals
    private let logger: Logger

    package init(
        _ answering: Answering, configuration: RuntimeConfiguration, signals: RuntimeSignals = RuntimeSignals(),
        logger: Logger
    ) {
        self.answering = answering
        self.configuration = configuration
        self.signals = signals
        self.logger = logger
    }

    package func run() async throws {
        let watch = BrokerWatch(configuration, signals: signals, logger: logger)
        let topics = TopicCheck(
            configuration: configuration, reads: [answering.source, answering.target], signals: signals,
            logger: logger)
        try await watch.eachSession { [self] session in
            try await topics.pass(session)
            try await answer(session)
        }
    }

    private func answer(_ session: BrokerSession) async throws {
        let group = configuration.topicPrefix + answering.group
        try await KafkaProducer.withProducer(session.settings, logger: logger) { producer in
            try await KafkaConsumer.withConsumer(session.settings, group: group, logger: logger) { consumer in
                var loop = AnsweringLoop(
                    answering, configuration: configuration, session: session, consumer: consumer, producer: producer,
                    logger: logger)
                try await consumer.subscribe([configuration.name(of: answering.source)])
                while true {
                    try Task.checkCancellation()
                    try await loop.round()
                    signals.beat()
                }
            }
        }
    }
}
