import ArgumentParser
import Contracts
import Foundation
import PackFolder
import Testing

@testable import Suishoupai

private let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
private let nanchang = repository.appendingPathComponent("deploy/packs/nanchang", isDirectory: true)

/// The program as built; tests of its exit status run it.
private let program = repository.appendingPathComponent(".build/debug/suishoupai").path

/// Its status and all that it said.
private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    // Read to the end before waiting: a full pipe would hold the program for ever.
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}

private func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("suishoupai-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

private func remove(_ folder: URL) {
    do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
}

@Test func `the report names what is in a pack and how much is wrong`() throws {
    let report = try PackReport(PackFolder.read(nanchang))

    #expect(report.text.contains("南昌高新区 (nanchang), version 1"))
    #expect(report.text.contains("     4  communities"))
    #expect(report.text.contains("     4  compounds 小区"))
    #expect(report.text.contains("     9  grids 网格"))
    #expect(report.text.contains("    21  duties 值班"))
    #expect(report.text.contains("    13  questions 问题"))
    #expect(report.text.contains("    12  landmarks 地标"))
    #expect(report.text.contains("0 errors, 0 warnings"))
    #expect(report.hash?.count == 64)
}

@Test func `a number that begins with a minus is a number`() throws {
    let arguments = ["pack", "new", "--communities", "a", "--id-property", "b", "--name-property", "c", "--to", "d"]

    let command = try SuishoupaiCommand.parseAsRoot(arguments + ["--utc-offset-minutes", "-480"])

    #expect((command as? PackNewCommand)?.utcOffsetMinutes == -480)
}

@Test(arguments: [("los-angeles", "LOSA"), ("南昌", "CASE"), ("x1", "X1")])
func `the letters before a case number come from the name`(_ name: String, _ prefix: String) {
    #expect(PackNewCommand.prefix(of: name) == prefix)
}

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: program), "suishoupai is not built"))
struct `the program` {
    @Test func `checks a good pack and leaves with 0`() throws {
        let (status, output) = try run(["pack", "check", nanchang.path])

        #expect(status == 0)
        #expect(output.contains("0 errors"))
    }

    @Test func `leaves with 1 when the pack has errors, and says them in JSON when asked`() throws {
        let folder = try temporaryFolder()
        defer { remove(folder) }

        let (status, output) = try run(["pack", "check", folder.path, "--json"])

        #expect(status == 1)
        let document = try JSONDecoder().decode(Document.self, from: Data(output.utf8))
        #expect(document.problems.count == PackFile.allCases.count { !$0.isOptional })
        #expect(document.problems.allSatisfy { $0.severity == "error" && $0.kind == "missing-file" })
    }

    @Test(arguments: [["pack", "check", "/nowhere/at/all"], ["pack", "chekc"], ["pack", "build", "/tmp"]])
    func `leaves with 2 when it was not understood`(_ arguments: [String]) throws {
        #expect(try run(arguments).status == 2)
    }

    @Test func `prints the topics as AsyncAPI, with the deployment's prefix`() throws {
        let (status, output) = try run(["contracts", "--prefix", "nc-"])

        #expect(status == 0)
        let document = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        #expect(document?["asyncapi"] as? String == "3.0.0")
        #expect(output.contains("\"nc-reports.v1\""))
    }

    @Test func `builds the pack that it hashes`() throws {
        let folder = try temporaryFolder()
        defer { remove(folder) }
        let file = folder.appendingPathComponent("pack.json")

        let (status, output) = try run(["pack", "build", nanchang.path, "--to", file.path])

        let json = try Data(contentsOf: file)
        #expect(status == 0)
        #expect(output.hasPrefix(Pack.hash(of: json)))
        #expect(try ContractCoding.decode(Pack.self, from: json) == PackFolder.load(nanchang))
    }

    @Test func `names the file that is not there`() throws {
        let (status, output) = try run([
            "pack", "new", "--communities", "/nowhere.geojson", "--id-property", "id", "--name-property", "name",
            "--to",
            "/nowhere/city",
        ])

        #expect(status == 2)
        #expect(output.contains("/nowhere.geojson is not there"))
    }

    @Test func `starts a pack and refuses to write over it`() throws {
        let folder = try temporaryFolder()
        defer { remove(folder) }
        let arguments = [
            "pack", "new", "--communities", nanchang.appendingPathComponent("communities.geojson").path,
            "--id-property", "id", "--name-property", "name", "--to", folder.appendingPathComponent("city").path,
        ]

        #expect(try run(arguments).status == 0)
        #expect(try run(arguments).status == 1)
    }
}

private struct Document: Decodable {
    struct Problem: Decodable {
        let kind: String
        let severity: String
    }

    let problems: [Problem]
}
