package import Contracts

/// What the edge needs to call a webhook, as the delivery keeps it.
package struct WebhookPayload: Codable, Sendable, Equatable {
    package let url: String
    /// The JSON that is signed and sent, byte for byte.
    package let body: String
    /// Whose secret signs it.
    package let unitId: UnitID
    package let aboutEventId: MessageID

    package init(url: String, body: String, unitId: UnitID, aboutEventId: MessageID) {
        self.url = url
        self.body = body
        self.unitId = unitId
        self.aboutEventId = aboutEventId
    }
}
