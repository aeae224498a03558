import Contracts
import Foundation
import Testing

@Test(arguments: MessageCatalogue.all)
func `a golden file reads as its type and is written again as the same bytes`(message: MessageDescriptor) throws {
    let golden = try GoldenFiles.value(of: message)

    #expect(String(decoding: try message.rewritten(golden), as: UTF8.self) == String(decoding: golden, as: UTF8.self))
}

@Test(arguments: MessageCatalogue.all)
func `a golden file follows the schema of today`(message: MessageDescriptor) throws {
    let data = try #require(try GoldenFiles.json(of: message)["data"])

    // Today's schema may have gained fields since: it must not have lost one, nor require a new one.
    #expect(try SchemaBook().complaints(about: data, as: try SchemaShelf.schema(named: message.name)) == [])
}

@Test(arguments: MessageCatalogue.all)
func `a message without its optional fields survives the way there and back`(message: MessageDescriptor) throws {
    let value = try message.minimalSampleValue()

    #expect(try message.rewritten(value) == value)
}

@Test func `every message type has a golden file and every golden file a type`() throws {
    #expect(try GoldenFiles.names() == Set(MessageCatalogue.all.map(\.name)))
}

@Test(arguments: MessageCatalogue.all)
func `fields from the future are passed over, however deep they lie`(message: MessageDescriptor) throws {
    let golden = try GoldenFiles.value(of: message)
    let later = try ContractCoding.encode(try GoldenFiles.json(of: message).withUnknownFields())

    #expect(later.count > golden.count)
    #expect(try message.rewritten(later) == Data(golden))
}

@Test(arguments: MessageCatalogue.all)
func `a type that nobody knows is told apart from one that cannot be read`(message: MessageDescriptor) throws {
    let stranger = try GoldenFiles.json(of: message)
        .setting(["type"], to: "weather.changed")
        .setting(["dataschema"], to: "urn:suishoupai:schema:weather.changed:1")

    #expect(throws: ContractError.unknownType("weather.changed")) {
        try message.read(try ContractCoding.encode(stranger))
    }
}

@Test(arguments: MessageCatalogue.all)
func `a newer version of a known type stops its reader`(message: MessageDescriptor) throws {
    let next = message.version + 1
    let newer = try GoldenFiles.json(of: message)
        .setting(["dataschema"], to: .string("urn:suishoupai:schema:\(message.type):\(next)"))

    #expect(throws: ContractError.newerVersion(type: message.type, found: next, known: message.version)) {
        try message.read(try ContractCoding.encode(newer))
    }
}

@Test(arguments: MessageCatalogue.all)
func `a missing field is named in the sentence that says what is wrong`(message: MessageDescriptor) throws {
    let value = try ContractCoding.decode(ContractJSON.self, from: try message.minimalSampleValue())

    for field in (value["data"]?.members ?? [:]).keys.sorted() {
        let broken = try ContractCoding.encode(value.setting(["data", field], to: nil))
        #expect(throws: ContractError.malformed("'data.\(field)' is missing")) { try message.read(broken) }
    }
}
