import Foundation

/// What a reader must know of a topic: told from the catalogue, the schemas and a sample, and from nothing else.
package struct TopicGuide: Sendable {
    package let topic: Topic
    package let messages: [MessageDescriptor]

    package init(_ topic: Topic) {
        self.topic = topic
        messages = MessageCatalogue.messages(on: topic)
    }

    package static var all: [TopicGuide] { TopicCatalogue.all.map(TopicGuide.init) }

    /// In which order records come.
    package var order: String {
        switch topic.kind {
        case .events:
            "Records of one key come in the order in which they happened."
        case .states:
            "A reader keeps the highest version of each key: an older one may come once more."
        case .commands:
            "The order of a partition is the order in which its processor decides."
        case .system:
            "One partition, one order."
        }
    }

    /// How long a record stays.
    package var retention: String {
        guard topic.kind != .states else {
            return "The newest record of each key for ever, older ones until the broker compacts."
        }
        return topic.retentionDays.map { "\($0) days." } ?? "For ever."
    }

    /// What records of the topic are.
    package var kind: String {
        switch topic.kind {
        case .events: "events: facts, never rewritten"
        case .states: "states: the whole entity after each change"
        case .commands: "commands: the one ordered input of a processor"
        case .system: "system: what the programs tell each other of the log"
        }
    }

    /// The fields of a message's `data`, as its schema has them, the required ones first.
    package static func fields(of message: MessageDescriptor) throws -> [Field] {
        let schema = try SchemaFiles.schema(named: message.name)
        guard case .object(let properties)? = schema["properties"] else { return [] }
        var required: Set<String> = []
        if case .array(let names)? = schema["required"] { required = Set(names.compactMap(\.words)) }
        return properties.map { name, about in
            Field(
                name: name, type: type(of: about), isRequired: required.contains(name),
                description: about["description"]?.words ?? "")
        }.sorted { ($0.isRequired ? 0 : 1, $0.name) < ($1.isRequired ? 0 : 1, $1.name) }
    }

    package struct Field: Sendable, Equatable {
        package let name: String
        package let type: String
        package let isRequired: Bool
        package let description: String
    }

    private static func type(of schema: ContractJSON) -> String {
        if let reference = schema["$ref"]?.words {
            let end = reference.range(of: "/", options: .backwards)?.upperBound
            return end.map { String(reference[$0...]) } ?? String(reference.dropFirst(SchemaReference.prefix.count))
        }
        if case .array(let words)? = schema["enum"] { return words.compactMap(\.words).joined(separator: " · ") }
        if let constant = schema["const"]?.words { return "\"\(constant)\"" }
        let type = schema["type"]?.words ?? "any"
        guard type == "array", let items = schema["items"] else { return type }
        return "list of \(self.type(of: items))"
    }

    /// A record's value to look at, over several lines; nil of dead letters, which have whatever came.
    package func example() throws -> String? {
        guard let message = messages.first else { return nil }
        let record = try ContractCoding.decode(ContractJSON.self, from: try message.sampleValue())
        guard topic.audience == .public, case .object(var members) = record else { return try record.overLines() }
        // What everybody reads names no chain.
        members["correlationid"] = members["id"]
        members["causationid"] = nil
        members["traceparent"] = nil
        return try ContractJSON.object(members).overLines()
    }
}

extension ContractJSON {
    fileprivate var words: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// As JSON to read, keys sorted, two spaces for each level; written here, since Foundation's differs between systems.
    package func overLines(_ indent: String = "") throws -> String {
        let inner = indent + "  "
        switch self {
        case .object(let members) where !members.isEmpty:
            let lines = try members.sorted { $0.key < $1.key }.map { name, value in
                "\(inner)\(try ContractCoding.text(name)): \(try value.overLines(inner))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        case .array(let elements) where !elements.isEmpty:
            let lines = try elements.map { inner + (try $0.overLines(inner)) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        default:
            return try ContractCoding.text(self)
        }
    }
}
