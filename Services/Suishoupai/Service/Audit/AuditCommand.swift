import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import Subprocess
import SystemPackage

/// `suishoupai audit`: whether the books are in order.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Read the stores and check the laws: nothing lost, nothing doubled, nothing made up.",
        discussion: """
            Works beside the running system, and on a copy of a data folder. Exit status: 0 when every law holds, 1 \
            when one is broken (with the list), 2 when the command was not understood.

            Examples:
              suishoupai audit --data ./data
              suishoupai audit --data ./data --wait 60 --replay --json
            """)

    @Option(help: "The data folder.")
    var data: String

    @Option(help: "How many seconds to wait for work in progress before a law counts as broken.")
    var wait = 0

    @Flag(help: "Also apply every kept record to empty stores and compare tables and published bytes.")
    var replay = false

    @Flag(help: "Print one JSON object.")
    var json = false

    private struct Report: Codable {
        let holds: Bool
        let laws: [AuditFinding]
    }

    func run() async throws {
        let folder = DataFolder(data)
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw ValidationError("There is no folder '\(folder.path)'. Give the one that 'suishoupai up' runs on.")
        }
        var findings = try await checkWaiting(folder)
        if replay {
            for processor in TopicCatalogue.processors { findings.append(try await replayed(processor, folder)) }
        }
        let holds = findings.allSatisfy(\.holds)
        if json {
            print(try ContractCoding.text(Report(holds: holds, laws: findings)))
        } else {
            findings.forEach(show)
        }
        guard holds else { throw ExitCode(1) }
    }

    /// Checks again while something is broken that may only be under way.
    private func checkWaiting(_ folder: DataFolder) async throws -> [AuditFinding] {
        let deadline = ContinuousClock.now + .seconds(wait)
        while true {
            let shelf = try StoreShelf(folder)
            let letters = try await LetterBox.open(folder, shelf: shelf).letters
            let findings = try AuditLaws(shelf: shelf, letters: letters).check()
            guard !findings.allSatisfy(\.holds), ContinuousClock.now < deadline else { return findings }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private func show(_ finding: AuditFinding) {
        print("\(finding.holds ? "✓" : "✗") \(finding.law) (\(finding.checked) checked)")
        for line in finding.broken { print("    \(line)") }
        if finding.brokenCount > finding.broken.count {
            print("    … and \(finding.brokenCount - finding.broken.count) more")
        }
    }

    /// Has the processor's own program replay its stores: only it knows its rules.
    private func replayed(_ processor: String, _ folder: DataFolder) async throws -> AuditFinding {
        var reports: [ReplayReport] = []
        var failures: [String] = []
        for host in try [folder] + folder.hosts() {
            switch try await replay(processor, host) {
            case .success(let found): reports += found
            case .failure(let failure): failures.append("\(processor) replay failed: \(failure.output)")
            }
        }
        let broken = reports.filter { !$0.isEqual }.map { report in
            "\(processor)/\(report.partition): "
                + (report.incomplete ?? report.firstDifference.map { "outbox row \($0) differs" } ?? "tables differ")
        }
        return AuditFinding(
            "\(processor) is what its log makes of it", checked: reports.reduce(0) { $0 + $1.records },
            broken: broken + failures)
    }

    private struct ReplayFailure: Error {
        let output: String
    }

    private func replay(
        _ processor: String, _ folder: DataFolder
    ) async throws -> Result<[ReplayReport], ReplayFailure> {
        let program = Programs.folder.appending(path: processor)
        let result = try await Subprocess.run(
            .path(FilePath(program.path(percentEncoded: false))),
            arguments: ["replay", "--data", folder.path, "--json"], output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        guard let reports = try readReports(result.standardOutput) else {
            return .failure(ReplayFailure(output: result.standardError))
        }
        return .success(reports)
    }

    private func readReports(_ text: String) throws -> [ReplayReport]? {
        guard text.hasPrefix("[") else { return nil }
        return try ContractCoding.decode([ReplayReport].self, from: Data(text.utf8))
    }
}

/// Where the programs of this build lie: beside this one.
enum Programs {
    static var folder: URL {
        URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    }
}
