import Contracts
import Foundation
import Kafka
package import Logging
import ServiceLifecycle

/// Runs a translator: reads event topics as a group, appends commands, and commits once they are acknowledged.
package final class TranslatorService: Service {
    private let translator: Translator
    private let configuration: RuntimeConfiguration
    private let signals: RuntimeSignals
    private let logger: Logger

    package init(
        _ translator: Translator, configuration: RuntimeConfiguration, signals: RuntimeSignals = RuntimeSignals(),
        logger: Logger
    ) {
        self.translator = translator
        self.configuration = configuration
        self.signals = signals
        self.logger = logger
    }

    /// The name that asks for another translation are addressed to.
    static func source(of processor: String) -> String { "\(processor)/translator" }

    package func run() async throws {
        let watch = BrokerWatch(configuration, signals: signals, logger: logger)
        let topics = TopicCheck(
            configuration: configuration, reads: translator.sources + [translator.target], signals: signals,
            logger: logger)
        try await watch.eachSession { [self] session in
            try await topics.pass(session)
            let control = ControlReader(configuration, session: session, logger: logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await control.run() }
                group.addTask { [self] in try await translate(session, control: control) }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    private func translate(_ session: BrokerSession, control: ControlReader) async throws {
        try await control.waitUntilRead()
        let settings = session.settings
        let processorGroup = configuration.topicPrefix + translator.name
        try await KafkaProducer.withProducer(settings, logger: logger) { producer in
            // Looks at the processor's progress; never joins its group.
            try await KafkaConsumer.withConsumer(settings, group: processorGroup, logger: logger) { progress in
                let group = "\(processorGroup)-translator"
                try await KafkaConsumer.withConsumer(settings, group: group, logger: logger) { consumer in
                    var loop = TranslatorLoop(
                        translator: translator, configuration: configuration, session: session, control: control,
                        consumer: consumer, progress: progress, producer: producer, logger: logger)
                    try await consumer.subscribe(translator.sources.map(configuration.name(of:)))
                    while true {
                        try Task.checkCancellation()
                        try await loop.round()
                        signals.beat()
                    }
                }
            }
        }
    }
}
