import Contracts
import Foundation
import GRDB
import NotificationWords
import NotificationsDomain

/// The table of messages that wait to go outside.
enum HeldRows {
    static func insert(_ message: HeldMessage, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO held (eventId, personId, channel, matter, kind, aboutType, caseId, wording, template,
                    link, heldAt, notBefore)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            message.told.eventId.data, message.told.recipientId.rawValue, message.channel.rawValue, message.matter,
            message.kind.rawValue, message.aboutType, message.caseId?.rawValue,
            try ContractCoding.text(message.wording), try message.template.map(ContractCoding.text),
            message.link, message.heldAt.milliseconds, message.notBefore.milliseconds,
        ])
    }

    /// What waits for a person, by channel and matter, the oldest first.
    static func all(of person: PersonID, in db: Database) throws -> [HeldMessage] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT * FROM held WHERE personId = ? ORDER BY channel, matter, heldAt, eventId"),
            arguments: [person.rawValue]
        ).map(message)
    }

    /// When the messages of a group go that wait already; nil where none does.
    static func moment(of group: HeldMessage.Group, of person: PersonID, in db: Database) throws -> Timestamp? {
        try Int64.fetchOne(
            db.cachedStatement(
                sql: "SELECT MIN(notBefore) FROM held WHERE personId = ? AND channel = ? AND matter = ?"),
            arguments: [person.rawValue, group.channel.rawValue, group.matter]
        ).map(Timestamp.init(milliseconds:))
    }

    static func move(_ message: HeldMessage, to moment: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: "UPDATE held SET notBefore = ? WHERE eventId = ? AND personId = ? AND channel = ?"
        ).execute(arguments: [
            moment.milliseconds, message.told.eventId.data, message.told.recipientId.rawValue,
            message.channel.rawValue,
        ])
    }

    static func delete(_ message: HeldMessage, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM held WHERE eventId = ? AND personId = ? AND channel = ?").execute(
            arguments: [message.told.eventId.data, message.told.recipientId.rawValue, message.channel.rawValue])
    }

    static func deleteAll(of person: PersonID, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM held WHERE personId = ?").execute(arguments: [person.rawValue])
    }

    /// The first moment at which something goes; nil where nothing waits.
    static func next(of person: PersonID, in db: Database) throws -> Timestamp? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT MIN(notBefore) FROM held WHERE personId = ?"),
            arguments: [person.rawValue]
        ).map(Timestamp.init(milliseconds:))
    }

    private static func message(_ row: Row) throws -> HeldMessage {
        guard let eventId = MessageID(data: row["eventId"] as Data), let channel = Channel(rawValue: row["channel"]),
            let kind = NotificationKind(rawValue: row["kind"])
        else { throw NotificationRowError.unreadable("message that waits") }
        return HeldMessage(
            told: Told(eventId: eventId, recipientId: PersonID(row["personId"] as String), channel: channel),
            aboutType: row["aboutType"], caseId: (row["caseId"] as String?).map { CaseID($0) }, matter: row["matter"],
            kind: kind, wording: try PersonRows.read(row["wording"], as: Wording.self),
            template: try (row["template"] as String?).map {
                try PersonRows.read($0, as: OutsideMessage.ProviderTemplate.self)
            },
            link: row["link"], heldAt: Timestamp(milliseconds: row["heldAt"]),
            notBefore: Timestamp(milliseconds: row["notBefore"]))
    }
}
