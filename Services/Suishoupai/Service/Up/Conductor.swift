import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging
import ServiceLifecycle

/// What happens once the children run: the pack is put in force and kept so, and the person is told where to look.
struct Conductor: Service {
    let folder: DataFolder
    let runFile: RunFile
    let console: Console
    let broker: KafkaSettings?
    let pack: Pack?
    let awaited: [String]
    let afterwards: @Sendable (RunFile.Contents) async throws -> Void
    let logger: Logger

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await conduct() }
        } catch is CancellationError {
            return
        }
    }

    private func conduct() async throws {
        var session = try await currentSession()
        runFile.setBootstrapServers(session.settings.bootstrapServers)
        console.done("broker at \(session.settings.bootstrapServers)")
        if let pack { try await putInForce(pack, in: session, isNews: true) }
        for name in awaited {
            try await waitFor { runFile.current.services[name]?.url != nil }
            console.done("\(name) at \(runFile.current.services[name]?.url ?? "?")")
        }
        try await afterwards(runFile.current)
        while true {
            try await Task.sleep(for: .seconds(1))
            let now = try await currentSession()
            let isNews = now != session
            if isNews {
                console.note("the broker moved to \(now.settings.bootstrapServers); the services go on there")
                runFile.setBootstrapServers(now.settings.bootstrapServers)
                session = now
            }
            // Another may have been applied since the start.
            if isNews, let pack = try folder.keptPack() { try await putInForce(pack, in: now, isNews: false) }
        }
    }

    private func putInForce(_ pack: Pack, in session: BrokerSession, isNews: Bool) async throws {
        let application = PackApplication(folder: folder, session: session, logger: logger)
        try await application.publishReference(pack)
        if isNews { console.note("pack \(pack.name) \(pack.version) is being put in force") }
        do {
            try await application.putInForce(pack)
        } catch let error as KafkaError {
            // The broker went away meanwhile: the next session gets the pack.
            console.note("the pack was not taken yet: \(error)")
            return
        }
        if isNews { console.done("pack \(pack.name) \(pack.version) is in force everywhere") }
    }

    private func currentSession() async throws -> BrokerSession {
        if let broker {
            return BrokerSession(
                settings: broker, log: "", isEmbedded: false,
                isFirst: true)
        }
        while true {
            if let file = try BrokerFile.read(folder.brokerFile) {
                var settings = KafkaSettings(bootstrapServers: file.bootstrapServers, clientID: "suishoupai")
                settings.embedded = true
                return BrokerSession(
                    settings: settings, log: file.logId, isEmbedded: true, isFirst: file.isFirst)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func waitFor(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(50)) }
    }
}
