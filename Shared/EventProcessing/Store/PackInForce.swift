import Contracts
import Foundation
import GRDB
import Synchronization

/// The pack in force in one store, decoded once for as long as it stays.
///
/// The cache follows from the tables alone: what is in force is asked of them for each command.
final class PackInForce: Sendable {
    private struct Decoded {
        let hash: String
        let pack: Pack
    }

    private let decoded: Mutex<Decoded?> = Mutex(nil)

    func current(in db: Database) throws -> Pack? {
        guard let hash = try String.fetchOne(db.cachedStatement(sql: "SELECT hash FROM packInForce WHERE one = 1"))
        else { return nil }
        if let known = decoded.withLock({ $0 }), known.hash == hash { return known.pack }
        let pack = try Self.assemble(hash, in: db)
        decoded.withLock { $0 = Decoded(hash: hash, pack: pack) }
        return pack
    }

    /// Keeps a part; one that comes once more replaces the one before, which may have been damaged on its way.
    func keep(_ part: PackPart, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO packPart (hash, part, content) VALUES (?, ?, ?)"
        ).execute(arguments: [part.packHash, part.index, part.content])
    }

    /// Puts a pack in force whose parts are all here.
    ///
    /// - Returns: Why not, where a part was lost on the way: its sender sends all of them again until each partition has
    ///   answered.
    /// - Throws: `ContractError.malformed` where the parts are no pack: a dead letter.
    func activate(_ activation: PackActivated, in db: Database) throws -> Refusal? {
        let count = try Int.fetchOne(
            db, sql: "SELECT COUNT(*) FROM packPart WHERE hash = ?", arguments: [activation.packHash])
        guard count == activation.partCount else {
            return Refusal(
                code: "pack.incomplete",
                reason: "\(count ?? 0) of \(activation.partCount) parts of pack \(activation.packHash) have come: "
                    + "send it again")
        }
        _ = try Self.assemble(activation.packHash, in: db)
        try db.execute(
            sql: "INSERT OR REPLACE INTO packInForce (one, hash, partCount) VALUES (1, ?, ?)",
            arguments: [activation.packHash, activation.partCount])
        try db.execute(sql: "DELETE FROM packPart WHERE hash <> ?", arguments: [activation.packHash])
        return nil
    }

    private static func assemble(_ hash: String, in db: Database) throws -> Pack {
        let parts = try Data.fetchAll(
            db, sql: "SELECT content FROM packPart WHERE hash = ? ORDER BY part", arguments: [hash])
        return try PackTransport.assemble(parts, hash: hash)
    }
}
