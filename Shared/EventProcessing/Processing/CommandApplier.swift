package import Contracts
package import Foundation
import GRDB

/// Applies one record to the machine: seen? ▸ decide ▸ save ▸ outbox, in the caller's transaction.
struct CommandApplier: Sendable {
    let processor: any Processor
    let partition: Int32
    let packs: PackInForce

    /// Applies the record whose position was noted already.
    ///
    /// - Parameter logic: by which the record is decided; afterwards, by which the next is.
    /// - Throws: What must end the process or stop the partition: an SQLite error that is no broken constraint, and
    ///   `ContractError.newerVersion`.
    func apply(
        _ record: InputRecord, clock: Timestamp, logic: inout Int, streams: inout OutboxStreams, in db: Database
    ) throws -> CommandOutcome {
        guard !record.isSkipped else { return try passOver(record, clock: clock, streams: &streams, in: db) }
        let attributes: MessageAttributes
        do {
            guard let value = record.value else { throw ContractError.malformed("a command without a value") }
            attributes = try MessageAttributes(value: value)
        } catch let error as ContractError {
            try putAside(
                record, command: nil, clock: clock, reason: error.description, streams: &streams, in: db)
            return .deadLetter
        }
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO inbox (id) VALUES (?)").execute(arguments: [
            attributes.id.data
        ])
        guard db.changesCount > 0 else { return .duplicate }
        let command = Command(attributes: attributes, value: record.value ?? Data(), stamp: record.stamp)
        let transaction = Transaction(
            database: db, clock: clock, partition: partition, logic: logic,
            cause: attributes, processor: processor.name, packs: packs)
        let outcome = try decide(command, in: transaction, record: record, streams: &streams)
        if attributes.type == LogicActivated.type { logic = try LogicInForce.number(in: db) }
        return outcome
    }

    /// Puts aside, undecided, what an operator took out of the way.
    ///
    /// Its sender hears of it, and its id is known from now on: what is sent once more must not do its harm again.
    private func passOver(
        _ record: InputRecord, clock: Timestamp, streams: inout OutboxStreams, in db: Database
    ) throws -> CommandOutcome {
        var command: MessageAttributes?
        do {
            command = try record.value.map { try MessageAttributes(value: $0) }
        } catch is ContractError {
            command = nil
        }
        if let command {
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO inbox (id) VALUES (?)").execute(arguments: [
                command.id.data
            ])
            guard db.changesCount > 0 else { return .duplicate }
        }
        try putAside(
            record, command: command, clock: clock, reason: SkippedRecord.reason, streams: &streams, in: db)
        return .deadLetter
    }

    private func decide(
        _ command: Command, in transaction: Transaction, record: InputRecord, streams: inout OutboxStreams
    ) throws -> CommandOutcome {
        let db = transaction.database
        do {
            var disposition = Disposition.applied
            var grown = streams
            try db.inSavepoint {
                disposition = try dispatch(command, in: transaction)
                if case .refused = disposition { return .rollback }
                try Outbox.append(transaction.outputs, to: &grown, in: db)
                return .commit
            }
            streams = grown
            guard case .refused(let refusal) = disposition else {
                // A changed state alone answers nobody: those who wait read events.
                if !transaction.outputs.contains(where: { $0.topic == processor.eventTopic.name }),
                    command.expectsOutcome
                {
                    let outcome = CommandApplied(commandId: command.attributes.id, commandType: command.attributes.type)
                    try say(outcome, about: command.attributes, clock: transaction.clock, streams: &streams, in: db)
                }
                return .applied
            }
            let outcome = CommandRefused(
                commandId: command.attributes.id, commandType: command.attributes.type, code: refusal.code,
                reason: refusal.reason, allowed: refusal.allowed)
            try say(outcome, about: command.attributes, clock: transaction.clock, streams: &streams, in: db)
            return .refused
        } catch {
            guard Self.isFaultOfTheRecord(error) else { throw error }
            let reason = Self.describe(error)
            try putAside(
                record, command: command.attributes, clock: transaction.clock, reason: reason, streams: &streams,
                in: db)
            return .deadLetter
        }
    }

    /// A broken constraint or an unreadable message is the record's fault; a full disk, a newer version or a logic that
    /// this program does not know is not.
    static func isFaultOfTheRecord(_ error: any Error) -> Bool {
        switch error {
        case let error as DatabaseError: error.resultCode == .SQLITE_CONSTRAINT
        case ContractError.newerVersion, is LogicError: false
        default: true
        }
    }

    /// The reason in words that are the same on every machine.
    private static func describe(_ error: any Error) -> String {
        switch error {
        case let error as DatabaseError: "the store refused it: \(error.message ?? "a constraint was broken")"
        case let error as DecodingError: error.sentence
        default: String(describing: error)
        }
    }

    /// Commands that every processor understands are dealt with here; all others are the processor's.
    private func dispatch(_ command: Command, in transaction: Transaction) throws -> Disposition {
        let db = transaction.database
        switch command.attributes.type {
        case PackPart.type:
            try packs.keep(try command.read(PackPart.self).data, in: db)
            return .applied
        case PackActivated.type:
            let activation = try command.read(PackActivated.self).data
            if let refusal = try packs.activate(activation, in: db) { return .refused(refusal) }
            let answer = PackTookEffect(
                packHash: activation.packHash, processor: processor.name, partition: Int(partition))
            try transaction.emit(answer, to: processor.eventTopic, key: activation.packHash)
            return .applied
        case LogicActivated.type:
            try LogicInForce.activate(
                try command.read(LogicActivated.self).data, known: processor.logic, in: db)
            return .applied
        case TimerDue.type:
            let due = try command.read(TimerDue.self).data
            guard let row = try TimerRow.find(due.timerId, in: db), row.dueAt <= transaction.clock else {
                return .applied
            }
            try TimerRow.delete(row.id, in: db)
            return try processor.decide(command, in: transaction)
        case DeliveryStarted.type:
            let start = try command.read(DeliveryStarted.self).data
            try DeliveryRow.markStarted(start, clock: transaction.clock, in: db)
            return .applied
        case DeliveryReported.type:
            let report = try command.read(DeliveryReported.self).data
            guard try DeliveryRow.markEnded(report, clock: transaction.clock, in: db) else { return .applied }
            return try processor.decide(command, in: transaction)
        default:
            return try processor.decide(command, in: transaction)
        }
    }

    /// Puts an outcome into the outbox that the processor itself did not say.
    private func say(
        _ payload: some Payload, about cause: MessageAttributes, clock: Timestamp, streams: inout OutboxStreams,
        in db: Database
    ) throws {
        let id = MessageID(namespace: cause.id, name: "\(processor.name)|\(payload.messageType)")
        let envelope = Envelope(
            payload, id: id, source: "/\(processor.name)/\(partition)", time: clock, cause: cause)
        let output = Output(
            topic: processor.eventTopic.name, partition: partition, key: cause.subject, value: try envelope.value())
        try Outbox.append([output], to: &streams, in: db)
    }

    /// Keeps what could not be processed, and answers who sent it.
    private func putAside(
        _ record: InputRecord, command: MessageAttributes?, clock: Timestamp, reason: String,
        streams: inout OutboxStreams, in db: Database
    ) throws {
        let topic = TopicCatalogue.deadLetters(of: processor.name)
        let original = record.value ?? Data()
        let headers = [
            HeaderName.reason: reason, HeaderName.originTopic: processor.commandTopic.name,
            HeaderName.originPartition: String(partition), HeaderName.originOffset: String(record.offset),
            HeaderName.handler: command?.type ?? "unreadable",
        ]
        let output = Output(
            topic: topic.name, partition: 0, key: processor.commandTopic.name, value: DeadLetterBytes.fitting(original))
        try Outbox.append([output], headers: headers, to: &streams, in: db)
        if let command {
            let outcome = CommandFailed(commandId: command.id, commandType: command.type, reason: reason)
            try say(outcome, about: command, clock: clock, streams: &streams, in: db)
        }
    }
}

/// A record that an operator took out of its processor's way.
package enum SkippedRecord {
    /// The reason that stands on its dead letter, and on no other.
    package static let reason = "an operator skipped it"
}

/// What travels of a record that could not be processed.
enum DeadLetterBytes {
    /// A dead letter must fit on its own topic, too: of a very large record only the hash travels.
    static func fitting(_ original: Data) -> Data {
        original.count <= 800_000 ? original : Data("sha256:\(Pack.hash(of: original))".utf8)
    }
}

/// One record as the machine takes it in.
package struct InputRecord: Sendable {
    package let log: String
    package let offset: Int64
    package let stamp: Timestamp
    package let value: Data?
    /// The store that sent it and its row there, where a store did.
    package let source: String?
    package let row: Int64?
    /// Whether an operator took it out of the way: it is put aside and decides nothing.
    package let isSkipped: Bool

    package init(
        log: String, offset: Int64, stamp: Timestamp, value: Data?, source: String? = nil, row: Int64? = nil,
        isSkipped: Bool = false
    ) {
        self.log = log
        self.offset = offset
        self.stamp = stamp
        self.value = value
        self.source = source
        self.row = row
        self.isSkipped = isSkipped
    }
}

/// What became of a record.
package enum CommandOutcome: String, Sendable {
    case applied
    case refused
    case duplicate
    case deadLetter = "dead_letter"
}
