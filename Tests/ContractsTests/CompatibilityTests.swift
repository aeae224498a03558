import Contracts
import Foundation
import Testing

@Test func `whoever reads by the last release can go on`() throws {
    let name = try #require(try ContractRelease.names().last)
    let (last, today) = (try ContractRelease.read(name), try ContractRelease.today())

    #expect(Compatibility.breaks(from: last, to: today) == [])
}

@Test func `a release that was kept says something`() throws {
    for name in try ContractRelease.names() {
        let release = try ContractRelease.read(name)
        #expect(release.schemas.count > 100 && release.topics.count > 20, "\(name)")
        #expect(release.schemas["case.opened.v1"]?.at("properties", "location", "$ref") != nil, "\(name)")
    }
}

/// A change of `case.state.v1`, and how it is called.
private struct Change: Sendable, CustomTestStringConvertible {
    let path: [String]
    let value: ContractJSON?
    let expected: String

    var testDescription: String { expected }
}

private let breaking: [Change] = [
    Change(path: ["properties", "stage"], value: nil, expected: "/properties/stage is gone"),
    Change(
        path: ["required"], value: ["caseId"], expected: "/required: version need not be there any more"),
    Change(
        path: ["properties", "version", "type"], value: "number", expected: "/properties/version/type is another"),
    Change(
        path: ["properties", "kind", "enum"], value: ["snapshot"], expected: "/properties/kind/enum: 'request' is gone"),
    Change(
        path: ["properties", "kind", "enum"], value: ["snapshot", "request", "wish"],
        expected: "/properties/kind/enum: nobody knows 'wish'"),
    Change(
        path: ["properties", "reworks", "maximum"], value: 9, expected: "/properties/reworks/maximum was not there"),
    Change(
        path: ["properties", "reportIds", "items", "type"], value: "integer",
        expected: "/properties/reportIds/items/type is another"),
]

@Test(arguments: breaking)
private func `a change that would break a reader is refused`(change: Change) throws {
    let state = try SchemaShelf.schema(named: "case.state.v1")

    let found = Compatibility.breaks(
        from: state, to: state.setting(change.path, to: change.value), at: "case.state.v1")

    #expect(found.contains("case.state.v1" + change.expected), "\(found)")
}

@Test func `what did not have to be there before must not have to now`() throws {
    let state = try SchemaShelf.schema(named: "case.state.v1")
    let required = (state["required"]?.elements ?? []) + ["address"]

    #expect(
        Compatibility.breaks(from: state, to: state.setting(["required"], to: .array(required)), at: "case")
            == ["case/required: address was not there"])
}

@Test func `a new field that may be absent breaks nobody, nor do other words about an old one`() throws {
    let state = try SchemaShelf.schema(named: "case.state.v1")
    let later = state.setting(["properties", "mood"], to: ["type": "string"])
        .setting(["properties", "stage", "description"], to: "In other words.")

    #expect(later != state)
    #expect(Compatibility.breaks(from: state, to: later, at: "case") == [])
}

@Test func `a topic keeps its key, its partitions, its time and its readers`() throws {
    let today = try ContractRelease.today()
    func with(_ name: String, _ promise: ContractRelease.TopicPromise?) -> ContractRelease {
        var topics = today.topics
        topics[name] = promise
        return ContractRelease(schemas: today.schemas, topics: topics)
    }
    let rates = try #require(today.topics["case-rates.v1"])
    let changed = ContractRelease.TopicPromise(
        kind: .states, key: "unit id", partitions: 8, retentionDays: 30, audience: .partner)

    #expect(Compatibility.breaks(from: today, to: today) == [])
    #expect(Compatibility.breaks(from: today, to: with("case-rates.v1", nil)) == ["case-rates.v1 is gone"])
    #expect(rates.audience == .public && rates.retentionDays == nil)
    #expect(Compatibility.breaks(from: today, to: with("case-rates.v1", changed)).count == 5)
    // More readers, and longer, is no harm.
    let wider = ContractRelease.TopicPromise(
        kind: .events, key: "community id", partitions: 4, retentionDays: nil, audience: .public)
    #expect(Compatibility.breaks(from: today, to: with("reports.v1", wider)) == [])
}
