import Contracts
import Hummingbird
import ServiceKit

/// The console for staff: every page below `/console`.
struct ConsoleRoutes: Sendable {
    let routes: PageRoutes

    func add(to pages: RouterGroup<AuthenticatedRequestContext>) {
        QueuePages(routes: routes).add(to: pages)
        DeskPages(routes: routes).add(to: pages)
        SpotPages(routes: routes).add(to: pages)
        PeoplePages(routes: routes).add(to: pages)
        MapPages(routes: routes).add(to: pages)
        FigurePages(routes: routes).add(to: pages)
        CampaignPages(routes: routes).add(to: pages)
        StationPages(routes: routes).add(to: pages)
        AdminPages(routes: routes).add(to: pages)
    }
}
