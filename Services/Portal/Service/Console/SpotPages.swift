import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// `/console/verify`: for somebody who stands at the spot with a phone: one case, in order or not, the next.
struct SpotPages: Sendable {
    let routes: PageRoutes

    /// More than so many that wait are not sorted by the way to them.
    private static let most = 500

    func add(to pages: RouterGroup<AuthenticatedRequestContext>) {
        pages.get("console/verify") { request, context in try await show(request, context, kept: nil, trouble: nil) }
        pages.post("console/verify") { request, context in try await judge(request, context) }
    }

    /// What the address says: what to look at, where the phone is, and which of the cases.
    private struct Look {
        let action: CaseAction
        let communityId: String?
        let place: Location?
        let skipped: Int

        init(_ request: Request) {
            let query = request.uri.queryParameters
            action = query["what"] == "check" ? .check : .verify
            communityId = query["communityId"].map(String.init).flatMap { $0.isEmpty ? nil : $0 }
            let latitude = query["latitude"].flatMap { Double($0) }
            let longitude = query["longitude"].flatMap { Double($0) }
            place = latitude.flatMap { north in longitude.flatMap { Location(latitude: north, longitude: $0) } }
            skipped = max(0, query["skip"].flatMap { Int($0) } ?? 0)
        }

        func address(skipping count: Int, _ more: [(String, String)] = []) -> String {
            Queue.address("/console/verify", fields + (count > 0 ? [("skip", String(count))] : []) + more)
        }

        var fields: [(String, String)] {
            let all: [(String, String?)] = [
                ("what", action.rawValue), ("communityId", communityId),
                ("latitude", place.map { String($0.latitude) }), ("longitude", place.map { String($0.longitude) }),
            ]
            return all.compactMap { name, value in value.map { (name, $0) } }
        }
    }

    private func show(
        _ request: Request, _ context: AuthenticatedRequestContext, kept: FormFields?, trouble: String?
    ) async throws -> Response {
        let look = Look(request)
        let visit = routes.visit(request)
        let viewer = Viewer(context.principal)
        let pack = try await routes.pack()
        let teller = ConsoleTeller(routes, visit, viewer, pack: pack)
        let waiting = try await waiting(look, context.principal, pack)
        let index = kept?["case"].flatMap { id in waiting.firstIndex { $0.caseId.rawValue == id } } ?? look.skipped
        var content: [String: Any] = [
            "isCheck": look.action == .check, "isVerify": look.action == .verify, "hasPlace": look.place != nil,
            "communities": ConsoleTeller.options(
                (pack?.communities ?? []).map { ($0.id.rawValue, $0.name) }, chosen: look.communityId),
            "what": look.action.rawValue, "count": waiting.count, "hasIntake": routes.intake != nil,
            "checkPath": Queue.address("/console/verify", [("what", "check")]),
            "verifyPath": Queue.address("/console/verify", [("what", "verify")]),
            "isDone": request.uri.queryParameters["done"] != nil,
            "isPending": request.uri.queryParameters["pending"] != nil, "trouble": trouble ?? "",
            "isEmpty": waiting.isEmpty, "isOver": !waiting.isEmpty && index >= waiting.count,
            "firstPath": look.address(skipping: 0),
        ]
        if waiting.indices.contains(index) {
            content["one"] = card(waiting[index], look, index, of: waiting.count, teller, kept)
            content["formAddress"] = look.address(skipping: index)
        }
        return routes.frame.page("console-verify", content, visit, status: trouble == nil ? .ok : .conflict)
    }

    private func card(
        _ state: CaseState, _ look: Look, _ index: Int, of count: Int, _ teller: ConsoleTeller, _ kept: FormFields?
    ) -> [String: Any] {
        var card = teller.row(state)
        card["position"] = "\(index + 1) / \(count)"
        card["before"] = teller.teller.photos(Array((state.photos ?? []).prefix(2)))
        card["after"] = teller.teller.photos(Array((state.course?.workPhotos ?? []).suffix(2)))
        card["hasPhotos"] = !(state.photos ?? []).isEmpty || !(state.course?.workPhotos ?? []).isEmpty
        card["key"] = routes.formKey()
        card["nextPath"] = index + 1 < count ? look.address(skipping: index + 1) : ""
        card["way"] =
            look.place.map { here in
                teller.frame.words.text(
                    "spot.way", teller.visit.language,
                    ["metres": String(Int((here.metres(to: state.location) / 10).rounded()) * 10)])
            } ?? ""
        card["latitude"] = String(state.location.latitude)
        card["longitude"] = String(state.location.longitude)
        card["typed"] = kept?["reason"] ?? ""
        card["saidNo"] = kept?["agrees"] == "no"
        return card
    }

    /// The nearest first, where the phone said where it is; else what must be looked at soonest.
    private func waiting(_ look: Look, _ principal: Principal, _ pack: Pack?) async throws -> [CaseState] {
        var filter = CaseFilter()
        filter.stages = [look.action == .check ? .opened : .handled]
        filter.communityId = look.communityId
        filter.order = .deadline
        let states = try await routes.readModel.cases(filter, after: nil, limit: Self.most).filter { state in
            // Nobody verifies their own work, nor what they reported.
            look.action == .check
                || !([state.handlerId].compactMap(\.self) + state.reporterIds).contains {
                    principal.names.contains($0.rawValue)
                }
        }
        guard let place = look.place else { return states }
        return states.sorted { $0.location.metres(to: place) < $1.location.metres(to: place) }
    }

    private func judge(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let form = try await SentForm(request)
        let look = Look(request)
        guard let id = form.fields["case"], let state = try await routes.readModel.caseState(CaseID(id)) else {
            throw ProblemDetails.notFound("There is no case of this id, or it has not come here yet.")
        }
        let language = routes.visit(request).language
        do {
            let photos = try await routes.photos(of: form, by: context.principal)
            let body = try form.fields.actionBody(photos: photos, time: LocalTime(try await routes.pack()))
            let given = try await routes.act(body, on: state, key: form.key, by: context.principal)
            switch given.answer {
            case .outcome(.refused(let refusal)):
                let reason = Bilingual.half(refusal.reason, language)
                return try await show(request, context, kept: form.fields, trouble: reason)
            case .outcome(.failed(let failure)): throw ProblemDetails.failed(failure)
            // What was judged waits no more: the next one has its place now.
            case .outcome: return .leading(to: look.address(skipping: look.skipped, [("done", "1")]))
            case .pending: return .leading(to: look.address(skipping: look.skipped + 1, [("pending", "1")]))
            }
        } catch let problem as ProblemDetails where problem.status == .unprocessableContent {
            let words = FormTrouble(frame: routes.frame, language: language).said(problem)
            return try await show(request, context, kept: form.fields, trouble: words)
        }
    }
}
