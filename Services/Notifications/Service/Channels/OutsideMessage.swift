package import Contracts

/// What a delivery keeps: something to tell somebody outside, or a key to destroy.
package enum OutsideOrder: Codable, Sendable, Equatable {
    case tell(OutsideMessage)
    /// Destroys the keys of a person who asked to be forgotten; by the erasure's name, however often it is carried out.
    case forget(person: PersonID, erasure: String)
}

/// What an edge needs to send one message, already in the recipient's language.
package struct OutsideMessage: Codable, Sendable, Equatable {
    package let channel: Channel
    /// A person's id; a unit's for a webhook of the pack.
    package let recipientId: PersonID
    package let address: OutsideAddress
    package let title: String
    package let body: String
    /// One sentence, for what shows no more: a push, a text message.
    package let short: String
    /// Where to look: a whole URL, or a path of the portal's pages.
    package let link: String?
    /// Of webhooks: the JSON that is signed and sent, byte for byte.
    package let data: String?
    /// The provider's template (WeChat, SMS).
    package let template: String?
    /// What the provider's template is filled with.
    package let variables: [String: String]
    package let aboutEventId: MessageID
    package let caseId: CaseID?
    /// What stands behind `/v1/unsubscribe/` in the address that ends such mail.
    package let unsubscribe: String?

    package init(
        channel: Channel, recipientId: PersonID, address: OutsideAddress, title: String, body: String, short: String,
        link: String? = nil, data: String? = nil, template: String? = nil, variables: [String: String] = [:],
        aboutEventId: MessageID, caseId: CaseID? = nil, unsubscribe: String? = nil
    ) {
        self.channel = channel
        self.recipientId = recipientId
        self.address = address
        self.title = title
        self.body = body
        self.short = short
        self.link = link
        self.data = data
        self.template = template
        self.variables = variables
        self.aboutEventId = aboutEventId
        self.caseId = caseId
        self.unsubscribe = unsubscribe
    }
}

/// Where a message goes.
package enum OutsideAddress: Codable, Sendable, Equatable {
    /// The URL of a unit, as the pack says it; the unit's secret signs.
    case open(String)
    /// An endpoint that an operator added.
    ///
    /// - Parameters:
    ///   - generation: of its secret; raised when that is changed.
    ///   - formerGenerationUntil: until then the secret of the generation before signs, too.
    case endpoint(url: SealedText, endpointId: EndpointID, generation: Int, formerGenerationUntil: Timestamp?)
    /// A person's; only the person's key opens it.
    case sealed(SealedContact, contactId: ContactID)
}
