package import Contracts

/// What the primary key of all that was ever told holds: an event reaches a recipient once on each channel.
package struct Told: Hashable, Sendable {
    package let eventId: MessageID
    package let recipientId: PersonID
    package let channel: Channel

    package init(eventId: MessageID, recipientId: PersonID, channel: Channel) {
        self.eventId = eventId
        self.recipientId = recipientId
        self.channel = channel
    }

    /// The name of what is written or sent, which follows from whom it tells about what: the same however often it is
    /// asked for.
    package var messageID: MessageID {
        MessageID(namespace: eventId, name: "notifications|\(channel.rawValue)|\(recipientId)")
    }
}

/// A call that a unit's webhook is to receive.
package struct WebhookCall: Sendable, Equatable {
    package let deliveryId: DeliveryID
    package let told: Told
    package let unitId: UnitID
    package let url: String
    /// JSON `{data, timestamp, type}`, as it is signed and sent.
    package let body: String

    package init(deliveryId: DeliveryID, told: Told, unitId: UnitID, url: String, body: String) {
        self.deliveryId = deliveryId
        self.told = told
        self.unitId = unitId
        self.url = url
        self.body = body
    }
}

/// What becomes of a wish to tell somebody.
package enum TellDecision: Sendable, Equatable {
    /// Why nobody is told.
    package enum Reason: String, Sendable, Equatable {
        case noPack
        /// The pack has no words for this event and role.
        case noTemplate
        /// The unit has no webhook, or does not want this event there.
        case noWebhook
        case toldBefore
    }

    case nothing(Reason)
    case write(InboxMessageState)
    case call(WebhookCall)
}

/// Decides whether and how a recipient hears of an event: persons by their inbox, units by their webhook.
///
/// - Parameters:
///   - clock: when the message is written.
///   - wasTold: whether this was told on this channel before, whatever the role.
/// - Throws: `NotificationError` where the event is too large for a webhook.
package func tell(
    _ notify: Notify, pack: Pack?, at clock: Timestamp, wasTold: (Told) throws -> Bool
) throws -> TellDecision {
    guard let pack else { return .nothing(.noPack) }
    let channel: Channel = notify.role == .unit ? .webhook : .inbox
    let told = Told(eventId: notify.event.id, recipientId: notify.recipientId, channel: channel)
    switch channel {
    case .inbox:
        guard let template = pack.template(for: notify) else { return .nothing(.noTemplate) }
        guard try !wasTold(told) else { return .nothing(.toldBefore) }
        return .write(
            message(notify, told: told, wording: Wording(template, about: notify.event.data, pack: pack), at: clock))
    case .webhook:
        guard let webhook = pack.webhook(for: notify) else { return .nothing(.noWebhook) }
        guard try !wasTold(told) else { return .nothing(.toldBefore) }
        return .call(
            WebhookCall(
                deliveryId: DeliveryID(told.messageID.description), told: told, unitId: webhook.unitId,
                url: webhook.url, body: try WebhookBody.text(of: notify.event)))
    }
}

private func message(_ notify: Notify, told: Told, wording: Wording, at clock: Timestamp) -> InboxMessageState {
    let caseId: CaseID?
    var points: Int?
    switch notify.event.data {
    case .aboutCase(let event): caseId = event.reference.caseId
    case .aboutPoints(let event):
        caseId = event.caseId
        points = event.points
    case .aboutNotice(let event):
        caseId = nil
        points = event.taken ?? event.points
    }
    return InboxMessageState(
        messageId: InboxMessageID(told.messageID.description), version: 1, recipientId: notify.recipientId,
        title: wording.title, body: wording.body, aboutEventId: notify.event.id,
        aboutType: notify.event.attributes.type, caseId: caseId, points: points, writtenAt: clock, readAt: nil)
}

extension Pack {
    fileprivate func template(for notify: Notify) -> PackTemplate? {
        templates.first { $0.event == notify.event.attributes.type && $0.role == notify.role }
    }

    fileprivate func webhook(for notify: Notify) -> PackWebhook? {
        webhooks.first {
            $0.unitId.rawValue == notify.recipientId.rawValue
                && ($0.events.isEmpty || $0.events.contains(notify.event.attributes.type))
        }
    }
}
