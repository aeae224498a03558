import Contracts
import EventProcessing
import Foundation
import GRDB
import ServiceKit
import TestSupport

@testable import Suishoupai

/// A deployment's data folder with all that `up` and its programs leave in one, and a place for backups beside it.
final class BackupSample: Sendable {
    private let books: Books
    private let beside: TemporaryFolder

    /// All that belongs to a backup.
    static let paths = [
        "case-routing/0.sqlite", "dead-letters.json", "demo-played", "host-2/points/0.sqlite", "keys/jwt-hs256.key",
        "keys/webhook.key", "log-identity.json", "notifications/0.sqlite", "pack.json", "photos/3f9a/about.json",
        "photos/3f9a/by/71c0", "points/0.sqlite", "portal/1.sqlite", "report-intake/1.sqlite",
        "voice-notes/5b21/about.json",
    ]

    init() async throws {
        books = try await Books()
        beside = try TemporaryFolder()
        for (path, text) in [
            ("pack.json", "{}"), ("dead-letters.json", #"{"handled":[]}"#), ("demo-played", ""),
            ("log-identity.json", #"{"first":true,"id":"log"}"#), ("run.json", #"{"replicas":{},"services":{}}"#),
            ("logs/portal-1.log", "x"), ("run/portal-1.json", "{}"), ("broker.lock", ""), ("up.lock", ""),
            ("snapshots/points/0/0000000000000012.34.log.checksum.sqlite", "x"), ("points/0.sqlite.suspect", ""),
            ("points/1.sqlite.damaged-17", "x"), ("points/1.sqlite.arriving", "x"), ("points/1.sqlite", ""),
            ("points/0.sqlite.leaving-5", "x"), (".pack.json.17", "x"), ("photos/3f9a/about.json", "{}"),
            ("photos/3f9a/by/71c0", ""), ("voice-notes/5b21/about.json", "{}"),
        ] { try write(path, text) }
        for key in [DataFolderKey.Name.jwt, .webhook] { _ = try DataFolderKey.load(key, in: data) }
        try FileManager.default.createDirectory(
            at: data.appending(path: "host-2/points"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: data.appending(path: "points/0.sqlite"), to: data.appending(path: "host-2/points/0.sqlite"))
        try FileManager.default.createSymbolicLink(
            atPath: data.appending(path: "host-2/keys").path, withDestinationPath: "../keys")
    }

    var data: URL { .folder(named: books.folder.url.path) }
    var backup: URL { .folder(named: beside.url.appending(path: "backup").path) }
    /// For a folder that is brought back.
    var restored: URL { .folder(named: beside.url.appending(path: "restored").path) }

    func write(_ path: String, _ text: String) throws {
        let file = data.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    @discardableResult
    func takeBackup(patience: Duration = .seconds(4)) async throws -> BackupReport {
        try await BackupRun(folder: DataFolder(data.path), place: backup, patience: patience).take()
    }

    @discardableResult
    func restore(to place: URL? = nil, replaces: Bool = false) throws -> RestoreReport {
        try RestoreRun(backup: backup, place: place ?? restored, replaces: replaces).bring()
    }

    /// What lies beside the data folder and the backup that nobody asked for.
    func leftovers() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: beside.url.path)
            .filter { !["backup", "restored"].contains($0) }.sorted()
    }

    /// The paths of all files below a folder.
    static func files(in folder: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { FileKind(folder.appending(path: $0)).isFile }.sorted()
    }

    static func permissions(_ url: URL) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? NSNumber)?.intValue
    }
}
