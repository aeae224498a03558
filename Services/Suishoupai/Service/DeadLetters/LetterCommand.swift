import Contracts
import Foundation
import ServiceKit

/// The command of a dead letter, to be sent once more.
///
/// Follows from the letter alone, so that it is one command however often it is made: it has an id of its own, whose
/// cause is the old one. Nobody waits for it at a door, so it is good for as long as it takes.
struct LetterCommand: Sendable, Equatable {
    let id: MessageID
    let store: String
    let topic: Topic
    let partition: Int32
    let key: String
    let value: Data
    /// The letter's number: everything that comes of the command stands behind it.
    let after: Int

    /// - Throws: `LetterFault` where there is no command in the letter.
    init(_ contents: LetterContents) throws(LetterFault) {
        let name = contents.letter.name
        guard !name.store.hasSuffix("/translator") else { throw .ofTranslator(name) }
        guard !contents.value.starts(with: Data("sha256:".utf8)) else { throw .bytesNotKept(name) }
        guard let topic = contents.headers[HeaderName.originTopic].flatMap(TopicCatalogue.topic(named:)),
            topic.kind == .commands,
            let partition = contents.headers[HeaderName.originPartition].flatMap(Int32.init)
        else { throw .noCommand(name, "it came from \(contents.letter.origin)") }
        let (attributes, members) = try Self.read(contents.value, of: name)
        self.topic = topic
        self.partition = partition
        store = name.store
        after = name.number
        key = attributes.subject
        id = MessageID(namespace: attributes.id, name: "retry|\(name)")
        value = Data(Self.renewed(members, id: id, cause: attributes).bytes())
    }

    private static func read(
        _ value: Data, of name: LetterName
    ) throws(LetterFault) -> (MessageAttributes, [String: JSONValue]) {
        do {
            let attributes = try MessageAttributes(value: value)
            return (attributes, try JSONValue(parsing: Array(value)).object ?? [:])
        } catch {
            throw .noCommand(name, "\(error)")
        }
    }

    private static func renewed(
        _ members: [String: JSONValue], id: MessageID, cause: MessageAttributes
    ) -> JSONValue {
        var members = members
        members["id"] = .string(id.description)
        members["causationid"] = .string(cause.id.description)
        members["correlationid"] = .string(cause.correlationID.description)
        // Whoever speaks as the operator is answered, also where there is nothing to say.
        members["source"] = "/suishoupai/dead-letters"
        if case .object(var data)? = members["data"] {
            data["notAfter"] = nil
            members["data"] = .object(data)
        }
        return .object(members)
    }

    /// The attributes of a message that came of this command, or of this command among the dead letters; nil otherwise.
    func attributes(ofAnswer value: Data, isLetter: Bool) -> MessageAttributes? {
        do {
            let attributes = try MessageAttributes(value: value)
            return (isLetter ? attributes.id : attributes.causationID) == id ? attributes : nil
        } catch {
            return nil
        }
    }
}
