// What the owner of a partition writes about sendings to the outside that its processor planned.

/// The owner is about to send a delivery outside.
///
/// It sends once it reads this back.
package struct DeliveryStarted: Message {
    package static let type = "delivery.started"

    package let deliveryId: DeliveryID
    /// Which start of this delivery it is, from 1.
    package let attempt: Int
    /// Who sends it: a name that an owner makes for itself when it takes the partition.
    package let ownerId: String

    package init(deliveryId: DeliveryID, attempt: Int, ownerId: String) {
        self.deliveryId = deliveryId
        self.attempt = attempt
        self.ownerId = ownerId
    }

    package var subject: String { deliveryId.rawValue }
}

/// How a start of a delivery came out, for the processor that planned it.
///
/// The processor hears of it only when the delivery has ended; how it stands then is in its row.
package struct DeliveryReported: Message {
    package static let type = "delivery.reported"

    package enum Outcome: String, Codable, Sendable, CaseIterable {
        case delivered
        case failed
        /// The address will never be reached again.
        case gone
        /// Begun, and it may have arrived: by an owner that was never heard of again, or without an answer that says so; and
        /// not to be repeated safely.
        case unknown
        /// Not tried: counts as no attempt.
        case postponed
    }

    package let deliveryId: DeliveryID
    package let attempt: Int
    package let outcome: Outcome
    /// Whether to try again later, where it failed.
    package let canRetry: Bool
    /// How long to wait at least before the next attempt, in milliseconds.
    package let retryAfter: Int64?
    package let reason: String?

    package init(
        deliveryId: DeliveryID, attempt: Int, outcome: Outcome, canRetry: Bool = false, retryAfter: Int64? = nil,
        reason: String? = nil
    ) {
        self.deliveryId = deliveryId
        self.attempt = attempt
        self.outcome = outcome
        self.canRetry = canRetry
        self.retryAfter = retryAfter
        self.reason = reason
    }

    package var subject: String { deliveryId.rawValue }
}
