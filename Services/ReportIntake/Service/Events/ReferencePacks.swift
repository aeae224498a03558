import Contracts
import EventProcessing
import Foundation
import GRDB

/// Keeps the pack in force, as `reference.v1` gives it: in parts, and then the word that it counts.
///
/// A pack counts here once all its parts have come, whichever came last; until then the one before goes on counting.
struct ReferencePacks: Projection {
    var name: String { "reference-packs" }
    var topics: [Topic] { [TopicCatalogue.reference] }

    func apply(_ record: IncomingRecord, in db: Database) throws {
        switch record.attributes.type {
        case PackPart.type:
            let part = try record.read(PackPart.self).data
            try db.execute(
                sql: "INSERT OR IGNORE INTO packPart (hash, part, content) VALUES (?, ?, ?)",
                arguments: [part.packHash, part.index, part.content])
        case PackActivated.type:
            let activation = try record.read(PackActivated.self)
            // An activation that is said again, behind a later one, changes nothing.
            try db.execute(
                sql: """
                    INSERT INTO packActivation (one, hash, partCount, activatedAt) VALUES (1, ?, ?, ?)
                    ON CONFLICT (one) DO UPDATE SET hash = excluded.hash, partCount = excluded.partCount,
                        activatedAt = excluded.activatedAt WHERE excluded.activatedAt >= activatedAt
                    """,
                arguments: [activation.data.packHash, activation.data.partCount, activation.time.milliseconds])
        default:
            return
        }
        try completeActivation(in: db)
    }

    private func completeActivation(in db: Database) throws {
        let hash = try String.fetchOne(
            db,
            sql: """
                SELECT hash FROM packActivation AS a
                WHERE (SELECT COUNT(*) FROM packPart AS p WHERE p.hash = a.hash) = a.partCount
                """)
        guard let hash, hash != (try Self.hashInForce(in: db)) else { return }
        try db.execute(sql: "INSERT OR REPLACE INTO packInForce (one, hash) VALUES (1, ?)", arguments: [hash])
        try db.execute(sql: "DELETE FROM packPart WHERE hash <> ?", arguments: [hash])
    }

    static func hashInForce(in db: Database) throws -> String? {
        try String.fetchOne(db, sql: "SELECT hash FROM packInForce")
    }

    /// The pack of this hash, put together.
    ///
    /// - Throws: `ContractError.malformed` where its bytes do not have the hash.
    static func pack(_ hash: String, in db: Database) throws -> Pack {
        let parts = try Data.fetchAll(
            db, sql: "SELECT content FROM packPart WHERE hash = ? ORDER BY part", arguments: [hash])
        return try PackTransport.assemble(parts, hash: hash)
    }
}
