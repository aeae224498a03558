import ArgumentParser
import Contracts
import EventProcessing
import Foundation

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

    @Flag(
        help: """
            Also apply the log once more and compare tables and published bytes: every record that the stores kept, on a \
            cluster what the command topics still have.
            """)
    var replay = false

    @Flag(help: "Print one JSON object.")
    var json = false

    private struct Report: Codable {
        let holds: Bool
        let laws: [AuditFinding]
    }

    func run() async throws {
        let folder = try DataFolder.demand(data)
        var findings = try await checkWaiting(folder)
        if replay {
            let replays = try StoreReplays(folder)
            for processor in TopicCatalogue.processors { findings.append(try await replays.check(processor)) }
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
            let box = try await LetterBox.open(folder, shelf: shelf)
            let laws = AuditLaws(shelf: shelf, letters: box.letters, lettersTrouble: box.trouble)
            let findings = try laws.check()
            guard !findings.allSatisfy(\.holds), ContinuousClock.now < deadline else { return findings }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private func show(_ finding: AuditFinding) {
        print("\(finding.holds ? "✓" : "✗") \(finding.law) (\(finding.checked) checked)")
        for note in finding.notes ?? [] { print("    • \(note)") }
        for line in finding.broken { print("    \(line)") }
        if finding.brokenCount > finding.broken.count {
            print("    … and \(finding.brokenCount - finding.broken.count) more")
        }
    }
}

/// Where the programs of this build lie: beside this one.
enum Programs {
    static var folder: URL {
        URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    }
}
