import Contracts
import Foundation
import Kafka
import Logging
import ServiceLifecycle

/// What happens once the children run: the pack is put in force and kept so, and the person is told where to look.
struct Conductor: Service {
    let folder: DataFolder
    let runFile: RunFile
    let console: Console
    let broker: DeploymentBroker
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
        try await sayKeys(in: session)
        for name in awaited {
            try await waitFor { runFile.current.services[name]?.url != nil }
            console.done("\(name) at \(runFile.current.services[name]?.url ?? "?")")
        }
        try await afterwards(runFile.current)
        while true {
            try await Task.sleep(for: .seconds(1))
            // A cluster stays where it is; what its services read is read once.
            guard broker.cluster == nil else { continue }
            let now = try await currentSession()
            guard now != session else { continue }
            console.note("the broker moved to \(now.settings.bootstrapServers); the services go on there")
            runFile.setBootstrapServers(now.settings.bootstrapServers)
            session = now
            // Another may have been applied since the start.
            if let pack = try folder.keptPack() { try await putInForce(pack, in: now, isNews: false) }
            try await sayKeys(in: now)
        }
    }

    private func putInForce(_ pack: Pack, in session: DeploymentSession, isNews: Bool) async throws {
        let application = PackApplication(folder: folder, session: session, logger: logger)
        if isNews { console.note("pack \(pack.name) \(pack.version) is being put in force") }
        while true {
            do {
                try await application.publishReference(pack)
                try await application.putInForce(pack)
                break
            } catch let error as KafkaError {
                console.note("the pack was not taken yet: \(error)")
                // The broker of one machine went away meanwhile: the next session gets the pack.
                guard broker.cluster != nil, error.code != .configuration else { return }
                try await Task.sleep(for: .seconds(1))
            }
        }
        if isNews { console.done("pack \(pack.name) \(pack.version) is in force everywhere") }
    }

    /// Platforms' keys that the log lacks: it may be new, or they were given while nothing ran.
    private func sayKeys(in session: DeploymentSession) async throws {
        do {
            try await PlatformKeyBook.kept(in: folder).publish(on: session, logger: logger)
        } catch let error as KafkaError {
            // The broker went away meanwhile: the next session, or the next 'suishoupai keys', says them.
            console.note("the platforms' keys were not taken yet: \(error)")
        } catch BrokerAbsence.silent {
            console.note("the platforms' keys were not taken yet: \(BrokerAbsence.silent)")
        }
    }

    /// Waits until there is a broker with a log, and says once why it waits for a cluster.
    private func currentSession() async throws -> DeploymentSession {
        var said: String?
        while true {
            let reason: String
            do {
                return try await broker.session(logger: logger)
            } catch let absence as BrokerAbsence {
                reason = "\(absence)"
            } catch let error as KafkaError where error.code != .configuration {
                reason = "the cluster does not answer: \(error)"
            }
            if reason != said, broker.cluster != nil { console.trouble(reason) }
            said = reason
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private func waitFor(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(50)) }
    }
}
