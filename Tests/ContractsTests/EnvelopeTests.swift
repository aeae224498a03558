import Contracts
import Foundation
import Testing

private func submitted(_ edit: (ContractJSON) -> ContractJSON) throws -> Data {
    let message = try #require(MessageCatalogue.message(ofType: "report.submitted", version: 1))
    return try ContractCoding.encode(edit(try GoldenFiles.json(of: message)))
}

private func complaint(_ edit: (ContractJSON) -> ContractJSON) throws -> String {
    let value = try submitted(edit)
    let error = #expect(throws: ContractError.self) { try Envelope<ReportSubmitted>(value: value) }
    guard case .malformed(let sentence)? = error else { return "\(String(describing: error))" }
    return sentence
}

@Test func `what is wrong with a value is said by field`() throws {
    #expect(try complaint { $0.setting(["data", "description"], to: 7) } == "'data.description' is not a String")
    #expect(try complaint { $0.setting(["data", "reportId"], to: .null) }.hasPrefix("'data.reportId'"))
    #expect(
        try complaint { $0.setting(["data", "submittedAt"], to: "yesterday") }
            == "'data.submittedAt': 'yesterday' is no RFC 3339 time")
    #expect(try complaint { $0.setting(["data", "kind"], to: "rumour") }.hasPrefix("'data.kind': "))
    #expect(
        try complaint { $0.setting(["data", "location", "latitude"], to: 95) }.hasPrefix("'data.location.latitude': "))
    #expect(try complaint { $0.setting(["id"], to: "7") } == "'id': '7' is no UUID")
    #expect(try complaint { $0.setting(["time"], to: nil) } == "'time' is missing")
    #expect(try complaint { $0.setting(["data"], to: nil) }.hasPrefix("'data'"))
    #expect(try complaint { $0.setting(["specversion"], to: "0.3") } == "specversion is '0.3', expected '1.0'")
}

@Test(
    arguments: ["", "report.submitted", "urn:suishoupai:schema:case.opened:1"]
        + ["0", "-1", "1.0", ""].map {
            "urn:suishoupai:schema:report.submitted:\($0)"
        })
func `a dataschema that names no version of the type is malformed`(schema: String) throws {
    #expect(
        try complaint { $0.setting(["dataschema"], to: .string(schema)) }
            == "dataschema '\(schema)' does not name a version of 'report.submitted'")
}

@Test(arguments: ["", "{", "[]", "null", "17", "{\"specversion\":", "\u{0}", "{}"])
func `bytes that are no envelope are malformed, never a crash`(text: String) {
    let value = Data(text.utf8)

    let error = #expect(throws: ContractError.self) { try Envelope<ReportSubmitted>(value: value) }
    guard case .malformed? = error else {
        Issue.record("expected a malformed message, found \(String(describing: error))")
        return
    }
}

@Test func `a message inside another is read with the same care`() throws {
    let message = try #require(MessageCatalogue.message(ofType: "case.register-report", version: 1))
    let golden = try GoldenFiles.json(of: message)
    let stranger = golden.setting(["data", "report", "type"], to: "weather.changed")
        .setting(["data", "report", "dataschema"], to: "urn:suishoupai:schema:weather.changed:1")
    let newer = golden.setting(["data", "report", "dataschema"], to: "urn:suishoupai:schema:report.submitted:2")
    let broken = golden.setting(["data", "report", "data", "reporterId"], to: nil)

    #expect(throws: ContractError.unknownType("weather.changed")) {
        try message.read(try ContractCoding.encode(stranger))
    }
    #expect(throws: ContractError.newerVersion(type: "report.submitted", found: 2, known: 1)) {
        try message.read(try ContractCoding.encode(newer))
    }
    #expect(throws: ContractError.malformed("'data.report.data.reporterId' is missing")) {
        try message.read(try ContractCoding.encode(broken))
    }
}

@Test(arguments: [("case.filed", "case.closed"), ("points.pended", "points.voided")])
func `a step that contradicts the type of its envelope is malformed`(type: String, other: String) throws {
    let message = try #require(MessageCatalogue.message(ofType: type, version: 1))
    let torn = try GoldenFiles.json(of: message).setting(["data", "step"], to: .string(other))

    #expect(throws: ContractError.malformed("'data.step' is '\(other)' in a message of type '\(type)'")) {
        try message.read(try ContractCoding.encode(torn))
    }
}

@Test func `an envelope may leave out what can be told from the rest`() throws {
    let value = try submitted { $0.setting(["subject"], to: nil).setting(["correlationid"], to: nil) }

    let envelope = try Envelope<ReportSubmitted>(value: value)

    #expect(envelope.attributes.subject == "")
    #expect(envelope.attributes.correlationID == envelope.id)
}

@Test func `an answer carries on the chain of what it answers`() throws {
    let message = try #require(MessageCatalogue.message(ofType: "report.submitted", version: 1))
    var attributes = try MessageAttributes(value: try GoldenFiles.value(of: message))
    attributes.request = "POST /v1/reports"
    let cause = Envelope(
        attributes: attributes, data: try Envelope<ReportSubmitted>(value: try GoldenFiles.value(of: message)).data)
    #expect(try MessageAttributes(value: cause.value()) == attributes)

    let answer = Envelope(
        CommandApplied(commandId: cause.id, commandType: "report.submitted"), id: .suishoupai, source: "/points/1",
        time: cause.time, cause: cause.attributes)

    #expect(answer.attributes.causationID == cause.id)
    #expect(answer.attributes.correlationID == cause.attributes.correlationID)
    #expect(answer.attributes.traceParent == cause.attributes.traceParent)
    #expect(answer.attributes.request == nil, "which came by no request of its own")
    #expect(answer.attributes.subject == cause.id.description)
}

@Test func `the attributes of a type that nobody knows can still be read`() throws {
    let value = try submitted {
        $0.setting(["type"], to: "weather.changed")
            .setting(["dataschema"], to: "urn:suishoupai:schema:weather.changed:7").setting(["data"], to: nil)
    }

    let attributes = try MessageAttributes(value: value)

    #expect(attributes.type == "weather.changed")
    #expect(attributes.version == 7)
}

@Test func `the attributes of a record are what a coder reads, however it is written`() throws {
    for message in MessageCatalogue.all {
        let plain = try ContractCoding.encode(try GoldenFiles.json(of: message))
        let expected = try ContractCoding.decode(MessageAttributes.self, from: plain)
        #expect(try MessageAttributes(value: plain) == expected)

        let object = try JSONSerialization.jsonObject(with: plain)
        let spaced = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted])
        #expect(try MessageAttributes(value: spaced) == expected)
    }
}

@Test(arguments: [
    (["subject"], ContractJSON.string("a \"b\" \\ c\n\u{1}楼")), (["source"], .string("/é")),
    (["traceparent"], .string("")), (["request"], .string("POST /v1/reports/{id}")),
    (["data", "description"], .string("}]\"{[\\")), (["more"], .string("of somebody else's")), (["subject"], .null),
    (["correlationid"], .null), (["causationid"], .null),
])
func `odd texts, strange members and nulls are read as a coder reads them`(path: [String], text: ContractJSON) throws {
    let value = try submitted { $0.setting(path, to: text) }

    #expect(
        try MessageAttributes(value: value) == ContractCoding.decode(MessageAttributes.self, from: value))
}

@Test(arguments: ["id", "correlationid", "causationid", "time", "type", "source", "dataschema", "specversion"])
func `an attribute that is none is named, whoever reads it`(name: String) throws {
    let value = try submitted { $0.setting([name], to: .number(7)) }

    let error = #expect(throws: ContractError.self) { try MessageAttributes(value: value) }
    #expect("\(String(describing: error))".contains(name))
}
