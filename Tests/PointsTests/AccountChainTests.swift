import Contracts
import EventProcessing
import Foundation
import TestSupport
import Testing

/// What a random history published of the points, a record a line.
private func published(seed: UInt64) async throws -> [String] {
    let run = try await applied(History(seed: seed).records, batch: 32)
    return run.outputs.filter {
        $0.topic == TopicCatalogue.pointsEvents.name || $0.topic == TopicCatalogue.accounts.name
    }
    .map { String(decoding: $0.value, as: UTF8.self) }.filter { $0.contains("points.") || $0.contains("account.state") }
}

private func recount(_ lines: [String]) async throws -> PythonScript.Answer {
    try await PythonScript("deploy/recount.py").run(input: Data(lines.joined(separator: "\n").utf8))
}

private func verify(_ lines: [String]) async throws -> PythonScript.Answer {
    try await PythonScript("deploy/verify-points.py").run(input: Data(lines.joined(separator: "\n").utf8))
}

@Test(arguments: SeededGenerator.seeds(7, 8, fresh: 1))
func `every account of a history is whole, by our rule and by the published script`(seed: UInt64) async throws {
    let lines = try await published(seed: seed)
    let events = try lines.map { Data($0.utf8) }.filter {
        try MessageAttributes(value: $0).type != AccountState.type
    }.map { try Envelope<PointsMoved>(value: $0) }
    let accounts = Set(events.flatMap(\.data.postings).map(\.accountId))

    #expect(accounts.count > 2, "seed \(seed)")
    for account in accounts {
        let check = try AccountCheck(account, in: events, head: nil)
        #expect(check.firstFault == nil, "seed \(seed)")
        #expect(check.lines.map(\.number) == Array(1...check.lines.count), "seed \(seed)")
    }
    let answer = try await verify(lines + lines.reversed())
    #expect(answer.status == 0 && answer.output.contains("of \(accounts.count) accounts"), "\(answer.output)")
    let recounted = try await recount(lines + lines.reversed())
    #expect(recounted.status == 0 && recounted.output.contains("of \(accounts.count) accounts"), "\(recounted.output)")
}

@Test func `the published script finds every kind of meddling`() async throws {
    let lines = try await published(seed: 7)
    let moved = try #require(lines.firstIndex { $0.contains("points.pended") })
    let meddled: [(String, ([String]) -> [String])] = [
        ("a flipped digit of a hash", { $0.with(moved) { $0.flippingHash() } }),
        ("another amount", { $0.with(moved) { $0.replacing("\"amount\":-", with: "\"amount\":-1") } }),
        ("another time", { $0.with(moved) { $0.replacing(/"time":"2026/, with: "\"time\":\"2025") } }),
        ("left out", { $0.enumerated().filter { $0.offset != moved }.map(\.element) }),
        (
            "the end cut off",
            { lines in
                lines.enumerated().filter { $0.offset != lines.lastIndex { $0.contains("points.") } }.map(\.element)
            }
        ),
        (
            "another balance of an account",
            { $0.map { $0.contains("account.state") ? $0.replacing("\"balance\":", with: "\"balance\":1") : $0 } }
        ),
    ]
    for (name, change) in meddled {
        let changed = change(lines)
        #expect(changed != lines, "\(name)")
        let answer = try await verify(changed)
        #expect(answer.status == 1, "\(name): \(answer.output)")
        let recounted = try await recount(changed)
        #expect(recounted.status == 1, "\(name): \(recounted.output)")
    }
    #expect(try await verify([]).status == 2)
}

extension [String] {
    fileprivate func with(_ index: Int, _ change: (String) -> String) -> [String] {
        var changed = self
        changed[index] = change(self[index])
        return changed
    }
}

extension String {
    /// With one hex digit of its first hash another one.
    fileprivate func flippingHash() -> String {
        guard let start = range(of: "\"hash\":\"")?.upperBound else { return self }
        let digit = self[start] == "0" ? "1" : "0"
        return replacingCharacters(in: start...start, with: digit)
    }
}
