package import Contracts
import NotificationWords
import OwnerRules

/// Tells one by one those who are several: the people of a unit, the verifiers or dispatchers of a community, the staff
/// of a station.
///
/// A unit has no inbox, and few have a webhook. Nobody hears of what the pack has no words for, nor of what they did
/// themselves.
///
/// - Parameter clock: when they are told: of a unit those who are on duty then.
package func members(
    toldOf notify: Notify, pack: Pack?, at clock: Timestamp, by logic: NotificationLogic = .newest
) -> [Notify] {
    guard let pack, let audience = audience(of: notify, pack, at: clock, by: logic) else { return [] }
    guard pack.template(for: notify.event.attributes.type, role: audience.role) != nil else { return [] }
    return audience.people.filter { $0 != notify.event.data.actorId }
        .map { Notify(event: notify.event, recipientId: $0, role: audience.role) }
}

/// Who is meant, and as what each of them is told; nil where the recipient is one person, or no person at all.
private func audience(
    of notify: Notify, _ pack: Pack, at clock: Timestamp, by logic: NotificationLogic
) -> (people: [PersonID], role: AudienceRole)? {
    if notify.role == .unit {
        guard case .aboutCase(let event) = notify.event.data else { return nil }
        let unit = UnitID(notify.recipientId.rawValue)
        let workers = workers(of: unit, at: event.reference.communityId, pack)
        return (logic.asksTheRoster ? pack.onDuty(workers, at: clock) : workers, .member)
    }
    guard let group = AudienceGroup(role: notify.role, recipientId: notify.recipientId) else { return nil }
    let people =
        group.role == .station
        ? pack.points?.stations?.first { $0.id.rawValue == group.place }?.staffIds ?? []
        : pack.people.filter { $0.roles.contains(group.role.rawValue) && $0.serves(CommunityID(group.place)) }.map(\.id)
    return (people, group.role)
}

/// Those of a unit who serve where the case is, or all where nobody does: better somebody from elsewhere than nobody.
private func workers(of unit: UnitID, at place: CommunityID, _ pack: Pack) -> [PersonID] {
    let workers = pack.people.filter { $0.unitId == unit && $0.roles.contains("worker") }
    let near = workers.filter { $0.serves(place) }
    return (near.isEmpty ? workers : near).map(\.id)
}

extension PackPerson {
    fileprivate func serves(_ community: CommunityID) -> Bool {
        communityIds.isEmpty || communityIds.contains(community)
    }
}

extension NotifiableEvent {
    /// Who did it; nil where the clock or a rule did.
    var actorId: PersonID? {
        switch self {
        case .aboutCase(.changed(let event)): event.actorId
        case .aboutCase(.transferred(let event)): event.actorId
        case .aboutCase(.reclassified(let event)): event.actorId
        case .aboutCase(.reportAmended(let event)): event.actorId
        case .aboutCase(.opened), .aboutCase(.reportJoined): nil
        case .aboutPoints(let event): event.actorId
        case .aboutNotice(let event): event.actorId
        case .aboutOrder(let event): event.actorId
        }
    }

    /// Where it happened; nil for what happens in a ledger.
    var communityId: CommunityID? {
        guard case .aboutCase(let event) = self else { return nil }
        return event.reference.communityId
    }

    /// The case, order or else the event itself: what a burst is about.
    func matter(_ id: MessageID) -> String {
        switch self {
        case .aboutCase(let event): "case|\(event.reference.caseId)"
        case .aboutPoints(let event): event.caseId.map { "case|\($0)" } ?? "event|\(id)"
        case .aboutNotice(let event): "notice|\(event.noticeId)"
        case .aboutOrder(let event): "order|\(event.orderId)"
        }
    }

    var caseId: CaseID? {
        switch self {
        case .aboutCase(let event): event.reference.caseId
        case .aboutPoints(let event): event.caseId
        case .aboutNotice, .aboutOrder: nil
        }
    }
}
