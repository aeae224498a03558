import Contracts
import Foundation
import Testing

private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("docs/topics")

/// Written once: in a debug build that takes long.
private let writtenPages = Result { try TopicPages.all() }

@Test func `the pages in docs are those of the catalogue`() throws {
    let pages = try writtenPages.get()
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)

    #expect(Set(files) == Set(pages.keys))
    for (name, text) in pages where files.contains(name) {
        let written = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        #expect(written == text, "\(name): run 'suishoupai contracts pages --to docs/topics'")
    }
}

@Test(arguments: TopicGuide.all.filter { !$0.messages.isEmpty })
func `a page shows what the golden file has, and the fields of its schema`(guide: TopicGuide) throws {
    let first = try #require(guide.messages.first)
    let page = try #require(try writtenPages.get()["\(guide.topic.name).md"])
    let example = try ContractCoding.decode(ContractJSON.self, from: Data(try #require(try guide.example()).utf8))

    let golden = try #require(try GoldenFiles.json(of: first)["data"])
    #expect(contains(try #require(example["data"]), golden))
    #expect((example["traceparent"] == nil) == (guide.topic.audience == .public))
    #expect(page.contains(guide.topic.audienceReason) && page.contains(guide.topic.audience.rawValue))
    for field in try #require(try SchemaShelf.schema(named: first.name)["properties"]).members.keys {
        #expect(page.contains("| `\(field)` |"))
    }
    for message in guide.messages { #expect(page.contains("[\(message.type)](")) }
}

/// Whether a value has all that another has: a sample may have gained fields since its golden file was made.
private func contains(_ value: ContractJSON, _ part: ContractJSON) -> Bool {
    switch (value, part) {
    case (.object(let members), .object(let parts)):
        parts.allSatisfy { name, part in members[name].map { contains($0, part) } ?? false }
    case (.array(let elements), .array(let parts)):
        elements.count == parts.count && zip(elements, parts).allSatisfy(contains)
    default: value == part
    }
}

@Test(arguments: TopicCatalogue.all)
func `a topic says whom it is for and why`(topic: Topic) {
    #expect(topic.audienceReason.count > 15)
    #expect(!topic.audienceReason.hasSuffix("."))
    // What has not been masked is for nobody but the programs.
    if topic.kind == .commands || topic.name.hasSuffix("dead-letters.v1") { #expect(topic.audience == .internal) }
}

extension TopicGuide: CustomTestStringConvertible {
    package var testDescription: String { topic.name }
}
