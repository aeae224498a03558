import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Suishoupai

private func progress(_ outcomes: (RowOutcome, endOffset: Int)..., of bytes: Int) -> ImportProgress {
    var progress = ImportProgress(totalBytes: bytes)
    for (outcome, end) in outcomes { progress.settle(outcome, endOffset: end) }
    return progress
}

@Test func `the progress counts rows by what became of them, and bytes by the last`() {
    let half = progress((.accepted, 20), (.duplicate, 40), (.rejected(["no"]), 50), of: 100)

    #expect(half.rows == 3)
    #expect(half.share == 0.5)
    #expect(
        half.line(after: .seconds(2)) == "[████████████░░░░░░░░░░░░]  50 %  3 rows  1/s  about 2 s left  1 rejected")
}

@Test func `a file whose size nobody knows has no share and no end in sight`() {
    let some = progress((.accepted, 20), of: 0)

    #expect(some.line(after: .seconds(1)) == "[░░░░░░░░░░░░░░░░░░░░░░░░]  0 %  1 rows  1/s")
}

@Test(arguments: [(Duration.seconds(60), "60 s"), (.seconds(600), "10 min"), (.seconds(36_000), "10 h")])
func `what is left is told in the unit that people would use`(_ elapsed: Duration, _ left: String) {
    #expect(progress((.accepted, 50), of: 100).line(after: elapsed).contains("about \(left) left"))
}

@Test func `a terminal sees one line that changes, a file a line at the end, and quiet says nothing`() {
    func said(isQuiet: Bool, isTerminal: Bool) -> String {
        let said = Mutex("")
        var drawing = ProgressDrawing(isQuiet: isQuiet, isTerminal: isTerminal) { text in said.withLock { $0 += text } }
        let all = progress((.accepted, 100), of: 100)
        drawing.update(all)
        drawing.note("a note")
        drawing.finish(all)
        return said.withLock { $0 }
    }

    #expect(said(isQuiet: true, isTerminal: true) == "")
    #expect(said(isQuiet: false, isTerminal: true).hasPrefix("\r\u{1B}[Ka note\n\r\u{1B}[K[████"))
    #expect(said(isQuiet: false, isTerminal: false).hasPrefix("a note\n[████"))
}

@Test(arguments: [
    (
        ImportSummary(rows: 3, accepted: 3, duplicates: 0, rejected: 0, rejectsFile: nil, milliseconds: 1_290),
        "3 rows: 3 new in 1.2 s"
    ),
    (
        ImportSummary(rows: 6, accepted: 1, duplicates: 2, rejected: 3, rejectsFile: "r.csv", milliseconds: 99),
        "6 rows: 1 new, 2 in from before, 3 rejected in 0.0 s; see r.csv"
    ),
])
func `the summary says what came in and where the rest is`(_ summary: ImportSummary, _ text: String) {
    #expect(summary.text == text)
}

// MARK: - The program

@Suite(.enabled(if: Program.isBuilt, "suishoupai is not built")) struct `the import program` {
    private func files(
        _ folder: TemporaryFolder, rows: String,
        mapping: String = "id: id\ndescription: id\nlatitude: lat\nlongitude: lon"
    ) throws -> (csv: String, mapping: String) {
        let csv = folder.url.appending(path: "reports.csv")
        let yaml = folder.url.appending(path: "mapping.yaml")
        try rows.write(to: csv, atomically: true, encoding: .utf8)
        try mapping.write(to: yaml, atomically: true, encoding: .utf8)
        return (csv.path, yaml.path)
    }

    @Test func `leaves with 0, then with 1 when rows were rejected, and tells both as JSON`() async throws {
        let folder = try TemporaryFolder()
        let (csv, mapping) = try files(folder, rows: "id,lat,lon\nrow-1,1,2\nrow-2,3,4\n")
        try await StreamDoor.withDoor { _, url in
            let good = try await Program.run(
                "import", "--data", folder.url.path, "--mapping", mapping, "--url", url, "--quiet", "--json", csv)
            #expect(good.status == 0)
            let summary = try JSONDecoder().decode(ImportSummary.self, from: Data(good.output.utf8))
            #expect(summary.accepted == 2 && summary.rejectsFile == nil)
        }
        try await StreamDoor.withDoor(rejecting: ["row-2"]) { _, url in
            let bad = try await Program.run(
                "import", "--data", folder.url.path, "--mapping", mapping, "--url", url, "--quiet", csv)
            #expect(bad.status == 1)
            #expect(bad.output.contains("2 rows: 1 new, 1 rejected in"))
            #expect(bad.output.contains("see \(csv).rejects.csv"))
        }
    }

    @Test func `leaves with 2 when the mapping, the file or the command is wrong, and says which`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.url.path
        let (csv, mapping) = try files(folder, rows: "id,lat\n1,2\n")
        let wrong: [(arguments: [String], words: String)] = [
            (["--mapping", mapping, csv], "Nothing runs on '\(data)'"),
            (
                ["--mapping", mapping, "--url", "http://127.0.0.1:1", csv],
                "the mapping needs columns that the file lacks: lon"
            ),
            (["--mapping", csv, "--url", "http://127.0.0.1:1", csv], "The mapping '\(csv)'"),
            (["--mapping", mapping, "--url", "http://127.0.0.1:1", "\(data)/absent.csv"], "absent.csv"),
            (
                ["--mapping", mapping, "--url", "http://127.0.0.1:1", "--rejects", csv, csv],
                "would write over what is read"
            ),
        ]
        for (arguments, words) in wrong {
            let answer = try await Program.run(["import", "--data", data] + arguments)
            #expect(answer.status == 2, "\(answer.output)")
            #expect(answer.output.contains(words), "\(answer.output)")
        }
        #expect(try String(contentsOfFile: csv, encoding: .utf8) == "id,lat\n1,2\n")
    }
}
