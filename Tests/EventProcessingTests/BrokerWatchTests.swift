import Foundation
import Kafka
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import EventProcessing

/// How a program comes to its broker, or hears why it does not.
@Suite(.serialized, .timeLimit(.minutes(1))) struct BrokerWatchTests {
    @Test func `whom the broker turns away shows it and the reason, whom it takes shows nothing`() async throws {
        let broker = try await BrokerUnderTest()
        // The broker knows no TLS: it ends the connection at the first byte of a handshake.
        var stranger = broker.settings
        stranger.securityProtocol = "ssl"

        let shown = try await shown(with: stranger) { $0.contains { $0 != nil } }
        #expect(shown.last??.hasPrefix("it turns this program away: ") == true, "\(shown)")
        #expect(try await self.shown(with: broker.settings) { !$0.isEmpty } == [nil])
        await broker.close()
    }

    /// What the condition `broker` was set to, one after the other, until it is as wished.
    private func shown(
        with settings: KafkaSettings, until isAsWished: @escaping @Sendable ([String?]) -> Bool
    ) async throws -> [String?] {
        let said: Mutex<[String?]> = Mutex([])
        let folder = try TemporaryFolder()
        let watch = BrokerWatch(
            RuntimeConfiguration(
                service: "points", dataFolder: folder.url, broker: .settings(settings), replica: "1",
                keepsAppliedRecords: false),
            signals: RuntimeSignals(condition: { name, detail in
                if name == "broker" { said.withLock { $0.append(detail) } }
            }), logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await watch.eachSession { _ in try await gracefulShutdown() } }
            try await eventually("the condition is as wished", within: .seconds(40)) {
                said.withLock { isAsWished($0) }
            }
            group.cancelAll()
        }
        return said.withLock { $0 }
    }
}
