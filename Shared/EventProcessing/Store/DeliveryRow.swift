package import Contracts
package import Foundation
import GRDB

/// A sending to the outside that a processor planned.
package struct PlannedDelivery: Sendable, Equatable {
    package enum State: String, Sendable {
        case planned
        case started
        case delivered
        case failed
    }

    package let id: DeliveryID
    /// What the edge needs to send it.
    package let payload: Data
    package let state: State
    /// How often it was started.
    package let attempt: Int
    /// Not to be started earlier.
    package let notBefore: Timestamp
    /// Why the last attempt failed.
    package let reason: String?

    package init(
        id: DeliveryID, payload: Data, state: State, attempt: Int, notBefore: Timestamp, reason: String? = nil
    ) {
        self.id = id
        self.payload = payload
        self.state = state
        self.attempt = attempt
        self.notBefore = notBefore
        self.reason = reason
    }
}

/// The table of sendings.
enum DeliveryRow {
    /// After so many failed attempts a delivery is given up.
    static let mostAttempts = 8

    /// Waiting after the n-th failed attempt, in milliseconds (Standard Webhooks 1.0.0, retry schedule).
    static func pause(after attempt: Int) -> Int64 {
        let seconds: [Int64] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000]
        return seconds[min(max(attempt, 1), seconds.count) - 1] * 1_000
    }

    static func plan(_ id: DeliveryID, payload: Data, notBefore: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO delivery (id, payload, state, attempt, notBefore) VALUES (?, ?, 'planned', 0, ?)"
        ).execute(arguments: [id.rawValue, payload, notBefore.milliseconds])
    }

    static func find(_ id: DeliveryID, in db: Database) throws -> PlannedDelivery? {
        try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM delivery WHERE id = ?"), arguments: [id.rawValue])
            .map(delivery)
    }

    /// What is planned for now or was started and has no end yet, the earliest first.
    static func open(at moment: Timestamp, limit: Int, in db: Database) throws -> [PlannedDelivery] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT * FROM delivery WHERE state IN ('planned', 'started') AND notBefore <= ?
                    ORDER BY notBefore, id LIMIT ?
                    """),
            arguments: [moment.milliseconds, limit]
        ).map(delivery)
    }

    static func markStarted(_ id: DeliveryID, attempt: Int, in db: Database) throws {
        try db.cachedStatement(
            sql: "UPDATE delivery SET state = 'started', attempt = ? WHERE id = ? AND state = 'planned'"
        ).execute(arguments: [attempt, id.rawValue])
    }

    /// Notes how an attempt ended, and says whether the delivery has ended with it.
    static func markEnded(_ report: DeliveryReported, clock: Timestamp, in db: Database) throws -> Bool {
        guard let row = try find(report.deliveryId, in: db), row.state == .started, row.attempt == report.attempt
        else { return false }
        let isOver = report.delivered || !report.canRetry || row.attempt >= mostAttempts
        let state: PlannedDelivery.State = report.delivered ? .delivered : isOver ? .failed : .planned
        try db.cachedStatement(sql: "UPDATE delivery SET state = ?, notBefore = ?, reason = ? WHERE id = ?").execute(
            arguments: [
                state.rawValue, clock.milliseconds + (isOver ? 0 : pause(after: row.attempt)), report.reason,
                row.id.rawValue,
            ])
        return isOver
    }

    private static func delivery(_ row: Row) -> PlannedDelivery {
        PlannedDelivery(
            id: DeliveryID(row["id"] as String), payload: row["payload"],
            state: PlannedDelivery.State(rawValue: row["state"]) ?? .failed, attempt: row["attempt"],
            notBefore: Timestamp(milliseconds: row["notBefore"]), reason: row["reason"])
    }
}
