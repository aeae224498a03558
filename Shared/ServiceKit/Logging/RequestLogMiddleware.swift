package import Hummingbird
import Logging

/// Gives every request a name and one log line.
///
/// A sender's own `X-Request-ID` is taken when it is plain; it is sent back, and every line of the request carries it.
/// The line has method, route template, status and time: no path, no query, no header. What went well is counted, and
/// said only to those who ask for `debug`.
package struct RequestLogMiddleware<Context: RequestContext>: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        let id = Self.given(request) ?? context.id
        context.logger[metadataKey: "request.id"] = .string(id)
        let start = ContinuousClock.now
        var response = try await next(request, context)
        response.headers[.requestID] = id
        let route = context.endpointPath ?? "unknown"
        let level = Self.level(route, response.status)
        guard context.logger.logLevel <= level else { return response }
        context.logger.log(
            level: level,
            "Request answered",
            metadata: [
                "http.method": "\(request.method.rawValue)",
                "http.route": "\(route)",
                "http.status": "\(response.status.code)",
                "http.milliseconds": "\(start.duration(to: .now).nanoseconds / 1_000_000)",
            ])
        return response
    }

    private static func level(_ route: String, _ status: HTTPResponse.Status) -> Logger.Level {
        if status.code >= 500 && !route.hasPrefix("/health") { return .warning }
        return status.code < 400 || route.hasPrefix("/health") ? .debug : .info
    }

    private static func given(_ request: Request) -> String? {
        guard let id = request.headers[.requestID], (1...64).contains(id.utf8.count) else { return nil }
        let isPlain = id.utf8.allSatisfy { byte in
            (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x61 && byte <= 0x7A)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }
        return isPlain ? id : nil
    }
}
