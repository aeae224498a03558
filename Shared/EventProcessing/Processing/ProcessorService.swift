import Contracts
import Foundation
import Kafka
package import Logging
import ServiceLifecycle
import Synchronization

/// Runs a processor: one loop per process, which polls, applies, publishes, and wakes what is due.
package final class ProcessorService: Service {
    private let processor: any Processor
    private let edge: (any DeliveryEdge)?
    private let configuration: RuntimeConfiguration
    private let signals: RuntimeSignals
    private let logger: Logger

    /// A program has ten seconds to stop; so many of them to publish what is said and to store the last snapshots.
    private static let grace = Duration.seconds(5)

    package init(
        _ processor: any Processor, edge: (any DeliveryEdge)? = nil, configuration: RuntimeConfiguration,
        signals: RuntimeSignals = RuntimeSignals(), logger: Logger
    ) {
        self.processor = processor
        self.edge = edge
        self.configuration = configuration
        self.signals = signals
        self.logger = logger
    }

    package func run() async throws {
        let watch = BrokerWatch(configuration, signals: signals, logger: logger)
        let topics = TopicCheck(
            configuration: configuration, reads: [processor.commandTopic], signals: signals, logger: logger)
        try await watch.eachSession(grace: Self.grace) { [self] session in
            try await cancelWhenGracefulShutdown { try await topics.pass(session) }
            let control = ControlReader(configuration, session: session, logger: logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await control.run() }
                group.addTask { [self] in try await process(session, control: control) }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    private func process(_ session: BrokerSession, control: ControlReader) async throws {
        try await control.waitUntilRead()
        let group = configuration.topicPrefix + processor.name
        try await KafkaProducer.withProducer(session.settings, logger: logger) { producer in
            try await KafkaConsumer.withConsumer(session.settings, group: group, logger: logger) { consumer in
                try await withThrowingTaskGroup(of: Void.self) { beside in
                    var loop = ProcessorLoop(
                        processor: processor, edge: edge, configuration: configuration, session: session,
                        control: control, consumer: consumer, producer: producer, signals: signals, logger: logger)
                    defer { beside.cancelAll() }
                    try await consumer.subscribe([configuration.name(of: processor.commandTopic)])
                    do {
                        while !Task.isShuttingDownGracefully {
                            try Task.checkCancellation()
                            for task in try await loop.round() { beside.addTask { await task() } }
                            signals.beat()
                        }
                        try await loop.finish(isLastWord: true)
                    } catch {
                        await loop.letGo()
                        throw error
                    }
                }
            }
        }
    }
}
