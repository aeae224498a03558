import Contracts
import Hummingbird
import ServiceKit

/// `/overview`, how the district does, its reports by week and month, and the same as JSON.
///
/// All of it is for everybody, and comes from public topics alone.
struct OverviewRoutes: Sendable {
    let routes: PageRoutes
    let desk: OverviewDesk

    func add(to router: Router<ServiceRequestContext>) {
        router.get("overview") { request, _ in
            let teller = try await teller(nil, request)
            return routes.frame.page("overview", teller.overview, teller.visit)
        }
        // What the page's script puts in the place of what it shows.
        router.get("overview/live") { request, _ in
            let teller = try await teller(nil, request)
            return routes.frame.page("overview-live", teller.live, teller.visit)
        }
        router.get("overview/reports/{period}") { request, context in
            guard let period = OverviewPeriod(try context.parameters.require("period")) else {
                throw ProblemDetails.notFound("A report is of a week such as 2026-W47, or of a month such as 2026-11.")
            }
            let teller = try await teller(period, request)
            return routes.frame.page("overview-report", teller.report, teller.visit)
        }
        router.group("v1").add(middleware: EntityTagMiddleware()).get("overview") { request, _ in
            try await view(request)
        }
    }

    private func view(_ request: Request) async throws -> OverviewView {
        let text = request.uri.queryParameters["period"].map(String.init)
        let period = text.flatMap(OverviewPeriod.init)
        guard text == nil || period != nil else {
            throw ProblemDetails.badRequest(errors: [
                .init(field: "period", message: "must be a week such as 2026-W47, or a month such as 2026-11")
            ])
        }
        return OverviewView(try await report(period), isComplete: desk.isCaughtUp())
    }

    private func teller(_ period: OverviewPeriod?, _ request: Request) async throws -> OverviewTeller {
        OverviewTeller(
            report: try await report(period), isComplete: desk.isCaughtUp(), frame: routes.frame,
            visit: routes.visit(request), now: desk.moment())
    }

    private func report(_ period: OverviewPeriod?) async throws -> OverviewReport {
        guard let report = try await desk.report(period) else {
            throw ProblemDetails.notFound(
                "Nothing is known of these days: they have not begun, or nothing was there yet.")
        }
        return report
    }
}
