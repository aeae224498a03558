import Contracts
import Hummingbird
import ServiceKit

/// `/settings`: how a person wants to hear of things, and how pages look to them.
///
/// - `POST /settings`: when, what, by which way and in which language
/// - `POST /settings/contacts`: an address is set, or taken away
/// - `POST /settings/look`: large type, and the pages' language
struct SettingsPages: Sendable {
    let routes: PageRoutes
    let contacts: ContactSeal

    private var desk: SettingsDesk { SettingsDesk(readModel: routes.readModel, contacts: contacts) }

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("settings") { request, context in try await show(request, context) }
        group.post("settings") { request, context in try await setPreferences(request, context) }
        group.post("settings/contacts") { request, context in try await changeContact(request, context) }
        group.post("settings/look") { request, _ in try await setLook(request) }
    }

    private func show(
        _ request: Request, _ context: AuthenticatedRequestContext, trouble: String? = nil
    ) async throws -> Response {
        let visit = routes.visit(request)
        let settings = try await routes.readModel.settings(of: PersonID(context.principal.subject))
        let teller = SettingsTeller(
            frame: routes.frame, visit: visit, settings: settings, pack: try await routes.pack(),
            isStaff: Viewer(context.principal).isStaff)
        var content = teller.page
        content["key"] = routes.formKey()
        content["webPushKey"] = contacts.webPushKey
        content["isLarge"] = LargeType.isWanted(by: request)
        if let trouble { content["trouble"] = trouble }
        if request.uri.queryParameters["done"] != nil { content["isDone"] = true }
        if request.uri.queryParameters["pending"] != nil { content["isPending"] = true }
        return routes.frame.page("settings", content, visit, status: trouble == nil ? .ok : .unprocessableContent)
    }

    private func setPreferences(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let form = try await SentForm(request)
        let person = PersonID(context.principal.subject)
        let before = try await routes.readModel.settings(of: person)?.preferences
        let body: JSONValue
        let asked: NotificationPreferences
        do {
            body = try SettingsForm(form.fields, before: before).body
            asked = try PreferencesRequest(body).preferences
        } catch let problem as ProblemDetails where problem.status == .unprocessableContent {
            return try await show(request, context, trouble: word("settings.wrong-hours", request))
        }
        return try await give(
            desk.setPreferences(asked, body: body, of: person, by: context.principal, key: form.key), request, context)
    }

    private func changeContact(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let form = try await SentForm(request)
        let person = PersonID(context.principal.subject)
        guard let channel = form.fields["channel"].flatMap(Channel.init(rawValue:)), channel.reachesPersons else {
            throw ProblemDetails.badRequest("Send the form of the page.")
        }
        if form.fields["remove"] != nil {
            // The page has one button for a channel: with several browsers it takes one away at a time.
            let contacts = try await routes.readModel.settings(of: person)?.contacts
            return try await give(
                try await desk.removeContact(
                    contacts?.last { $0.channel == channel }?.contactId, on: channel.rawValue, of: person,
                    by: context.principal, key: form.key), request, context)
        }
        let address: String
        do {
            address = try ContactRequest(
                ["address": .string(form.fields["address"] ?? "")], on: channel
            ).address
        } catch let problem as ProblemDetails where problem.status == .unprocessableContent {
            return try await show(request, context, trouble: word("settings.wrong.\(channel.rawValue)", request))
        }
        return try await give(
            try await desk.setContact(address, on: channel, of: person, by: context.principal, key: form.key), request,
            context)
    }

    private func setLook(_ request: Request) async throws -> Response {
        let fields = try await SentForm(request).fields
        var response = Response.leading(to: "/settings?done=1")
        let isSecure = routes.frame.sessions.isSecure
        response.setCookie(LargeType.cookie(fields["large"] != nil, isSecure: isSecure))
        if let language = fields["pages"].flatMap(Language.init(rawValue:)) {
            response.setCookie(language.cookie(isSecure: isSecure))
        }
        return response
    }

    private func give<Data: Message>(
        _ command: WantedCommand<Data>, _ request: Request, _ context: AuthenticatedRequestContext
    ) async throws -> Response {
        switch try await routes.door.give(command).answer {
        case .outcome(.refused(let refusal)): return try await show(request, context, trouble: refusal.reason)
        case .outcome(.failed(let failure)): throw ProblemDetails.failed(failure)
        case .outcome: return .leading(to: "/settings?done=1")
        case .pending: return .leading(to: "/settings?pending=1")
        }
    }

    private func word(_ key: String, _ request: Request) -> String {
        routes.frame.words.text(key, routes.visit(request).language)
    }
}

/// What the form says of preferences, as `PUT /v1/me/settings` takes it.
///
/// What the form does not show stays as it was: kinds that are for staff, and the offset from Greenwich.
struct SettingsForm: Sendable {
    let body: JSONValue

    /// - Throws: ``ProblemDetails`` 422 where an hour is none.
    init(_ fields: FormFields, before: NotificationPreferences?) throws {
        let shown = (fields["kinds"] ?? "").split(separator: ",").compactMap { NotificationKind(rawValue: String($0)) }
        let hidden = (before?.muted ?? []).filter { !shown.contains($0.kind) }
        let refused = shown.flatMap { kind in
            Channel.ofPersons.filter { fields["wants-\(kind.rawValue)-\($0.rawValue)"] == nil }
                .map { MutedKind(kind: kind, channel: $0) }
        }
        var members: [String: JSONValue] = [
            "language": .string(fields["language"] ?? NotificationLanguage.chinese.rawValue),
            "form": .string(fields["short"] == nil ? MessageForm.full.rawValue : MessageForm.short.rawValue),
            "digest": .string(fields["weekly"] == nil ? DigestRhythm.off.rawValue : DigestRhythm.weekly.rawValue),
            "mealPeaks": .bool(fields["mealPeaks"] != nil),
            "muted": .array(
                (hidden + refused).map {
                    ["kind": .string($0.kind.rawValue), "channel": .string($0.channel.rawValue)]
                }),
        ]
        if let offset = before?.utcOffsetMinutes { members["utcOffsetMinutes"] = .number(Double(offset)) }
        if fields["quiet"] != nil {
            members["quietHours"] = [
                "from": .number(Double(try Self.minute(fields["from"]))),
                "to": .number(Double(try Self.minute(fields["to"]))),
            ]
        }
        body = .object(members)
    }

    /// The minute of the day of a text such as `22:30`.
    private static func minute(_ text: String?) throws -> Int {
        let parts = (text ?? "").split(separator: ":").map { Int($0) }
        guard parts.count >= 2, let hour = parts[0], let minute = parts[1], (0...23).contains(hour),
            (0...59).contains(minute)
        else {
            throw ProblemDetails.unprocessable(
                "An hour is wrong.", errors: [.init(field: "quietHours", message: "must be times such as 22:30")])
        }
        return hour * 60 + minute
    }
}
