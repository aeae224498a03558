package import HTTPTypes

extension HTTPField.Name {
    package static let idempotencyKey = known("Idempotency-Key")
    /// Set on the answer to a repetition: it is the answer to the first.
    package static let idempotencyHit = known("Idempotency-Hit")
    package static let lastEventID = known("Last-Event-ID")
    package static let requestID = known("X-Request-ID")
    package static let traceParent = known("traceparent")
    package static let webhookID = known("webhook-id")
    package static let webhookTimestamp = known("webhook-timestamp")
    package static let webhookSignature = known("webhook-signature")

    /// Tells nginx not to hold back a stream.
    static let xAccelBuffering = known("X-Accel-Buffering")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("Not a header name") }
        return name
    }
}
