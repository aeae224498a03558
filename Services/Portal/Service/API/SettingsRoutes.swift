import Contracts
import Hummingbird
import ServiceKit

/// How a person wants to hear, by which ways, and how much of WeChat they agreed to.
///
/// - `GET` and `PUT /v1/me/settings`
/// - `PUT /v1/me/contacts/{channel}`, `DELETE /v1/me/contacts/{channel}`, which names one of several by `contact`
/// - `POST /v1/me/consents`: `{"template": "…"}`
/// - `GET /v1/web-push-key`
///
/// With `confidential=true` each of them is about the name under which the person reports confidentially: nothing ties
/// the two together, so each has settings of its own.
struct SettingsRoutes: Sendable {
    let readModel: ReadModel
    let door: CommandDoor
    let contacts: ContactSeal

    func addPublic(to group: some RouterMethods<ServiceRequestContext>) {
        group.get("web-push-key") { _, _ in WebPushKeyView(publicKey: contacts.webPushKey) }
    }

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("me/settings") { request, context in try await view(of: try person(request, context)) }
        group.put("me/settings") { request, context in try await setPreferences(request, context) }
        group.put("me/contacts/{channel}") { request, context in try await setContact(request, context) }
        group.delete("me/contacts/{channel}") { request, context in try await removeContact(request, context) }
        group.post("me/consents") { request, context in try await giveConsent(request, context) }
    }

    private func person(_ request: Request, _ context: AuthenticatedRequestContext) throws -> PersonID {
        guard request.uri.queryParameters["confidential"] == "true" else {
            return PersonID(context.principal.subject)
        }
        guard let name = context.principal.confidentialName else {
            throw ProblemDetails.notFound("You have no confidential name here. Leave 'confidential' away.")
        }
        return PersonID(name)
    }

    private var desk: SettingsDesk { SettingsDesk(readModel: readModel, contacts: contacts) }

    private func key(_ request: Request) throws -> String {
        try request.idempotencyKey()?.value ?? MessageID.random().description
    }

    private func setPreferences(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let body = try await request.json(context)
        let person = try person(request, context)
        return try await give(
            desk.setPreferences(
                try PreferencesRequest(body).preferences, body: body, of: person, by: context.principal,
                key: try key(request)), of: person, request, context)
    }

    private func setContact(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        guard let channel = Channel(rawValue: try context.parameters.require("channel")), channel.reachesPersons else {
            throw ProblemDetails.notFound(
                "Use one of \(Channel.ofPersons.map(\.rawValue).joined(separator: ", ")) as the channel.")
        }
        let asked = try ContactRequest(try await request.json(context), on: channel)
        let person = try person(request, context)
        return try await give(
            try await desk.setContact(
                asked.address, on: channel, of: person, by: context.principal, key: try key(request)),
            of: person, request, context)
    }

    private func removeContact(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let person = try person(request, context)
        return try await give(
            try await desk.removeContact(
                request.uri.queryParameters["contact"].map { ContactID(String($0)) },
                on: try context.parameters.require("channel"), of: person, by: context.principal,
                key: try key(request)), of: person, request, context)
    }

    private func giveConsent(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let key = try request.requiredIdempotencyKey().value
        let body = try await request.json(context)
        let template = try FieldReader.read(body) { $0.string("template", length: 1...100) }
        let person = try person(request, context)
        return try await give(
            desk.giveConsent(to: template, body: body, of: person, by: context.principal, key: key), of: person,
            request, context)
    }

    private func give<Data: Message>(
        _ command: WantedCommand<Data>, of person: PersonID, _ request: Request, _ context: AuthenticatedRequestContext
    ) async throws -> Response {
        try await door.answer(command, .ok, to: request, context) { id, outcome in
            SettingsAnswerView(
                commandId: id, outcome: outcome, settings: outcome == "applied" ? try await view(of: person) : nil)
        }
    }

    private func view(of person: PersonID) async throws -> SettingsView {
        SettingsView(try await readModel.settings(of: person))
    }
}

/// What browsers subscribe with: `applicationServerKey`.
struct WebPushKeyView: ResponseEncodable, Sendable {
    let publicKey: String
}

/// How a person is told: addresses are not shown, not even to themselves; `GET /v1/me/export` opens them.
struct SettingsView: ResponseEncodable, Sendable {
    struct Contact: Encodable, Sendable {
        let contactId: ContactID
        let channel: Channel
    }

    struct Lost: Encodable, Sendable {
        let channel: Channel
        let reason: PersonSettingsState.LostContact.Reason
        /// For the person, in their language.
        let words: String
        let at: Timestamp

        init(_ lost: PersonSettingsState.LostContact, language: NotificationLanguage) {
            channel = lost.channel
            reason = lost.reason
            at = lost.at
            words =
                switch (lost.reason, language) {
                case (.bounced, .chinese): "寄到这个邮箱的邮件被退回，已停止发送；请检查后重新填写。"
                case (.bounced, .english):
                    "Mail to this address came back, so none is sent any more: check it and set it again."
                case (.gone, .chinese): "服务商说这个联系方式已失效，已停止发送；需要时请重新填写。"
                case (.gone, .english):
                    "The provider says that this contact is gone, so nothing is sent there any more: set it again if you like."
                }
        }
    }

    /// Absent where the person never said: the pack's then.
    let preferences: NotificationPreferences?
    let contacts: [Contact]
    let consents: [PersonSettingsState.Consent]
    /// Contacts that were taken off since they lead nowhere any more.
    let lost: [Lost]
    let erasedAt: Timestamp?

    init(_ state: PersonSettingsState?) {
        preferences = state?.preferences
        contacts = (state?.contacts ?? []).map { Contact(contactId: $0.contactId, channel: $0.channel) }
        consents = state?.consents ?? []
        lost = (state?.lost ?? []).map { Lost($0, language: state?.preferences?.language ?? .chinese) }
        erasedAt = state?.erasedAt
    }
}

/// What became of a change of settings.
struct SettingsAnswerView: ResponseEncodable, Sendable {
    let commandId: MessageID
    /// `applied` or `pending`; refusals and failures are problem documents.
    let outcome: String
    /// As they stand now; absent while it is pending.
    let settings: SettingsView?
}
