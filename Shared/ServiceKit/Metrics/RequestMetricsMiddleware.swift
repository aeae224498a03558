import CoreMetrics
package import Hummingbird

/// Counts and times requests: `http_requests_total{method,route,status}`, `http_request_duration_seconds{method,route}`.
///
/// The route is the template (`/reports/{id}`), never the path. The time is until the answer's head is ready; a stream
/// is not timed to its end.
package struct RequestMetricsMiddleware<Context: RequestContext>: RouterMiddleware {
    private static var knownMethods: Set<HTTPRequest.Method> {
        [.get, .head, .post, .put, .patch, .delete, .options]
    }

    private let registry: PrometheusRegistry

    package init(_ registry: PrometheusRegistry) {
        self.registry = registry
        registry.describe("http_requests_total", "Requests answered, by method, route template and status.")
        registry.describe("http_request_duration_seconds", "Time until an answer was ready, by method and route.")
    }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let method = Self.knownMethods.contains(request.method) ? request.method.rawValue : "other"
        let place = [("method", method), ("route", context.endpointPath ?? "unknown")]
        Counter(
            label: "http_requests_total", dimensions: place + [("status", "\(response.status.code)")],
            factory: registry
        ).increment()
        Timer(label: "http_request_duration_seconds", dimensions: place, factory: registry)
            .recordNanoseconds(start.duration(to: .now).nanoseconds)
        return response
    }
}

extension Duration {
    /// Whole nanoseconds; a duration of centuries is cut.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? (seconds < 0 ? .min : .max) : product + attoseconds / 1_000_000_000
    }
}
