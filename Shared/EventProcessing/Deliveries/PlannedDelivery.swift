package import Contracts
package import Foundation
import GRDB

/// A sending to the outside that a processor planned.
package struct PlannedDelivery: Sendable, Equatable {
    package enum State: String, Sendable {
        case planned
        case started
        case delivered
        /// Nothing more is tried.
        case failed
        /// Its address will never be reached again.
        case gone
        /// Begun, never heard of again, and not to be repeated safely.
        case unknown
    }

    package let id: DeliveryID
    /// What shares a limit of sendings in flight: an endpoint, a provider's host.
    package let lane: String
    /// What the edge needs to send it.
    package let payload: Data
    package let state: State
    /// How often it was started, by anybody.
    package let attempt: Int
    /// Starts that count as no attempt: those that were postponed, and those before an operator's replay.
    package let uncounted: Int
    package let plannedAt: Timestamp
    /// Not to be started earlier.
    package let notBefore: Timestamp
    /// Not to be started later.
    package let notAfter: Timestamp?
    /// Who started it last.
    package let ownerId: String?
    /// Why the last attempt failed, or was postponed.
    package let reason: String?

    package init(
        id: DeliveryID, lane: String, payload: Data, state: State, attempt: Int, uncounted: Int = 0,
        plannedAt: Timestamp, notBefore: Timestamp, notAfter: Timestamp? = nil, ownerId: String? = nil,
        reason: String? = nil
    ) {
        self.id = id
        self.lane = lane
        self.payload = payload
        self.state = state
        self.attempt = attempt
        self.uncounted = uncounted
        self.plannedAt = plannedAt
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.ownerId = ownerId
        self.reason = reason
    }

    /// How often it was tried.
    package var tries: Int { attempt - uncounted }
}

extension PlannedDelivery {
    init(_ row: Row) {
        self.init(
            id: DeliveryID(row["id"] as String), lane: row["lane"], payload: row["payload"],
            state: State(rawValue: row["state"]) ?? .failed, attempt: row["attempt"], uncounted: row["uncounted"],
            plannedAt: Timestamp(milliseconds: row["plannedAt"]), notBefore: Timestamp(milliseconds: row["notBefore"]),
            notAfter: (row["notAfter"] as Int64?).map(Timestamp.init(milliseconds:)), ownerId: row["ownerId"],
            reason: row["reason"])
    }
}
