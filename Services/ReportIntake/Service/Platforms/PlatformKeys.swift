import Contracts
import EventProcessing
import GRDB

/// Keeps which keys platforms have, as `reference.v1` tells: their hashes, and until when each is good.
struct PlatformKeys: Projection {
    var name: String { "platform-keys" }
    var topics: [Topic] { [TopicCatalogue.reference] }

    func apply(_ record: IncomingRecord, in db: Database) throws {
        switch record.attributes.type {
        case PlatformKeyGranted.type:
            let key = try record.read(PlatformKeyGranted.self).data
            try db.execute(
                sql: """
                    INSERT INTO platformKey (keyId, platform, hash, perMinute) VALUES (?1, ?2, ?3, ?4)
                    ON CONFLICT (keyId) DO UPDATE SET platform = ?2, hash = ?3, perMinute = ?4
                    """,
                arguments: [key.keyId, key.platform.rawValue, key.hash, key.perMinute])
        case PlatformKeyRevoked.type:
            let word = try record.read(PlatformKeyRevoked.self).data
            // The word may come before the key that it takes back; of several the earliest moment counts.
            try db.execute(
                sql: """
                    INSERT INTO platformKey (keyId, revokedFrom) VALUES (?1, ?2)
                    ON CONFLICT (keyId) DO UPDATE SET revokedFrom = min(?2, ifnull(revokedFrom, ?2))
                    """,
                arguments: [word.keyId, word.from.milliseconds])
        default:
            return
        }
    }

    static func migrate(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE platformKey (
                    keyId TEXT NOT NULL PRIMARY KEY, platform TEXT, hash TEXT, perMinute INTEGER, revokedFrom INTEGER
                ) WITHOUT ROWID
                """)
    }

    static func all(in db: Database) throws -> [PlatformKeyRing.Key] {
        try Row.fetchAll(db, sql: "SELECT * FROM platformKey WHERE hash IS NOT NULL ORDER BY keyId").map { row in
            PlatformKeyRing.Key(
                id: row["keyId"], hash: row["hash"], platform: PersonID(row["platform"] as String),
                perMinute: row["perMinute"],
                revokedFrom: (row["revokedFrom"] as Int64?).map(Timestamp.init(milliseconds:)))
        }
    }
}
