import Contracts
import Foundation
import Testing

/// Written once each: in a debug build that takes seconds.
private enum Written {
    static let plain = Result { try AsyncAPIDocument.json(prefix: "") }
    static let prefixed = Result { try AsyncAPIDocument.json(prefix: "nc-") }
    static let documents = [plain, prefixed].map { json in
        Result { try ContractCoding.decode(ContractJSON.self, from: json.get()) }
    }
}

private func document(isPrefixed: Bool = false) throws -> ContractJSON {
    try Written.documents[isPrefixed ? 1 : 0].get()
}

/// Every `$ref` in the document, wherever it stands outside of examples.
private func references(in value: ContractJSON) -> [String] {
    switch value {
    case .object(let members):
        members.flatMap { name, member in
            if name == "examples" { return [String]() }
            if name == "$ref", let text = member.text { return [text] }
            return references(in: member)
        }
    case .array(let elements): elements.flatMap(references)
    case .null, .bool, .integer, .number, .string: []
    }
}

@Test func `the same program always writes the same document`() throws {
    #expect(try AsyncAPIDocument.json(prefix: "nc-") == Written.prefixed.get())
    #expect(try Written.prefixed.get() != Written.plain.get())
}

@Test func `the document says how each topic is kept`() throws {
    let document = try document(isPrefixed: true)

    #expect(document["asyncapi"] == "3.0.0")
    #expect(Set(document["channels"]?.members.keys.map { $0 } ?? []) == Set(TopicCatalogue.all.map(\.name)))
    for topic in TopicCatalogue.all {
        let channel = try #require(document.at("channels", topic.name))
        #expect(channel["address"]?.text == "nc-" + topic.name)
        #expect(channel.at("bindings", "kafka", "partitions") == .integer(Int64(topic.partitions)))
        #expect(channel.at("x-key") == .string(topic.key))
        #expect(channel.at("x-audience") == .string(topic.audience.rawValue))
        #expect(channel.at("x-retention-days") == topic.retentionDays.map { .integer(Int64($0)) })
        #expect(channel["messages"]?.members.isEmpty == false)
    }
    #expect(
        document.at("channels", "cases.v1", "x-partitioning")
            == "murmur2(community id) mod 4, as the events of the same entity")
    #expect(document.at("channels", "reports.v1", "x-partitioning") == "murmur2(community id) mod 4")
}

@Test func `the document holds every message, and every message its schema and examples`() throws {
    let messages = try #require(try document().at("components", "messages"))

    #expect(Set(messages.members.keys) == Set(MessageCatalogue.all.map(\.name) + ["dead-letter"]))
    for message in MessageCatalogue.all {
        let entry = try #require(messages[message.name])
        #expect(entry["name"]?.text == message.type)
        #expect(
            entry.at("payload", "allOf", "1", "properties", "data", "$ref")?.text
                == "#/components/schemas/\(message.name)")
        #expect(entry.at("examples", "0", "payload", "type")?.text == message.type)
    }
}

@Test func `the document names the writers of each topic and what each writes`() throws {
    let operations = try #require(try document()["operations"])

    for topic in TopicCatalogue.all {
        for message in MessageCatalogue.messages(on: topic) {
            for writer in message.writers where topic.writers.contains(writer) {
                let written = operations.at("\(writer).\(topic.name)", "messages")?.elements ?? []
                #expect(
                    written.contains(["$ref": .string("#/channels/\(topic.name)/messages/\(message.name)")]),
                    "\(writer) \(message.name)")
            }
        }
    }
    #expect(operations.members.values.allSatisfy { $0["action"] == "send" })
}

@Test func `every reference in the document leads somewhere`() throws {
    let document = try document()
    let references = Set(references(in: document))

    #expect(references.count > MessageCatalogue.all.count)
    for reference in references.sorted() {
        let target = reference.split(separator: "/").dropFirst()
            .reduce(document as ContractJSON?) { $0?[String($1)] }
        #expect(reference.hasPrefix("#/") && target != nil, "\(reference)")
    }
}

@Test func `what others may write need not have our envelope, but a signature`() throws {
    let messages = try #require(try document().at("components", "messages"))

    let outside = MessageCatalogue.all.filter(\.isFromOutside)
    #expect(outside.map(\.name) == ["platform-report.sent.v1"])
    for message in MessageCatalogue.all {
        let entry = try #require(messages[message.name])
        let isFromOutside = message.isFromOutside
        #expect(
            entry.at("payload", "allOf", "0", "$ref")?.text
                == "#/components/schemas/\(isFromOutside ? "outsideEnvelope" : "envelope")")
        #expect(
            entry.at("headers", "$ref")?.text
                == "#/components/schemas/\(isFromOutside ? "outsideHeaders" : "headers")")
    }
    #expect(
        try document().at("components", "schemas", "outsideHeaders", "required") == ["platform-signature"])
}
