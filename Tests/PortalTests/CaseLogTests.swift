import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// What a case was told, each linked to the one before, at minutes one after another.
func linked(_ events: [CaseEvent]) throws -> [CaseLogEntry] {
    var head: CaseChain?
    return try events.enumerated().map { index, event in
        let link = try CaseLink(event, after: head, at: .minutes(Int64(index)))
        head = CaseChain(number: link.number, hash: link.hash)
        return CaseLogEntry(event, chain: link)
    }
}

@Test(arguments: Onlooker.all)
func `the log shows dispatchers all and reporters the links, and nobody else anything`(onlooker: Onlooker) async throws
{
    try await PortalUnderTest.run { portal, client in
        let state = CaseState.sample(reporters: ["rider-1", "rider-2"], unit: CitySample.property, handler: "worker-a")
        let entries = try linked([state.opening, state.step(.filed, reason: "属实 / \"是\""), state.step(.dispatched)])
        try await portal.hear(state)
        for (minute, entry) in entries.enumerated().reversed() {
            try await portal.hear(entry, at: .minutes(Int64(minute)))
        }

        let answer = try await client.ask("/v1/cases/case-1/log", token: try await onlooker.token(portal))

        guard onlooker.knowsReporters || onlooker.isReporter else {
            #expect(answer.status == 403)
            return
        }
        let items = try #require(answer.json["items"]?.array)
        #expect(items.map { $0["number"]?.number } == [1, 2, 3])
        #expect(items.map { $0["hash"]?.string } == entries.map { $0.chain?.hash })
        // Each names the one before, so that nobody leaves one out.
        #expect(items.map { $0["previous"]?.string } == [""] + items.dropLast().map { $0["hash"]?.string })
        for item in items {
            // As a reporter checks it, who has no data.
            let hash = CaseLink.hash(
                number: Int(item["number"]?.number ?? 0), previous: item["previous"]?.string ?? "?",
                content: item["content"]?.string ?? "?", time: item["time"]?.string ?? "?",
                type: item["type"]?.string ?? "?")
            #expect(item["hash"]?.string == hash)
        }
        #expect(items[1]["data"]?["reason"]?.string == (onlooker.knowsReporters ? "属实 / \"是\"" : nil))
    }
}

@Test(arguments: [Role.dispatcher, .rider])
func `the published script checks what portal answers, with the data or the links alone`(role: Role) async throws {
    try await PortalUnderTest.run { portal, client in
        let state = CaseState.sample(reporters: ["rider-1"], unit: CitySample.property, handler: "worker-a")
        let entries = try linked([
            state.opening, state.step(.filed, reason: "属实 / \"是\" \u{1F6AE}"), state.step(.dispatched),
            state.step(.closed),
        ])
        try await portal.hear(state)
        for (minute, entry) in entries.enumerated() { try await portal.hear(entry, at: .minutes(Int64(minute))) }
        let token = try await portal.token("rider-1", role)
        let shown = try await client.ask("/v1/cases/case-1/log", token: token)
        let answer = shown.text
        func verify(_ text: String, _ hash: String? = nil) async throws -> PythonScript.Answer {
            try await PythonScript("deploy/verify-case.py").run(
                ["case-1"] + (hash.map { [$0] } ?? []), input: Data(text.utf8))
        }
        let hashes = entries.compactMap { $0.chain?.hash }
        let last = try #require(hashes.last)

        let whole = try await verify(answer, last)
        let bare = role == .rider ? "; 4 without their data" : ""
        #expect(whole.status == 0 && whole.output == "whole: 4 events, the last link is \(last)\(bare)\n")
        // A hash that was kept on the way is one of its links.
        #expect(try await verify(answer, hashes[1]).status == 0)
        #expect(try await verify(answer, String(last.reversed())).status == 1)
        // A link that was left out or changed, with or without its hash made anew.
        var items = try #require(shown.json["items"]?.array)
        items.remove(at: 1)
        #expect(try await verify(JSONValue.object(["items": .array(items)]).text()).status == 1)
        #expect(try await verify(answer.replacing("case.filed", with: "case.refused")).status == 1)
        #expect(try await verify(answer.replacing(hashes[2], with: String(hashes[2].reversed()))).status == 1)
        if role == .dispatcher { #expect(try await verify(answer.replacing("属实", with: "不实")).status == 1) }
    }
}
