import Contracts
import GRDB
import NotificationsDomain

/// The log of what was sent outside: what was planned, and how it ended.
enum SendingRows {
    static func insert(_ sending: OutsideSending, at moment: Timestamp, in db: Database) throws {
        let message = sending.message
        try db.cachedStatement(
            sql: """
                INSERT INTO sending (id, lane, recipientId, channel, endpointId, aboutEventId, aboutType, merged,
                    plannedAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            sending.deliveryId.rawValue, sending.lane, message.recipientId.rawValue, message.channel.rawValue,
            message.endpointId?.rawValue, message.aboutEventId.data, message.aboutType, message.mergedEventIds.count,
            moment.milliseconds,
        ])
    }

    static func end(_ ended: DeliveryEnded, at moment: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: "UPDATE sending SET endedAt = ?, outcome = ?, attempts = ?, reason = ? WHERE id = ?"
        ).execute(arguments: [
            moment.milliseconds, ended.outcome.rawValue, ended.attempts, ended.reason, ended.deliveryId.rawValue,
        ])
    }

    /// How it ended; nil for what has not, or is not there.
    static func outcome(of id: DeliveryID, in db: Database) throws -> DeliveryEnded.Outcome? {
        try String.fetchOne(
            db.cachedStatement(sql: "SELECT outcome FROM sending WHERE id = ? AND outcome IS NOT NULL"),
            arguments: [id.rawValue]
        ).flatMap(DeliveryEnded.Outcome.init)
    }

    /// It is to be sent once more.
    static func reopen(_ id: DeliveryID, in db: Database) throws {
        try db.cachedStatement(
            sql: "UPDATE sending SET endedAt = NULL, outcome = NULL, attempts = NULL, reason = NULL WHERE id = ?"
        ).execute(arguments: [id.rawValue])
    }

    /// What was planned in a lane within a time, the oldest first.
    static func ids(
        inLane lane: String, since: Timestamp, until: Timestamp?, limit: Int, in db: Database
    ) throws -> [DeliveryID] {
        try String.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT id FROM sending WHERE lane = ? AND plannedAt >= ? AND plannedAt < ?
                    ORDER BY plannedAt, id LIMIT ?
                    """),
            arguments: [lane, since.milliseconds, until?.milliseconds ?? Int64.max, limit]
        ).map { DeliveryID($0) }
    }

    static func isInLane(_ lane: String, _ id: DeliveryID, in db: Database) throws -> Bool {
        try Int.fetchOne(
            db.cachedStatement(sql: "SELECT 1 FROM sending WHERE id = ? AND lane = ?"),
            arguments: [id.rawValue, lane]) != nil
    }

    /// What was planned for a person on a channel and has not ended, the oldest first.
    static func open(of person: PersonID, on channel: Channel, in db: Database) throws -> [DeliveryID] {
        try String.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT id FROM sending WHERE recipientId = ? AND channel = ? AND endedAt IS NULL
                    ORDER BY plannedAt, id
                    """),
            arguments: [person.rawValue, channel.rawValue]
        ).map { DeliveryID($0) }
    }

    /// All that was ever planned for a recipient.
    static func all(of recipient: PersonID, in db: Database) throws -> [DeliveryID] {
        try String.fetchAll(
            db.cachedStatement(sql: "SELECT id FROM sending WHERE recipientId = ? ORDER BY plannedAt, id"),
            arguments: [recipient.rawValue]
        ).map { DeliveryID($0) }
    }

    static func deleteAll(of recipient: PersonID, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM sending WHERE recipientId = ?").execute(
            arguments: [recipient.rawValue])
    }
}
