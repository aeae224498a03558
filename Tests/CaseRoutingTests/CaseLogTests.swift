import CaseRoutingDomain
import Contracts
import EventProcessing
import Foundation
import TestSupport
import Testing

@testable import CaseRouting

/// A case with a life behind it, and another beside it; what was said of both.
private func told() async throws -> (id: CaseID, messages: [StoreUnderTest.Message]) {
    let desk = try await Desk()
    let id = try await desk.register(CitySample.report(saying: "垃圾 \"堆\" / \u{1F6AE}\n\t门口")).state().caseId
    try await desk.register(CitySample.report("report-2", from: "rider-2", at: CitySample.townHall.north(100)))
    try await desk.register(CitySample.report("report-3", category: CitySample.parking))
    for (index, action) in [CaseAction.file, .dispatch, .return, .dispatch].enumerated() {
        try await desk.act(action, on: id, reason: "理由 / \"\(index)\"", after: Int64(index) * 60_000)
    }
    let due = try #require(try await desk.timer(of: id))
    try await desk.wake(id, due: due, at: due)
    for action in [CaseAction.handle, .verify, .reopen] {
        // Nobody verifies their own work.
        try await desk.act(
            action, on: id, by: action == .verify ? CitySample.checker : CitySample.boss, after: 36_000_000)
    }
    return (id, try await desk.store.messages())
}

private func records(of id: CaseID, in messages: [StoreUnderTest.Message]) throws -> [ContractJSON] {
    try messages.filter { $0.topic == TopicCatalogue.caseEvents.name && $0.attributes.subject == id.rawValue }
        .map { try ContractCoding.decode(ContractJSON.self, from: $0.value) }
}

@Test func `every event of a case is a link of its log, and its state has the last`() async throws {
    let (id, messages) = try await told()

    let records = try records(of: id, in: messages)
    let state = try messages.filter { $0.attributes.subject == id.rawValue }.state()
    let check = CaseLogCheck(records, head: state.chain)
    #expect(check.isWhole, "\(check.firstFault ?? "")")
    #expect(check.steps.count == 12)
    #expect(state.chain?.number == 12)
    // Each state on the way has the last link before it.
    var last: CaseLink?
    for message in messages where message.attributes.subject == id.rawValue {
        if message.topic == TopicCatalogue.cases.name {
            let chain = try message.read(CaseState.self).chain
            #expect(chain == last.map { CaseChain(number: $0.number, hash: $0.hash) })
        } else if message.topic == TopicCatalogue.caseEvents.name {
            last = try message.read(CaseLogEntry.self).chain
        }
    }
}

@Test func `a reader who knows no log reads the same events`() async throws {
    let (id, messages) = try await told()

    for message in messages
    where message.topic == TopicCatalogue.caseEvents.name && message.attributes.subject == id.rawValue {
        let entry = try message.read(CaseLogEntry.self)
        #expect(try message.read(CaseEvent.self) == entry.event)
    }
    #expect(messages.contains { $0.attributes.subject == id.rawValue })
}

@Test func `the published script finds a log whole, and every kind of meddling`() async throws {
    let (id, messages) = try await told()
    let lines = messages.filter { $0.topic == TopicCatalogue.caseEvents.name }
        .map { String(decoding: $0.value, as: UTF8.self) }
    let own = lines.indices.filter { lines[$0].contains("\"subject\":\"\(id)\"") }
    let hash = try #require(try messages.filter { $0.attributes.subject == id.rawValue }.state().chain?.hash)
    func verify(_ lines: [String]) async throws -> PythonScript.Answer {
        try await PythonScript("deploy/verify-case.py")
            .run([id.rawValue, hash], input: Data(lines.joined(separator: "\n").utf8))
    }

    let whole = try await verify(lines + lines.reversed())
    #expect(whole.status == 0 && whole.output == "whole: 12 events, the last link is \(hash)\n", "\(whole.output)")

    var changed = lines
    changed[own[4]] = changed[own[4]].replacing("理由", with: "理曲")
    #expect(changed != lines)
    var removed = lines
    removed.remove(at: own[3])
    let cut = lines.enumerated().filter { $0.offset != own[11] }.map(\.element)
    var swapped = lines
    swapped[own[3]] = swapped[own[3]].replacing("\"number\":4", with: "\"number\":5")
    swapped[own[4]] = swapped[own[4]].replacing("\"number\":5", with: "\"number\":4")
    let added = lines + [lines[own[11]].replacing("\"number\":12", with: "\"number\":13")]
    for (name, meddled) in [
        ("changed", changed), ("removed", removed), ("cut", cut), ("swapped", swapped), ("added", added),
    ] {
        #expect(meddled != lines)
        let answer = try await verify(meddled)
        #expect(answer.status == 1, "\(name): \(answer.output)")
    }
    #expect(try await PythonScript("deploy/verify-case.py").run(["nowhere"], input: Data()).status == 2)
}

@Test func `the rule works as it is printed in the docs`() async throws {
    let (id, messages) = try await told()
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/routing-log.md")
    let text = String(decoding: try Data(contentsOf: page), as: UTF8.self)
    let snippet = try #require(text.components(separatedBy: "```python\n").last?.components(separatedBy: "```").first)
    let rule = PythonScript(
        program: snippet + """

            import sys
            lines = sys.stdin.buffer.read().decode().split("\\n")
            print(is_whole([json.loads(line) for line in lines if line]))
            """)
    let lines = messages.filter {
        $0.topic == TopicCatalogue.caseEvents.name && $0.attributes.subject == id.rawValue
    }.map { String(decoding: $0.value, as: UTF8.self) }
    let hash = try #require(try messages.filter { $0.attributes.subject == id.rawValue }.state().chain?.hash)

    #expect(try await rule.run(input: Data(lines.joined(separator: "\n").utf8)).output == hash + "\n")
    let changed = lines.joined(separator: "\n").replacing("现场", with: "远程").replacing("理由", with: "理曲")
    #expect(try await rule.run(input: Data(changed.utf8)).output == "False\n")
}
