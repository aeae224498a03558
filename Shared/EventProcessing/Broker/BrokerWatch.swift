import Contracts
import Foundation
import Kafka
package import Logging
import ServiceLifecycle
import Synchronization

/// Finds the broker, and again when it has moved, and gives each loop of the process its sessions.
///
/// Clients are never mended: when a session ends, whatever its reason, they are closed and made anew.
package final class BrokerWatch: Sendable {
    private let configuration: RuntimeConfiguration
    private let signals: RuntimeSignals
    private let logger: Logger
    private let sessions: Mutex<BrokerSession?> = Mutex(nil)
    /// The topic whose absence was said.
    private let missing: Mutex<String?> = Mutex(nil)

    /// - Parameter signals: Beats while there is no broker to be had, too: waiting is no sign of a stuck loop.
    package init(_ configuration: RuntimeConfiguration, signals: RuntimeSignals = RuntimeSignals(), logger: Logger) {
        self.configuration = configuration
        self.signals = signals
        self.logger = logger
    }

    /// Runs `body` for each session, one after the other, until the process is asked to stop.
    ///
    /// The body is cancelled when its session ends. A Kafka error that only concerns its clients begins a new session.
    ///
    /// - Parameter grace: How long the body may go on after the process was asked to stop, to finish what it began; it
    ///   sees the request by `Task.isShuttingDownGracefully`.
    /// - Throws: Any other error of the body: the process must end.
    package func eachSession(
        grace: Duration = .zero, _ body: @escaping @Sendable (BrokerSession) async throws -> Void
    ) async throws {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            do {
                let session = try await cancelWhenGracefulShutdown { [self] in try await current() }
                signals.condition("broker", nil)
                try await run(body, in: session, grace: grace)
            } catch is CancellationError {
                continue
            } catch let ended as SessionEnded {
                logger.notice("Broker session ended", metadata: ["reason": "\(ended.reason)"])
            } catch let error as KafkaError {
                guard error.code != .configuration else { throw error }
                if error.isTurnedAway { turnedAway(error) }
                logger.warning("Kafka clients are made anew", metadata: ["error": "\(error)"])
            }
            try await pause(milliseconds: 100)
        }
    }

    /// Says so until a broker answers again, which is asked for its log once more.
    private func turnedAway(_ error: KafkaError) {
        sessions.withLock { $0 = nil }
        signals.condition("broker", "it turns this program away: \(error.message)")
    }

    private func pause(milliseconds: Int) async throws {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(milliseconds)) }
        } catch is CancellationError {
            return
        }
    }

    private func run(
        _ body: @escaping @Sendable (BrokerSession) async throws -> Void, in session: BrokerSession, grace: Duration
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body(session) }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: grace)
                throw CancellationError()
            }
            group.addTask { [self] in
                while try await find() == session { try await Task.sleep(for: .milliseconds(200)) }
                throw SessionEnded(reason: "the broker moved or keeps another log")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Waits for a broker and says which log it keeps.
    private func current() async throws -> BrokerSession {
        var waits = 0
        while true {
            if let session = try await find() { return session }
            if waits % 50 == 0 { logger.notice("Waiting for the broker") }
            waits += 1
            signals.beat()
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// The session that could be had now; nil while there is no broker.
    private func find() async throws -> BrokerSession? {
        switch configuration.broker {
        case .file(let url, let clientID):
            guard let file = try readFile(url) else { return nil }
            var settings = KafkaSettings(bootstrapServers: file.bootstrapServers, clientID: clientID)
            settings.embedded = true
            // A program has ten seconds to stop, and closes several clients one after the other.
            settings.closeTimeout = .seconds(2)
            return BrokerSession(settings: settings, log: file.logId, isEmbedded: true, isFirst: file.isFirst)
        case .settings(let settings):
            if let known = sessions.withLock({ $0 }) { return known }
            guard let identity = try await readIdentity(settings) else { return nil }
            signals.condition("topics", nil)
            let session = BrokerSession(
                settings: settings, log: identity.id, isEmbedded: settings.embedded, isFirst: identity.first)
            sessions.withLock { $0 = session }
            return session
        }
    }

    /// The file is replaced as a whole, but may vanish between two looks.
    private func readFile(_ url: URL) throws -> BrokerFile? {
        do {
            return try BrokerFile.read(url)
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
            return nil
        }
    }

    private func sayMissing(_ topic: String) {
        let isNews = missing.withLock { missing in
            defer { missing = topic }
            return missing != topic
        }
        guard isNews else { return }
        signals.condition("topics", "the broker has no \(topic): run 'suishoupai topics create'")
        logger.error(
            "The broker lacks a topic: run 'suishoupai topics create'; this program waits for it",
            metadata: ["topics": "\(topic)"])
    }

    /// The first record of `log-identity.v1`.
    private func readIdentity(_ settings: KafkaSettings) async throws -> LogIdentity? {
        let reader = LogIdentityReader(
            settings, topic: configuration.name(of: TopicCatalogue.logIdentity), logger: logger)
        switch try await reader.read() {
        case .identity(let identity): return identity
        case .unnamed: return nil
        case .noTopic(let topic):
            sayMissing(topic)
            return nil
        }
    }
}
