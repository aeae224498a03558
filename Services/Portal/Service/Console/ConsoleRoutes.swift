import Hummingbird
import ServiceKit

/// The console for staff: every page below `/console`.
struct ConsoleRoutes: Sendable {
    let routes: PageRoutes

    func add(to pages: RouterGroup<AuthenticatedRequestContext>) {
        FigurePages(routes: routes).add(to: pages)
        CampaignPages(routes: routes).add(to: pages)
        StationPages(routes: routes).add(to: pages)
        AdminPages(routes: routes).add(to: pages)
    }
}
