import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// `/wall`, the live board for a screen on a wall, and `/`, where newcomers begin.
///
/// Both are for everybody.
struct WallRoutes: Sendable {
    let frame: Frame
    let board: BoardDesk

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/") { request, _ in try await welcome(request) }
        router.get("wall") { request, _ in
            let teller = try await teller(request)
            return frame.page("wall", teller.page, teller.visit)
        }
        // What the page's script puts in the place of what it shows.
        router.get("wall/live") { request, _ in
            let teller = try await teller(request)
            return frame.page("wall-live", teller.live, teller.visit)
        }
    }

    private func teller(_ request: Request) async throws -> WallTeller {
        WallTeller(
            frame: frame, figures: try await board.figures(), visit: Visit(request, sessions: frame.sessions),
            now: board.moment())
    }

    /// Who has signed in is led to their own first page.
    private func welcome(_ request: Request) async throws -> Response {
        let visit = Visit(request, sessions: frame.sessions)
        if let session = visit.session { return .leading(to: session.home) }
        let figures = try await board.figures()
        return frame.page(
            "welcome",
            [
                "open": String(figures.openByStage.values.reduce(0, +)), "closed": String(figures.closedToday),
                "place": figures.pack?.title ?? "",
            ], visit)
    }
}
