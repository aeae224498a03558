package import Contracts
import NotificationWords

/// What becomes of an operator's word about an endpoint.
package enum EndpointDecision: Sendable, Equatable {
    case refused(NotificationRefusal)
    /// It stands so already.
    case unchanged
    case changed(EndpointState)
}

/// The rules about programs and groups that are called.
package enum EndpointRules {
    package static let most = 100
    /// For so long what a disabled endpoint misses is kept for a replay, in milliseconds: seven days.
    package static let missedKept: Int64 = 7 * 86_400_000

    /// - Parameters:
    ///   - current: What stands under the id, also where it was removed.
    ///   - count: How many there are.
    package static func add(
        _ command: AddEndpoint, current: EndpointState?, count: Int, at clock: Timestamp
    ) -> EndpointDecision {
        if let refusal = refusal(command.actor, command.notAfter, at: clock) { return .refused(refusal) }
        guard command.channel.reachesEndpoints else { return .refused(.badChannel) }
        guard command.endpointId.isSound, command.address.isSound else { return .refused(.badEndpoint) }
        let wanted = EndpointState(
            endpointId: command.endpointId, version: (current?.version ?? 0) + 1, address: command.address,
            channel: command.channel, events: command.events, communities: command.communities,
            // A secret that was given out before signs nothing for another receiver.
            generation: (current?.generation ?? 0) + 1)
        if let current, !current.ended {
            let isSame =
                current.address == wanted.address && current.channel == wanted.channel
                && current.events == wanted.events && current.communities == wanted.communities
            return isSame ? .unchanged : .refused(.endpointExists)
        }
        guard count < most else { return .refused(.tooManyEndpoints) }
        return .changed(wanted)
    }

    package static func change(
        _ command: ChangeEndpoint, current: EndpointState?, at clock: Timestamp
    ) -> EndpointDecision {
        if let refusal = refusal(command.actor, command.notAfter, at: clock) { return .refused(refusal) }
        let isOfPack = command.endpointId.unitId != nil
        guard !isOfPack || command.change == .enable else { return .refused(.ofPack) }
        guard var endpoint = current, !endpoint.ended else { return .refused(.notFound) }
        endpoint.version += 1
        switch command.change {
        case .rotate:
            endpoint.generation += 1
            endpoint.formerUntil = command.formerUntil.flatMap { $0 > clock ? $0 : nil }
        case .remove: endpoint.ended = true
        case .enable:
            guard endpoint.disabledAt != nil else { return .unchanged }
            endpoint.disabledAt = nil
            endpoint.disabledReason = nil
        }
        return .changed(endpoint)
    }

    /// Why a replay is not begun; nil where it is.
    package static func refusal(
        _ command: ReplayDeliveries, endpoint: EndpointState?, at clock: Timestamp
    ) -> NotificationRefusal? {
        if let refusal = refusal(command.actor, command.notAfter, at: clock) { return refusal }
        guard command.since != nil || command.deliveryIds?.isEmpty == false else { return .badReplay }
        guard (command.deliveryIds?.count ?? 0) <= ReplayDeliveries.most else { return .badReplay }
        // A unit's webhook has no row while it is well.
        if command.endpointId.unitId == nil, endpoint == nil || endpoint?.ended == true { return .notFound }
        return endpoint?.disabledAt == nil ? nil : .disabled
    }

    /// The endpoint after it was given up.
    package static func disabled(_ endpoint: EndpointState, reason: String, at clock: Timestamp) -> EndpointState {
        var after = endpoint
        after.version += 1
        after.disabledReason = String(reason.prefix(300))
        after.disabledAt = clock
        return after
    }

    private static func refusal(
        _ actor: Actor, _ notAfter: Timestamp?, at clock: Timestamp
    ) -> NotificationRefusal? {
        if let notAfter, clock > notAfter { return .tooLate }
        return actor.roles.contains("admin") ? nil : .notAllowed
    }
}

extension EndpointID {
    fileprivate var isSound: Bool {
        (1...64).contains(rawValue.utf8.count) && unitId == nil && !rawValue.utf8.contains(UInt8(ascii: "|"))
    }
}

extension EndpointAddress {
    fileprivate var isSound: Bool {
        guard (1...4_096).contains(text.utf8.count) else { return false }
        return kind == .sealed || text.hasPrefix("https://") || text.hasPrefix("http://")
    }
}

// MARK: - Calling

/// What an endpoint is sent of an event.
package enum EndpointCall: Sendable, Equatable {
    case call(OutsideSending, Told)
    /// Kept for a replay: the endpoint is disabled.
    case missed(OutsideSending, Told)
}

/// Decides whether and how an endpoint hears of an event.
///
/// - Throws: `NotificationError` where the event is too large for a webhook.
package func call(
    _ endpoint: EndpointState, of notify: Notify, pack: Pack, at clock: Timestamp,
    by logic: NotificationLogic = .newest, wasTold: (Told) throws -> Bool
) throws -> EndpointCall? {
    guard !endpoint.ended, endpoint.hears(notify.event) else { return nil }
    let told = Told(
        eventId: notify.event.id, recipientId: PersonID(endpoint.endpointId.lane), channel: endpoint.channel)
    guard try !wasTold(told) else { return nil }
    let sending = try sending(
        to: .endpoint(
            address: endpoint.address, endpointId: endpoint.endpointId, generation: endpoint.generation,
            formerUntil: endpoint.formerUntil),
        told, endpoint.endpointId, of: notify, pack: pack, at: clock, by: logic)
    guard let disabledAt = endpoint.disabledAt else { return .call(sending, told) }
    let isKept = clock < disabledAt.adding(milliseconds: EndpointRules.missedKept)
    return isKept ? .missed(sending, told) : nil
}

/// Decides whether and how the webhook that the pack names for a unit hears of an event.
///
/// - Parameter disabled: The unit's webhook as it was given up; nil where it never was.
/// - Throws: `NotificationError` where the event is too large for a webhook.
package func call(
    unitOf notify: Notify, pack: Pack, disabled: EndpointState?, at clock: Timestamp,
    by logic: NotificationLogic = .newest, wasTold: (Told) throws -> Bool
) throws -> EndpointCall? {
    let unit = UnitID(notify.recipientId.rawValue)
    guard notify.role == .unit, let webhook = pack.webhook(of: unit, for: notify.event.attributes.type) else {
        return nil
    }
    let told = Told(eventId: notify.event.id, recipientId: notify.recipientId, channel: .webhook)
    guard try !wasTold(told) else { return nil }
    let sending = try sending(
        to: .open(url: webhook.url), told, .unit(unit), of: notify, pack: pack, at: clock, by: logic)
    // Another URL in a later pack is another receiver.
    guard let disabled, let disabledAt = disabled.disabledAt, disabled.address.url == webhook.url else {
        return .call(sending, told)
    }
    let isKept = clock < disabledAt.adding(milliseconds: EndpointRules.missedKept)
    return isKept ? .missed(sending, told) : nil
}

private func sending(
    to address: OutsideAddress, _ told: Told, _ endpoint: EndpointID, of notify: Notify, pack: Pack,
    at clock: Timestamp, by logic: NotificationLogic
) throws -> OutsideSending {
    let event = notify.event
    let template = pack.template(for: event.attributes.type, role: .endpoint)
    let wording =
        template.map { Wording($0, about: event.data, pack: pack, language: .chinese, reasons: logic.reasons) }
        ?? Wording(bare: event.data, pack: pack, reasons: logic.reasons)
    return OutsideSending(
        deliveryId: DeliveryID(told.messageID.description), lane: endpoint.lane,
        message: OutsideMessage(
            channel: told.channel, recipientId: notify.recipientId, address: address, title: wording.title,
            body: wording.body, short: wording.short, language: wording.language,
            link: event.data.caseId.map { logic.linksByRole ? AudienceRole.endpoint.page(of: $0) : "/cases/\($0)" },
            data: told.channel == .webhook ? try WebhookBody.text(of: event) : nil, aboutEventId: event.id,
            aboutType: event.attributes.type, caseId: event.data.caseId),
        notBefore: clock, notAfter: nil)
}

extension EndpointState {
    fileprivate func hears(_ event: Envelope<NotifiableEvent>) -> Bool {
        guard events.isEmpty || events.contains(event.attributes.type) else { return false }
        guard !communities.isEmpty else { return true }
        return event.data.communityId.map(communities.contains) ?? false
    }
}

extension Pack {
    fileprivate func webhook(of unit: UnitID, for event: String) -> PackWebhook? {
        webhooks.first { $0.unitId == unit && ($0.events.isEmpty || $0.events.contains(event)) }
    }
}

extension OutsideMessage {
    /// The same to where the recipient is reached now.
    package func addressed(to address: OutsideAddress) -> OutsideMessage {
        OutsideMessage(
            channel: channel, recipientId: recipientId, address: address, title: title, body: body, short: short,
            language: language, link: link, data: data, template: template, aboutEventId: aboutEventId,
            aboutType: aboutType, mergedEventIds: mergedEventIds, caseId: caseId, critical: critical,
            unsubscribe: unsubscribe)
    }

    /// The endpoint that is called; nil where a person is written to.
    package var endpointId: EndpointID? {
        switch address {
        case .open: .unit(UnitID(recipientId.rawValue))
        case .endpoint(_, let id, _, _): id
        case .sealed: nil
        }
    }
}
