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
        return try row.map { row in
            guard let aboutEventId = MessageID(data: row["aboutEventId"] as Data) else {
                throw InboxRowError.unreadable(id)
            }
            return InboxMessageState(
                messageId: id, version: row["version"], recipientId: PersonID(row["recipientId"] as String),
                title: row["title"], body: row["body"], aboutEventId: aboutEventId, aboutType: row["aboutType"],
                caseId: (row["caseId"] as String?).map { CaseID($0) }, points: row["points"],
                writtenAt: Timestamp(milliseconds: row["writtenAt"]),
                readAt: (row["readAt"] as Int64?).map { Timestamp(milliseconds: $0) })
        }
    }

    /// Writes a new message, or that it was read.
    static func save(_ message: InboxMessageState, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO inboxMessage (id, version, recipientId, title, body, aboutEventId, aboutType, caseId,
                    points, writtenAt, readAt)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                ON CONFLICT (id) DO UPDATE SET version = ?2, readAt = ?11
                """
        ).execute(arguments: [
            message.messageId.rawValue, message.version, message.recipientId.rawValue, message.title, message.body,
            message.aboutEventId.data, message.aboutType, message.caseId?.rawValue, message.points,
            message.writtenAt.milliseconds, message.readAt?.milliseconds,
        ])
    }
}

/// What no version of this program ever wrote.
enum InboxRowError: Error, CustomStringConvertible {
    case unreadable(InboxMessageID)

    var description: String {
        switch self {
        case .unreadable(let id): "the stored inbox message \(id) cannot be read"
        }
    }
}
