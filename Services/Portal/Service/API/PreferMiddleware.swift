import HTTPTypes
import Hummingbird
import ServiceKit

/// How long a caller wants to wait for what comes of a command: `Prefer: wait=N` and `respond-async` (RFC 7240).
///
/// What cannot be read is passed over, as the RFC wants it.
struct CommandPreference: Sendable, Equatable {
    /// Nobody may keep a connection longer.
    static let longest = 30

    let wait: Duration
    /// As the answer confirms it.
    let applied: String

    @TaskLocal static var asked: CommandPreference?

    /// Nil where the caller prefers nothing.
    init?(_ headers: [String]) {
        let parts = headers.flatMap { $0.split(separator: ",") }.map {
            $0.filter { !$0.isWhitespace }.lowercased().prefix { $0 != ";" }
        }
        // Of two that say something of the same, the first counts.
        let seconds = parts.first { $0.hasPrefix("wait=") }
            .flatMap { Int($0.dropFirst("wait=".count).filter { $0 != "\"" }) }.flatMap { $0 >= 0 ? $0 : nil }
            .map { min($0, Self.longest) }
        let isAsync = parts.contains("respond-async")
        guard isAsync || seconds != nil else { return nil }
        wait = .seconds(seconds ?? 0)
        applied = [isAsync ? "respond-async" : nil, seconds.map { "wait=\($0)" }].compactMap(\.self)
            .joined(separator: ", ")
    }
}

/// Lets the door of commands know what a caller prefers, and the caller that it was done.
struct PreferMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard ![.get, .head, .options].contains(request.method),
            let preference = CommandPreference(request.headers[values: .prefer])
        else { return try await next(request, context) }
        return try await CommandPreference.$asked.withValue(preference) {
            do {
                var response = try await next(request, context)
                response.headers[.preferenceApplied] = preference.applied
                return response
            } catch var problem as ProblemDetails {
                // What was refused was waited for, too.
                if problem.status == .conflict { problem.headers[.preferenceApplied] = preference.applied }
                throw problem
            }
        }
    }
}

extension HTTPField.Name {
    static let prefer = known("Prefer")
    static let preferenceApplied = known("Preference-Applied")
}
