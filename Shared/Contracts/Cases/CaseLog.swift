package import Foundation

/// Where an event stands in the log of its case: a link of a chain, so that nothing is changed, left out or put in unseen.
///
/// The rule is published in docs/routing-log.md, and a reader needs nothing but the record to check it.
package struct CaseLink: Codable, Sendable, Equatable {
    /// Counts the events of the case from 1.
    package let number: Int
    /// The hash of the link before; empty for the first.
    package let previous: String
    /// SHA-256 in hex of the event's `data` without this link.
    package let content: String
    /// SHA-256 in hex of all of it, with the event's time and type.
    package let hash: String

    package init(number: Int, previous: String, content: String, hash: String) {
        self.number = number
        self.previous = previous
        self.content = content
        self.hash = hash
    }

    /// The link of an event that is told at `time`, behind those that the case has.
    package init(_ event: CaseEvent, after head: CaseChain?, at time: Timestamp) throws {
        self.init(event, content: ContentHash.sha256(try event.dataJSON()), after: head, at: time)
    }

    fileprivate init(_ event: CaseEvent, content: String, after head: CaseChain?, at time: Timestamp) {
        let number = (head?.number ?? 0) + 1
        let previous = head?.hash ?? ""
        self.init(
            number: number, previous: previous, content: content,
            hash: Self.hash(
                number: number, previous: previous, content: content, time: time.description, type: event.messageType))
    }

    /// As ``ContractCoding`` writes it.
    fileprivate func json() throws -> Data {
        var text = JSONText(capacity: 280)
        try text.add("content", content)
        try text.add("hash", hash)
        text.add("number", number)
        try text.add("previous", previous)
        return text.end()
    }

    /// The hash of a link: SHA-256 over its parts, one a line.
    package static func hash(number: Int, previous: String, content: String, time: String, type: String) -> String {
        ContentHash.sha256(Data("\(number)\n\(previous)\n\(content)\n\(time)\n\(type)".utf8))
    }
}

/// The newest link of a case's log: who has it sees whether the log that they have is whole.
package struct CaseChain: Codable, Sendable, Equatable {
    package let number: Int
    package let hash: String

    package init(number: Int, hash: String) {
        self.number = number
        self.hash = hash
    }
}

/// A step in the life of a case with its place in the log: what stands on `case-events.v1`.
///
/// Whoever needs the step alone reads a ``CaseEvent``.
package struct CaseLogEntry: Sendable, Equatable {
    package let event: CaseEvent
    /// Absent in records from before there was a log.
    package let chain: CaseLink?
    /// The event's bytes where its link was made here: who hashed them need not write them again.
    private let eventJSON: Data?

    package init(_ event: CaseEvent, chain: CaseLink?) {
        self.event = event
        self.chain = chain
        eventJSON = nil
    }

    /// Enters an event that is told at `time` behind those that the case has.
    package init(_ event: CaseEvent, after head: CaseChain?, at time: Timestamp) throws {
        let json = try event.dataJSON()
        self.event = event
        chain = CaseLink(event, content: ContentHash.sha256(json), after: head, at: time)
        eventJSON = json
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.event == right.event && left.chain == right.chain
    }
}

extension CaseLogEntry: Payload {
    private enum CodingKeys: String, CodingKey {
        case chain
    }

    package var messageType: String { event.messageType }
    package var messageVersion: Int { event.messageVersion }
    package var messageSubject: String { event.messageSubject }

    package func encodeData(to encoder: any Encoder) throws {
        try event.encodeData(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(chain, forKey: .chain)
    }

    package func dataJSON() throws -> Data {
        let json = try eventJSON ?? event.dataJSON()
        return try chain.map { json.inserting("chain", json: try $0.json()) } ?? json
    }

    package static func decode(type: String, version: Int, from decoder: any Decoder) throws -> CaseLogEntry {
        let event = try CaseEvent.decode(type: type, version: version, from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        return CaseLogEntry(event, chain: try container.decodeIfPresent(CaseLink.self, forKey: .chain))
    }
}
