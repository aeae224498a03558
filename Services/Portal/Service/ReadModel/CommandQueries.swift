import Contracts
import EventProcessing
import Foundation
import GRDB

/// A command that was taken at the door.
struct TakenCommand: Sendable, Equatable {
    let id: MessageID
    let subject: String
    let action: String
    /// The case or the message that it is about.
    let about: String
    let fingerprint: String
}

/// What became of a command, as far as this instance has read.
enum CommandOutcome: Sendable, Equatable {
    /// It was carried out, and these steps of a case came of it; none where it was about a message.
    case applied([Envelope<CaseEvent>])
    /// It was taken note of, and there was nothing to change.
    case noted
    case refused(CommandRefused)
    case failed(CommandFailed)
}

extension CommandOutcome {
    /// Whether a state of this kind follows the command: settings change without an event that tells of it.
    func changes(_ state: OutcomeBoard.News) -> Bool {
        switch self {
        case .applied: true
        case .noted: state == .settings
        case .refused, .failed: false
        }
    }
}

extension ReadModel {
    /// Notes a command and puts its bytes into the outbox, in one transaction.
    ///
    /// - Returns: The command that has this id, and whether it is new: an earlier one, where it was taken before.
    func take(
        _ command: TakenCommand, at moment: Timestamp, topic: Topic, key: String, value: Data
    ) async throws -> (TakenCommand, isNew: Bool) {
        try await write { db in
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO command (id, subject, action, about, fingerprint, takenAt)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    command.id.description, command.subject, command.action, command.about, command.fingerprint,
                    moment.milliseconds,
                ])
            guard db.changesCount > 0 else { return (try Self.command(command.id, in: db) ?? command, false) }
            try outbox.append(id: command.id, topic: topic, key: key, value: value, at: moment, in: db)
            return (command, true)
        }
    }

    func command(_ id: MessageID) async throws -> TakenCommand? {
        try await read { db in try Self.command(id, in: db) }
    }

    func outcome(of id: MessageID) async throws -> CommandOutcome? {
        try await read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT type, body FROM commandOutcome WHERE commandId = ?", arguments: [id.description])
            if let row { return try Self.outcome(type: row["type"], body: row["body"]) }
            let steps = try Self.steps(
                in: db, "WHERE causationId = ? ORDER BY sequence LIMIT 20", arguments: [id.description])
            return steps.isEmpty ? nil : .applied(steps.map(\.event))
        }
    }

    private static func outcome(type: String, body: String) throws -> CommandOutcome {
        let value = Data(body.utf8)
        return switch type {
        case CommandRefused.type: .refused(try Envelope<CommandRefused>(value: value).data)
        case CommandFailed.type: .failed(try Envelope<CommandFailed>(value: value).data)
        case CommandApplied.type: .noted
        default: .applied([])
        }
    }

    private static func command(_ id: MessageID, in db: Database) throws -> TakenCommand? {
        let row = try Row.fetchOne(db, sql: "SELECT * FROM command WHERE id = ?", arguments: [id.description])
        return row.map {
            TakenCommand(
                id: id, subject: $0["subject"], action: $0["action"], about: $0["about"],
                fingerprint: $0["fingerprint"])
        }
    }
}
