import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Suishoupai

@Suite(.timeLimit(.minutes(3))) struct BackupTests {
    @Test func `a backup holds all that a deployment keeps, and nothing that its next start makes anew`() async throws {
        let sample = try await BackupSample()

        let report = try await sample.takeBackup()

        #expect(try BackupSample.files(in: sample.backup) == (BackupSample.paths + ["backup.json"]).sorted())
        #expect((report.stores, report.files) == (6, 9))
        #expect(try sample.leftovers() == [])
        #expect(report.lockedMilliseconds < 4_000)
    }

    @Test func `its manifest says what it holds and where each machine stood`() async throws {
        let sample = try await BackupSample()
        let report = try await sample.takeBackup()

        let manifest = try BackupManifest.read(in: sample.backup)

        #expect(manifest.files.map(\.path).sorted() == BackupSample.paths)
        #expect(manifest.moment == report.moment)
        for file in manifest.files {
            let url = sample.backup.appending(path: file.path)
            #expect(try FileChecksum.sha256(of: url) == file.sha256)
            #expect(try Data(contentsOf: url).count == file.bytes)
        }
        let store = try #require(manifest.files.first { $0.path == "host-2/points/0.sqlite" }?.store)
        #expect((store.processor, store.partition, store.log) == ("points", 0, "log"))
        #expect(store.applied > 0)
        #expect(store.offset == store.applied)
        #expect(manifest.files.first { $0.path == "portal/1.sqlite" }?.store == nil)
    }

    @Test func `nobody else may look into a backup, and keys stay as private as they were`() async throws {
        let sample = try await BackupSample()
        try await sample.takeBackup()

        for folder in ["", "keys", "host-2/points"] {
            #expect(try BackupSample.permissions(sample.backup.appending(path: folder)) == 0o700, "\(folder)")
        }
        for file in ["keys/jwt-hs256.key", "keys/webhook.key", "backup.json"] {
            #expect(try BackupSample.permissions(sample.backup.appending(path: file)) == 0o600, "\(file)")
        }
    }

    @Test func `the audit reads a backup as it lies there, and leaves no file behind`() async throws {
        let sample = try await BackupSample()
        try await sample.takeBackup()

        let findings = try AuditLaws(shelf: StoreShelf(DataFolder(sample.backup.path)), letters: []).check()

        #expect(findings.filter { !$0.holds } == [])
        #expect(findings.first { $0.law.hasPrefix("every accepted report is in") }?.checked == 3)
        #expect(try BackupSample.files(in: sample.backup).count == BackupSample.paths.count + 1)
    }

    @Test func `stores and plain files are all of the same moment while they change`() async throws {
        let sample = try await BackupSample()
        let (routing, portal) = (
            sample.data.appending(path: "case-routing/0.sqlite"), sample.data.appending(path: "portal/1.sqlite")
        )
        let letters = sample.data.appending(path: "dead-letters.json")
        try Self.note(0, in: [routing, portal])
        try Data("0".utf8).write(to: letters)

        var seen: Set<Int> = []
        try await withThrowingTaskGroup(of: Void.self) { group in
            // First the store that is held last, so that holding one after the other would not do.
            group.addTask {
                var number = 0
                while !Task.isCancelled {
                    number += 1
                    try Self.note(number, in: [portal])
                    try Data("\(number)".utf8).write(to: letters, options: .atomic)
                    try Self.note(number, in: [routing])
                }
            }
            for _ in 1...12 {
                try await sample.takeBackup()
                let first = try Self.noted(in: sample.backup.appending(path: "portal/1.sqlite"))
                let file = Int(
                    try String(contentsOf: sample.backup.appending(path: "dead-letters.json"), encoding: .utf8))
                let last = try Self.noted(in: sample.backup.appending(path: "case-routing/0.sqlite"))
                #expect(first - 1...first ~= last, "\(first), then \(last)")
                #expect(last...first ~= file ?? -1, "\(first), \(String(describing: file)), \(last)")
                seen.insert(first)
                try FileManager.default.removeItem(at: sample.backup)
            }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(seen.count > 6, "the writer stood still")
    }

    @Test func `a store that lets nobody in is named, and nothing is left behind`() async throws {
        let sample = try await BackupSample()
        let busy = sample.data.appending(path: "points/0.sqlite")
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let holder = try DatabaseQueue(path: busy.path, configuration: configuration)
        try await holder.writeWithoutTransaction { db in try db.beginTransaction(.immediate) }

        await #expect(throws: StoreCutError.busy(path: busy.path)) {
            try await sample.takeBackup(patience: .milliseconds(200))
        }

        #expect(!FileManager.default.fileExists(atPath: sample.backup.path))
        #expect(try sample.leftovers() == [])
        try holder.close()
        try await sample.takeBackup()
    }

    @Test func `a damaged store is named, and nothing is left behind`() async throws {
        let sample = try await BackupSample()
        let store = sample.data.appending(path: "notifications/0.sqlite")
        var bytes = try Data(contentsOf: store)
        for index in bytes.count - 4_096..<bytes.count { bytes[index] = 0x5A }
        try bytes.write(to: store)

        await #expect(throws: StoreCutError.damaged(path: store.path)) { try await sample.takeBackup() }

        #expect(!FileManager.default.fileExists(atPath: sample.backup.path))
        #expect(try sample.leftovers() == [])
    }

    @Test func `a place that is taken or makes no sense is refused in a sentence`() async throws {
        let sample = try await BackupSample()
        let empty = try TemporaryFolder()
        let data = DataFolder(sample.data.path)
        try FileManager.default.createDirectory(
            at: sample.backup.beside("partial"), withIntermediateDirectories: false)

        for (folder, place, words) in [
            (data, URL.folder(named: "/tmp"), "'/tmp' is not empty."),
            (data, sample.data.appending(path: "backup"), "lies in the data folder."),
            (data, sample.backup.appending(path: "a/b"), "/backup/a'. Make it first."),
            (data, sample.backup, ".partial' is there already"),
            (DataFolder("/no/such"), sample.restored, "There is no folder '/no/such/'."),
            (DataFolder(empty.url.path), sample.restored, "There is no store in '"),
        ] {
            let error = await #expect(throws: ValidationError.self) {
                try await BackupRun(folder: folder, place: place).take()
            }
            #expect(error?.message.contains(words) == true, "\(words): \(String(describing: error))")
        }
        #expect(try sample.leftovers() == ["backup.partial"])
    }

    @Test func `a store that took another's place is another store`() async throws {
        let sample = try await BackupSample()
        let before = try DataFolderContents(of: sample.data)
        #expect(try DataFolderContents(of: sample.data) == before)
        let store = sample.data.appending(path: "points/0.sqlite")

        let arriving = store.appendingPathExtension("arriving")
        try FileManager.default.copyItem(at: store, to: arriving)
        try StoreCopy.replace(store, with: arriving)

        let after = try DataFolderContents(of: sample.data)
        #expect(after.stores.map(\.path) == before.stores.map(\.path))
        #expect(after.stores != before.stores)
    }

    private static func note(_ number: Int, in stores: [URL]) throws {
        for store in stores {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            let queue = try DatabaseQueue(path: store.path, configuration: configuration)
            try queue.write { db in try db.execute(sql: "PRAGMA user_version = \(number)") }
            try queue.close()
        }
    }

    private static func noted(in store: URL) throws -> Int {
        let queue = try DatabaseQueue(path: store.path)
        let number = try queue.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") }
        try queue.close()
        return try #require(number)
    }
}
