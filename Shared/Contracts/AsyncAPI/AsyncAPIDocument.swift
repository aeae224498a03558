package import Foundation

/// The topics and messages as one AsyncAPI 3.0.0 document, for readers and for their tools.
///
/// Made from the catalogues and the schema files alone; the same program always gives the same bytes.
package enum AsyncAPIDocument {
    /// The version of the whole interface: its first number changes when a topic or a message type goes.
    package static let interfaceVersion = "1.0.0"

    /// The document as JSON, keys sorted.
    ///
    /// - Parameter prefix: stands before each topic's name in this deployment, such as `nc-`; empty for none.
    /// - Throws: `ContractError.malformed` or a file error where a schema file is damaged or missing.
    package static func json(prefix: String) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return try encoder.encode(document(prefix: prefix))
    }

    private static func document(prefix: String) throws -> ContractJSON {
        var schemas = try EmbeddedSchemas().schemas
        schemas["headers"] = MessageSection.headers
        schemas["deadLetterHeaders"] = MessageSection.deadLetterHeaders
        schemas["outsideEnvelope"] = MessageSection.outsideEnvelope
        schemas["outsideHeaders"] = MessageSection.outsideHeaders
        return [
            "asyncapi": "3.0.0",
            "info": info,
            "defaultContentType": .string(HeaderName.cloudEventsJSON),
            "servers": servers,
            "channels": .object(
                Dictionary(
                    uniqueKeysWithValues: TopicCatalogue.all.map {
                        ($0.name, ChannelSection.channel($0, prefix: prefix))
                    })),
            "operations": .object(ChannelSection.operations),
            "components": ["messages": .object(try MessageSection.messages()), "schemas": .object(schemas)],
        ]
    }

    private static let info: ContractJSON = [
        "title": "Suishoupai 随手拍",
        "version": .string(interfaceVersion),
        "description": """
        What travels on the topics: events (facts, never rewritten), states (the whole entity after each change; the \
        highest version counts) and commands (the one ordered input of a processor). Every value is one CloudEvents \
        1.0 object in JSON. A message may arrive twice: drop the second of the same id. Pass over types and fields \
        that you do not know.
        """,
        "tags": [
            ["name": "internal", "description": "Read by the system's own programs only."],
            ["name": "partner", "description": "May be read by partners; free text is masked, people are pseudonyms."],
            ["name": "public", "description": "May be read by everyone."],
        ],
    ]

    private static let servers: ContractJSON = [
        "kafka": [
            "host": "{bootstrapServer}",
            "protocol": "kafka",
            "description": "Apache Kafka, or the embedded broker on one machine.",
            "variables": [
                "bootstrapServer": [
                    "description": "Host and port of any broker.",
                    "default": "localhost:9092",
                ]
            ],
        ]
    ]
}
