import Contracts
import Hummingbird
import ServiceKit

/// `/console/figures`: how the district, a community or a unit does.
struct FigurePages: Sendable {
    let routes: PageRoutes

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("console/figures") { request, _ in
            let now = routes.now()
            let wish = try FigureWish(request, try await routes.pack(), at: now)
            let figures = try await routes.readModel.figures(wish.scope, at: now)
            let teller = FigureTeller(
                figures: figures, wish: wish, frame: routes.frame, visit: routes.visit(request), now: now)
            return routes.frame.page("figures", teller.page, teller.visit)
        }
    }
}
