/// What sends to the outside for a processor: webhooks, mail, robots.
package protocol DeliveryEdge: Sendable {
    /// Sends once.
    ///
    /// The delivery's id is the key by which the provider knows a repetition.
    func send(_ delivery: PlannedDelivery) async -> DeliveryResult

    /// Whether the provider knows a repetition by the delivery's id.
    ///
    /// Where it does not, a start without an end is never repeated: it ends as `unknown`.
    func canRepeat(_ delivery: PlannedDelivery) -> Bool
}

/// How a sending ended.
package enum DeliveryResult: Sendable, Equatable {
    case delivered
    /// - `retryAfter`: how long the provider wants to be left alone (`Retry-After`, RFC 9110); its lane waits, too.
    case failed(reason: String, canRetry: Bool, retryAfter: Duration? = nil)
    /// The address will never be reached again: 410, an expired push subscription, a blocked robot.
    case gone(reason: String)
    /// It may have arrived, and the provider knows no repetition: neither sent again nor counted as a failure.
    case unknown(reason: String)
    /// Not tried: a limit of rate, or a breaker that is open.
    ///
    /// Counts as no attempt. The whole lane waits so long, and then tries one delivery before others.
    case postponed(reason: String, by: Duration)
}
