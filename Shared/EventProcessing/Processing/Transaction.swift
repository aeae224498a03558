package import Contracts
import Foundation
package import GRDB

/// What a processor may use while it decides one command.
///
/// Lives as long as the call.
package final class Transaction {
    package let database: Database
    /// The largest stamp of any record so far: the only time there is.
    package let clock: Timestamp
    package let partition: Int32
    /// The logic by which this command is decided: the processor's own number, or an earlier one that it still knows.
    package let logic: Int
    let cause: MessageAttributes
    /// The command that is decided.
    package var causeID: MessageID { cause.id }
    private let processor: String
    private let packs: PackInForce
    private var counts: [String: Int] = [:]
    /// What ``pack()`` said: nothing that a command decides changes the pack.
    private var packInForce: Pack??
    private(set) var outputs: [Output] = []

    /// The largest value that a record may have, in bytes.
    static let largestOutput = 900_000

    init(
        database: Database, clock: Timestamp, partition: Int32, logic: Int, cause: MessageAttributes,
        processor: String, packs: PackInForce
    ) {
        self.database = database
        self.clock = clock
        self.partition = partition
        self.logic = logic
        self.cause = cause
        self.processor = processor
        self.packs = packs
    }

    /// The pack in force at this point of the log; nil before the first.
    package func pack() throws -> Pack? {
        if let packInForce { return packInForce }
        let pack = try packs.current(in: database)
        packInForce = .some(pack)
        return pack
    }

    /// Derives an id from the command: whoever applies it again gets the same.
    package func newID(_ what: String, of entity: String) -> MessageID {
        let name = "\(processor)|\(what)|\(entity)"
        let count = counts[name, default: 0]
        counts[name] = count + 1
        return MessageID(namespace: cause.id, name: "\(name)|\(count)")
    }

    /// Says something on this store's own partition of a topic.
    ///
    /// - Throws: `OutputError.tooLarge` where the record would not fit on the topic.
    @discardableResult
    package func emit(_ payload: some Payload, to topic: Topic, key: String) throws -> MessageID {
        try append(payload, topic: topic, key: key, partition: partition)
    }

    /// Sends a command to the partition that its key names, be it this one or another.
    @discardableResult
    package func send(_ payload: some Payload, to topic: Topic, key: String) throws -> MessageID {
        try append(payload, topic: topic, key: key, partition: topic.partition(forKey: key))
    }

    private func append(_ payload: some Payload, topic: Topic, key: String, partition: Int32) throws -> MessageID {
        let id = newID(payload.messageType, of: payload.messageSubject)
        // What everybody reads names no chain: one trace may have gone through several cases of one person.
        let envelope = Envelope(
            payload, id: id, source: "/\(processor)/\(self.partition)", time: clock,
            cause: topic.audience == .public ? nil : cause)
        let value = try envelope.value()
        guard value.count <= Self.largestOutput else {
            throw OutputError.tooLarge(type: payload.messageType, bytes: value.count)
        }
        outputs.append(Output(topic: topic.name, partition: partition, key: key, value: value))
        return id
    }

    /// Asks to be woken by `timer.due` when the clock has reached `due`; replaces a timer of the same id.
    package func setTimer(_ id: String, kind: String, about: String, due: Timestamp) throws {
        try TimerRow(id: id, kind: kind, about: about, dueAt: due).save(in: database)
    }

    package func cancelTimer(_ id: String) throws {
        try TimerRow.delete(id, in: database)
    }
}

/// A record that a decision wants to be published.
struct Output: Sendable, Equatable {
    let topic: String
    let partition: Int32
    let key: String
    let value: Data
}

/// Why an output could not be published.
enum OutputError: Error, CustomStringConvertible {
    case tooLarge(type: String, bytes: Int)

    var description: String {
        switch self {
        case .tooLarge(let type, let bytes):
            "'\(type)' would have \(bytes) bytes, the limit is \(Transaction.largestOutput)"
        }
    }
}
