import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// `/console/cases/{id}`: all of a case on one page, and what the viewer may do with it.
struct DeskPages: Sendable {
    let routes: PageRoutes

    func add(to pages: RouterGroup<AuthenticatedRequestContext>) {
        pages.get("console/cases/{id}") { request, context in try await show(request, context, Shown()) }
        pages.post("console/cases/{id}") { request, context in try await act(request, context) }
    }

    /// What came of the form that was sent.
    struct Shown: Sendable {
        var kept: FormFields?
        var trouble: String?
        /// What an outside party is to be given; told once.
        var link: String?
    }

    private func show(
        _ request: Request, _ context: AuthenticatedRequestContext, _ shown: Shown
    ) async throws -> Response {
        let state = try await routes.caseState(context)
        let visit = routes.visit(request)
        let viewer = Viewer(context.principal)
        let teller = ConsoleTeller(routes, visit, viewer, pack: try await routes.pack())
        let events = try await routes.readModel.timeline(of: state.caseId).map(\.event)
        let rights = CaseRights(
            state: state, principal: context.principal, pack: teller.pack, events: events.map(\.data))
        let query = request.uri.queryParameters
        var content = teller.row(state)
        content.merge(CaseSheet(teller: teller, state: state, events: events).content) { $1 }
        content.merge(
            ActionForms(
                teller: teller, rights: rights, kept: shown.kept, trouble: shown.trouble, key: routes.formKey(),
                candidates: try await candidates(for: state, query["find"].map(String.init))
            ).content
        ) { $1 }
        content["find"] = query["find"].map(String.init) ?? ""
        let proposals = try await proposals(of: state, teller)
        content["proposals"] = proposals
        content["hasProposals"] = !proposals.isEmpty
        content["log"] = try await log(of: state, teller)
        content["link"] = shown.link ?? ""
        content["hasIntake"] = routes.intake != nil
        content["isDone"] = query["done"] != nil
        content["isPending"] = query["pending"] != nil
        content["hasLeaflet"] = routes.frame.assets.hasLeaflet
        if let tiles = routes.frame.tiles { content["tiles"] = ["template": tiles.template, "credit": tiles.credit] }
        if shown.trouble != nil, rights.actions.allSatisfy({ $0.rawValue != shown.kept?["action"] }) {
            content["pageTrouble"] = shown.trouble ?? ""
        }
        return routes.frame.page(
            "console-case", content, visit, status: shown.trouble == nil ? .ok : .conflict)
    }

    /// Cases that this one may be tied to: what was looked for, else those proposed, and open ones of its kind nearby.
    private func candidates(for state: CaseState, _ text: String?) async throws -> [CaseState] {
        var filter = CaseFilter()
        filter.communityId = state.communityId.rawValue
        filter.isOpen = true
        if let text, !text.isEmpty {
            filter.text = text
            filter.searchesHidden = true
        } else {
            filter.category = state.category.rawValue
        }
        let found = try await routes.readModel.cases(filter, after: nil, limit: 100)
        let proposed = try await proposedCases(of: state)
        let near = found.filter { $0.caseId != state.caseId }.sorted {
            $0.location.metres(to: state.location) < $1.location.metres(to: state.location)
        }
        let others = near.filter { other in !proposed.contains { $0.caseId == other.caseId } }
        return Array((proposed + others).prefix(12))
    }

    private func proposedCases(of state: CaseState) async throws -> [CaseState] {
        var cases: [CaseState] = []
        for proposal in state.course?.proposedSame ?? [] {
            if let other = try await routes.readModel.caseState(proposal.caseId) { cases.append(other) }
        }
        return cases
    }

    private func proposals(of state: CaseState, _ teller: ConsoleTeller) async throws -> [[String: Any]] {
        let proposed = state.course?.proposedSame ?? []
        return try await proposedCases(of: state).map { other in
            var row = teller.row(other)
            let match = proposed.first { $0.caseId == other.caseId }?.match
            row["score"] = (match?.score ?? 0) / 10
            row["reasons"] = (match?.reasons ?? []).map { ["said": Bilingual.half($0, teller.visit.language)] }
            return row
        }
    }

    private func log(of state: CaseState, _ teller: ConsoleTeller) async throws -> [String: Any] {
        let check = CaseLogCheck(try await routes.readModel.rawLog(of: state.caseId), head: state.chain)
        return [
            "isWhole": check.isWhole, "fault": check.firstFault ?? "",
            "said": teller.frame.words.text(
                "console.log-whole", teller.visit.language, ["count": String(check.steps.count)]),
        ]
    }

    private func act(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let state = try await routes.caseState(context)
        let form = try await SentForm(request)
        do {
            return try await take(form, on: state, request, context)
        } catch let problem as ProblemDetails where Self.isForTheForm(problem) {
            let words = FormTrouble(frame: routes.frame, language: routes.visit(request).language)
            return try await show(request, context, Shown(kept: form.fields, trouble: words.said(problem)))
        }
    }

    private func take(
        _ form: SentForm, on state: CaseState, _ request: Request, _ context: AuthenticatedRequestContext
    ) async throws -> Response {
        let photos = try await routes.photos(of: form, by: context.principal)
        let body = try form.fields.actionBody(photos: photos, time: LocalTime(try await routes.pack()))
        let link = body["action"]?.string == CaseAction.handOver.rawValue ? OutsideLink() : nil
        let given = try await routes.act(body, on: state, key: form.key, by: context.principal, link: link)
        let page = "/console/cases/\(state.caseId)"
        switch given.answer {
        case .outcome(.refused(let refusal)):
            let reason = Bilingual.half(refusal.reason, routes.visit(request).language)
            return try await show(request, context, Shown(kept: form.fields, trouble: reason))
        case .outcome(.failed(let failure)): throw ProblemDetails.failed(failure)
        case .outcome where link != nil && given.isNew:
            return try await show(request, context, Shown(link: link?.path))
        case .outcome: return .leading(to: page + "?done=1")
        case .pending: return .leading(to: page + "?pending=1")
        }
    }

    /// Whether whoever filled in the form can put it right.
    private static func isForTheForm(_ problem: ProblemDetails) -> Bool {
        [.unprocessableContent, .badRequest, .contentTooLarge, .tooManyRequests, .serviceUnavailable]
            .contains(problem.status)
    }
}

/// What is wrong with a form, in words at it.
struct FormTrouble {
    let frame: Frame
    let language: Language

    func said(_ problem: ProblemDetails) -> String {
        let fields = problem.errors.map { error -> String in
            let name = error.field.prefix { $0 != "[" && $0 != "." }
            let key = "wrong.\(name)"
            let known = frame.words.text(key, language)
            return known == key ? "\(error.field): \(error.message)" : known
        }
        guard fields.isEmpty else { return fields.joined(separator: language == .english ? " " : "") }
        let known = frame.words.text("problem.\(problem.status.code)", language)
        return [known, problem.detail ?? ""].joined(separator: language == .english ? ": " : "：")
    }
}

extension PageRoutes {
    /// The photos of a form, given to intake; as many as an action takes.
    func photos(of form: SentForm, by principal: Principal) async throws -> [JSONValue] {
        let files = form.fields.files.filter { $0.name == "photo" }.prefix(6)
        guard !files.isEmpty else { return [] }
        guard let intake else {
            throw ProblemDetails(status: .serviceUnavailable, detail: "Photos cannot be taken: portal knows no intake.")
        }
        var photos: [JSONValue] = []
        for file in files { photos.append(try await intake.keep(file, by: principal)) }
        return photos
    }
}

extension Location {
    /// About how far it is, in metres; right enough within a city.
    func metres(to other: Location) -> Double {
        let north = (latitude - other.latitude) * 111_195
        let east = (longitude - other.longitude) * 111_195 * cos(latitude * .pi / 180)
        return (north * north + east * east).squareRoot()
    }
}
