import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import GRDB
import Kafka
import Logging
import ServiceKit

/// Gives commands to notifications as the operator, and learns from its stores what came of them.
struct NotificationDesk: Sendable {
    let folder: DataFolder
    let logger: Logger

    /// How long a partition has to take a command before it is sent once more.
    private static let patience = Duration.seconds(5)

    static let operatorName = PersonID("operator")
    static var actor: Actor { Actor(personId: operatorName, roles: ["admin"]) }

    /// Why a command did nothing.
    enum Fault: Error, Equatable, CustomStringConvertible {
        case refused(String)
        case failed(String)
        case silent

        var description: String {
            switch self {
            case .refused(let reason): reason
            case .failed(let reason):
                "notifications could not carry it out (\(reason)): see 'suishoupai dead-letters list'"
            case .silent:
                "notifications has not answered in time; the command is kept by the log and may still be carried out: "
                    + "look with 'suishoupai webhooks list' or 'suishoupai status'"
            }
        }
    }

    /// Sends a command and waits until its partition's store knows it.
    ///
    /// - Throws: ``Fault``, or why there is no broker.
    func give(_ payload: some Payload, key: String, within time: Duration = .seconds(30)) async throws {
        let topic = TopicCatalogue.notificationCommands
        let partition = topic.partition(forKey: key)
        let id = MessageID.random()
        let value = try Envelope(payload, id: id, source: "/suishoupai", time: .now).value()
        let deadline = ContinuousClock.now + time
        while ContinuousClock.now < deadline {
            let session = try await DeploymentBroker.demand(folder).session(logger: logger)
            try await session.send([session.record(value, key: key, to: topic, partition: partition)], logger: logger)
            let next = min(deadline, ContinuousClock.now + Self.patience)
            while ContinuousClock.now < next {
                if try isDone(id, partition: partition) { return }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        throw Fault.silent
    }

    /// Whether the store knows the command, and has not said no to it.
    private func isDone(_ id: MessageID, partition: Int32) throws -> Bool {
        // Opened anew each time: the partition may have moved on to another copy of its store.
        guard let store = try StoreShelf(folder).processor("notifications/\(partition)") else { return false }
        let isKnown = try store.database.read { db in
            try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM inbox WHERE id = ?)", arguments: [id.data])
                ?? false
        }
        guard isKnown else { return false }
        let answers = try store.rows(
            """
            SELECT value FROM outbox WHERE topic = '\(TopicCatalogue.notificationEvents.name)'
            AND INSTR(value, CAST('\(id)' AS BLOB)) > 0 ORDER BY number
            """)
        for row in answers {
            let value: Data = row["value"]
            let attributes = try MessageAttributes(value: value)
            guard attributes.causationID == id else { continue }
            switch attributes.type {
            case CommandRefused.type: throw Fault.refused(try Envelope<CommandRefused>(value: value).data.reason)
            case CommandFailed.type: throw Fault.failed(try Envelope<CommandFailed>(value: value).data.reason)
            default: continue
            }
        }
        return true
    }

    /// Every endpoint as it stands, by id; those that were removed only where asked for.
    func endpoints(withEnded: Bool = false) throws -> [EndpointState] {
        var newest: [EndpointID: EndpointState] = [:]
        for store in try StoreShelf(folder).notifications {
            let rows = try store.rows(
                "SELECT value FROM outbox WHERE topic = '\(TopicCatalogue.webhookEndpoints.name)' ORDER BY number")
            for row in rows {
                let state = try Envelope<EndpointState>(value: row["value"] as Data).data
                guard state.version > newest[state.endpointId]?.version ?? 0 else { continue }
                newest[state.endpointId] = state
            }
        }
        return newest.values.filter { withEnded || !$0.ended }.sorted {
            $0.endpointId.rawValue < $1.endpointId.rawValue
        }
    }

    /// Whose mail a delivery was; nil where there is none such, or its person was forgotten.
    func recipient(ofMail id: DeliveryID) throws -> PersonID? {
        for store in try StoreShelf(folder).notifications {
            let found = try store.database.read { db in
                try String.fetchOne(
                    db, sql: "SELECT recipientId FROM sending WHERE id = ? AND channel = ?",
                    arguments: [id.rawValue, Channel.email.rawValue])
            }
            if let found { return PersonID(found) }
        }
        return nil
    }

    func endpoint(_ id: String) throws -> EndpointState {
        guard let state = try endpoints().first(where: { $0.endpointId.rawValue == id }) else {
            throw ValidationError("There is no endpoint '\(id)'. See them with 'suishoupai webhooks list'.")
        }
        return state
    }

    /// An endpoint that was added, or the webhook of a unit, which has a state only while it is disabled.
    func endpointID(_ id: String) throws -> EndpointID {
        let named = EndpointID(id)
        return named.unitId == nil ? try endpoint(id).endpointId : named
    }

    /// The key by which URLs are sealed and secrets follow from ids.
    func webhookKey() throws -> DataFolderKey { try DataFolderKey.load(.webhook, in: folder.url) }

    /// What a receiver checks our calls with: it follows from the endpoint and the generation, and is kept nowhere.
    func secret(of endpoint: EndpointID, generation: Int) throws -> WebhookSecret {
        WebhookSecret.derived(from: try webhookKey(), for: "\(endpoint)|\(generation)")
    }
}

/// Which deployment's notifications.
struct NotificationFolderOptions: ParsableArguments {
    @Option(help: "The data folder.")
    var data: String

    @Flag(help: "Print JSON.")
    var json = false

    func desk() throws -> NotificationDesk {
        let folder = try DataFolder.demand(data)
        LogSetup.bootstrap(service: "suishoupai", format: .console, level: .error)
        return NotificationDesk(folder: folder, logger: Logger(label: "suishoupai"))
    }
}

extension NotificationDesk.Fault {
    /// Says why nothing was done, and ends with 1.
    static func reporting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let fault as NotificationDesk.Fault {
            FileHandle.standardError.write(Data("✗ \(fault)\n".utf8))
            throw ExitCode(1)
        } catch let absence as BrokerAbsence {
            FileHandle.standardError.write(Data("✗ \(absence)\n".utf8))
            throw ExitCode(1)
        }
    }
}
