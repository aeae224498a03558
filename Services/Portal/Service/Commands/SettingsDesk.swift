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

    /// The contact's id follows from who asks and the key, so that asking twice makes one contact.
    func setContact(
        _ address: String, on channel: Channel, of person: PersonID, by principal: Principal, key: String
    ) async throws -> WantedCommand<SetContact> {
        let id = ContactID(CommandDoor.commandID(subject: principal.subject, key: key).description)
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

    /// - Throws: ``ProblemDetails`` 404 where there is none.
    func removeContact(
        on channel: String, of person: PersonID, by principal: Principal, key: String
    ) async throws -> WantedCommand<RemoveContact> {
        let known = try await readModel.settings(of: person)?.contacts.first { $0.channel.rawValue == channel }
        guard let id = known?.contactId else {
            throw ProblemDetails.notFound("You have no contact on this channel. See them with GET /v1/me/settings.")
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
