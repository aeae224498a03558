package import Foundation
import GRDB

/// Copies of a store's file, taken while its owner goes on.
package enum StoreCopy {
    /// Copies the file as it stands after some transaction, through a connection of its own.
    ///
    /// In WAL mode a reader holds nobody up. The copy is one file that needs no journal beside it.
    package static func take(_ store: URL, to copy: URL) async throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let source = try DatabaseQueue(path: store.path(percentEncoded: false), configuration: configuration)
        do {
            try await write(source, to: copy)
        } catch {
            try source.close()
            throw error
        }
        try source.close()
    }

    /// Writes what a connection sees to a file, and then what is to be different there.
    static func write(
        _ source: DatabaseQueue, to copy: URL, then change: @escaping @Sendable (Database) throws -> Void = { _ in }
    ) async throws {
        let destination = try DatabaseQueue(path: copy.path(percentEncoded: false))
        let outcome: Result<Void, any Error>
        do {
            // On GRDB's own threads: copying a large file must not hold up the few that serve requests.
            try await source.writeWithoutTransaction { db in
                try destination.writeWithoutTransaction { target in
                    try db.backup(to: target)
                    try change(target)
                }
            }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        try destination.close()
        try outcome.get()
    }

    /// Puts a file in the place of a store that nobody has open.
    package static func replace(_ store: URL, with file: URL) throws {
        let files = FileManager.default
        try setAside(store, as: nil)
        try files.moveItem(at: file, to: store)
    }

    /// Moves a store out of the way, or removes it; its journal goes with it.
    package static func setAside(_ store: URL, as name: String?) throws {
        let files = FileManager.default
        for suffix in ["", "-wal", "-shm"] {
            let path = store.path(percentEncoded: false) + suffix
            guard files.fileExists(atPath: path) else { continue }
            if let name {
                let target = store.deletingLastPathComponent().appending(path: name).path(percentEncoded: false)
                try files.moveItem(atPath: path, toPath: target + suffix)
            } else {
                try files.removeItem(atPath: path)
            }
        }
    }

    /// Where a store's file stands, without taking it over; nil where there is no such file.
    ///
    /// - Throws: `DatabaseError` where the file is no sound database.
    package static func position(of store: URL) throws -> StorePosition? {
        guard FileManager.default.fileExists(atPath: store.path(percentEncoded: false)) else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: store.path(percentEncoded: false), configuration: configuration)
        let position: StorePosition?
        do {
            position = try queue.read { db in try StorePosition.find(in: db) }
        } catch {
            try queue.close()
            throw error
        }
        try queue.close()
        return position
    }

    /// Whether SQLite finds the file sound, page by page.
    package static func isSound(_ store: URL) throws -> Bool {
        let queue = try DatabaseQueue(path: store.path(percentEncoded: false))
        let verdict: String?
        do {
            verdict = try queue.read { db in try String.fetchOne(db, sql: "PRAGMA quick_check(1)") }
        } catch let error as DatabaseError where error.isDamage {
            try queue.close()
            return false
        } catch {
            try queue.close()
            throw error
        }
        try queue.close()
        return verdict == "ok"
    }
}

extension DatabaseError {
    /// Whether the file itself is damaged: trying again does not help.
    package var isDamage: Bool {
        resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_NOTADB
    }
}
