package import Hummingbird

/// The sender's own name for a request, by which a repetition is known (the IETF's `Idempotency-Key` draft).
package struct IdempotencyKey: Hashable, Sendable, CustomStringConvertible {
    /// 1 to 255 visible characters of ASCII.
    package let value: String

    /// Nil when the text is no key; one in double quotes, as the draft writes it, is the same key without them.
    package init?(_ text: String) {
        var value = text[...]
        if value.count >= 2, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
        guard (1...255).contains(value.utf8.count), value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
        self.value = String(value)
    }

    package var description: String { value }
}

extension Request {
    /// The key of this request, or nil when it has none.
    ///
    /// - Throws: ``ProblemDetails`` 400 when the header is there but is no key.
    package func idempotencyKey() throws(ProblemDetails) -> IdempotencyKey? {
        guard let text = headers[.idempotencyKey] else { return nil }
        guard let key = IdempotencyKey(text) else {
            throw .badRequest(errors: [
                .init(field: "Idempotency-Key", message: "must be 1 to 255 visible ASCII characters")
            ])
        }
        return key
    }

    /// The key of this request.
    ///
    /// - Throws: ``ProblemDetails`` 400 when there is none.
    package func requiredIdempotencyKey() throws(ProblemDetails) -> IdempotencyKey {
        guard let key = try idempotencyKey() else {
            throw .badRequest(
                "Send the header Idempotency-Key with a value of your own, and the same one when you repeat the request.",
                errors: [.init(field: "Idempotency-Key", message: "is missing")])
        }
        return key
    }
}
