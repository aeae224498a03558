package import Hummingbird
import Logging
import NIOCore
import NIOHTTP1

/// Makes a problem document of every error that leaves a handler.
///
/// What is not known here becomes a 500 with an incident id; the error itself goes to the log only.
package struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            var problem = problem(of: error, context)
            if problem.instance == nil { problem.instance = "urn:suishoupai:request:\(context.id)" }
            return try problem.response(from: request, context: context)
        }
    }

    private func problem(of error: any Error, _ context: Context) -> ProblemDetails {
        switch error {
        case let problem as ProblemDetails: problem
        case let error as HTTPError: problem(of: error, context)
        case is NIOTooManyBytesError: .tooLarge("Send at most \(context.maxUploadSize) bytes.")
        case let error as DecodingError: .badRequest(errors: [FieldErrors.first(of: error)])
        case let error as JSONSyntaxError: .badRequest("The body is not JSON: \(error).")
        // Such as a length of a piece that is no number, or an end before the end.
        case is HTTPParserError: .badRequest("The body does not keep to HTTP, or was cut off.")
        case is CancellationError: .unavailable(retryAfter: .seconds(1))
        case let error as any HTTPResponseError: ProblemDetails(status: error.status)
        default: unexpected(error, context)
        }
    }

    private func problem(of error: HTTPError, _ context: Context) -> ProblemDetails {
        switch error.status {
        case .notFound where error.body == nil: .notFound()
        case .contentTooLarge: .tooLarge("Send at most \(context.maxUploadSize) bytes.")
        default: ProblemDetails(status: error.status, detail: error.body, headers: error.headers)
        }
    }

    private func unexpected(_ error: any Error, _ context: Context) -> ProblemDetails {
        context.logger.error(
            "Request failed unexpectedly",
            metadata: [
                "incident": "\(context.id)",
                "error.type": "\(String(reflecting: type(of: error)))",
                "error": "\(String(describing: error).prefix(500))",
            ])
        return .unexpected(incident: context.id)
    }
}

enum FieldErrors {
    /// The one field that a decoder stumbled over, without what stood in it.
    static func first(of error: DecodingError) -> ProblemDetails.FieldError {
        switch error {
        case .keyNotFound(let key, let context):
            .init(field: path(context.codingPath + [key]), message: "is missing")
        case .valueNotFound(_, let context):
            .init(field: path(context.codingPath), message: "must not be null")
        case .typeMismatch(let type, let context):
            .init(field: path(context.codingPath), message: "must be of the type \(type)")
        case .dataCorrupted(let context):
            .init(field: path(context.codingPath), message: "could not be read")
        @unknown default:
            .init(field: "", message: "could not be read")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce("") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
        }
    }
}
