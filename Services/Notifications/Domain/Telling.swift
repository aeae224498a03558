package import Contracts
import NotificationWords

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

extension Told {
    /// The name of what goes to a contact: to each browser of a person something goes of its own.
    package func deliveryID(to contact: PersonSettingsState.Contact, by logic: NotificationLogic) -> DeliveryID {
        guard logic.knowsContacts, SettingsRules.mostContacts(on: channel) > 1 else {
            return DeliveryID(messageID.description)
        }
        return DeliveryID(MessageID(namespace: messageID, name: contact.contactId.rawValue).description)
    }
}

/// One way on which a person hears of an event; each is told once.
package enum Way: Sendable, Equatable {
    case write(InboxMessageState)
    /// Waits for others about the same matter, and for an hour at which the person may be written to.
    case hold(HeldMessage)
    /// Goes at once, alone.
    case send(HeldMessage)
    /// Is a part of the week's digest, on that channel.
    case digest(Told)

    package var told: Told {
        switch self {
        case .write(let message):
            Told(eventId: message.aboutEventId, recipientId: message.recipientId, channel: .inbox)
        case .hold(let message), .send(let message): message.told
        case .digest(let told): told
        }
    }
}

/// Decides by which ways a person hears of an event: always by the inbox, and by those that the pack names, the person
/// allows and there is a contact for.
///
/// - Parameters:
///   - settings: nil for who never set anything.
///   - clock: when the message is written.
///   - wasTold: whether this was told on this channel before, whatever the role.
/// - Returns: The inbox first; empty where the pack has no words, or the person was forgotten.
package func ways(
    of notify: Notify, pack: Pack?, settings: PersonSettingsState?, at clock: Timestamp,
    by logic: NotificationLogic = .newest, wasTold: (Told) throws -> Bool
) rethrows -> [Way] {
    guard let pack, settings?.erasedAt == nil, notify.isToOnePerson,
        let template = pack.template(for: notify.event.attributes.type, role: notify.role)
    else { return [] }
    let teller = Teller(
        notify: notify, pack: pack, template: template, wishes: Wishes(settings?.preferences, pack: pack),
        clock: clock, logic: logic)
    let reachable = (settings?.reached ?? []).filter(template.goesOut)
    let outside = reachable.filter { channel in
        teller.isWanted(on: channel) && teller.isConsented(settings, on: channel)
    }
    return try ([.inbox] + outside).map(teller.way).filter { try !wasTold($0.told) }
}

extension AudienceRole {
    /// The portal's page of a case for who is told as this: those who report have other pages than those who work.
    package func page(of caseId: CaseID) -> String {
        self == .reporter ? "/me/cases/\(caseId)" : "/console/cases/\(caseId)"
    }
}

extension Notify {
    /// Whether the recipient is a person, who has an inbox.
    package var isToOnePerson: Bool {
        role != .unit && role != .endpoint && AudienceGroup(role: role, recipientId: recipientId) == nil
    }
}

extension PackTemplate {
    fileprivate func goesOut(by channel: Channel) -> Bool {
        channels?.contains(channel) == true && channel.reachesPersons
    }
}

/// Tells one person of one event.
private struct Teller {
    let notify: Notify
    let pack: Pack
    let template: PackTemplate
    let wishes: Wishes
    let clock: Timestamp
    let logic: NotificationLogic

    private var kind: NotificationKind { template.kind ?? .progress }
    private var isCritical: Bool { template.critical == true }
    private var language: NotificationLanguage { wishes.preferences.language }
    private var wording: Wording {
        Wording(
            template, about: notify.event.data, pack: pack, language: language, to: reader,
            reasons: logic.reasons)
    }

    /// Nil where texts say nothing of a reader's own.
    private var reader: PersonID? { logic.tellsShares ? notify.recipientId : nil }

    /// A no is a no, also to what is critical.
    func isWanted(on channel: Channel) -> Bool { wishes.wants(kind, on: channel) }

    /// WeChat sends nothing without a template and a consent to it.
    func isConsented(_ settings: PersonSettingsState?, on channel: Channel) -> Bool {
        guard channel == .weChat else { return true }
        return settings?.consents.contains { $0.template == template.weChat?.id } == true
    }

    func way(on channel: Channel) -> Way {
        if channel == .inbox { return .write(inboxMessage) }
        let told = Told(eventId: notify.event.id, recipientId: notify.recipientId, channel: channel)
        if isCritical { return .send(message(told, notBefore: clock)) }
        if wishes.isDigested(kind, on: channel) { return .digest(told) }
        let merging = Int64(pack.notifications?.mergeMinutes ?? 0) * 60_000
        let open = wishes.closedHours(for: kind).firstOpen(from: clock.adding(milliseconds: merging))
        return .hold(message(told, notBefore: open))
    }

    private func message(_ told: Told, notBefore: Timestamp) -> HeldMessage {
        let event = notify.event.data
        let template = providerTemplate(on: told.channel)
        // WeChat's consents are of one template each: a burst of two templates is two messages there.
        let matter = [
            event.matter(notify.event.id), kind.isOfOneself ? "own" : "work",
            told.channel == .weChat ? template?.id : nil,
        ]
        return HeldMessage(
            told: told, aboutType: notify.event.attributes.type, caseId: event.caseId,
            matter: matter.compactMap { $0 }.joined(separator: "|"), kind: kind, wording: wording, template: template,
            link: event.caseId.map { link(to: $0) }, heldAt: clock, notBefore: notBefore)
    }

    private func link(to caseId: CaseID) -> String {
        logic.linksByRole ? notify.role.page(of: caseId) : "/cases/\(caseId)"
    }

    private func providerTemplate(on channel: Channel) -> OutsideMessage.ProviderTemplate? {
        let template: PackProviderTemplate? =
            switch channel {
            case .weChat: self.template.weChat
            case .sms: self.template.sms
            default: nil
            }
        return template.map {
            OutsideMessage.ProviderTemplate(
                id: $0.id,
                variables: $0.filled(
                    about: notify.event.data, pack: pack, language: language, to: reader,
                    reasons: logic.reasons))
        }
    }

    /// Of a promise that was divided anew the recipient's own part.
    private var points: Int? {
        guard let reader, case .aboutPoints(let event) = notify.event.data else {
            return notify.event.data.points
        }
        return event.shares[reader] ?? event.points
    }

    private var inboxMessage: InboxMessageState {
        let told = Told(eventId: notify.event.id, recipientId: notify.recipientId, channel: .inbox)
        let wording = wording
        return InboxMessageState(
            messageId: InboxMessageID(told.messageID.description), version: 1, recipientId: notify.recipientId,
            title: wording.title, body: wording.body(in: wishes.preferences.form), language: wording.language,
            aboutEventId: notify.event.id, aboutType: notify.event.attributes.type, caseId: notify.event.data.caseId,
            points: points, writtenAt: clock, readAt: nil)
    }
}

extension NotifiableEvent {
    /// How many points it is about; nil where it is about none.
    var points: Int? {
        switch self {
        case .aboutCase: nil
        case .aboutPoints(let event): event.points
        case .aboutNotice(let event): event.taken ?? event.points
        case .aboutOrder(let event): event.points
        }
    }
}
