package import Contracts
package import Foundation
import GRDB

/// Stores as they all stood at one moment, as a power cut would have left them, while their owners go on.
///
/// Every store's writer is held until a reader of each has fixed what it sees. Then the writers go on, and copies are
/// taken from what the readers see, however long that lasts. The log of each file grows meanwhile: close what is copied.
package struct StoreCut: Sendable {
    /// When nobody wrote to any of them.
    package let moment: Timestamp
    /// For how long the writer that was held first had to wait, at most.
    package let held: Duration
    /// In the order in which they were named.
    package let stores: [StoreView]

    /// Holds all writers, has a look at every store, and lets them go.
    ///
    /// - Parameters:
    ///   - files: The stores, always in the same order: then two that do this at a time do not wait for each other in a ring.
    ///   - deadline: When to give up; writers wait five seconds for a lock, so it must come well before.
    ///   - beside: What else belongs to the moment; is done while nobody writes, so it has to be short.
    /// - Throws: `StoreCutError`, and `StoreError.notWritable` where the locks may not be had. No writer is held any more.
    package static func take<Beside: Sendable>(
        of files: [URL], until deadline: ContinuousClock.Instant, beside: () throws -> Beside
    ) async throws -> (cut: StoreCut, beside: Beside) {
        var stores: [StoreView] = []
        var locks: [WriteLock] = []
        do {
            for file in files {
                stores.append(try StoreView(file))
                locks.append(try WriteLock(file, until: deadline))
            }
            var start: ContinuousClock.Instant?
            for lock in locks {
                try await lock.take()
                start = start ?? .now
            }
            for index in stores.indices { try await stores[index].begin() }
            let moment = Timestamp.now
            let found = try beside()
            for lock in locks { try await lock.release() }
            let held = start.map { ContinuousClock.now - $0 } ?? .zero
            for lock in locks { try lock.close() }
            return (StoreCut(moment: moment, held: held, stores: stores), found)
        } catch {
            for lock in locks { try lock.close() }
            for store in stores { try store.close() }
            throw error
        }
    }

    /// Lets go of every store that was not closed yet.
    package func close() throws {
        for store in stores { try store.close() }
    }
}

/// Why there is no picture of one moment.
///
/// Nothing was changed.
package enum StoreCutError: Error, Equatable, CustomStringConvertible {
    /// Its writer did not let anybody in before the deadline.
    case busy(path: String)
    /// A store came, went, or was replaced just now.
    case changed(path: String)
    /// SQLite finds damage in it.
    case damaged(path: String)

    package var description: String {
        switch self {
        case .busy(let path):
            "'\(path)' is being written to without a pause, and the others must not wait for long: try again"
        case .changed(let path):
            "'\(path)' is being put in place or taken away just now: try again"
        case .damaged(let path):
            "'\(path)' is damaged: start its service, which puts a snapshot in its place, and try again"
        }
    }
}

/// One store as it stood at the moment of a cut.
package struct StoreView: Sendable {
    package let url: URL
    /// Where it stood; nil for one that is no processor's.
    package private(set) var position: StorePosition?
    /// Whether there is anything in it: a file without a table is one whose owner has only just made it.
    package private(set) var isEmpty = true
    private let reader: DatabaseQueue

    init(_ url: URL) throws {
        self.url = url
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        // What is seen stays as it is for as long as the transaction that it is seen in.
        configuration.allowsUnsafeTransactions = true
        let path = url.path(percentEncoded: false)
        reader = try Self.explained(url) { try DatabaseQueue(path: path, configuration: configuration) }
    }

    /// Fixes what is seen from here on.
    fileprivate mutating func begin() async throws {
        let seen = try await Self.explained(url) { [reader] in
            try await reader.writeWithoutTransaction { db in
                try db.beginTransaction(.deferred)
                // The first look fixes it, not the beginning of the transaction.
                let count = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
                return (isEmpty: count == 0, position: try StorePosition.find(in: db))
            }
        }
        isEmpty = seen.isEmpty
        position = seen.position
    }

    /// Copies the store as it is seen: a file that needs no other beside it, and can be read where nothing may be written.
    ///
    /// - Throws: `StoreCutError.damaged`, and `StoreError.diskFull` where there is no room for the copy.
    package func copy(to copy: URL) async throws {
        let path = url.path(percentEncoded: false)
        do {
            try await StoreCopy.write(reader, to: copy) { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
        } catch let error as DatabaseError where error.isFullDisk(at: copy) {
            throw StoreError.diskFull(path: copy.path(percentEncoded: false))
        } catch let error as DatabaseError where error.isDamage {
            throw StoreCutError.damaged(path: path)
        }
        guard try StoreCopy.isSound(copy) else { throw StoreCutError.damaged(path: path) }
    }

    /// Lets go of the store; a second time does nothing.
    package func close() throws { try reader.close() }

    private static func explained<Value>(_ url: URL, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as DatabaseError { throw StoreCutError.explaining(error, at: url) }
    }

    private static func explained<Value>(_ url: URL, _ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as DatabaseError {
            throw StoreCutError.explaining(error, at: url)
        }
    }
}

/// The right to write to a store, taken without writing anything.
private struct WriteLock: Sendable {
    private let url: URL
    private let connection: DatabaseQueue

    /// Between two transactions of a writer that has much to do there is a short gap: who looks seldom misses it.
    private static let pause = 0.0005

    init(_ url: URL, until deadline: ContinuousClock.Instant) throws {
        self.url = url
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .callback { _ in
            guard ContinuousClock.now < deadline else { return false }
            Thread.sleep(forTimeInterval: Self.pause)
            return true
        }
        do {
            connection = try DatabaseQueue(path: url.path(percentEncoded: false), configuration: configuration)
        } catch let error as DatabaseError {
            throw StoreCutError.explaining(error, at: url)
        }
    }

    func take() async throws {
        do {
            try await connection.writeWithoutTransaction { db in try db.beginTransaction(.immediate) }
        } catch let error as DatabaseError {
            throw StoreCutError.explaining(error, at: url)
        }
    }

    func release() async throws {
        try await connection.writeWithoutTransaction { db in try db.rollback() }
    }

    /// Lets go of the right, too, where it is still held.
    func close() throws { try connection.close() }
}

extension StoreCutError {
    /// What an operator can do about an error of SQLite; the error itself where that is not known.
    fileprivate static func explaining(_ error: DatabaseError, at url: URL) -> any Error {
        let path = url.path(percentEncoded: false)
        switch error.resultCode {
        case .SQLITE_BUSY: return StoreCutError.busy(path: path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return StoreCutError.damaged(path: path)
        case .SQLITE_CANTOPEN where !FileManager.default.fileExists(atPath: path):
            return StoreCutError.changed(path: path)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN:
            return StoreError.notWritable(path: path, reason: error.message ?? "\(error.resultCode)")
        default: return error
        }
    }
}
