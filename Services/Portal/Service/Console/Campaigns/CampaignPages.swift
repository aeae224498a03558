import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// `/console/campaigns`: what is worked off door by door, how much is left day by day, and the forms for it.
struct CampaignPages: Sendable {
    let routes: PageRoutes

    private static let list = "/console/campaigns"
    private var desk: CampaignDesk { CampaignDesk(readModel: routes.readModel, door: routes.door) }

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("console/campaigns") { request, context in try await show(request, context) }
        group.post("console/campaigns") { request, context in try await start(request, context) }
        group.get("console/campaigns/{id}") { request, context in
            try await show(try await campaign(context), request, context)
        }
        group.post("console/campaigns/{id}/targets") { request, context in
            try await change(request, context) { state, form in
                let targets = CampaignForm.targets(form.fields["targets"], beside: state.targets.map(\.targetId))
                return try await desk.addTargets(
                    ["targets": targets], to: state.campaignId, key: form.key, by: context.principal)
            }
        }
        group.post("console/campaigns/{id}/visits") { request, context in
            try await change(request, context) { state, form in
                let body: JSONValue = [
                    "targetId": .string(form.fields["targetId"] ?? ""),
                    "outcome": .string(form.fields["outcome"] ?? ""),
                    "visitedAt": .string(
                        CampaignForm.moment(form.fields["visitedAt"], utcOffsetMinutes: state.utcOffsetMinutes)),
                ]
                return try await desk.visit(body, of: state.campaignId, key: form.key, by: context.principal)
            }
        }
        group.post("console/campaigns/{id}/end") { request, context in
            try await change(request, context) { state, form in
                try await desk.end(
                    ["reason": .string(form.fields["reason"] ?? "")], state.campaignId, key: form.key,
                    by: context.principal)
            }
        }
    }

    private func campaign(_ context: AuthenticatedRequestContext) async throws -> CampaignState {
        try await desk.campaign(CampaignID(try context.parameters.require("id")))
    }

    // MARK: - All

    private func show(
        _ request: Request, _ context: AuthenticatedRequestContext, trouble: String? = nil, typed: FormFields? = nil
    ) async throws -> Response {
        let visit = routes.visit(request)
        let pack = try await routes.pack()
        let query = request.uri.queryParameters
        let showsEnded = query["ended"].map(String.init) == "true"
        let wanted = try PageRequest<CampaignPlace>(request)
        let states = try await routes.readModel.campaigns(
            CampaignFilter(ended: showsEnded), after: wanted.after, limit: wanted.limit + 1)
        let teller = CampaignTeller(frame: routes.frame, pack: pack, visit: visit, now: routes.now())
        var content: [String: Any] = [
            "showsEnded": showsEnded, "campaigns": states.prefix(wanted.limit).map(teller.card),
            "isEmpty": states.isEmpty, "key": routes.formKey(),
            "next": states.count > wanted.limit ? try Cursor.text(CampaignPlace(states[wanted.limit - 1])) : "",
            "mayLead": CallRight.opens("POST /console/campaigns", to: context.principal.roles) && pack != nil,
            "isTyped": trouble != nil, "titleTyped": typed?["title"] ?? "", "deadlineTyped": typed?["deadline"] ?? "",
            "targetsTyped": typed?["targets"] ?? "",
            "communities": (pack?.communities ?? []).map {
                [
                    "choiceId": $0.id.rawValue, "choiceName": $0.name,
                    "isChosen": $0.id.rawValue == typed?["communityId"],
                ]
            },
            "categories": (pack?.categories ?? []).map {
                [
                    "choiceId": $0.code.rawValue, "choiceName": teller.category($0.code),
                    "isChosen": $0.code.rawValue == typed?["category"],
                ]
            },
        ]
        routes.noteOutcome(of: request, in: &content, trouble: trouble)
        return routes.frame.page("campaigns", content, visit, status: trouble == nil ? .ok : .conflict)
    }

    private func start(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let form = try await SentForm(request)
        let offset = try await routes.pack()?.calendar.utcOffsetMinutes ?? 480
        let body: JSONValue = [
            "communityId": .string(form.fields["communityId"] ?? ""), "title": .string(form.fields["title"] ?? ""),
            "category": .string(form.fields["category"] ?? ""),
            "deadline": .string(CampaignForm.moment(form.fields["deadline"], utcOffsetMinutes: offset)),
            "targets": CampaignForm.targets(form.fields["targets"], beside: []),
        ]
        let id = CommandDoor.commandID(subject: context.principal.subject, key: form.key)
        return try await routes.giveForm(of: request, to: "\(Self.list)/\(id)") {
            try await desk.start(body, key: form.key, by: context.principal).command
        } orShow: {
            try await show(request, context, trouble: $0, typed: form.fields)
        }
    }

    // MARK: - One

    private func show(
        _ state: CampaignState, _ request: Request, _ context: AuthenticatedRequestContext, trouble: String? = nil,
        typed: FormFields? = nil
    ) async throws -> Response {
        let visit = routes.visit(request)
        let teller = CampaignTeller(
            frame: routes.frame, pack: try await routes.pack(), visit: visit, now: routes.now())
        var content = teller.page(state)
        content["key"] = routes.formKey()
        let roles = context.principal.roles
        content["mayLead"] = CallRight.opens("POST /console/campaigns/{id}/targets", to: roles) && !state.ended
        content["mayVisit"] = CallRight.opens("POST /console/campaigns/{id}/visits", to: roles) && !state.ended
        content["targetsTyped"] = typed?["targets"] ?? ""
        content["reasonTyped"] = typed?["reason"] ?? ""
        routes.noteOutcome(of: request, in: &content, trouble: trouble)
        return routes.frame.page("campaign", content, visit, status: trouble == nil ? .ok : .conflict)
    }

    private func change(
        _ request: Request, _ context: AuthenticatedRequestContext,
        _ give: (CampaignState, SentForm) async throws -> CampaignDesk.Given
    ) async throws -> Response {
        let state = try await campaign(context)
        let form = try await SentForm(request)
        return try await routes.giveForm(of: request, to: "\(Self.list)/\(state.campaignId)") {
            try await give(state, form).command
        } orShow: {
            try await show(state, request, context, trouble: $0, typed: form.fields)
        }
    }
}

extension CampaignPlace {
    init(_ state: CampaignState) {
        self.init(startedAt: state.startedAt.milliseconds, campaignId: state.campaignId.rawValue)
    }
}

/// What the forms of campaigns hold, as the bodies of the API have it.
enum CampaignForm {
    /// A target a line: an address, and behind a bar `|` what its owner says.
    ///
    /// - Parameter known: Names that are taken.
    static func targets(_ text: String?, beside known: [TargetID]) -> JSONValue {
        var taken = Set(known.map(\.rawValue))
        var number = known.count
        let lines = (text ?? "").split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        return .array(
            lines.map { line in
                repeat { number += 1 } while !taken.insert("target-\(number)").inserted
                let halves = line.split(separator: /\s*[|｜]\s*/, maxSplits: 1).map(String.init)
                var target: [String: JSONValue] = [
                    "targetId": .string("target-\(number)"), "address": .string(halves.first ?? ""),
                ]
                if halves.count == 2 { target["ownerNote"] = .string(halves[1]) }
                return .object(target)
            })
    }

    /// What `<input type="datetime-local">` holds, with the offset of the clocks there; anything else as it is.
    static func moment(_ text: String?, utcOffsetMinutes: Int) -> String {
        guard let text, text.firstMatch(of: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/) != nil else { return text ?? "" }
        let minutes = abs(utcOffsetMinutes)
        let offset = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return text + (text.utf8.count == 16 ? ":00" : "") + (utcOffsetMinutes < 0 ? "-" : "+") + offset
    }
}
