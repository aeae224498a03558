import Contracts
import Foundation
import TestSupport
import Testing

@testable import Suishoupai

private let nanchang = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "deploy/packs/nanchang").path(percentEncoded: false)

private struct Result: Decodable {
    struct Group: Decodable {
        struct Example: Decodable {
            let caseNumber: String
            let now: String
            let then: String
        }

        let from: UnitID?
        let to: UnitID?
        let cases: Int
        let reports: Int
        let examples: [Example]
    }

    let cases: Int
    let reports: Int
    let movedCases: Int
    let groups: [Group]
    let olderCases: Int
}

private struct Trial: Decodable {
    struct Row: Decodable {
        let name: String
        let booked: Int
        let would: Int
        let difference: Int
    }

    let cases: Int
    let withheld: Int
    let people: [Row]
    let rules: [Row]
}

@Suite(.enabled(if: Program.isBuilt, "suishoupai is not built"))
struct `rules` {
    /// Tries rules on books of two cases and three reports.
    private func test(_ rules: String, _ options: String...) async throws -> Program.Answer {
        let books = try await Books()
        let file = books.folder.url.appending(path: "changed.txt")
        try Data(rules.utf8).write(to: file)
        return try await Program.run(
            ["rules", "test", "--data", books.data.path, "--rules", file.path(percentEncoded: false)] + options)
    }

    @Test func `that change nothing are told so`() async throws {
        let answer = try await test("X1: P0101 -> sanitation\nX2: E0102 in 名都 -> 名都物业\n")

        #expect(answer.status == 0)
        #expect(answer.output.hasPrefix("2 cases of 3 reports, 2026-11-23T01:00:00.000Z to "))
        #expect(answer.output.contains("✓ nothing would go elsewhere"))
    }

    @Test func `that change something say what would go where and why`() async throws {
        let answer = try await test("X1: E0102 -> sanitation, because 试一试\n", "--json")

        #expect(answer.status == 0, "\(answer.output)")
        let result = try ContractCoding.decode(Result.self, from: Data(answer.output.utf8))
        #expect(
            [result.cases, result.reports, result.movedCases, result.olderCases] as [Int] == [2, 3, 2, 0] as [Int])
        let group = try #require(result.groups.first)
        #expect(group.from == "mingdu-property" && group.to == "sanitation")
        #expect(group.cases == 2 && group.reports == 3)
        #expect(group.examples.first?.caseNumber == "MD-20261123-0001")
        #expect(group.examples.first?.now.contains("rule R1: E0102 in mingdu → mingdu-property") == true)
        #expect(group.examples.first?.then.contains("(because 试一试)") == true)
    }

    @Test func `with a fault are refused with its place`() async throws {
        let answer = try await test("# changed\nX1: E0102 by sanitation\nX2: E0102 -> nobody\n")

        #expect(answer.status == 1)
        #expect(answer.output.contains("changed.txt, line 2, column 11: \"by\" is not understood here"))
        #expect(answer.output.contains("line 3, column 14: the unit nobody is not in units.csv"))
    }

    @Test func `of a whole pack are tried with its own units`() async throws {
        let books = try await Books()

        let answer = try await Program.run(
            "rules", "test", "--data", books.data.path, "--pack", nanchang, "--limit", "0")

        #expect(answer.status == 0, "\(answer.output)")
        #expect(answer.output.contains("2 cases: mingdu-property 名都物业 → sanitation"))
        #expect(!answer.output.contains("now:"))
    }

    @Test func `are explained for a place and an hour`() async throws {
        func explain(_ options: String...) async throws -> Program.Answer {
            try await Program.run(["rules", "explain", "--pack", nanchang] + options)
        }

        let inside = try await explain("--category", "暴露垃圾", "--at", "28.6845,115.9455")
        #expect(inside.status == 0)
        #expect(inside.output.contains("rule R11: E0102 inside mingdu-compound → mingdu-property"))
        let night = try await explain(
            "--category", "E0401", "--at", "28.6868,115.9426", "--time", "2026-11-23T23:00:00+08:00")
        #expect(night.output.contains("R25  decides 决定: emergency"))
        let day = try await explain(
            "--category", "E0401", "--at", "28.6868,115.9426", "--time", "2026-11-23T10:00:00+08:00", "--json")
        #expect(day.output.contains("\"ruleId\":\"R33\""))
        let nowhere = try await explain("--category", "E0102", "--at", "115.9455,28.6845")
        #expect(nowhere.status == 2)
        #expect(nowhere.output.contains("the latitude first"))
    }

    @Test func `of points are tried on the recorded cases, against what was booked`() async throws {
        let books = try await Books()
        let answer = try await Program.run(
            "rules", "points", "--dry-run", "--data", books.data.path, "--pack", nanchang, "--json")

        #expect(answer.status == 0, "\(answer.output)")
        let trial = try ContractCoding.decode(Trial.self, from: Data(answer.output.utf8))
        #expect(trial.cases == 2)
        // Ten points were promised by P1; by the demo pack it is rule P2, of a ledger that nobody funds there.
        #expect(trial.people.first { $0.name == "rider-0" }?.booked == 10)
        #expect(trial.rules.first { $0.name == "P1" }?.difference == -10)
        #expect(trial.withheld > 0)

        let funded = books.folder.url.appending(path: "funded")
        try FileManager.default.copyItem(atPath: nanchang, toPath: funded.path(percentEncoded: false))
        for (file, old, new) in [
            ("pack.yaml", "ledgers: [nanchang]", "ledgers: [nanchang, gaoxin]"),
            ("points.yaml", "ledger: nanchang", "ledger: gaoxin"),
        ] {
            let url = funded.appending(path: file)
            let text = try String(contentsOf: url, encoding: .utf8)
            try Data(text.replacing(old, with: new).utf8).write(to: url)
        }
        let again = try await Program.run(
            "rules", "points", "--dry-run", "--data", books.data.path, "--pack", funded.path(percentEncoded: false))
        #expect(again.output.contains("P2: 0 → 10 (+10)"), "\(again.output)")
        // Who joined shares: the first has seven of the ten.
        #expect(again.output.contains("rider-0: 10 → 7 (-3)"), "\(again.output)")
        #expect(again.output.contains("rider-100: 0 → 3 (+3)"), "\(again.output)")
    }

    @Test func `of points need a case to be tried on`() async throws {
        let folder = try TemporaryFolder()
        let answer = try await Program.run(
            "rules", "points", "--dry-run", "--data", folder.url.path(percentEncoded: false), "--pack", nanchang)

        #expect(answer.status == 1)
        #expect(answer.output.contains("nothing to try the rules on"))
    }

    @Test(
        arguments: [
            ["rules", "points", "--data", "/tmp", "--pack", nanchang],
            ["rules", "points", "--dry-run", "--pack", nanchang],
            ["rules", "points", "--dry-run", "--data", "/nowhere/at/all", "--pack", nanchang],
            ["rules", "test", "--data", "/tmp"], ["rules", "test", "--data", "/tmp", "--rules", "a", "--pack", "b"],
            ["rules", "test", "--data", "/nowhere/at/all", "--rules", "a"],
            ["rules", "explain", "--pack", nanchang, "--category", "垃圾", "--at", "28.6845,115.9455"],
        ])
    func `leave with 2 when they were not understood`(_ arguments: [String]) async throws {
        #expect(try await Program.run(arguments).status == 2)
    }
}
