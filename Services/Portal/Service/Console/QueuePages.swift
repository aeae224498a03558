import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// `/console`: what waits, by role.
struct QueuePages: Sendable {
    let routes: PageRoutes

    /// So many cases stand on a page: as many as one batch may have.
    static let pageSize = 50
    /// Beyond it a tab says that there are more.
    private static let mostCounted = 99

    func add(to pages: RouterGroup<AuthenticatedRequestContext>) {
        pages.get("console") { request, context in try await show(request, context) }
        pages.post("console") { request, context in try await batch(request, context) }
    }

    private func show(
        _ request: Request, _ context: AuthenticatedRequestContext, done: [[String: Any]] = []
    ) async throws -> Response {
        let queue = try await Queue(request, context, routes)
        let tellers = ConsoleTeller(routes, queue.visit, queue.viewer, pack: queue.pack)
        let wanted = try PageRequest<CasePlace>(request, besides: queue.wrong)
        let states = try await routes.readModel.cases(queue.filter, after: wanted.after, limit: Self.pageSize + 1)
        let shown = Array(states.prefix(Self.pageSize))
        var content: [String: Any] = [
            "cases": shown.map(tellers.row), "isEmpty": shown.isEmpty, "tabs": try await tabs(queue),
            "tab": queue.tab.rawValue, "query": queue.address(), "done": done, "hasDone": !done.isEmpty,
            "key": routes.formKey(), "exports": queue.exportAddress, "text": queue.wanted.text ?? "",
            "live": queue.tab.arrivals.joined(separator: " "), "liveCommunity": queue.wanted.communityId ?? "",
            "liveUnit": queue.tab == .unit ? queue.unit?.rawValue ?? "" : "",
            "liveHandler": queue.tab == .mine ? queue.viewer.subject : "", "hasVerify": queue.tab == .verify,
            "title": tellers.word("tab.\(queue.tab.rawValue)"),
        ]
        content.merge(QueueFilters(queue: queue, teller: tellers).content) { $1 }
        if let action = queue.tab.batch, context.principal.has(anyOf: action.roles), !shown.isEmpty {
            content["batch"] = batchBar(action, queue)
        }
        if states.count > shown.count, let last = shown.last {
            let cursor = try Cursor.text(CasePlace(last, in: queue.filter.order))
            content["next"] = queue.address(adding: [("cursor", cursor)])
        }
        return routes.frame.page("console-queue", content, queue.visit)
    }

    private func tabs(_ queue: Queue) async throws -> [[String: Any]] {
        var tabs: [[String: Any]] = []
        for tab in queue.tabs {
            let count = try await routes.readModel.countCases(queue.filter(of: tab), atMost: Self.mostCounted + 1)
            tabs.append([
                "name": routes.frame.words.text("tab.\(tab.rawValue)", queue.visit.language), "tab": tab.rawValue,
                "count": count > Self.mostCounted ? "\(Self.mostCounted)+" : String(count), "isHere": tab == queue.tab,
                "path": queue.address(of: tab), "isEmpty": count == 0, "isLate": tab == .overdue && count > 0,
            ])
        }
        return tabs
    }

    private func batchBar(_ action: CaseAction, _ queue: Queue) -> [String: Any] {
        [
            "action": action.rawValue, "isDispatch": action == .dispatch,
            "label": routes.frame.words.text("act.\(action.rawValue)", queue.visit.language),
            "units": ConsoleTeller.options((queue.pack?.units ?? []).map { ($0.id.rawValue, $0.name) }, chosen: nil),
        ]
    }

    /// Each case is a command of its own, with a key of its own: what came of it is told of each.
    private func batch(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let form = try await SentForm(request)
        let queue = try await Queue(request, context, routes)
        guard let action = form.fields["action"].flatMap(CaseAction.init(rawValue:)),
            [.file, .dispatch].contains(action)
        else { throw ProblemDetails.badRequest("Send the form of the page.") }
        let ids = form.fields.all("case").prefix(Self.pageSize)
        var members: [String: JSONValue] = ["action": .string(action.rawValue)]
        if action == .dispatch, let unit = form.fields["unitId"] { members["unitId"] = .string(unit) }
        let body = JSONValue.object(members)
        let outcomes = try await outcomes(of: body, on: ids.map { CaseID($0) }, key: form.key, context.principal)
        return try await show(request, context, done: outcomes.map { $0.content(routes.frame.words, queue.visit) })
    }

    /// In the order of the cases; all of them are on the road at once.
    private func outcomes(
        of body: JSONValue, on ids: [CaseID], key: String, _ principal: Principal
    ) async throws -> [BatchOutcome] {
        try await withThrowingTaskGroup(of: (Int, BatchOutcome).self) { group in
            for (index, id) in ids.enumerated() {
                group.addTask { (index, try await outcome(of: body, on: id, key: key, principal)) }
            }
            var outcomes: [(Int, BatchOutcome)] = []
            for try await outcome in group { outcomes.append(outcome) }
            return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func outcome(
        of body: JSONValue, on id: CaseID, key: String, _ principal: Principal
    ) async throws -> BatchOutcome {
        guard let state = try await routes.readModel.caseState(id) else {
            return BatchOutcome(id: id, number: id.rawValue, result: .unknown)
        }
        let given = try await routes.act(body, on: state, key: "\(key)-\(id)", by: principal)
        let result: BatchOutcome.Result =
            switch given.answer {
            case .outcome(.applied), .outcome(.noted): .done
            case .outcome(.refused(let refusal)): .refused(refusal.reason)
            case .outcome(.failed): .failed
            case .pending: .pending
            }
        return BatchOutcome(id: id, number: state.caseNumber, result: result)
    }
}

/// What came of one case of a batch.
private struct BatchOutcome: Sendable {
    enum Result: Sendable {
        case done, pending, failed, unknown
        case refused(String)
    }

    let id: CaseID
    let number: String
    let result: Result

    func content(_ words: Words, _ visit: Visit) -> [String: Any] {
        let (key, reason): (String, String) =
            switch result {
            case .done: ("done", "")
            case .pending: ("pending", "")
            case .failed: ("failed", "")
            case .unknown: ("unknown", "")
            case .refused(let reason): ("refused", Bilingual.half(reason, visit.language))
            }
        return [
            "id": id.rawValue, "number": number, "said": words.text("console.batch-\(key)", visit.language),
            "reason": reason, "isGood": key == "done" || key == "pending",
        ]
    }
}
