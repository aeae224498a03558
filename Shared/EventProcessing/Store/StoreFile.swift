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
        try makeFolder(of: url)
        var configuration = baseConfiguration
        configuration.maximumReaderCount = 4
        let pool = try DatabasePool(path: url.path, configuration: configuration)
        try prepare(pool, at: url, migrations: migrations)
        return pool
    }

    /// Opens, or makes, a file that only its owner works on.
    package static func openAlone(
        _ url: URL, migrations: (inout DatabaseMigrator) -> Void
    ) throws -> DatabaseQueue {
        try makeFolder(of: url)
        var configuration = baseConfiguration
        configuration.journalMode = .wal
        let queue = try DatabaseQueue(path: url.path, configuration: configuration)
        try prepare(queue, at: url, migrations: migrations)
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

    private static func prepare(
        _ writer: some DatabaseWriter, at url: URL, migrations: (inout DatabaseMigrator) -> Void
    ) throws {
        var migrator = DatabaseMigrator()
        migrations(&migrator)
        let isNewer = try writer.read { db in try migrator.hasBeenSuperseded(db) }
        guard !isNewer else { throw StoreError.newer(path: url.path) }
        // GRDB sets NORMAL when it opens a file in WAL mode; then a commit could be lost while Kafka's offset stays ahead.
        try writer.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        try migrator.migrate(writer)
    }
}
