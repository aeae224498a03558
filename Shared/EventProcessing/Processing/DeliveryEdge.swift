/// What sends to the outside for a processor: webhooks, mail, robots.
package protocol DeliveryEdge: Sendable {
    /// Sends once. The delivery's id is the key by which the provider knows a repetition.
    func send(_ delivery: PlannedDelivery) async -> DeliveryResult
}

/// How a sending ended.
package enum DeliveryResult: Sendable, Equatable {
    case delivered
    case failed(reason: String, canRetry: Bool)
}
