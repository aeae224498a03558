import Contracts
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import CaseRouting
@testable import Suishoupai

/// A command that routing cannot read, since its actor lacks.
private let broken = Data(
    """
    {"causationid":"ca1a026c-d42c-5185-ba97-08713295962b","correlationid":"88b7fdec-a342-5341-a588-8d24bb48a06f",
     "data":{"caseId":"c-1","communityId":"mingdu","action":"file","notAfter":"2026-11-23T00:15:00.000Z","extra":[1.5,9007199254740993]},
     "datacontenttype":"application/json","dataschema":"urn:suishoupai:schema:case.act:1",
     "id":"0c3c550c-1063-5d33-aa3c-42b894ba30bf","source":"/portal/1","specversion":"1.0","subject":"c-1",
     "time":"2026-11-23T00:15:00.250Z","traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
     "type":"case.act"}
    """.utf8)

/// The letter that becomes of a record.
private func letter(of value: Data) async throws -> LetterContents {
    let books = try await Books()
    try await books.apply([value], to: CaseRoutingProcessor())
    let shelf = try StoreShelf(books.data)
    let name = try #require(try LetterContents.listed(shelf).first).name
    return try #require(try LetterContents.find(name, in: shelf))
}

@Test(arguments: ["case-routing/3#17", "points/0#1", "case-routing/translator#281474976710655"])
func `a letter's name is read as it is written`(_ text: String) throws {
    #expect(try #require(LetterName(argument: text)).description == text)
}

@Test(arguments: ["case-routing/3", "case-routing/3#", "#17", "case-routing#17", "a/b#0", "a/b#-1", "a/b#1#2", ""])
func `what is no letter's name is not taken for one`(_ text: String) {
    #expect(LetterName(argument: text) == nil)
}

@Test func `a letter shows what was wrong, where it came from and what it says`() async throws {
    let shown = LetterShown(try await letter(of: broken))

    #expect(shown.text.contains("case-routing/0 #"))
    #expect(shown.text.contains("case.act: malformed message: 'data.actor' is missing"))
    #expect(shown.text.contains("    dead-letter-topic: case-commands.v1"))
    #expect(shown.text.contains("\"caseId\" : \"c-1\""))
    #expect(shown.base64 == nil)
    let strange = LetterShown(try await letter(of: Data([0xFF, 0x00])))
    #expect(strange.value == nil)
    #expect(strange.text.hasSuffix("base64 /wA="))
    #expect(LetterShown(try await letter(of: Data("plain words".utf8))).text.hasSuffix("plain words"))
}

@Test func `a retry is the same command under another id, whose cause is the first, without a time limit`() async throws
{
    let contents = try await letter(of: broken)
    let command = try LetterCommand(contents)

    let before = try #require(try JSONValue(parsing: Array(broken)).object)
    let after = try #require(try JSONValue(parsing: Array(command.value)).object)
    let changed = Set(after.keys).union(before.keys).filter { before[$0] != after[$0] }
    #expect(changed.sorted() == ["causationid", "data", "id", "source"])
    #expect(after["causationid"] == before["id"])
    #expect(after["id"]?.string == command.id.description)
    #expect(after["source"] == "/suishoupai/dead-letters")
    var data = try #require(before["data"]?.object)
    data["notAfter"] = nil
    #expect(after["data"] == .object(data))
    #expect(command.topic == TopicCatalogue.caseCommands)
    #expect(command.partition == 0)
    #expect(command.key == "c-1")
    #expect(
        try MessageAttributes(value: command.value).correlationID.description == "88b7fdec-a342-5341-a588-8d24bb48a06f")
    // Made again, by whomever, it is the same; of another letter it would be another.
    #expect(try LetterCommand(contents) == command)
    #expect(
        command.id
            == MessageID(
                namespace: try #require(MessageID(before["id"]?.string ?? "")), name: "retry|\(contents.letter.name)"))
}

@Test func `a letter that holds no command cannot be sent once more, and it is said why`() async throws {
    let strange = try await letter(of: Data("plain words".utf8))
    let large = try await letter(
        of: Data(#"{"specversion":"1.0","x":"\#(String(repeating: "x", count: 900_000))"}"#.utf8))

    for (contents, words) in [
        (strange, "is no command that could be sent once more"), (large, "was too large to be kept"),
    ] {
        let fault = #expect(throws: LetterFault.self) { try LetterCommand(contents) }
        #expect("\(try #require(fault))".contains(words))
    }
}

// MARK: - Decisions

private func decision(
    _ how: DeadLetterHandled.Decision, number: Int = 1, at milliseconds: Int64
) -> Envelope<DeadLetterHandled> {
    let handled = DeadLetterHandled(store: "points/0", number: number, how: how, reason: "because", by: "lin")
    return Envelope(handled, id: handled.id, source: "/suishoupai", time: Timestamp(milliseconds: milliseconds))
}

private func letter(_ number: Int, reason: String = "?") throws -> DeadLetter {
    let letter = ["store": "points/0", "origin": "points-commands.v1/0/\(number)", "handler": "h", "reason": reason]
    let text = letter.map { "\"\($0)\": \"\($1)\"" }.joined(separator: ", ")
    return try JSONDecoder().decode(
        DeadLetter.self, from: Data("{\(text), \"number\": \(number), \"bytes\": 2}".utf8))
}

@Test func `a skip explains the letter that it made, and no other`() throws {
    let folder = try TemporaryFolder()
    let data = DataFolder(folder.url.path)
    func skip(_ offset: Int64) -> Envelope<RecordSkipped> {
        let skip = RecordSkipped(log: "l", topic: "points-commands.v1", partition: 0, offset: offset, reason: "stuck")
        return Envelope(skip, id: .random(), source: "/suishoupai", time: Timestamp(milliseconds: 20))
    }
    var decisions = LetterDecisions()
    decisions.add(decision(.discarded, number: 4, at: 30))
    for offset in [Int64(3), 4, 5] { decisions.add(skip(offset)) }
    try decisions.keep(in: data)

    let kept = try LetterDecisions.kept(in: data)
    #expect(
        kept[try letter(3, reason: "an operator skipped it")]?.line
            == "skipped by an operator at 1970-01-01T00:00:00.020Z: stuck")
    #expect(kept[try letter(4, reason: "an operator skipped it")]?.how == .discarded)
    #expect(kept[try letter(5, reason: "the store refused it")] == nil)
    #expect(kept[try letter(6, reason: "an operator skipped it")] == nil)
}

@Test func `decisions are kept in the folder, each once, and the last one counts`() throws {
    let folder = try TemporaryFolder()
    let data = DataFolder(folder.url.path)
    var decisions = try LetterDecisions.kept(in: data)
    #expect(decisions.handled.isEmpty)

    for decision in [
        decision(.retried, at: 20), decision(.discarded, at: 10), decision(.retried, at: 99),
        decision(.discarded, number: 2, at: 30),
    ] { decisions.add(decision) }
    try decisions.keep(in: data)

    let kept = try LetterDecisions.kept(in: data)
    #expect(kept == decisions)
    #expect(kept.handled.count == 3)
    #expect(
        kept[try letter(1)]?.line == "retried by lin at 1970-01-01T00:00:00.020Z: because")
    #expect(kept[try letter(2)]?.how == .discarded)
    #expect(kept[try letter(3)] == nil)
}

@Test func `a letter that was decided upon breaks no law`() async throws {
    let books = try await Books()
    try await books.apply([broken], to: CaseRoutingProcessor())
    let shelf = try StoreShelf(books.data)
    let letter = try #require(try LetterContents.listed(shelf).first)
    let handled = DeadLetterHandled(
        store: letter.store, number: letter.number, how: .discarded, reason: "a test", by: "lin")
    var decisions = LetterDecisions()
    decisions.add(Envelope(handled, id: handled.id, source: "/suishoupai", time: CitySample.monday))
    try decisions.keep(in: books.data)

    let box = try await LetterBox.open(books.data, shelf: shelf)
    let findings = try AuditLaws(shelf: shelf, letters: box.letters).check()

    #expect(box.letters.count == 1)
    #expect(box.unexplained.isEmpty)
    #expect(findings.first { $0.law == "no dead letter is unexplained" }?.holds == true)
}

@Test func `an audit that could not see every letter says so`() async throws {
    let books = try await Books()
    let laws = AuditLaws(shelf: try StoreShelf(books.data), letters: [], lettersTrouble: "the broker is away")
    let finding = try #require(try laws.check().first { $0.law == "no dead letter is unexplained" })

    #expect(finding.holds)
    #expect(finding.notes == ["the broker is away"])
}
