import Contracts
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Suishoupai

@Suite(.enabled(if: Program.isBuilt, "suishoupai is not built"), .timeLimit(.minutes(2)))
struct `the backup and restore programs` {
    @Test func `tell what came of it, and bring everything there and back`() async throws {
        let sample = try await BackupSample()

        let taken = try await Program.run(
            "backup", "--data", sample.data.path, "--to", sample.backup.path, "--json")
        let restored = try await Program.run(
            "restore", "--from", sample.backup.path, "--data", sample.restored.path, "--one-folder")

        #expect(taken.status == 0, "\(taken.output)")
        let report = try ContractCoding.decode(BackupReport.self, from: Data(taken.output.utf8))
        #expect((report.folder, report.stores, report.files) == (sample.backup.path, 6, 9))
        #expect(restored.status == 0, "\(restored.output)")
        #expect(restored.output.contains("is as it was at \(report.moment): 5 stores and 9 files"))
        #expect(restored.output.contains("suishoupai up --data \(sample.restored.path)"))
    }

    @Test func `leave with 1 for a store or backup that is wrong, and with 2 for what is refused`() async throws {
        let sample = try await BackupSample()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let holder = try DatabaseQueue(
            path: sample.data.appending(path: "portal/1.sqlite").path, configuration: configuration)
        try await holder.writeWithoutTransaction { db in try db.beginTransaction(.immediate) }
        let busy = try await Program.run("backup", "--data", sample.data.path, "--to", sample.backup.path)
        #expect(busy.status == 1)
        #expect(busy.output.contains("portal/1.sqlite' is being written to without a pause"), "\(busy.output)")
        #expect(busy.output.hasSuffix("try again\n"))
        try holder.close()
        try await sample.takeBackup()

        let taken = try await Program.run("backup", "--data", sample.data.path, "--to", sample.backup.path)
        #expect(taken.status == 2)
        #expect(taken.output.contains("is not empty. Give a folder that is not there yet."), "\(taken.output)")
        let full = try await Program.run("restore", "--from", sample.backup.path, "--data", sample.data.path, "--json")
        #expect(full.status == 2)
        try Data().write(to: sample.backup.appending(path: "pack.json"))
        let damaged = try await Program.run("restore", "--from", sample.backup.path, "--data", sample.restored.path)
        #expect(damaged.status == 1)
        #expect(
            damaged.output.contains("'pack.json' in '\(sample.backup.path)' has not the bytes"), "\(damaged.output)")
    }

    @Test func `help comes with examples`() async throws {
        for command in ["backup", "restore"] {
            let help = try await Program.run(command, "--help")
            #expect(help.status == 0)
            #expect(help.output.contains("Examples:"))
            #expect(help.output.contains("Exit status: 0"))
        }
    }
}

@Test func `progress is one line that changes, and goes away at the end`() {
    let written = Mutex("")
    let progress = CountedProgress(isShown: true) { text in written.withLock { $0 += text } }

    progress.show(12, of: 40, "stores")
    progress.finish()

    #expect(written.withLock { $0 } == "\r\u{1B}[K12 of 40 stores …\r\u{1B}[K")
}

@Test func `where nobody looks there is no progress`() {
    let progress = CountedProgress(isShown: false) { _ in Issue.record("something was written") }

    progress.show(1, of: 2, "stores")
    progress.finish()
}

@Test(arguments: [(0, "0 KB"), (1, "1 KB"), (999_999, "1000 KB"), (1_234_567, "1.2 MB"), (45_600_000_000, "45.6 GB")])
func `bytes are said as people say them`(_ bytes: Int64, _ text: String) {
    #expect(ByteCount(bytes).description == text)
}
