import Contracts
import Foundation
import TestSupport
import Testing

@testable import CaseRouting

/// A day of three cases: one closed and rated, one that two report, one that lies overdue; then the day is counted.
private func day() async throws -> [String] {
    let desk = try await Desk()
    for number in 1...3 {
        let report = CitySample.report(
            ReportID("report-\(number)"), from: PersonID("rider-\(number)"),
            at: CitySample.townHall.north(number * 200_000))
        let id = try await desk.register(report, after: Int64(number) * 60_000).state().caseId
        for action in [CaseAction.file, .dispatch] { try await desk.act(action, on: id, after: 600_000) }
        guard number == 1 else { continue }
        try await desk.act(.handle, on: id, after: 700_000)
        try await desk.act(.verify, on: id, by: CitySample.checker, after: 800_000)
    }
    try await desk.store.ring(at: CitySample.moment("2026-11-25T00:00:00.000+08:00"))
    let topics = [TopicCatalogue.caseEvents, TopicCatalogue.cases, TopicCatalogue.caseRates].map(\.name)
    return try await desk.store.messages().filter { topics.contains($0.topic) }
        .map { String(decoding: $0.value, as: UTF8.self) }
}

private func recount(_ lines: [String]) async throws -> PythonScript.Answer {
    try await PythonScript("deploy/recount.py").run(input: Data(lines.joined(separator: "\n").utf8))
}

@Test func `the recount finds everything whole, twice told or not, and says where there is nothing`() async throws {
    let lines = try await day()

    let whole = try await recount(lines)
    #expect(whole.status == 0 && whole.output.contains("events of 3 cases"), "\(whole.output)")
    #expect(!whole.output.contains("whole: 0 periods"))
    let twice = try await recount(lines + lines.filter { $0.contains("case.") })
    #expect(twice.status == 0, "\(twice.output)")
    #expect(try await recount([]).status == 2)
}

@Test(arguments: SeededGenerator.seeds(1, fresh: 1))
func `one changed byte is found, wherever it lies in what was told or counted`(seed: UInt64) async throws {
    print("seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let lines = try await day()
    func digits(of index: Int, from mark: String) -> [String.Index] {
        guard let start = lines[index].range(of: mark)?.upperBound,
            let end = [",\"utcOffsetMinutes\"", "\"datacontenttype\""].compactMap({ lines[index].range(of: $0) }).first
        else { return [] }
        return lines[index][start..<end.lowerBound].indices.filter {
            lines[index][$0].isASCII && lines[index][$0].isNumber
        }
    }
    let places = lines.indices.flatMap { index -> [(Int, String.Index)] in
        let mark =
            lines[index].contains("\"type\":\"rates.published\"")
            ? "\"counts\":{"
            : lines[index].contains("\"chain\"") && !lines[index].contains("case.state") ? "\"data\":{" : nil
        return mark.map { digits(of: index, from: $0).map { (index, $0) } } ?? []
    }
    #expect(places.count > 500)

    for (index, place) in places.shuffled(using: &random).prefix(25) {
        var changed = lines
        let other = lines[index][place] == "9" ? "8" : "9"
        changed[index].replaceSubrange(place...place, with: other)
        let answer = try await recount(changed)
        #expect(answer.status == 1, "seed \(seed): \(changed[index])")
    }
}
