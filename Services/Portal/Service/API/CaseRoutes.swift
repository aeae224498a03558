import Contracts
import Hummingbird
import ServiceKit

/// Cases and what happened to them.
struct CaseRoutes: Sendable {
    let readModel: ReadModel

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("cases") { request, context in try await list(request, context) }
        group.get("cases/{id}") { _, context in
            CaseView(try await state(context), for: Viewer(context.principal))
        }
        group.get("cases/{id}/timeline") { _, context in
            let state = try await state(context)
            let viewer = Viewer(context.principal)
            return Timeline(
                items: try await readModel.timeline(of: state.caseId).map { StepView($0.event, for: viewer) })
        }
        group.get("cases/{id}/log") { request, context in
            let state = try await state(context)
            let viewer = Viewer(context.principal)
            // Whoever suspects who reported could try names until a hash fits.
            let right = try CallRight.of(request, context)
            guard right.suffices(context.principal.roles) || viewer.isReporter(of: state.reporterIds) else {
                throw ProblemDetails.forbidden(
                    "The log is for dispatchers and for who reported the case. Its steps are at /v1/cases/{id}/timeline."
                )
            }
            return CaseLogView(try await readModel.log(of: state.caseId), chain: state.chain, for: viewer)
        }
        group.get("me/reports") { request, context in
            let viewer = Viewer(context.principal)
            return try await page(CaseFilter(reporter: viewer.names), PageRequest(request), viewer)
        }
    }

    private func list(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Page<CaseView> {
        let viewer = Viewer(context.principal)
        var wrong: [ProblemDetails.FieldError] = []
        let filter = CaseFilter(request, viewer, wrong: &wrong)
        let wanted = try PageRequest<CasePlace>(request, besides: wrong)
        try filter.checkRights(of: viewer)
        return try await page(filter, wanted, viewer)
    }

    private func page(
        _ filter: CaseFilter, _ wanted: PageRequest<CasePlace>, _ viewer: Viewer
    ) async throws -> Page<CaseView> {
        let states = try await readModel.cases(filter, after: wanted.after, limit: wanted.limit + 1)
        let last = states.prefix(wanted.limit).last
        return Page(
            items: states.prefix(wanted.limit).map { CaseView($0, for: viewer) },
            nextCursor: states.count > wanted.limit
                ? try last.map { try Cursor.text(CasePlace($0, in: filter.order)) } : nil)
    }

    private func state(_ context: AuthenticatedRequestContext) async throws -> CaseState {
        let id = try context.parameters.require("id")
        guard let state = try await readModel.caseState(CaseID(id)) else {
            throw ProblemDetails.notFound("There is no case of this id, or it has not come here yet.")
        }
        return state
    }
}

/// Everything that happened to a case, oldest first.
struct Timeline: ResponseEncodable, Sendable {
    let items: [StepView]
}
