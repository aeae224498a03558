import Hummingbird
import ServiceKit

/// Somebody looks at a page.
struct Visit: Sendable {
    let path: String
    /// The path and what was asked of it, to come back to.
    let address: String
    let language: Language
    let session: Session?
    let isLarge: Bool

    init(_ request: Request, sessions: Sessions) {
        path = request.uri.path
        address = request.method == .get ? request.uri.string : request.uri.path
        language = Language.wanted(by: request)
        session = sessions.session(of: request)
        isLarge = LargeType.isWanted(by: request)
    }
}

/// Shows refusals on pages as a page, where a browser asks for one; others get the problem document.
struct PageProblemMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext

    let frame: Frame

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.headers[.accept]?.contains("text/html") == true, !request.uri.path.hasPrefix("/v1/") else {
            return try await next(request, context)
        }
        do {
            return try await next(request, context)
        } catch let problem as ProblemDetails {
            let visit = Visit(request, sessions: frame.sessions)
            if problem.status == .unauthorized {
                let back = request.method == .get ? FormQuery.escaped(visit.address) : "/me"
                return .leading(to: "/sign-in?back=\(back)")
            }
            let key = "problem.\(problem.status.code)"
            let known = frame.words.text(key, visit.language)
            return frame.page(
                "problem", ["title": known == key ? problem.title : known, "detail": problem.detail ?? ""], visit,
                status: problem.status)
        }
    }
}
