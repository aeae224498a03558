package import HTTPTypes

extension HTTPField.Name {
    package static let link = known("Link")
    package static let idempotencyKey = known("Idempotency-Key")
    /// Set on the answer to a repetition: it is the answer to the first.
    package static let idempotencyHit = known("Idempotency-Hit")
    package static let lastEventID = known("Last-Event-ID")
    package static let referrerPolicy = known("Referrer-Policy")
    package static let requestID = known("X-Request-ID")
    package static let traceParent = known("traceparent")
    package static let webhookID = known("webhook-id")
    package static let webhookTimestamp = known("webhook-timestamp")
    package static let webhookSignature = known("webhook-signature")

    /// Tells nginx not to hold back a stream.
    static let xAccelBuffering = known("X-Accel-Buffering")

    /// The name that stands as a literal in the code.
    ///
    /// One that is none stops the program at its first use, which no test can miss.
    package static func known(_ literal: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name("\(literal)") else { preconditionFailure("Not a header name: \(literal)") }
        return name
    }
}
