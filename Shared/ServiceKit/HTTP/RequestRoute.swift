import Hummingbird

/// What a trace tells of a request beside its time: method and route template, never path, query or header.
package enum RequestRoute {
    /// That of the request which this task answers, such as `POST /v1/reports`.
    @TaskLocal package static var current: String?
}

/// Lets what a request leads to say by which door it came.
struct RequestRouteMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        // The router has found the route by now; where there is none, nothing follows.
        let route = context.endpointPath.map { "\(request.method.rawValue) \($0)" }
        return try await RequestRoute.$current.withValue(route) { try await next(request, context) }
    }
}
