package import Foundation
package import GRDB

// StoreError
//   locked      another process on this host has the file open
//   notWritable the folder or the disk takes no writes: mend it, nothing was changed
//   diskFull    the file cannot grow: the process ends, and goes on where it stood once there is room
//   newer       the file was written by a newer program: left as it is
//   foreignLog  the file belongs to another log, and nobody said which counts
//   partitionCountChanged   the topic has another number of partitions than when the data was begun

/// Why a store was not opened, or not written.
///
/// Nothing was changed.
package enum StoreError: Error, CustomStringConvertible, Equatable {
    case locked(path: String)
    case notWritable(path: String, reason: String)
    case diskFull(path: String)
    case newer(path: String)
    case foreignLog(path: String, known: String, found: String)
    case partitionCountChanged(topic: String, known: Int, found: Int)

    package var description: String {
        switch self {
        case .locked(let path):
            "'\(path)' is open in another process: stop it first, or use another data folder"
        case .notWritable(let path, let reason):
            "'\(path)' cannot be written (\(reason)): give the program a folder that it may write to"
        case .diskFull(let path):
            "'\(path)' cannot grow, the disk is full: make room, nothing is lost meanwhile"
        case .newer(let path):
            "'\(path)' was written by a newer version of this program: start that version, nothing was changed"
        case .foreignLog(let path, let known, let found):
            "'\(path)' belongs to log \(known), but the broker now keeps log \(found): point this program at the right cluster"
        case .partitionCountChanged(let topic, let known, let found):
            "'\(topic)' had \(known) partitions when this data was begun and now has \(found): put it back"
        }
    }

    /// A file that the system did not let us open for writing, by the number that it gave.
    static func notWritable(_ url: URL, _ number: Int32) -> StoreError {
        .notWritable(path: url.path(percentEncoded: false), reason: String(cString: strerror(number)))
    }
}

/// Opens SQLite files so that a commit that was answered survives a power cut.
package enum StoreFile {
    /// Opens, or makes, a file with one writer and concurrent readers.
    ///
    /// - Throws: `StoreError.newer` where the file knows migrations that this program does not.
    package static func open(
        _ url: URL, migrations: (inout DatabaseMigrator) -> Void
    ) throws -> DatabasePool {
        let migrator = try migrator(of: url, migrations)
        var configuration = baseConfiguration
        configuration.maximumReaderCount = 4
        let pool = try DatabasePool(path: url.path, configuration: configuration)
        try prepare(pool, migrator)
        return pool
    }

    /// Opens, or makes, a file that only its owner works on.
    package static func openAlone(
        _ url: URL, migrations: (inout DatabaseMigrator) -> Void
    ) throws -> DatabaseQueue {
        let migrator = try migrator(of: url, migrations)
        var configuration = baseConfiguration
        configuration.journalMode = .wal
        let queue = try DatabaseQueue(path: url.path, configuration: configuration)
        try prepare(queue, migrator)
        return queue
    }

    private static var baseConfiguration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        return configuration
    }

    static func makeFolder(of url: URL) throws {
        let folder = url.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch let error as CocoaError {
            throw StoreError.notWritable(
                path: folder.path(percentEncoded: false), reason: error.localizedDescription)
        }
    }

    /// Looks at a file before anything may change it: opening for writing alone rewrites a page.
    private static func migrator(
        of url: URL, _ migrations: (inout DatabaseMigrator) -> Void
    ) throws -> DatabaseMigrator {
        try makeFolder(of: url)
        var migrator = DatabaseMigrator()
        migrations(&migrator)
        guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else { return migrator }
        var configuration = baseConfiguration
        configuration.readonly = true
        let reader = try DatabaseQueue(path: url.path, configuration: configuration)
        let isNewer = Result { try reader.read { db in try migrator.hasBeenSuperseded(db) } }
        try reader.close()
        guard try !isNewer.get() else { throw StoreError.newer(path: url.path) }
        return migrator
    }

    private static func prepare(_ writer: some DatabaseWriter, _ migrator: DatabaseMigrator) throws {
        // GRDB sets NORMAL when it opens a file in WAL mode; then a commit could be lost while Kafka's offset stays ahead.
        try writer.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // In KiB: the pages that ids reach all over a large index; SQLite's own 2 MiB are read again and again.
            try db.execute(sql: "PRAGMA cache_size = -16384")
            // What a savepoint keeps of the pages that it touches: beyond 64 KiB SQLite writes it to a file otherwise, and
            // each record has a savepoint. Three of four writes were that.
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        try migrator.migrate(writer)
    }
}

extension DatabaseError {
    /// Whether there is no room on the disk of a file: SQLite says so, or could not make the small files beside it.
    func isFullDisk(at url: URL) -> Bool {
        guard resultCode != .SQLITE_FULL else { return true }
        guard resultCode == .SQLITE_IOERR || resultCode == .SQLITE_CANTOPEN else { return false }
        let folder = url.deletingLastPathComponent().path(percentEncoded: false)
        do {
            let disk = try FileManager.default.attributesOfFileSystem(forPath: folder)
            guard let free = disk[.systemFreeSize] as? NSNumber else { return false }
            return free.int64Value < 65_536
        } catch {
            return false
        }
    }
}
