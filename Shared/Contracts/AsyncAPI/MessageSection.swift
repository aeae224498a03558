/// The messages in an AsyncAPI document: an envelope each, with what it carries, a full example and a small one.
enum MessageSection {
    /// The name of the message on every topic of dead letters.
    static let deadLetter = "dead-letter"

    /// Every message of the catalogue, and the dead letter.
    static func messages() throws -> [String: ContractJSON] {
        var messages: [String: ContractJSON] = [deadLetter: deadLetterMessage]
        for message in MessageCatalogue.all { messages[message.name] = try entry(message) }
        return messages
    }

    private static func entry(_ message: MessageDescriptor) throws -> ContractJSON {
        let title = try SchemaFiles.schema(named: message.name)["title"] ?? .string(message.type)
        let schema = SchemaReference.text(type: message.type, version: message.version)
        let isFromOutside = message.isFromOutside
        var members: [String: ContractJSON] = [
            "name": .string(message.type),
            "title": title,
            "summary": .string(message.purpose),
            "contentType": .string(HeaderName.cloudEventsJSON),
            "headers": EmbeddedSchemas.pointer(isFromOutside ? "outsideHeaders" : "headers"),
            "payload": [
                "allOf": [
                    EmbeddedSchemas.pointer(isFromOutside ? "outsideEnvelope" : "envelope"),
                    [
                        "type": "object",
                        "properties": [
                            "type": ["const": .string(message.type)],
                            "dataschema": ["const": .string(schema)],
                            "data": EmbeddedSchemas.pointer(message.name),
                        ],
                    ],
                ]
            ],
            "bindings": ["kafka": ["key": key(of: message), "bindingVersion": "0.5.0"]],
            "tags": [["name": .string(message.kind.rawValue)]],
            "examples": .array(try examples(of: message)),
            "x-dataschema": .string(schema),
            "x-writers": .array(message.writers.map(ContractJSON.string)),
        ]
        if !isFromOutside { members["correlationId"] = correlation }
        return .object(members)
    }

    private static let correlation: ContractJSON = [
        "description": "Shared by everything that followed from one report or command.",
        "location": "$message.payload#/correlationid",
    ]

    private static func examples(of message: MessageDescriptor) throws -> [ContractJSON] {
        let full = try ContractCoding.decode(ContractJSON.self, from: try message.sampleValue())
        let small = try ContractCoding.decode(ContractJSON.self, from: try message.minimalSampleValue())
        return [
            ["name": "full", "summary": "With every optional field.", "payload": full],
            ["name": "minimal", "summary": "Without any optional field.", "payload": small],
        ]
    }

    /// The record key, in the words of each topic that the message travels on.
    private static func key(of message: MessageDescriptor) -> ContractJSON {
        var words: [String] = []
        for topic in message.topics where !words.contains(topic.key) { words.append(topic.key) }
        return ["type": "string", "description": .string("The " + words.joined(separator: ", or the ") + ".")]
    }

    static let headers: ContractJSON = [
        "type": "object",
        "description": "Kafka headers, all of them UTF-8 text.",
        "required": [.string(HeaderName.contentType)],
        "properties": .object([
            HeaderName.contentType: ["const": .string(HeaderName.cloudEventsJSON), "description": "The value's form."],
            HeaderName.source: text("The store that wrote the record, such as case-routing/3."),
            HeaderName.row: number(
                "The record's number among all that its source wrote to this topic and partition, from 1 without gaps."),
            HeaderName.log: text("The identity of the log that the record was written to."),
            HeaderName.again: text("There where a command is sent once more, because its outcome was not seen."),
        ]),
    ]

    static let deadLetterHeaders: ContractJSON = [
        "type": "object",
        "description": "Kafka headers of a dead letter, all of them UTF-8 text, beside those that the record had.",
        "required": [
            .string(HeaderName.reason), .string(HeaderName.originTopic), .string(HeaderName.originPartition),
            .string(HeaderName.originOffset), .string(HeaderName.handler),
        ],
        "properties": .object([
            HeaderName.reason: text("Why the record could not be processed."),
            HeaderName.originTopic: text("The topic that it was read from."),
            HeaderName.originPartition: number("Its partition there."),
            HeaderName.originOffset: number("Its offset there."),
            HeaderName.handler: text("What was to process it."),
        ]),
    ]

    private static let deadLetterMessage: ContractJSON = [
        "name": .string(deadLetter),
        "title": "Dead letter",
        "summary": "A record that could not be processed, as it was read.",
        "contentType": "application/octet-stream",
        "headers": EmbeddedSchemas.pointer("deadLetterHeaders"),
        "payload": [
            "description": "The original bytes; of a record over 800 KB only the SHA-256 in hex."
        ],
    ]

    private static func text(_ description: String) -> ContractJSON {
        ["type": "string", "description": .string(description)]
    }

    private static func number(_ description: String) -> ContractJSON {
        ["type": "string", "pattern": "^[0-9]+$", "description": .string(description)]
    }
}
