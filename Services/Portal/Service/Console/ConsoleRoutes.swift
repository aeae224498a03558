import Hummingbird
import ServiceKit

/// The console for staff: every page below `/console`.
struct ConsoleRoutes: Sendable {
    let routes: PageRoutes

    func add(to pages: RouterGroup<AuthenticatedRequestContext>) {
        MapPages(routes: routes).add(to: pages)
    }
}
