package import Contracts

/// What becomes of a person's word about how they are reached.
package enum SettingsDecision: Sendable, Equatable {
    case refused(NotificationRefusal)
    /// It stands so already.
    case unchanged
    case changed(PersonSettingsState)
}

/// The rules about a person's contacts, preferences and consents; their own version is counted by who keeps them.
package struct SettingsRules: Sendable {
    /// A sealed contact has no more characters.
    package static let longestContact = 4_096
    /// No more consents of one template wait to be used.
    package static let mostConsents = 100

    /// As they stand; empty for who never set anything.
    package let settings: PersonSettingsState
    package let clock: Timestamp
    private let logic: NotificationLogic

    package init(_ settings: PersonSettingsState, at clock: Timestamp, by logic: NotificationLogic = .newest) {
        self.settings = settings
        self.clock = clock
        self.logic = logic
    }

    /// So many contacts a person has on a channel: a browser is one of several, all else is one.
    package static func mostContacts(on channel: Channel) -> Int { channel == .webPush ? 5 : 1 }

    package func set(_ command: SetContact) -> SettingsDecision {
        if let refusal = refusal(command.actor, command.notAfter) { return .refused(refusal) }
        guard command.channel.reachesPersons else { return .refused(.badChannel) }
        let length = command.sealed.box.utf8.count
        guard length > 0, length <= Self.longestContact, command.sealed.keyId.utf8.count <= 128,
            (1...64).contains(command.contactId.rawValue.utf8.count)
        else { return .refused(.badContact) }
        let contact = PersonSettingsState.Contact(
            contactId: command.contactId, channel: command.channel, sealed: command.sealed)
        return changed {
            $0.contacts = ordered(
                settings.contacts.filter { $0.channel != contact.channel } + kept(beside: contact) + [contact])
            $0.lost?.removeAll { $0.channel == contact.channel }
            if $0.lost?.isEmpty == true { $0.lost = nil }
            $0.erasedAt = nil
        }
    }

    /// The newest of those that the person has on the channel, as many as stay beside a new one.
    private func kept(beside contact: PersonSettingsState.Contact) -> [PersonSettingsState.Contact] {
        let most = logic.knowsContacts ? Self.mostContacts(on: contact.channel) : 1
        let others = settings.contacts.filter { $0.channel == contact.channel && $0.contactId != contact.contactId }
        return others.suffix(most - 1)
    }

    /// The settings without a contact that will never be reached again; nil where the person has none such.
    ///
    /// Where it was the last on its channel, they say why: the person has to give another.
    package func losing(
        _ contactId: ContactID, because reason: PersonSettingsState.LostContact.Reason
    ) -> PersonSettingsState? {
        guard let contact = settings.contacts.first(where: { $0.contactId == contactId }) else { return nil }
        var after = settings
        after.contacts.removeAll { $0.contactId == contactId }
        if logic.knowsContacts, !after.reached.contains(contact.channel) {
            let others = (settings.lost ?? []).filter { $0.channel != contact.channel }
            after.lost = others + [.init(channel: contact.channel, reason: reason, at: clock)]
        }
        return after
    }

    package func remove(_ command: RemoveContact) -> SettingsDecision {
        if let refusal = refusal(command.actor, command.notAfter) { return .refused(refusal) }
        return changed { $0.contacts = settings.contacts.filter { $0.contactId != command.contactId } }
    }

    package func set(_ command: SetPreferences) -> SettingsDecision {
        if let refusal = refusal(command.actor, command.notAfter) { return .refused(refusal) }
        guard command.preferences.areSound else { return .refused(.badPreferences) }
        var preferences = command.preferences
        preferences.muted = Self.ordered(preferences.muted)
        return changed {
            $0.preferences = preferences
            $0.erasedAt = nil
        }
    }

    /// - Parameter ownPreferences: What holds for the person now, also where they never said.
    package func unsubscribe(
        _ command: Unsubscribe, from ownPreferences: NotificationPreferences
    ) -> SettingsDecision {
        if let refusal = refusal(command.actor, command.notAfter) { return .refused(refusal) }
        guard command.channel.reachesPersons else { return .refused(.badChannel) }
        let kinds = command.kind.map { [$0] } ?? NotificationKind.allCases
        var preferences = ownPreferences
        preferences.muted = Self.ordered(
            preferences.muted + kinds.map { MutedKind(kind: $0, channel: command.channel) })
        return changed { $0.preferences = preferences }
    }

    /// - Parameter wasGiven: Whether this very consent was counted before.
    package func consent(_ command: GiveConsent, wasGiven: Bool) -> SettingsDecision {
        if let refusal = refusal(command.actor, command.notAfter) { return .refused(refusal) }
        guard !wasGiven else { return .unchanged }
        guard (1...128).contains(command.template.utf8.count), (1...128).contains(command.consentId.rawValue.utf8.count)
        else { return .refused(.badContact) }
        let left = settings.consents.first { $0.template == command.template }?.left ?? 0
        guard left < Self.mostConsents else { return .refused(.tooManyConsents) }
        return changed {
            $0.erasedAt = nil
            let others = settings.consents.filter { $0.template != command.template }
            $0.consents = (others + [.init(template: command.template, left: left + 1)]).sorted {
                $0.template.utf8.lexicographicallyPrecedes($1.template.utf8)
            }
        }
    }

    /// The person themselves, or an operator on their word.
    package func erase(_ command: ErasePerson) -> SettingsDecision {
        let isOperator = command.actor.roles.contains("admin")
        if let refusal = refusal(command.actor, command.notAfter, isOperator: isOperator) { return .refused(refusal) }
        guard settings.erasedAt == nil else { return .unchanged }
        return .changed(
            PersonSettingsState(personId: settings.personId, version: settings.version, erasedAt: clock))
    }

    private func refusal(
        _ actor: Actor, _ notAfter: Timestamp?, isOperator: Bool = false
    ) -> NotificationRefusal? {
        if let notAfter, clock > notAfter { return .tooLate }
        return actor.personId == settings.personId || isOperator ? nil : .notAllowed
    }

    private func changed(_ change: (inout PersonSettingsState) -> Void) -> SettingsDecision {
        var after = settings
        change(&after)
        return after == settings ? .unchanged : .changed(after)
    }

    private func ordered(_ contacts: [PersonSettingsState.Contact]) -> [PersonSettingsState.Contact] {
        Channel.allCases.flatMap { channel in contacts.filter { $0.channel == channel } }
    }

    /// Each once, in the order of the channels and kinds.
    private static func ordered(_ muted: [MutedKind]) -> [MutedKind] {
        let known = Set(muted)
        return Channel.allCases.flatMap { channel in
            NotificationKind.allCases.map { MutedKind(kind: $0, channel: channel) }
        }.filter(known.contains)
    }
}

extension PersonSettingsState {
    /// Where a message that waits goes now: to the same browser, on all else to what the person has there.
    package func contact(for message: OutsideMessage, by logic: NotificationLogic) -> Contact? {
        contacts.first { contact in
            guard contact.channel == message.channel else { return false }
            guard logic.knowsContacts, SettingsRules.mostContacts(on: contact.channel) > 1 else { return true }
            guard case .sealed(_, let contactId) = message.address else { return false }
            return contact.contactId == contactId
        }
    }

    /// The channels on which the person has a contact, each once.
    package var reached: [Channel] {
        contacts.map(\.channel).reduce(into: []) { reached, channel in
            if !reached.contains(channel) { reached.append(channel) }
        }
    }
}

extension NotificationPreferences {
    fileprivate var areSound: Bool {
        let day = 0..<1_440
        let hours = quietHours.map { day.contains($0.from) && day.contains($0.to) && $0.from != $0.to } ?? true
        let offset = utcOffsetMinutes.map { (-720...840).contains($0) } ?? true
        return hours && offset && muted.allSatisfy { $0.channel.reachesPersons }
    }
}
