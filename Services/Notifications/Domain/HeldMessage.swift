package import Contracts
package import NotificationWords

/// A message that is to go outside: what it says is settled, where it goes is not.
package struct HeldMessage: Sendable, Equatable {
    package let told: Told
    package let aboutType: String
    package let caseId: CaseID?
    /// What a burst is about: messages of one matter on one channel go together.
    package let matter: String
    package let kind: NotificationKind
    package let wording: Wording
    /// What the provider's template is filled with; nil where the text itself is sent.
    package let template: OutsideMessage.ProviderTemplate?
    /// The portal's page of what it is about; nil where there is none, and of messages from before it was kept.
    package let link: String?
    package let heldAt: Timestamp
    package var notBefore: Timestamp

    package init(
        told: Told, aboutType: String, caseId: CaseID?, matter: String, kind: NotificationKind, wording: Wording,
        template: OutsideMessage.ProviderTemplate?, link: String? = nil, heldAt: Timestamp, notBefore: Timestamp
    ) {
        self.told = told
        self.aboutType = aboutType
        self.caseId = caseId
        self.matter = matter
        self.kind = kind
        self.wording = wording
        self.template = template
        self.link = link
        self.heldAt = heldAt
        self.notBefore = notBefore
    }

    package var channel: Channel { told.channel }
    package var group: Group { Group(channel: told.channel, matter: matter) }

    /// Messages that go together.
    package struct Group: Hashable, Sendable {
        package let channel: Channel
        package let matter: String
    }
}

/// What is planned for the edge.
package struct OutsideSending: Sendable, Equatable {
    package let deliveryId: DeliveryID
    package let lane: String
    package let message: OutsideMessage
    package let notBefore: Timestamp
    /// Nothing is tried later; nil for as long as the runtime tries.
    package let notAfter: Timestamp?

    package init(
        deliveryId: DeliveryID, lane: String, message: OutsideMessage, notBefore: Timestamp, notAfter: Timestamp?
    ) {
        self.deliveryId = deliveryId
        self.lane = lane
        self.message = message
        self.notBefore = notBefore
        self.notAfter = notAfter
    }
}

/// The lane of a channel that reaches people: one for each provider, so that a slow one holds up nobody but itself.
///
/// Behind web push are the providers of many browsers, which only the sealed address names: its people are spread over
/// some lanes, so that one dead provider leaves others free.
package func lane(of person: PersonID, on channel: Channel) -> String {
    channel == .webPush
        ? "\(channel.rawValue)|\(Murmur2.positiveHash(of: person.rawValue) % lanesOfWebPush)" : channel.rawValue
}

private let lanesOfWebPush: UInt32 = 16

/// How long a message to a person is worth sending, in milliseconds: three days, as long as a delivery is tried.
package let worthOfMessage: Int64 = 3 * 86_400_000

/// One message of several about one matter, to where the person is reached.
///
/// - Parameters:
///   - held: the oldest first; of one person and group.
///   - closed: The hours at which it is not tried; nil where it is critical, and goes at any.
/// - Returns: Nil for none.
package func compose(
    _ held: [HeldMessage], to contact: PersonSettingsState.Contact, closed: ClosedHours?, at clock: Timestamp,
    by logic: NotificationLogic = .newest
) -> OutsideSending? {
    guard let newest = held.last, let wording = Wording.merged(held.map(\.wording)) else { return nil }
    let person = newest.told.recipientId
    return OutsideSending(
        deliveryId: newest.told.deliveryID(to: contact, by: logic), lane: lane(of: person, on: newest.channel),
        message: OutsideMessage(
            channel: newest.channel, recipientId: person,
            address: .sealed(contact: contact.sealed, contactId: contact.contactId), title: wording.title,
            body: wording.body, short: wording.short, language: wording.language,
            link: newest.link ?? newest.caseId.map { "/cases/\($0)" }, template: newest.template,
            aboutEventId: newest.told.eventId, aboutType: newest.aboutType,
            mergedEventIds: held.dropLast().map(\.told.eventId), caseId: newest.caseId,
            critical: closed == nil,
            unsubscribe: UnsubscribeScope(
                personId: person, channel: newest.channel, kind: newest.aboutType == Digest.type ? nil : newest.kind)),
        notBefore: clock, notAfter: (closed ?? .none).round(from: clock, plannedAt: clock)?.notAfter)
}

extension ClosedHours {
    /// From when to when a message may be tried that waits until a moment; nil where that is no longer worth it.
    package func round(from moment: Timestamp, plannedAt: Timestamp) -> (notBefore: Timestamp, notAfter: Timestamp)? {
        let end = plannedAt.adding(milliseconds: worthOfMessage)
        let open = firstOpen(from: moment)
        guard open < end else { return nil }
        return (open, min(lastOpen(from: open) ?? end, end))
    }
}
