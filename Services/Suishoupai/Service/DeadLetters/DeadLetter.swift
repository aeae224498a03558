import ArgumentParser
import Contracts
import Crypto
import Foundation
import GRDB
import Kafka

/// Where a dead letter lies, such as `case-routing/3#17`.
struct LetterName: Hashable, Sendable, CustomStringConvertible, ExpressibleByArgument {
    let store: String
    let number: Int

    init(store: String, number: Int) {
        self.store = store
        self.number = number
    }

    init?(argument: String) {
        let parts = argument.split(separator: "#", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].contains("/"), let number = Int(parts[1]), number > 0 else { return nil }
        self.init(store: String(parts[0]), number: number)
    }

    var description: String { "\(store)#\(number)" }
}

/// A record that could not be processed, and what was decided about it.
struct DeadLetter: Codable, Sendable, Equatable {
    let store: String
    let number: Int
    let origin: String
    let handler: String
    let reason: String
    let bytes: Int
    /// Absent where nobody has decided yet.
    var handled: LetterDecision?

    var name: LetterName { LetterName(store: store, number: number) }

    fileprivate init(_ name: LetterName, headers: [String: String], bytes: Int) {
        store = name.store
        number = name.number
        origin = [HeaderName.originTopic, HeaderName.originPartition, HeaderName.originOffset]
            .map { headers[$0] ?? "?" }.joined(separator: "/")
        handler = headers[HeaderName.handler] ?? "?"
        reason = headers[HeaderName.reason] ?? "?"
        self.bytes = bytes
    }

    var line: String {
        let end = handled.map { "\n    \($0.line)" } ?? ""
        return "\(store) #\(number)  from \(origin)  \(bytes) bytes  \(handler): \(reason)\(end)"
    }
}

/// A dead letter with all that is kept of it.
struct LetterContents: Sendable {
    var letter: DeadLetter
    let headers: [String: String]
    /// The original record's value, or the hash of one that was too large to be kept.
    let value: Data

    private static let inOutboxes = "topic LIKE '%-dead-letters.v1'"

    /// What a processor put aside: it lies in the outbox of its store.
    static func inStore(_ row: Row, _ store: String) throws -> LetterContents {
        let text: String = row["headers"] ?? "{}"
        let headers = try ContractCoding.decode([String: String].self, from: Data(text.utf8))
        let name = LetterName(store: store, number: row["number"])
        return LetterContents(
            letter: DeadLetter(name, headers: headers, bytes: row["bytes"]), headers: headers,
            value: row["value"] ?? Data())
    }

    /// What a translator put aside: it lies on the topic alone.
    ///
    /// The log may be another tomorrow, and the event put aside once more: its number follows from its bytes.
    static func onTopic(_ record: KafkaRecord, of program: String) -> LetterContents? {
        guard record.header(HeaderName.row) == nil else { return nil }
        let headers = Dictionary(
            record.headers.map { ($0.name, record.header($0.name) ?? "") }, uniquingKeysWith: { $1 })
        let value = record.value ?? Data()
        let number = SHA256.hash(data: value).prefix(6).reduce(0) { $0 << 8 | Int($1) }
        let name = LetterName(store: "\(program)/translator", number: max(number, 1))
        return LetterContents(
            letter: DeadLetter(name, headers: headers, bytes: value.count), headers: headers, value: value)
    }

    /// Every letter of the stores, without its bytes.
    static func listed(_ shelf: StoreShelf) throws -> [DeadLetter] {
        try shelf.processors.flatMap { store in
            try store.rows(
                """
                SELECT number, headers, LENGTH(value) AS bytes, NULL AS value FROM outbox WHERE \(inOutboxes)
                ORDER BY number
                """
            ).map { try inStore($0, store.name).letter }
        }
    }

    /// One letter of the stores; nil where there is none of this name.
    static func find(_ name: LetterName, in shelf: StoreShelf) throws -> LetterContents? {
        try shelf.processor(name.store)?.rows(
            """
            SELECT number, headers, LENGTH(value) AS bytes, value FROM outbox
            WHERE \(inOutboxes) AND number = \(name.number)
            """
        ).first.map { try inStore($0, name.store) }
    }
}
