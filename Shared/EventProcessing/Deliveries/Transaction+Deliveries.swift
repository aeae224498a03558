package import Contracts
package import Foundation

/// Sendings to the outside, as a decision plans and changes them.
extension Transaction {
    /// Plans a sending; the owner's edge does it once the plan stands in the log's past.
    ///
    /// - Parameters:
    ///   - lane: What shares a limit of sendings in flight, such as `endpoint|<id>`.
    ///   - notAfter: The moment from which on nothing is tried any more.
    /// - Throws: A broken constraint where the id was planned before.
    package func planDelivery(
        _ id: DeliveryID, payload: Data, lane: String, notBefore: Timestamp, notAfter: Timestamp? = nil
    ) throws {
        try DeliveryRow.plan(
            PlannedDelivery(
                id: id, lane: lane, payload: payload, state: .planned, attempt: 0, plannedAt: clock,
                notBefore: notBefore, notAfter: notAfter),
            in: database)
    }

    package func delivery(_ id: DeliveryID) throws -> PlannedDelivery? {
        try DeliveryRow.find(id, in: database)
    }

    /// Sends once more what has ended, or at another time what waits: an operator's replay, or a new morning.
    ///
    /// The id stays, the attempts are counted from the first again, and the former `notAfter` holds no more.
    /// - Parameter payload: Nil for the same as before.
    /// - Returns: False where there is no such delivery, or where it is just being sent.
    @discardableResult
    package func replanDelivery(
        _ id: DeliveryID, payload: Data? = nil, notBefore: Timestamp, notAfter: Timestamp? = nil
    ) throws -> Bool {
        try DeliveryRow.replan(id, payload: payload, notBefore: notBefore, notAfter: notAfter, in: database)
    }

    /// Gives up one that waits; what is just being sent is not tried again.
    ///
    /// - Returns: What was given up, which ends as `failed` with this reason, and nobody is told; nil where it does not wait.
    package func endDelivery(_ id: DeliveryID, reason: String) throws -> PlannedDelivery? {
        try DeliveryRow.end(id, reason: reason, clock: clock, in: database)
    }

    /// Forgets what was sent, once it has ended: its payload and reason.
    package func forgetDelivery(_ id: DeliveryID) throws {
        try DeliveryRow.forget(id, in: database)
    }

    /// Gives up whatever is planned in a lane that is gone; what is just being sent there is not tried again.
    ///
    /// - Returns: What was given up, by `notBefore` and id; each ends as `failed` with this reason, and nobody is told.
    package func endDeliveries(lane: String, reason: String) throws -> [PlannedDelivery] {
        try DeliveryRow.endAll(lane: lane, reason: reason, clock: clock, in: database)
    }

    /// Changes what waits and was never started: a burst becomes one message.
    ///
    /// - Returns: False where it has gone already, or there is no such delivery; nothing is changed then.
    package func updatePlanned(_ id: DeliveryID, payload: Data, notBefore: Timestamp) throws -> Bool {
        try DeliveryRow.updatePlanned(id, payload: payload, notBefore: notBefore, in: database)
    }
}
