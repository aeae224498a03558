import CoreMetrics
package import Hummingbird
import Synchronization

/// Counts and times requests: `http_requests_total{method,route,status}`, `http_request_duration_seconds{method,route}`.
///
/// The route is the template (`/reports/{id}`), never the path. The time is until the answer's head is ready; a stream
/// is not timed to its end.
package struct RequestMetricsMiddleware<Context: RequestContext>: RouterMiddleware {
    private static var knownMethods: Set<HTTPRequest.Method> {
        [.get, .head, .post, .put, .patch, .delete, .options]
    }

    private let instruments: RequestInstruments

    package init(_ registry: PrometheusRegistry) {
        instruments = RequestInstruments(registry)
        registry.describe("http_requests_total", "Requests answered, by method, route template and status.")
        registry.describe("http_request_duration_seconds", "Time until an answer was ready, by method and route.")
    }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let method = Self.knownMethods.contains(request.method) ? request.method.rawValue : "other"
        let (count, time) = instruments.of(method, context.endpointPath ?? "unknown", response.status.code)
        count.increment()
        time.recordNanoseconds(start.duration(to: .now).nanoseconds)
        return response
    }
}

/// The instruments that requests were counted with: looked up once, since every request needs them.
///
/// There are no more than routes, methods and statuses.
private final class RequestInstruments: Sendable {
    private struct Place: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private let registry: PrometheusRegistry
    private let known = Mutex<[Place: (Counter, Timer)]>([:])

    init(_ registry: PrometheusRegistry) { self.registry = registry }

    func of(_ method: String, _ route: String, _ status: Int) -> (Counter, Timer) {
        known.withLock { known in
            let place = Place(method: method, route: route, status: status)
            if let found = known[place] { return found }
            let labels = [("method", method), ("route", route)]
            let made = (
                Counter(
                    label: "http_requests_total", dimensions: labels + [("status", "\(status)")], factory: registry),
                Timer(label: "http_request_duration_seconds", dimensions: labels, factory: registry)
            )
            known[place] = made
            return made
        }
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
