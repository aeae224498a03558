package import Hummingbird

extension ProblemDetails {
    private static func kind(_ name: String) -> String { "urn:suishoupai:problem:\(name)" }

    /// 400: the request could not be read at all.
    package static func badRequest(_ detail: String, errors: [FieldError] = []) -> ProblemDetails {
        ProblemDetails(
            status: .badRequest, type: kind("malformed"), title: "The request could not be read", detail: detail,
            errors: errors)
    }

    /// 400 with every field that could not be read.
    package static func badRequest(errors: [FieldError]) -> ProblemDetails {
        .badRequest("Correct the fields listed in errors and send it again.", errors: errors)
    }

    /// 422: the request was read, but what it says cannot be accepted.
    package static func unprocessable(_ detail: String, errors: [FieldError] = []) -> ProblemDetails {
        ProblemDetails(
            status: .unprocessableContent, type: kind("not-acceptable"), title: "The request cannot be accepted",
            detail: detail, errors: errors)
    }

    /// 422 with every wrong field.
    package static func unprocessable(errors: [FieldError]) -> ProblemDetails {
        .unprocessable("Correct the fields listed in errors and send it again.", errors: errors)
    }

    /// 409: the request would have been right in another state of things.
    package static func conflict(_ detail: String, errors: [FieldError] = []) -> ProblemDetails {
        ProblemDetails(
            status: .conflict, type: kind("conflict"), title: "The state of things does not allow this",
            detail: detail, errors: errors)
    }

    /// 401: nobody, or nobody we can believe, has signed the request.
    ///
    /// - Parameter challenge: the value of `WWW-Authenticate`.
    package static func unauthorized(
        _ detail: String = "Send a valid token in the header Authorization: Bearer <token>.",
        challenge: String = #"Bearer realm="suishoupai""#
    ) -> ProblemDetails {
        ProblemDetails(
            status: .unauthorized, type: kind("unauthorized"), title: "Sign in first", detail: detail,
            headers: [.wwwAuthenticate: challenge])
    }

    /// 403: we know who asks, and they may not.
    package static func forbidden(_ detail: String) -> ProblemDetails {
        ProblemDetails(status: .forbidden, type: kind("forbidden"), title: "Not allowed", detail: detail)
    }

    /// 404: there is nothing here, or nothing that the asker may know of.
    package static func notFound(_ detail: String = "Check the address.") -> ProblemDetails {
        ProblemDetails(status: .notFound, type: kind("not-found"), title: "Nothing is here", detail: detail)
    }

    /// 405: the address exists, but not for this method.
    package static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> ProblemDetails {
        let methods = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        return ProblemDetails(
            status: .methodNotAllowed, type: kind("method-not-allowed"), title: "This method is not known here",
            detail: "Use one of: \(methods).", headers: [.allow: methods])
    }

    /// 413: the body is larger than is read here.
    package static func tooLarge(_ detail: String = "Send a smaller body.") -> ProblemDetails {
        ProblemDetails(
            status: .contentTooLarge, type: kind("too-large"), title: "The body is too large", detail: detail)
    }

    /// 429: the sender asks too often.
    package static func tooManyRequests(retryAfter: Duration, _ detail: String? = nil) -> ProblemDetails {
        let seconds = wholeSeconds(retryAfter)
        return ProblemDetails(
            status: .tooManyRequests, type: kind("too-many-requests"), title: "Too many requests",
            detail: detail ?? "Try again in \(seconds) seconds.", headers: [.retryAfter: "\(seconds)"])
    }

    /// 503: the program cannot do this now, and will again.
    package static func unavailable(retryAfter: Duration, _ detail: String? = nil) -> ProblemDetails {
        let seconds = wholeSeconds(retryAfter)
        return ProblemDetails(
            status: .serviceUnavailable, type: kind("unavailable"), title: "Not available at the moment",
            detail: detail ?? "Try again in \(seconds) seconds.", headers: [.retryAfter: "\(seconds)"])
    }

    /// 503: tokens cannot be checked, since the keys for it cannot be read.
    package static func keysUnavailable(retryAfter: Duration) -> ProblemDetails {
        ProblemDetails(
            status: .serviceUnavailable, type: kind("keys-unavailable"), title: "Keys unavailable",
            detail: "Tokens cannot be checked at the moment. Try again.",
            headers: [.retryAfter: "\(wholeSeconds(retryAfter))"])
    }

    /// 500: a mistake of ours, found in the log by its incident id.
    package static func unexpected(incident: String) -> ProblemDetails {
        ProblemDetails(
            status: .internalServerError, type: kind("unexpected"), title: "Something went wrong on our side",
            detail: "Try again later; if it stays, tell the operator the incident id.",
            extensions: ["incident": .string(incident)])
    }

    /// Rounded up, at least one: a sender who comes back early is only refused again.
    private static func wholeSeconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return max(1, seconds + (attoseconds > 0 ? 1 : 0))
    }
}
