import Contracts
import Foundation
import Testing

private func data(_ value: Data) throws -> ContractJSON {
    try #require(try ContractCoding.decode(ContractJSON.self, from: value)["data"])
}

@Test(arguments: MessageCatalogue.all)
func `a sample has no field that its schema does not know and lacks none that it requires`(
    message: MessageDescriptor
) throws {
    let schema = try SchemaShelf.schema(named: message.name)

    #expect(try SchemaBook().complaints(about: data(message.sampleValue()), as: schema) == [])
    #expect(try SchemaBook().complaints(about: data(message.minimalSampleValue()), as: schema) == [])
}

@Test(arguments: MessageCatalogue.all)
func `a full sample shows every field of its schema`(message: MessageDescriptor) throws {
    let schema = try SchemaShelf.schema(named: message.name)

    // Translators pass on what was told, not its place in the log of its case; samples came by no request.
    let absent = try SchemaBook().absences(from: data(message.sampleValue()), as: schema)
        .filter { !$0.hasSuffix("event/data/chain is missing") && !$0.hasSuffix("/request is missing") }
    #expect(absent == [])
}

@Test(arguments: MessageCatalogue.all)
func `a schema requires exactly what a minimal sample has`(message: MessageDescriptor) throws {
    let schema = try SchemaShelf.schema(named: message.name)
    let required = Set((schema["required"]?.elements ?? []).compactMap(\.text))

    #expect(try required == Set(data(message.minimalSampleValue()).members.keys))
}

@Test(arguments: MessageCatalogue.all)
func `an envelope has what its schema says`(message: MessageDescriptor) throws {
    let schema = try SchemaShelf.schema(named: SchemaFiles.envelope)
    for value in [try message.sampleValue(), try message.minimalSampleValue()] {
        let outside = try ContractCoding.decode(ContractJSON.self, from: value).setting(["data"], to: .object([:]))
        #expect(try SchemaBook().complaints(about: outside, as: schema) == [])
    }
}

@Test(arguments: MessageCatalogue.all)
func `a schema is named as the messages name it`(message: MessageDescriptor) throws {
    let schema = try SchemaShelf.schema(named: message.name)

    #expect(schema["$id"]?.text == SchemaReference.text(type: message.type, version: message.version))
    #expect(schema["$schema"]?.text == "https://json-schema.org/draft/2020-12/schema")
}

@Test func `every schema file belongs to a message type, and every type has one`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: SchemaFiles.folder.path)

    let expected = MessageCatalogue.all.map(\.name) + [SchemaFiles.envelope, SchemaFiles.common]
    #expect(Set(files) == Set(expected.map { "\($0).schema.json" }))
}

@Test func `the samples together show every field of the Swift types`() throws {
    var shown: [String: Set<String>] = [:]
    var declared: [String: Set<String>] = [:]
    for message in MessageCatalogue.all {
        let inner = Mirror(reflecting: innermost(message.sample()))
        let name = "\(inner.subjectType)"
        declared[name] = Set(inner.children.compactMap(\.label))
        if message.sample() is CaseLogEntry { declared[name]?.insert("chain") }
        shown[name, default: []].formUnion(try data(message.sampleValue()).members.keys)
    }

    #expect(shown == declared)
}

/// The message itself, out of the unions that it may stand in.
private func innermost(_ value: Any) -> Any {
    if let entry = value as? CaseLogEntry { return innermost(entry.event) }
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .enum, let inside = mirror.children.first else { return value }
    return innermost(inside.value)
}

@Test(arguments: [
    ("report.submitted.v1", "kind", ReportKind.allCases.map(\.rawValue)),
    ("platform-report.sent.v1", "kind", ReportKind.allCases.map(\.rawValue)),
    ("platform-report.sent.v1", "identity", ReportIdentity.allCases.map(\.rawValue)),
    ("platform-report.answered.v1", "status", PlatformReceipt.Status.allCases.map(\.rawValue)),
    ("case.opened.v1", "kind", ReportKind.allCases.map(\.rawValue)),
    ("case.act.v1", "action", CaseAction.allCases.map(\.rawValue)),
    ("case.state.v1", "stage", CaseStage.allCases.map(\.rawValue)),
    ("case.report-amended.v1", "stage", CaseStage.allCases.map(\.rawValue)),
    ("case.report-amended.v1", "amendment", Amendment.allCases.map(\.rawValue)),
    ("case.state.v1", "kind", ReportKind.allCases.map(\.rawValue)),
    ("account.state.v1", "kind", AccountKind.allCases.map(\.rawValue)),
    ("notification.notify.v1", "role", AudienceRole.allCases.map(\.rawValue)),
    ("delivery.ended.v1", "channel", Channel.allCases.map(\.rawValue)),
    ("delivery.reported.v1", "outcome", DeliveryReported.Outcome.allCases.map(\.rawValue)),
    ("delivery.ended.v1", "outcome", DeliveryEnded.Outcome.allCases.map(\.rawValue)),
    ("dead-letter.handled.v1", "how", DeadLetterHandled.Decision.allCases.map(\.rawValue)),
])
func `a closed list of words is the same in the schema and in Swift`(
    name: String, property: String, words: [String]
) throws {
    let schema = try SchemaShelf.schema(named: name)

    #expect(schema.at("properties", property, "enum")?.elements.compactMap(\.text) == words)
}

@Test func `whoever carries an event on names every kind that it may be`() throws {
    func enclosed(_ name: String) throws -> Set<String> {
        let branches = try SchemaShelf.schema(named: name).at("properties", "event", "oneOf")?.elements ?? []
        return Set(branches.compactMap { $0.at("properties", "type", "const")?.text })
    }
    let cases = Set(
        CaseChanged.Step.allCases.map(\.rawValue)
            + [CaseOpened.type, ReportJoined.type, CaseTransferred.type, CaseReportAmended.type, CaseReclassified.type])
    let others =
        PointsMoved.Step.allCases.map(\.rawValue) + NoticeChanged.Step.allCases.map(\.rawValue)
        + OrderChanged.Step.allCases.map(\.rawValue)

    #expect(try enclosed("notification.notify.v1") == cases.union(others))
    // Points is brought those steps that can move some.
    let moving = try enclosed("points.observe-case.v1")
    #expect(moving.isSubset(of: cases))
    #expect(moving.isSuperset(of: ["case.opened", "case.merged", "case.split", "case.report-amended"]))
}
