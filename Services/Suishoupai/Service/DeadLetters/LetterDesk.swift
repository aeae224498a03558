import Contracts
import EventProcessing
import Foundation
import GRDB
import Kafka
import Logging

/// Where an operator's decisions about dead letters are carried out and written down.
struct LetterDesk: Sendable {
    let folder: DataFolder
    let logger: Logger

    /// How long a partition has to take a command before it is sent once more.
    private static let patience = Duration.seconds(5)

    /// What came of a command that was sent once more.
    enum Outcome: Equatable, Sendable {
        case applied
        case refused(String)
        /// It lies among the dead letters again.
        case failed(LetterName, String)
    }

    /// Only one at a time, so that decisions do not overwrite one another.
    @discardableResult
    func exclusively<Result>(_ body: () async throws -> Result) async throws -> Result {
        let lock: LockFile
        do {
            lock = try LockFile(folder.url.appending(path: "dead-letters.lock"))
        } catch is StoreError {
            throw LetterFault.busy
        }
        defer { withExtendedLifetime(lock) {} }
        return try await body()
    }

    /// Writes a decision down: on `control.v1`, and then in the folder, where it stays.
    func record(_ decision: DeadLetterHandled) async throws {
        let envelope = Envelope(decision, id: decision.id, source: "/suishoupai", time: .now)
        try await send(envelope.value(), key: decision.subject, to: TopicCatalogue.control, partition: 0)
        try keep { $0.add(envelope) }
    }

    /// Notes a skip in the folder, so that the letter that comes of it is explained also when the broker has forgotten.
    ///
    /// Waits for another command that decides upon letters: it may itself wait for the partition that goes on now.
    func note(_ skip: Envelope<RecordSkipped>, within time: Duration = .seconds(60)) async throws {
        let deadline = ContinuousClock.now + time
        while true {
            do {
                return try await exclusively { try keep { $0.add(skip) } }
            } catch LetterFault.busy where ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func keep(_ change: (inout LetterDecisions) -> Void) throws {
        var decisions = try LetterDecisions.kept(in: folder)
        change(&decisions)
        try decisions.keep(in: folder)
    }

    /// Brings a command to its partition: sends it, and again where the broker has lost it meanwhile, until the
    /// partition knows it.
    ///
    /// - Returns: Nil when the time is up. The command may still be taken: it has an id, and is taken once.
    func deliver(_ command: LetterCommand, within time: Duration) async throws -> Outcome? {
        let deadline = ContinuousClock.now + time
        while true {
            if let outcome = try outcome(of: command) { return outcome }
            guard ContinuousClock.now < deadline else { return nil }
            try await send(
                command.value, key: command.key, to: command.topic, partition: command.partition)
            let next = min(deadline, ContinuousClock.now + Self.patience)
            while ContinuousClock.now < next, try outcome(of: command) == nil {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// Looks for the broker each time: it may have moved.
    private func send(_ value: Data, key: String, to topic: Topic, partition: Int32) async throws {
        let session = try await DeploymentBroker.demand(folder).session(logger: logger)
        try await session.send(
            [session.record(value, key: key, to: topic, partition: partition)], logger: logger)
    }

    /// What the partition's store says of a command; nil while it does not know it.
    private func outcome(of command: LetterCommand) throws -> Outcome? {
        // Opened anew each time: the partition may have moved on to another copy of its store.
        guard let store = try StoreShelf(folder).processor(command.store) else { return nil }
        let id = command.id.data
        let isKnown = try store.database.read { db in
            try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM inbox WHERE id = ?)", arguments: [id]) ?? false
        }
        guard isKnown else { return nil }
        let answers = try store.rows(
            """
            SELECT number, topic, headers, LENGTH(value) AS bytes, value FROM outbox
            WHERE number > \(command.after) AND INSTR(value, CAST('\(command.id)' AS BLOB)) > 0 ORDER BY number
            """)
        for row in answers {
            let isLetter = (row["topic"] as String).hasSuffix("-dead-letters.v1")
            guard let attributes = command.attributes(ofAnswer: row["value"], isLetter: isLetter) else { continue }
            if isLetter {
                let letter = try LetterContents.inStore(row, command.store).letter
                return .failed(letter.name, letter.reason)
            }
            if attributes.type == CommandRefused.type {
                return .refused(try Envelope<CommandRefused>(value: row["value"] as Data).data.reason)
            }
        }
        return .applied
    }
}

// LetterFault
//   busy              another command decides upon letters at this moment
//   bytesNotKept      the record was too large to be kept
//   noCommand         the bytes are no command, so there is nothing to send once more
//   ofTranslator      an event that a translator could not read

/// Why a letter cannot be dealt with as was asked.
enum LetterFault: Error, Equatable, CustomStringConvertible {
    case busy
    case bytesNotKept(LetterName)
    case noCommand(LetterName, String)
    case ofTranslator(LetterName)

    var description: String {
        switch self {
        case .busy: "another 'suishoupai dead-letters' is at work on this folder: wait until it has ended"
        case .bytesNotKept(let name):
            "\(name) was too large to be kept, only its hash is here: have its sender send it again, and discard it"
        case .noCommand(let name, let why): "\(name) is no command that could be sent once more (\(why)): discard it"
        case .ofTranslator(let name):
            "\(name) is an event that a translator could not read, not a command: once the program that reads it is "
                + "mended, a new log or an emptied group has it read again; until then, discard it"
        }
    }
}
