import Contracts
import Foundation
import GRDB

/// The table of sendings, as decisions change it.
///
/// Whoever changes what is planned in a lane brings `deliveryLane` up to date with it.
enum DeliveryRow {
    static func plan(_ delivery: PlannedDelivery, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO delivery (id, lane, state, attempt, uncounted, plannedAt, notBefore, notAfter, payload)
                VALUES (?, ?, 'planned', 0, 0, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            delivery.id.rawValue, delivery.lane, delivery.plannedAt.milliseconds, delivery.notBefore.milliseconds,
            delivery.notAfter?.milliseconds, delivery.payload,
        ])
        try DeliveryLaneRow.refresh(delivery.lane, in: db)
    }

    static func find(_ id: DeliveryID, in db: Database) throws -> PlannedDelivery? {
        try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM delivery WHERE id = ?"), arguments: [id.rawValue])
            .map(PlannedDelivery.init)
    }

    /// A start takes effect where the delivery still waits and its time has come by the machine's clock.
    static func markStarted(_ start: DeliveryStarted, clock: Timestamp, in db: Database) throws {
        guard let row = try find(start.deliveryId, in: db), row.state == .planned, start.attempt == row.attempt + 1,
            row.notBefore <= clock
        else { return }
        try db.cachedStatement(
            sql: "UPDATE delivery SET state = 'started', attempt = ?, ownerId = ? WHERE id = ?"
        ).execute(arguments: [start.attempt, start.ownerId, row.id.rawValue])
        try DeliveryLaneRow.refresh(row.lane, in: db)
    }

    /// Notes how a start ended, and says whether the delivery has ended with it.
    static func markEnded(_ report: DeliveryReported, clock: Timestamp, in db: Database) throws -> Bool {
        guard let row = try find(report.deliveryId, in: db), row.attempt == report.attempt else { return false }
        if row.state == .planned {
            // Its time is over before it was started: nothing else ends what waits.
            guard report.outcome == .failed, let notAfter = row.notAfter, notAfter < clock else { return false }
        } else if row.state != .started {
            return false
        }
        let next = DeliveryStep(of: row, report, clock: clock)
        try db.cachedStatement(
            sql: "UPDATE delivery SET state = ?, uncounted = ?, notBefore = ?, reason = ? WHERE id = ?"
        ).execute(arguments: [
            next.state.rawValue, next.uncounted, next.notBefore.milliseconds, report.reason, row.id.rawValue,
        ])
        try DeliveryLaneRow.refresh(row.lane, in: db)
        return next.state != .planned
    }

    static func replan(
        _ id: DeliveryID, payload: Data?, notBefore: Timestamp, notAfter: Timestamp?, in db: Database
    ) throws -> Bool {
        guard let row = try find(id, in: db), row.state != .started else { return false }
        try db.cachedStatement(
            sql: """
                UPDATE delivery SET state = 'planned', uncounted = attempt, payload = ?, notBefore = ?, notAfter = ?,
                    reason = NULL
                WHERE id = ?
                """
        ).execute(arguments: [
            payload ?? row.payload, notBefore.milliseconds, notAfter?.milliseconds, id.rawValue,
        ])
        try DeliveryLaneRow.refresh(row.lane, in: db)
        return true
    }

    static func endAll(
        lane: String, reason: String, clock: Timestamp, in db: Database
    ) throws -> [PlannedDelivery] {
        let planned = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT * FROM delivery WHERE state = 'planned' AND lane = ? ORDER BY notBefore, id"),
            arguments: [lane]
        ).map(PlannedDelivery.init)
        try db.cachedStatement(
            sql: "UPDATE delivery SET state = 'failed', reason = ? WHERE state = 'planned' AND lane = ?"
        ).execute(arguments: [reason, lane])
        try db.cachedStatement(
            sql: "UPDATE delivery SET notAfter = ? WHERE state = 'started' AND lane = ?"
        ).execute(arguments: [clock.milliseconds, lane])
        try DeliveryLaneRow.refresh(lane, in: db)
        return planned
    }

    /// Gives one up that waits; one that is just being sent is not tried again.
    static func end(
        _ id: DeliveryID, reason: String, clock: Timestamp, in db: Database
    ) throws -> PlannedDelivery? {
        guard let row = try find(id, in: db) else { return nil }
        try db.cachedStatement(
            sql: "UPDATE delivery SET notAfter = ? WHERE id = ? AND state = 'started'"
        ).execute(arguments: [clock.milliseconds, id.rawValue])
        guard row.state == .planned else { return nil }
        try db.cachedStatement(sql: "UPDATE delivery SET state = 'failed', reason = ? WHERE id = ?").execute(
            arguments: [reason, id.rawValue])
        try DeliveryLaneRow.refresh(row.lane, in: db)
        return row
    }

    static func forget(_ id: DeliveryID, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE delivery SET payload = X'', reason = NULL
                WHERE id = ? AND state NOT IN ('planned', 'started')
                """
        ).execute(arguments: [id.rawValue])
    }

    static func updatePlanned(
        _ id: DeliveryID, payload: Data, notBefore: Timestamp, in db: Database
    ) throws -> Bool {
        guard let row = try find(id, in: db), row.state == .planned, row.attempt == 0 else { return false }
        try db.cachedStatement(
            sql: "UPDATE delivery SET payload = ?, notBefore = ? WHERE id = ?"
        ).execute(arguments: [payload, notBefore.milliseconds, id.rawValue])
        try DeliveryLaneRow.refresh(row.lane, in: db)
        return true
    }
}

/// What becomes of a delivery by the report of one start.
struct DeliveryStep {
    let state: PlannedDelivery.State
    let uncounted: Int
    let notBefore: Timestamp

    init(of row: PlannedDelivery, _ report: DeliveryReported, clock: Timestamp) {
        var uncounted = row.uncounted
        var wait: Int64?
        let end: PlannedDelivery.State
        switch report.outcome {
        case .delivered: end = .delivered
        case .gone: end = .gone
        case .unknown: end = .unknown
        case .postponed:
            uncounted += 1
            wait = min(max(report.retryAfter ?? 0, 0), DeliveryRetry.longestWord)
            end = .failed
        case .failed:
            if report.canRetry, row.state == .started, row.tries < DeliveryRetry.mostAttempts {
                wait = DeliveryRetry.pause(after: row.tries, of: row.id, retryAfter: report.retryAfter)
            }
            end = .failed
        }
        let again = wait.map(clock.adding(milliseconds:))
        let isInTime = again.map { again in row.notAfter.map { again <= $0 } ?? true } ?? false
        state = isInTime ? .planned : end
        notBefore = isInTime ? (again ?? clock) : row.notBefore
        self.uncounted = uncounted
    }
}

/// For each lane with something planned, the moment of the first: one row where a lane has thousands of deliveries.
enum DeliveryLaneRow {
    static func refresh(_ lane: String, in db: Database) throws {
        let next = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT MIN(notBefore) FROM delivery WHERE state = 'planned' AND lane = ?"),
            arguments: [lane])
        guard let next else {
            try db.cachedStatement(sql: "DELETE FROM deliveryLane WHERE lane = ?").execute(arguments: [lane])
            return
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO deliveryLane (lane, nextAt) VALUES (?, ?)
                ON CONFLICT (lane) DO UPDATE SET nextAt = excluded.nextAt
                """
        ).execute(arguments: [lane, next])
    }
}
