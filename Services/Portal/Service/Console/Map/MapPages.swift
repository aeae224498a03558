import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// `/console/map`: where the cases lie, in clusters or as heat, and `/console/map/cases.json`, which the page's script asks.
struct MapPages: Sendable {
    let routes: PageRoutes

    /// More are counted by squares instead of shown one by one.
    static let mostCases = 2_000
    /// So many squares along an edge: enough for the eye, and at most 2,304 of them.
    static let squaresAlong = 48

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("console/map") { request, context in try await show(request, context) }
        group.get("console/map/cases.json") { request, context in try await cases(request, context) }
    }

    private func show(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let visit = routes.visit(request)
        let filter = try Self.filter(request, context)
        let teller = MapTeller(
            frame: routes.frame, pack: try await routes.pack(), visit: visit, filter: filter, now: routes.now())
        return routes.frame.page(
            "console-map", teller.page(try await routes.readModel.countsByCommunity(filter)), visit)
    }

    private func cases(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        var wrong: [ProblemDetails.FieldError] = []
        let box = request.uri.queryParameters["bbox"].flatMap { MapBox(String($0)) }
        if box == nil { wrong.append(.init(field: "bbox", message: "must be west,south,east,north in degrees")) }
        let filter = try Self.filter(request, context, besides: wrong)
        guard let box else { throw ProblemDetails.badRequest(errors: wrong) }
        let teller = MapTeller(
            frame: routes.frame, pack: try await routes.pack(), visit: routes.visit(request), filter: filter,
            now: routes.now())
        let answer: JSONValue
        let isHeat = request.uri.queryParameters["as"] == "heat"
        let model = routes.readModel
        if !isHeat, try await model.countOnMap(filter, in: box, atMost: Self.mostCases + 1) <= Self.mostCases {
            answer = teller.cases(try await model.casesOnMap(filter, in: box, limit: Self.mostCases))
        } else {
            let side = box.side(atMost: Self.squaresAlong)
            answer = MapTeller.squares(try await model.squaresOnMap(filter, in: box, side: side), side: side)
        }
        return Response(
            status: .ok, headers: [.contentType: "application/geo+json", .cacheControl: "no-store"],
            body: .init(byteBuffer: .init(bytes: answer.bytes())))
    }

    /// The filter of the address; where it names no stage, the open cases.
    private static func filter(
        _ request: Request, _ context: AuthenticatedRequestContext, besides known: [ProblemDetails.FieldError] = []
    ) throws -> CaseFilter {
        let viewer = Viewer(context.principal)
        var wrong = known
        var filter = CaseFilter(request, viewer, wrong: &wrong)
        guard wrong.isEmpty else { throw ProblemDetails.badRequest(errors: wrong) }
        try filter.checkRights(of: viewer)
        if filter.stages.isEmpty, filter.isOpen == nil { filter.isOpen = true }
        return filter
    }
}
