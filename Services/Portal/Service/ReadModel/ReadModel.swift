import Contracts
import EventProcessing
package import Foundation
package import GRDB
import Synchronization

/// What portal knows: tables filled from the topics, and the commands that it took.
///
/// One SQLite file of one instance. It can be thrown away at any time but for the commands that wait for their answer.
package struct ReadModel: Sendable {
    package let database: any DatabaseWriter
    let outbox = EdgeOutbox()
    private let shelf = PackShelf()

    init(database: any DatabaseWriter) {
        self.database = database
    }

    /// Opens `D/portal/<replica>.sqlite`, or makes it.
    ///
    /// - Throws: `StoreError.newer` where a newer program wrote it.
    package static func open(_ url: URL) throws -> ReadModel {
        let database = try StoreFile.open(url) { migrate(&$0) }
        try database.write { try FigureTables.settle(in: $0) }
        return ReadModel(database: database)
    }

    static func migrate(_ migrator: inout DatabaseMigrator) {
        ProjectionService.migrate(&migrator)
        EdgeOutbox.migrate(&migrator)
        ReadModelTables.migrate(&migrator)
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await database.read(body)
    }

    package func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await database.write(body)
    }

    /// The pack in force, for names and outlines; nil before the first.
    func pack(in db: Database) throws -> Pack? {
        try shelf.pack(in: db)
    }
}

/// Keeps the pack in force at hand, since every answer with a name in it needs it.
private final class PackShelf: Sendable {
    private let kept = Mutex<(hash: String, pack: Pack)?>(nil)

    func pack(in db: Database) throws -> Pack? {
        guard let hash = try String.fetchOne(db, sql: PackTables.hashInForce) else { return nil }
        if let kept = kept.withLock({ $0 }), kept.hash == hash { return kept.pack }
        guard let json = try Data.fetchOne(db, sql: "SELECT body FROM pack WHERE hash = ?", arguments: [hash]) else {
            return nil
        }
        let pack = try ContractCoding.decode(Pack.self, from: json)
        kept.withLock { $0 = (hash, pack) }
        return pack
    }
}
