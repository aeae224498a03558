import Contracts
import ServiceKit

/// Makes the commands by which a person says how they want to hear, for the JSON doors and for the page.
struct SettingsDesk: Sendable {
    let readModel: ReadModel
    let contacts: ContactSeal

    /// - Parameter body: What was asked, which tells two requests of one key apart.
    func setPreferences(
        _ preferences: NotificationPreferences, body: JSONValue, of person: PersonID, by principal: Principal,
        key: String
    ) -> WantedCommand<SetPreferences> {
        let actor = principal.actor(among: [person])
        return wanted(
            CommandMetrics.preferencesSet, about: person.rawValue, of: person, by: principal, key: key, ["body": body]
        ) { SetPreferences(personId: person, preferences: preferences, actor: actor, notAfter: $0) }
    }

    /// The contact's id follows from who asks and the key, so that asking twice makes one contact; that of a browser from
    /// its subscription, so that the same browser is one however often it says so.
    func setContact(
        _ address: String, on channel: Channel, of person: PersonID, by principal: Principal, key: String
    ) async throws -> WantedCommand<SetContact> {
        let id =
            channel == .webPush
            ? contacts.browser(address, of: person)
            : ContactID(CommandDoor.commandID(subject: principal.subject, key: key).description)
        let sealed = try await contacts.seal(address, of: person, on: channel, contact: id)
        let actor = principal.actor(among: [person])
        return wanted(
            CommandMetrics.contactSet, about: id.rawValue, of: person, by: principal, key: key,
            ["channel": .string(channel.rawValue), "address": .string(contacts.fingerprint(of: address))]
        ) {
            SetContact(
                personId: person, contactId: id, channel: channel, sealed: sealed, actor: actor, notAfter: $0)
        }
    }

    /// - Parameter named: Which of them, where a person has several on the channel.
    /// - Throws: ``ProblemDetails`` 404 where there is none, 422 where there are several and none was named.
    func removeContact(
        _ named: ContactID?, on channel: String, of person: PersonID, by principal: Principal, key: String
    ) async throws -> WantedCommand<RemoveContact> {
        let known = (try await readModel.settings(of: person)?.contacts ?? []).filter {
            $0.channel.rawValue == channel && (named == nil || $0.contactId == named)
        }
        guard let id = known.first?.contactId else {
            throw ProblemDetails.notFound("You have no such contact. See them with GET /v1/me/settings.")
        }
        guard known.count == 1 else {
            throw ProblemDetails.unprocessable(errors: [
                .init(field: "contact", message: "must say which: you have \(known.count) contacts on this channel")
            ])
        }
        let actor = principal.actor(among: [person])
        return wanted(
            CommandMetrics.contactRemove, about: id.rawValue, of: person, by: principal, key: key,
            ["contact": .string(id.rawValue)]
        ) { RemoveContact(personId: person, contactId: id, actor: actor, notAfter: $0) }
    }

    func giveConsent(
        to template: String, body: JSONValue, of person: PersonID, by principal: Principal, key: String
    ) -> WantedCommand<GiveConsent> {
        let id = ConsentID(CommandDoor.commandID(subject: principal.subject, key: key).description)
        let actor = principal.actor(among: [person])
        return wanted(
            CommandMetrics.consentGive, about: id.rawValue, of: person, by: principal, key: key, ["body": body]
        ) { GiveConsent(personId: person, template: template, consentId: id, actor: actor, notAfter: $0) }
    }

    private func wanted<Data: Message>(
        _ action: String, about id: String, of person: PersonID, by principal: Principal, key: String,
        _ fingerprint: [String: JSONValue], payload: @escaping @Sendable (_ notAfter: Timestamp) -> Data
    ) -> WantedCommand<Data> {
        let told = fingerprint.merging(["action": .string(action), "person": .string(person.rawValue)]) { $1 }
        return WantedCommand(
            key: key, principal: principal, action: action, about: id, fingerprint: Fingerprint(of: .object(told)),
            topic: TopicCatalogue.notificationCommands, partitionKey: person.rawValue, follows: .settings,
            payload: payload)
    }
}
