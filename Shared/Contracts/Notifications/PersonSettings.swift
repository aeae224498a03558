/// How to reach a person on one channel, sealed with that person's key: only the edge that sends opens it.
package struct SealedContact: Codable, Sendable, Hashable {
    /// Which key of the person sealed it.
    package let keyId: String
    /// AES-256-GCM in base64; authenticated with it is `contact|<person>|<channel>|<contact>`.
    package let box: String

    package init(keyId: String, box: String) {
        self.keyId = keyId
        self.box = box
    }
}

/// Sets a contact of a person; a contact that the person had on the channel makes way for it, of browsers the oldest of
/// five.
///
/// On `notification-commands.v1`, keyed by person id, from portal.
package struct SetContact: Message {
    package static let type = "notification.set-contact"

    package let personId: PersonID
    package let contactId: ContactID
    package let channel: Channel
    package let sealed: SealedContact
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        personId: PersonID, contactId: ContactID, channel: Channel, sealed: SealedContact, actor: Actor,
        notAfter: Timestamp? = nil
    ) {
        self.personId = personId
        self.contactId = contactId
        self.channel = channel
        self.sealed = sealed
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { personId.rawValue }
}

/// Takes a contact of a person away.
///
/// On `notification-commands.v1`, keyed by person id, from portal.
package struct RemoveContact: Message {
    package static let type = "notification.remove-contact"

    package let personId: PersonID
    package let contactId: ContactID
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(personId: PersonID, contactId: ContactID, actor: Actor, notAfter: Timestamp? = nil) {
        self.personId = personId
        self.contactId = contactId
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { personId.rawValue }
}

/// Says how and when a person wants to hear; all of it, not a change.
///
/// On `notification-commands.v1`, keyed by person id, from portal.
package struct SetPreferences: Message {
    package static let type = "notification.set-preferences"

    package let personId: PersonID
    package let preferences: NotificationPreferences
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        personId: PersonID, preferences: NotificationPreferences, actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.personId = personId
        self.preferences = preferences
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { personId.rawValue }
}

/// A person agreed to one WeChat message of a template 一次性订阅: one consent, one send.
///
/// On `notification-commands.v1`, keyed by person id, from portal.
package struct GiveConsent: Message {
    package static let type = "notification.give-consent"

    package let personId: PersonID
    /// The provider's template id.
    package let template: String
    /// The same consent said twice counts once.
    package let consentId: ConsentID
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        personId: PersonID, template: String, consentId: ConsentID, actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.personId = personId
        self.template = template
        self.consentId = consentId
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { personId.rawValue }
}

/// A person wants no more on a channel, by the link of a message (RFC 8058) or in the portal.
///
/// On `notification-commands.v1`, keyed by person id, from portal.
package struct Unsubscribe: Message {
    package static let type = "notification.unsubscribe"

    package let personId: PersonID
    package let channel: Channel
    /// Absent for everything on the channel.
    package let kind: NotificationKind?
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        personId: PersonID, channel: Channel, kind: NotificationKind?, actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.personId = personId
        self.channel = channel
        self.kind = kind
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { personId.rawValue }
}

/// Forgets a person: contacts, preferences, consents, the inbox, what waits to be sent, and at last the person's key.
///
/// On `notification-commands.v1`, keyed by person id, from portal and the operator's command.
package struct ErasePerson: Message {
    package static let type = "notification.erase-person"

    package let personId: PersonID
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(personId: PersonID, actor: Actor, notAfter: Timestamp? = nil) {
        self.personId = personId
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { personId.rawValue }
}

/// A person was forgotten: nothing that was told them before is kept, and their key is being destroyed.
///
/// Published by notifications on `notification-events.v1`, keyed by person id.
package struct PersonErased: Message {
    package static let type = "notification.person-erased"

    package let personId: PersonID
    package let at: Timestamp

    package init(personId: PersonID, at: Timestamp) {
        self.personId = personId
        self.at = at
    }

    package var subject: String { personId.rawValue }
}

/// How a person is reached, when and how: the record of `notification-settings.v1`, keyed by person id; the highest
/// `version` counts.
package struct PersonSettingsState: Message {
    package static let type = "notification-settings.state"

    package struct Contact: Codable, Sendable, Equatable {
        package let contactId: ContactID
        package let channel: Channel
        package let sealed: SealedContact

        package init(contactId: ContactID, channel: Channel, sealed: SealedContact) {
            self.contactId = contactId
            self.channel = channel
            self.sealed = sealed
        }
    }

    /// A contact that was taken off since it leads nowhere any more.
    package struct LostContact: Codable, Sendable, Equatable {
        package enum Reason: String, Codable, Sendable, CaseIterable {
            /// The provider said so when it was sent to.
            case gone
            /// A mail came back later 退信.
            case bounced
        }

        package let channel: Channel
        package let reason: Reason
        package let at: Timestamp

        package init(channel: Channel, reason: Reason, at: Timestamp) {
            self.channel = channel
            self.reason = reason
            self.at = at
        }
    }

    /// How many messages of a template a person may still be sent.
    package struct Consent: Codable, Sendable, Equatable {
        package let template: String
        package let left: Int

        package init(template: String, left: Int) {
            self.template = template
            self.left = left
        }
    }

    package let personId: PersonID
    package var version: Int
    /// Absent where the person never said; the pack's then.
    package var preferences: NotificationPreferences?
    /// In the order of the channels: one of each, of browsers up to five with the newest last.
    package var contacts: [Contact]
    /// In the order of the templates; those with none left are not here.
    package var consents: [Consent]
    /// Channels on which the last contact was taken off and none was set since; absent for none.
    package var lost: [LostContact]?
    /// When the person was forgotten; absent for never, and once they set something again.
    package var erasedAt: Timestamp?

    package init(
        personId: PersonID, version: Int, preferences: NotificationPreferences? = nil, contacts: [Contact] = [],
        consents: [Consent] = [], lost: [LostContact]? = nil, erasedAt: Timestamp? = nil
    ) {
        self.personId = personId
        self.version = version
        self.preferences = preferences
        self.contacts = contacts
        self.consents = consents
        self.lost = lost
        self.erasedAt = erasedAt
    }

    package var subject: String { personId.rawValue }
}
