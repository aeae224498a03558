import Contracts
import GRDB

/// Rows about what a person has: points and messages.
enum PersonTables {
    static func keep(_ envelope: Envelope<PointsMoved>, body: String, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO pointsEvent (id, personId, at, type, points, caseId, body)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            envelope.id.description, envelope.data.personId?.rawValue, envelope.time.milliseconds,
            envelope.attributes.type, envelope.data.points, envelope.data.caseId?.rawValue, body,
        ])
    }

    static func keep(_ state: AccountState, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO account (accountId, version, ledgerId, kind, personId, balance) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (accountId) DO UPDATE SET version = excluded.version, ledgerId = excluded.ledgerId,
                    kind = excluded.kind, personId = excluded.personId, balance = excluded.balance
                WHERE excluded.version > version
                """
        ).execute(arguments: [
            state.accountId.rawValue, state.version, state.ledgerId.rawValue, state.kind.rawValue,
            state.personId?.rawValue, state.balance,
        ])
    }

    static func keep(_ state: InboxMessageState, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO inboxMessage (messageId, version, recipientId, writtenAt, readAt, archivedAt, ended,
                    aboutType, caseId, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (messageId) DO UPDATE SET version = excluded.version, recipientId = excluded.recipientId,
                    writtenAt = excluded.writtenAt, readAt = excluded.readAt, archivedAt = excluded.archivedAt,
                    ended = excluded.ended, aboutType = excluded.aboutType, caseId = excluded.caseId,
                    body = excluded.body
                WHERE excluded.version > version
                """
        ).execute(arguments: [
            state.messageId.rawValue, state.version, state.recipientId.rawValue, state.writtenAt.milliseconds,
            state.readAt?.milliseconds, state.archivedAt?.milliseconds, state.ended, state.aboutType,
            state.caseId?.rawValue, try ContractCoding.text(state),
        ])
    }

    static func keep(_ state: PersonSettingsState, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO personSettings (personId, version, body) VALUES (?, ?, ?)
                ON CONFLICT (personId) DO UPDATE SET version = excluded.version, body = excluded.body
                WHERE excluded.version > version
                """
        ).execute(arguments: [state.personId.rawValue, state.version, try ContractCoding.text(state)])
    }
}
