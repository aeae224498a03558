import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// What is known of a person, for themselves to take along or to have forgotten.
///
/// - `GET /v1/me/export`: everything that is kept under the person's names, with their addresses opened
/// - `DELETE /v1/me`: contacts, preferences, consents and messages are forgotten, and the key that could open copies of
///   them is destroyed; cases and points stay under a pseudonym that leads to nobody
struct ErasureRoutes: Sendable {
    let readModel: ReadModel
    let door: CommandDoor
    let contacts: ContactSeal
    let now: @Sendable () -> Timestamp

    /// More than this stays behind: a page of the API tells the rest.
    private static let most = 5_000

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("me/export") { request, context in try await export(request, context) }
        group.delete("me") { request, context in try await erase(request, context) }
    }

    private func export(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let names = context.principal.names
        var settings: [PersonExport.Settings] = []
        for name in names { settings.append(try await self.settings(of: PersonID(name))) }
        let export = PersonExport(
            exportedAt: now(), names: names, settings: settings,
            messages: try await readModel.inbox(of: names, after: nil, limit: Self.most).messages.map(MessageView.init),
            archivedMessages: try await readModel.inbox(of: names, archived: true, after: nil, limit: Self.most)
                .messages.map(MessageView.init),
            points: try await readModel.statement(of: names, after: nil, limit: Self.most).map(StatementEntry.init),
            reports: try await readModel.cases(CaseFilter(reporter: names), after: nil, limit: Self.most)
                .map { CaseView($0, for: Viewer(context.principal)) },
            orders: try await readModel.orders(of: names, after: nil, limit: Self.most),
            looks: try await readModel.looks(at: names, limit: Self.most).looks)
        var response = try export.response(from: request, context: context)
        response.headers[.contentDisposition] = "attachment; filename=\"suishoupai-my-data.json\""
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private func settings(of person: PersonID) async throws -> PersonExport.Settings {
        let state = try await readModel.settings(of: person)
        var addresses: [PersonExport.Contact] = []
        for contact in state?.contacts ?? [] {
            addresses.append(
                PersonExport.Contact(
                    channel: contact.channel, address: try await contacts.open(contact, of: person)))
        }
        return PersonExport.Settings(
            name: person, preferences: state?.preferences, contacts: addresses, consents: state?.consents ?? [],
            erasedAt: state?.erasedAt)
    }

    /// Each of the person's names is a person of its own to notifications: both are forgotten.
    private func erase(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let key = try request.idempotencyKey()?.value ?? MessageID.random().description
        for name in context.principal.names.dropFirst() {
            _ = try await door.give(command(PersonID(name), key: "\(key)|confidential", context.principal))
        }
        let own = PersonID(context.principal.subject)
        return try await door.answer(command(own, key: key, context.principal), .ok, to: request, context) {
            ErasureAnswerView(commandId: $0, outcome: $1)
        }
    }

    private func command(_ person: PersonID, key: String, _ principal: Principal) -> WantedCommand<ErasePerson> {
        let actor = principal.actor(among: [person])
        return WantedCommand(
            key: key, principal: principal, action: CommandMetrics.erase, about: person.rawValue,
            fingerprint: Fingerprint(of: ["erase": .string(person.rawValue)]),
            topic: TopicCatalogue.notificationCommands, partitionKey: person.rawValue, follows: .settings
        ) { ErasePerson(personId: person, actor: actor, notAfter: $0) }
    }
}

/// What is kept under a person's names.
struct PersonExport: ResponseEncodable, Sendable {
    struct Contact: Encodable, Sendable {
        let channel: Channel
        /// Absent where it can be read by nobody any more.
        let address: String?
    }

    struct Settings: Encodable, Sendable {
        let name: PersonID
        let preferences: NotificationPreferences?
        let contacts: [Contact]
        let consents: [PersonSettingsState.Consent]
        let erasedAt: Timestamp?
    }

    let exportedAt: Timestamp
    let names: [String]
    let settings: [Settings]
    let messages: [MessageView]
    let archivedMessages: [MessageView]
    let points: [StatementEntry]
    let reports: [CaseView]
    let orders: [OrderState]
    /// Who of the staff looked at all this, and why; newest first.
    let looks: [PersonLook]
}

/// What became of the wish to be forgotten.
struct ErasureAnswerView: ResponseEncodable, Sendable {
    let commandId: MessageID
    /// `applied` or `pending`.
    let outcome: String
}
