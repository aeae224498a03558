import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import TestSupport
import Testing

@testable import Suishoupai

@Suite(.timeLimit(.minutes(3))) struct RestoreTests {
    @Test func `what comes back is what was there: files, books and who may read the keys`() async throws {
        let sample = try await BackupSample()
        try await sample.takeBackup()
        // A copy on another disk need not keep who may read what.
        for key in ["jwt-hs256.key", "webhook.key"] {
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: sample.backup.appending(path: "keys/\(key)").path)
        }

        let report = try sample.restore()

        #expect(try BackupSample.files(in: sample.restored) == BackupSample.paths)
        #expect((report.stores, report.files, report.setAside) == (6, 9, nil))
        for path in BackupSample.paths where !path.hasSuffix(".sqlite") {
            let (now, then) = (sample.restored.appending(path: path), sample.data.appending(path: path))
            let (bytes, permissions) = (try Data(contentsOf: then), try BackupSample.permissions(then))
            #expect(try Data(contentsOf: now) == bytes, "\(path)")
            #expect(try BackupSample.permissions(now) == permissions, "\(path)")
        }
        #expect(try BackupSample.permissions(sample.restored.appending(path: "keys")) == 0o700)
        let findings = try Self.findings(sample.data)
        #expect(try Self.findings(sample.restored) == findings)
        #expect(try sample.leftovers() == [])
    }

    private static func findings(_ folder: URL) throws -> [AuditFinding] {
        try AuditLaws(shelf: StoreShelf(DataFolder(folder.path)), letters: []).check()
    }

    @Test(arguments: ["points/0.sqlite", "keys/webhook.key", "log-identity.json"])
    func `a file with one changed byte is named, and nothing is put in place`(_ path: String) async throws {
        let sample = try await BackupSample()
        try await sample.takeBackup()
        let file = sample.backup.appending(path: path)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)

        #expect(throws: BackupFault.damaged(file: path, folder: sample.backup.path)) { try sample.restore() }

        #expect(!FileManager.default.fileExists(atPath: sample.restored.path))
        #expect(try sample.leftovers() == [])
    }

    @Test func `a file that is missing or too short is named`() async throws {
        let sample = try await BackupSample()
        try await sample.takeBackup()
        let pack = sample.backup.appending(path: "pack.json")

        try Data("{".utf8).write(to: pack)
        #expect(throws: BackupFault.damaged(file: "pack.json", folder: sample.backup.path)) { try sample.restore() }
        try FileManager.default.removeItem(at: pack)
        #expect(throws: BackupFault.missing(file: "pack.json", folder: sample.backup.path)) { try sample.restore() }
    }

    @Test func `a manifest that is missing, newer, or no manifest of ours is refused`() async throws {
        let sample = try await BackupSample()
        try await sample.takeBackup()
        let manifest = sample.backup.appending(path: "backup.json")
        let sound = try String(contentsOf: manifest, encoding: .utf8)

        for (text, words) in [
            (sound.replacing("\"format\":1", with: "\"format\":2"), "made by a newer program (format 2"),
            (sound.replacing("\"pack.json\"", with: "\"../pack.json\""), "'../pack.json' is no path in a data folder"),
            (sound.replacing("\"pack.json\"", with: "\"/pack.json\""), "'/pack.json' is no path in a data folder"),
            (sound.replacing("\"600\"", with: "\"6000\""), "'6000' is no mode"),
            (sound.replacing("\"suishoupai\"", with: "\"other\""), "it is one of 'other'"),
            (String(sound.dropLast(40)), "does not say what the backup holds"),
        ] {
            try Data(text.utf8).write(to: manifest)
            let fault = #expect(throws: BackupFault.self) { try sample.restore() }
            #expect(fault?.description.contains(words) == true, "\(words): \(String(describing: fault))")
        }
        try FileManager.default.removeItem(at: manifest)
        #expect(throws: BackupFault.incomplete(folder: sample.backup.path)) { try sample.restore() }
        #expect(try sample.leftovers() == [])
    }

    @Test func `a folder that is not empty is refused, and set aside whole where that is asked for`() async throws {
        let sample = try await BackupSample()
        try await sample.takeBackup()
        let before = try BackupSample.files(in: sample.data)

        let error = #expect(throws: ValidationError.self) { try sample.restore(to: sample.data) }
        #expect(error?.message.contains("is not empty. Give another folder, or --replace") == true)
        #expect(try BackupSample.files(in: sample.data) == before)
        let report = try sample.restore(to: sample.data, replaces: true)

        #expect(try BackupSample.files(in: sample.data) == BackupSample.paths)
        let aside = URL(filePath: try #require(report.setAside))
        #expect(aside.lastPathComponent.hasPrefix("\(sample.data.lastPathComponent).before-restore-"))
        #expect(try BackupSample.files(in: aside) == before)
        #expect(before.contains { $0.hasPrefix("snapshots/") })
        try FileManager.default.removeItem(at: aside)
    }

    @Test func `an empty folder is a place to restore to`() async throws {
        let sample = try await BackupSample()
        try await sample.takeBackup()
        try FileManager.default.createDirectory(at: sample.restored, withIntermediateDirectories: false)

        #expect(try sample.restore().setAside == nil)
        #expect(try BackupSample.files(in: sample.restored) == BackupSample.paths)
    }

    @Test(arguments: ["up.lock", "broker.lock", "points/0.sqlite.lock", "host-2/points/0.sqlite.lock"])
    func `a folder that some program holds is refused, whatever is asked for`(_ lock: String) async throws {
        let sample = try await BackupSample()
        try await sample.takeBackup()
        let held = try LockFile(sample.data.appending(path: lock))
        let before = try BackupSample.files(in: sample.data)

        let error = #expect(throws: ValidationError.self) { try sample.restore(to: sample.data, replaces: true) }

        #expect(error?.message.contains("is in use: '") == true, "\(String(describing: error))")
        #expect(error?.message.contains(lock) == true)
        #expect(try BackupSample.files(in: sample.data) == before)
        #expect(try sample.leftovers() == [])
        withExtendedLifetime(held) {}
    }

    @Test func `a folder on which something runs is refused`() async throws {
        let sample = try await BackupSample()
        try await sample.takeBackup()
        let own = ProcessInfo.processInfo.processIdentifier
        try sample.write("run.json", #"{"replicas":{},"services":{"portal":{"pid":\#(own)}}}"#)

        let error = #expect(throws: ValidationError.self) { try sample.restore(to: sample.data, replaces: true) }

        #expect(error?.message.contains("is in use. Stop what runs on it") == true)
    }

    @Test func `places that make no sense are refused in a sentence`() async throws {
        let sample = try await BackupSample()
        try await sample.takeBackup()
        try FileManager.default.createDirectory(
            at: sample.restored.beside("restoring"), withIntermediateDirectories: false)

        for (backup, place, words) in [
            (sample.restored, sample.restored, "There is no folder '"),
            (sample.backup, sample.backup.appending(path: "data"), "lie in one another"),
            (sample.backup, sample.backup.deletingLastPathComponent(), "lie in one another"),
            (sample.backup, sample.restored.appending(path: "a/b"), "Make it first."),
            (sample.backup, sample.backup.beside("json"), "is no folder. Give another place."),
            (sample.backup, sample.restored, ".restoring' is there already"),
        ] {
            if words.hasPrefix("is no folder") { try Data().write(to: place) }
            let error = #expect(throws: ValidationError.self) {
                try RestoreRun(backup: backup, place: place, replaces: true).bring()
            }
            #expect(error?.message.contains(words) == true, "\(words): \(String(describing: error))")
        }
    }

    @Test func `the folders of hosts become one, of the copies with most applied`() async throws {
        let sample = try await BackupSample()
        try await sample.takeBackup()
        let asTheyWere = try sample.restore()
        #expect(asTheyWere.hasHosts)
        #expect(asTheyWere.text.hasSuffix("restore it with --one-folder"))
        try FileManager.default.removeItem(at: sample.restored)

        let report = try RestoreRun(backup: sample.backup, place: sample.restored, isOneFolder: true).bring()

        #expect(try BackupSample.files(in: sample.restored) == BackupSample.paths.filter { !$0.hasPrefix("host-") })
        #expect((report.stores, report.files, report.hasHosts) == (5, 9, false))
    }

    @Test func `of several copies the one with most applied is taken, and two edges of a name are refused`() throws {
        func file(_ path: String, applied: Int64?) -> BackupManifest.File {
            BackupManifest.File(
                path: path, bytes: 1, sha256: "", mode: "600",
                store: applied.map { .init(processor: "points", partition: 0, applied: $0, log: "log", offset: 0) })
        }
        func manifest(_ files: [BackupManifest.File]) -> BackupManifest {
            BackupManifest(moment: Timestamp(milliseconds: 0), lockedMilliseconds: 0, files: files)
        }
        let files = [
            file("host-1/points/0.sqlite", applied: 7), file("host-2/points/0.sqlite", applied: 9),
            file("host-3/points/0.sqlite", applied: 9), file("points/0.sqlite", applied: 3),
            file("host-1/portal/1.sqlite", applied: nil), file("host-2/portal/2.sqlite", applied: nil),
            file("keys/webhook.key", applied: nil),
        ]

        let placed = try manifest(files).inOneFolder()

        #expect(placed.map(\.path) == ["keys/webhook.key", "points/0.sqlite", "portal/1.sqlite", "portal/2.sqlite"])
        #expect(placed[1].file.path == "host-2/points/0.sqlite")
        let error = #expect(throws: ValidationError.self) {
            try manifest(files + [file("portal/1.sqlite", applied: nil)]).inOneFolder()
        }
        #expect(error?.message.contains("would be 'portal/1.sqlite'") == true)
    }
}
