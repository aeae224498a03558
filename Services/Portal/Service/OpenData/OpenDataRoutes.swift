import Contracts
import Hummingbird
import ServiceKit

/// What is public, for everybody and without signing in: cases and statistics, and a page that says what there is.
struct OpenDataRoutes: Sendable {
    static let usualPage = 500
    static let largestPage = 2_000

    let routes: PageRoutes
    let license: String

    private var answer: OpenAnswer { OpenAnswer(license: license) }

    func add(to router: Router<ServiceRequestContext>) {
        router.get("open") { request, _ in page(request) }
        let open = router.group("open").add(middleware: EntityTagMiddleware())
        for format in OpenFormat.allCases {
            open.get("cases.\(format.rawValue)") { request, _ in try await list(request, format) }
        }
        open.get("cases/{id}") { _, context in try await single(try context.parameters.require("id")) }
        let statistics = OpenStatisticsRoutes(routes: routes, answer: answer)
        open.get("statistics.json") { request, _ in try await statistics.json(request) }
        open.get("statistics.csv") { request, _ in try await statistics.csv(request) }
    }

    private func list(_ request: Request, _ format: OpenFormat) async throws -> Response {
        let wanted = try OpenCasesRequest(request)
        let (states, pack) = (
            wanted.isEmpty
                ? [] : try await routes.readModel.cases(wanted.filter, after: wanted.after, limit: wanted.limit + 1),
            try await routes.pack()
        )
        let shown = states.prefix(wanted.limit)
        let next =
            try states.count > wanted.limit
            ? shown.last.map { request.uri.path + "?" + (try wanted.query(after: $0)) } : nil
        let cases = shown.compactMap { OpenCase($0, pack) }
        return answer.response(format.text(cases, license: license, next: next), format.mediaType, next: next)
    }

    private func single(_ number: String) async throws -> Response {
        guard let state = try await routes.readModel.caseState(numbered: number),
            let found = OpenCase(state, try await routes.pack())
        else { throw ProblemDetails.notFound("There is no public case of this number, or it has not come here yet.") }
        return answer.response(found.feature.text(), OpenFormat.geojson.mediaType)
    }

    private func page(_ request: Request) -> Response {
        let visit = routes.visit(request)
        let fields = (OpenCase.names + ["latitude", "longitude"]).map { name in
            ["field": name, "what": routes.frame.words.text("open-field.\(name)", visit.language)]
        }
        let figures = OpenFigures.names.map { name in
            ["field": name, "what": routes.frame.words.text("open-figure.\(name)", visit.language)]
        }
        return routes.frame.page(
            "open",
            [
                "license": license, "fields": fields, "figures": figures, "largestPage": "\(Self.largestPage)",
                "smallestSample": "\(OpenFigures.smallestSample)",
            ], visit)
    }
}

/// Which open cases are asked for.
struct OpenCasesRequest: Sendable {
    let filter: CaseFilter
    let after: CasePlace?
    let limit: Int
    /// Whether only stages that nobody sees were asked for.
    let isEmpty: Bool

    /// - Throws: ``ProblemDetails`` 400 that names every wrong parameter.
    init(_ request: Request) throws(ProblemDetails) {
        var query = FilterQuery(request)
        var filter = CaseFilter()
        let asked: [CaseStage] = query.list("stage")
        filter.stages = (asked.isEmpty ? CaseStage.allCases : asked).filter(OpenCase.stages.contains)
        filter.communityId = query.text("community")
        filter.category = query.text("category")
        filter.kind = query.one("kind")
        filter.isOpen = query.flag("open")
        filter.openedFrom = query.moment("from")
        filter.openedBefore = query.moment("before")
        limit = query.text("limit").map { Int($0) ?? 0 } ?? OpenDataRoutes.usualPage
        if !(1...OpenDataRoutes.largestPage).contains(limit) {
            query.errors.append(
                .init(field: "limit", message: "must be from 1 to \(OpenDataRoutes.largestPage)"))
        }
        after = query.text("cursor").flatMap { Cursor.place($0) }
        if query.text("cursor") != nil, after == nil {
            query.errors.append(.init(field: "cursor", message: "must be that of the next link of an earlier answer"))
        }
        isEmpty = filter.stages.isEmpty
        self.filter = filter
        guard query.errors.isEmpty else { throw .badRequest(errors: query.errors) }
    }

    /// The query of the page behind a case.
    func query(after last: CaseState) throws -> String {
        var pairs = filter.query.filter { $0.0 != "stage" || filter.stages.count < OpenCase.stages.count }
        pairs = pairs.map { ($0.0 == "communityId" ? "community" : $0.0, $0.1) }
        pairs += [("limit", "\(limit)"), ("cursor", try Cursor.text(CasePlace(last)))]
        return pairs.map { "\($0.0)=\($0.1.inAddress)" }.joined(separator: "&")
    }
}
