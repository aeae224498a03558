import Contracts
import EventProcessing
import Foundation
import GRDB

/// Rows about who looked at whom: never changed, never taken away.
enum AccessTables {
    static let schema = """
        CREATE TABLE personLook (
            id TEXT NOT NULL PRIMARY KEY, personId TEXT NOT NULL, actorId TEXT NOT NULL, at INTEGER NOT NULL,
            reason TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX personLookPerson ON personLook (personId, at, id);
        """

    static func keep(_ envelope: Envelope<PersonLookedUp>, in db: Database) throws {
        let look = envelope.data
        try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO personLook (id, personId, actorId, at, reason) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [
            envelope.id.description, look.personId.rawValue, look.actor.personId.rawValue, look.at.milliseconds,
            look.reason,
        ])
    }
}

/// One look at a person.
struct PersonLook: Encodable, Sendable, Equatable {
    let actorId: PersonID
    let at: Timestamp
    let reason: String
}

extension ReadModel {
    /// Notes a look at a person in the store and for `access-log.v1`, in one transaction; once for each id.
    ///
    /// Where this throws, nothing may be shown.
    func note(_ look: PersonLookedUp, id: MessageID, source: String) async throws {
        let envelope = Envelope(look, id: id, source: source, time: look.at)
        let value = try envelope.value()
        try await write { db in
            try AccessTables.keep(envelope, in: db)
            try outbox.append(
                id: id, topic: TopicCatalogue.accessLog, key: look.personId.rawValue, value: value, at: look.at, in: db)
        }
    }

    /// How often a person was looked at, and the last looks, newest first.
    func looks(at names: [String], limit: Int) async throws -> (count: Int, looks: [PersonLook]) {
        try await read { db in
            let people = try ContractCoding.text(names)
            let count = try Int.fetchOne(
                db, sql: "SELECT COUNT(*) FROM personLook WHERE personId IN (SELECT value FROM json_each(?))",
                arguments: [people])
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT actorId, at, reason FROM personLook WHERE personId IN (SELECT value FROM json_each(?))
                    ORDER BY at DESC, id DESC LIMIT ?
                    """,
                arguments: [people, limit])
            let looks = rows.map { row in
                PersonLook(
                    actorId: PersonID(row["actorId"]), at: Timestamp(milliseconds: row["at"]), reason: row["reason"])
            }
            return (count ?? 0, looks)
        }
    }
}
