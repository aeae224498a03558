import Contracts
import Foundation
import GRDB

/// Rows about the packs: their parts, what was activated when, and each pack that is complete.
enum PackTables {
    /// The pack that was activated last, among those that are complete.
    static let hashInForce = """
        SELECT pack.hash FROM pack JOIN packActivation USING (hash)
        ORDER BY activatedAt DESC, hash DESC LIMIT 1
        """

    static func keep(_ part: PackPart, in db: Database) throws {
        try db.execute(
            sql: "INSERT OR IGNORE INTO packPart (hash, part, content) VALUES (?, ?, ?)",
            arguments: [part.packHash, part.index, part.content])
        try assemble(part.packHash, in: db)
    }

    /// The latest word counts: a pack that was in force before can come back.
    static func keep(_ activation: Envelope<PackActivated>, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO packActivation (hash, partCount, activatedAt) VALUES (?, ?, ?)
                ON CONFLICT (hash) DO UPDATE SET activatedAt = MAX(activatedAt, excluded.activatedAt)
                """,
            arguments: [activation.data.packHash, activation.data.partCount, activation.time.milliseconds])
        try assemble(activation.data.packHash, in: db)
        try FigureTables.settle(in: db)
    }

    /// Puts the pack together once all its parts and the word that it counts have come, whichever came last.
    private static func assemble(_ hash: String, in db: Database) throws {
        let isDone = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM pack WHERE hash = ?)", arguments: [hash])
        let count = try Int.fetchOne(
            db, sql: "SELECT partCount FROM packActivation WHERE hash = ?", arguments: [hash])
        guard isDone == false, let count else { return }
        let parts = try Data.fetchAll(
            db, sql: "SELECT content FROM packPart WHERE hash = ? ORDER BY part", arguments: [hash])
        guard parts.count == count else { return }
        let pack = try readable(parts, hash: hash)
        try db.execute(
            sql: "INSERT INTO pack (hash, body) VALUES (?, ?)",
            arguments: [hash, try ContractCoding.encode(pack)])
        try FigureTables.settle(in: db)
    }

    /// A pack that cannot be read is noted and passed over: the one before goes on counting.
    private static func readable(_ parts: [Data], hash: String) throws -> Pack {
        do {
            return try PackTransport.assemble(parts, hash: hash)
        } catch let error as DecodingError {
            throw ContractError.malformed("pack \(hash): \(error.sentence)")
        }
    }
}
