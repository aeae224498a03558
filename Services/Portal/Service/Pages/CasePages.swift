import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// `/me`: what a person reported, what became of it, and what they say to that.
struct CasePages: Sendable {
    let routes: PageRoutes

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("me") { request, context in try await list(request, context) }
        group.get("me/cases/{id}") { request, context in try await show(request, context, trouble: nil) }
        group.post("me/cases/{id}") { request, context in try await act(request, context) }
    }

    private func list(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let visit = routes.visit(request)
        let wanted = try PageRequest<CasePlace>(request)
        let viewer = Viewer(context.principal)
        let sent = request.uri.queryParameters["sent"].map { ReportID(String($0)) }
        if let sent { try await waitForCase(of: sent, viewer) }
        let states = try await routes.readModel.cases(
            CaseFilter(reporter: viewer.names), after: wanted.after, limit: wanted.limit + 1)
        let shown = Array(states.prefix(wanted.limit))
        let teller = CaseTeller(frame: routes.frame, pack: try await routes.pack(), visit: visit, now: routes.now())
        var content: [String: Any] = [
            "cases": shown.map { teller.card($0, for: viewer) }, "isEmpty": shown.isEmpty && sent == nil,
            "justSent": sent != nil,
        ]
        let looks = try await routes.readModel.looks(at: viewer.names, limit: 10)
        content["lookCount"] = looks.count
        content["hasLooks"] = looks.count > 0
        content["looks"] = looks.looks.map(
            LookWords(time: LocalTime(try await routes.pack()), now: routes.now()).content)
        if states.count > shown.count, let last = shown.last {
            content["next"] = try Cursor.text(CasePlace(last))
        }
        return routes.frame.page("me", content, visit)
    }

    /// A report is a case within moments; who has just sent one looks for it.
    private func waitForCase(of report: ReportID, _ viewer: Viewer) async throws {
        let deadline = ContinuousClock.now + .seconds(3)
        while ContinuousClock.now < deadline {
            let newest = try await routes.readModel.cases(CaseFilter(reporter: viewer.names), after: nil, limit: 5)
            guard !newest.contains(where: { $0.reportIds.contains(report) }) else { return }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func show(
        _ request: Request, _ context: AuthenticatedRequestContext, trouble: String?
    ) async throws -> Response {
        let visit = routes.visit(request)
        let viewer = Viewer(context.principal)
        let state = try await own(context)
        let teller = CaseTeller(frame: routes.frame, pack: try await routes.pack(), visit: visit, now: routes.now())
        var content = teller.card(state, for: viewer)
        content["steps"] = teller.steps(try await routes.readModel.timeline(of: state.caseId).map(\.event), viewer)
        content["before"] = teller.photos(viewer.isFirstReporter(of: state) ? state.photos ?? [] : [])
        content["after"] = teller.photos(state.course?.workPhotos ?? [])
        content["key"] = routes.formKey()
        let isRated = state.course?.ratings?.contains { viewer.names.contains($0.reporterId.rawValue) } ?? false
        content["canRate"] = state.stage == .closed && !isRated
        content["isRated"] = isRated
        content["canReopen"] = state.stage == .closed
        content["canReply"] = state.stage == .waiting
        content["question"] = state.course?.question ?? ""
        if let trouble { content["trouble"] = trouble }
        if request.uri.queryParameters["done"] != nil { content["isDone"] = true }
        if request.uri.queryParameters["pending"] != nil { content["isPending"] = true }
        return routes.frame.page("case", content, visit, status: trouble == nil ? .ok : .conflict)
    }

    private func act(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let state = try await own(context)
        let form = try await SentForm(request)
        let body = try Self.body(form.fields)
        let given: CommandDoor.Given
        do {
            given = try await routes.act(body, on: state, key: form.key, by: context.principal)
        } catch let problem as ProblemDetails where problem.status == .unprocessableContent {
            let words = routes.frame.words.text("case.say-why", routes.visit(request).language)
            return try await show(request, context, trouble: words)
        }
        let page = "/me/cases/\(state.caseId)"
        switch given.answer {
        case .outcome(.refused(let refusal)): return try await show(request, context, trouble: refusal.reason)
        case .outcome(.failed(let failure)): throw ProblemDetails.failed(failure)
        case .outcome: return .leading(to: page + "?done=1")
        case .pending: return .leading(to: page + "?pending=1")
        }
    }

    /// Only what those who report may do.
    private static func body(_ fields: FormFields) throws -> JSONValue {
        guard let action = fields["action"], ["rate", "reopen", "reply"].contains(action) else {
            throw ProblemDetails.badRequest("Send the form of the page.")
        }
        var members: [String: JSONValue] = ["action": .string(action)]
        if let reason = fields["reason"] { members["reason"] = .string(reason) }
        if action == "rate" {
            for name in ["solved", "satisfied"] {
                if let answer = fields[name] { members[name] = .bool(answer == "yes") }
            }
        }
        return .object(members)
    }

    private func own(_ context: AuthenticatedRequestContext) async throws -> CaseState {
        let state = try await routes.readModel.caseState(CaseID(try context.parameters.require("id")))
        guard let state, Viewer(context.principal).isReporter(of: state.reporterIds) else {
            throw ProblemDetails.notFound("You have reported no case of this id, or it has not come here yet.")
        }
        return state
    }
}

extension Viewer {
    /// Whose words, place and photos stand in the case.
    func isFirstReporter(of state: CaseState) -> Bool { isReporter(of: Array(state.reporterIds.prefix(1))) }
}
