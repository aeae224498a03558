package import Contracts

/// What a planned delivery asks of the edge.
package enum OutsideTask: Codable, Sendable, Equatable {
    case send(message: OutsideMessage)
    /// Destroys the keys of a person who was forgotten.
    ///
    /// May be repeated: it leaves alone what was made since.
    case eraseKey(personId: PersonID, erasedAt: Timestamp)
}

/// What an edge needs to send one message.
package struct OutsideMessage: Codable, Sendable, Equatable {
    package let channel: Channel
    /// A person's or a unit's id, or ``Notify/endpoints``.
    package let recipientId: PersonID
    package let address: OutsideAddress
    /// In the recipient's language, as the texts below.
    package let title: String
    package let body: String
    /// 简明: one plain sentence.
    package let short: String
    package let language: NotificationLanguage
    /// A path of the portal such as `/me/cases/<id>`; absent where there is nothing to open.
    package let link: String?
    /// Of webhooks: the JSON that is signed and sent, byte for byte.
    package let data: String?
    /// The provider's template (WeChat, SMS), filled in; absent where the text itself is sent.
    package let template: ProviderTemplate?
    /// The newest event that it is about.
    package let aboutEventId: MessageID
    package let aboutType: String
    /// The other events of a burst that go with it.
    package let mergedEventIds: [MessageID]
    package let caseId: CaseID?
    /// Goes at any hour.
    package let critical: Bool
    /// What a link to want no more of these says: the edge signs it, and the portal checks that; absent where there is
    /// nothing to refuse.
    package let unsubscribe: UnsubscribeScope?

    /// A template that lies with a provider, with what fills it.
    package struct ProviderTemplate: Codable, Sendable, Equatable {
        package let id: String
        /// By the provider's name of each.
        package let variables: [String: String]

        package init(id: String, variables: [String: String]) {
            self.id = id
            self.variables = variables
        }
    }

    package init(
        channel: Channel, recipientId: PersonID, address: OutsideAddress, title: String, body: String, short: String,
        language: NotificationLanguage = .chinese, link: String? = nil, data: String? = nil,
        template: ProviderTemplate? = nil, aboutEventId: MessageID, aboutType: String,
        mergedEventIds: [MessageID] = [], caseId: CaseID? = nil, critical: Bool = false,
        unsubscribe: UnsubscribeScope? = nil
    ) {
        self.channel = channel
        self.recipientId = recipientId
        self.address = address
        self.title = title
        self.body = body
        self.short = short
        self.language = language
        self.link = link
        self.data = data
        self.template = template
        self.aboutEventId = aboutEventId
        self.aboutType = aboutType
        self.mergedEventIds = mergedEventIds
        self.caseId = caseId
        self.critical = critical
        self.unsubscribe = unsubscribe
    }
}

/// Where a message goes.
package enum OutsideAddress: Codable, Sendable, Equatable {
    /// A unit's URL, from the pack; its secret is derived for the unit's id.
    case open(url: String)
    /// Its secret is derived for `<endpointId>|<generation>`; until `formerUntil` that of the generation before signs
    /// beside it.
    case endpoint(address: EndpointAddress, endpointId: EndpointID, generation: Int, formerUntil: Timestamp?)
    /// A person's, opened with the person's key.
    case sealed(contact: SealedContact, contactId: ContactID)
}

/// Whose messages of which channel and kind.
package struct UnsubscribeScope: Codable, Sendable, Equatable {
    package let personId: PersonID
    package let channel: Channel
    /// Absent for everything on the channel.
    package let kind: NotificationKind?

    package init(personId: PersonID, channel: Channel, kind: NotificationKind?) {
        self.personId = personId
        self.channel = channel
        self.kind = kind
    }
}

/// Words that a failure's reason begins with where it says more than that nothing arrived.
package enum DeliveryReason {
    /// The person takes no message of this template any more, whatever consents were counted (WeChat 43101).
    package static let consentRefused = "consent-refused"
}
