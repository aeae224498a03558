import Contracts
import Foundation
import GRDB
import NotificationsDomain

/// The table of what was told: its primary key lets an event reach a recipient once on each channel, for ever.
enum ToldRow {
    static func exists(_ told: Told, in db: Database) throws -> Bool {
        try Int.fetchOne(
            db.cachedStatement(
                sql: "SELECT 1 FROM told WHERE eventId = ? AND recipientId = ? AND channel = ?"),
            arguments: arguments(of: told)) != nil
    }

    static func insert(_ told: Told, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO told (eventId, recipientId, channel) VALUES (?, ?, ?)").execute(
            arguments: arguments(of: told))
    }

    private static func arguments(of told: Told) -> StatementArguments {
        [told.eventId.data, told.recipientId.rawValue, told.channel.rawValue]
    }
}

/// The table of inbox messages.
enum InboxMessageRow {
    static func find(_ id: InboxMessageID, in db: Database) throws -> InboxMessageState? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM inboxMessage WHERE id = ?"), arguments: [id.rawValue])
        return try row.map(message)
    }

    /// Those of a person of some time, the oldest first.
    static func all(
        of person: PersonID, since: Timestamp? = nil, until: Timestamp? = nil, in db: Database
    ) throws -> [InboxMessageState] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT * FROM inboxMessage WHERE recipientId = ? AND writtenAt >= ? AND writtenAt < ?
                    ORDER BY writtenAt, id
                    """),
            arguments: [person.rawValue, since?.milliseconds ?? Int64.min, until?.milliseconds ?? Int64.max]
        ).map(message)
    }

    static func deleteAll(of person: PersonID, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM inboxMessage WHERE recipientId = ?").execute(
            arguments: [person.rawValue])
    }

    private static func message(_ row: Row) throws -> InboxMessageState {
        let id = InboxMessageID(row["id"] as String)
        guard let aboutEventId = MessageID(data: row["aboutEventId"] as Data),
            let language = NotificationLanguage(rawValue: row["language"])
        else { throw NotificationRowError.unreadable("inbox message \(id)") }
        return InboxMessageState(
            messageId: id, version: row["version"], recipientId: PersonID(row["recipientId"] as String),
            title: row["title"], body: row["body"], language: language, aboutEventId: aboutEventId,
            aboutType: row["aboutType"], caseId: (row["caseId"] as String?).map { CaseID($0) },
            points: row["points"], writtenAt: Timestamp(milliseconds: row["writtenAt"]),
            readAt: (row["readAt"] as Int64?).map(Timestamp.init(milliseconds:)),
            archivedAt: (row["archivedAt"] as Int64?).map(Timestamp.init(milliseconds:)))
    }

    /// Writes a new message, or that it was read or put away.
    static func save(_ message: InboxMessageState, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO inboxMessage (id, version, recipientId, title, body, language, aboutEventId, aboutType,
                    caseId, points, writtenAt, readAt, archivedAt)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                ON CONFLICT (id) DO UPDATE SET version = ?2, readAt = ?12, archivedAt = ?13
                """
        ).execute(arguments: [
            message.messageId.rawValue, message.version, message.recipientId.rawValue, message.title, message.body,
            message.language.rawValue, message.aboutEventId.data, message.aboutType, message.caseId?.rawValue,
            message.points, message.writtenAt.milliseconds, message.readAt?.milliseconds,
            message.archivedAt?.milliseconds,
        ])
    }
}

/// What no version of this program ever wrote.
enum NotificationRowError: Error, CustomStringConvertible {
    case unreadable(String)

    var description: String {
        switch self {
        case .unreadable(let what): "the stored \(what) cannot be read"
        }
    }
}
