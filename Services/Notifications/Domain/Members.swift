package import Contracts

/// Tells the people of a unit what the unit is told: those who serve where the case is, or all where nobody does.
///
/// A unit has no inbox, and few have a webhook. Nobody hears of what the pack has no words for.
package func members(toldOf notify: Notify, pack: Pack?) -> [Notify] {
    guard notify.role == .unit, let pack, case .aboutCase(let event) = notify.event.data,
        pack.templates.contains(where: { $0.event == notify.event.attributes.type && $0.role == .member })
    else { return [] }
    let place = event.reference.communityId
    let workers = pack.people.filter {
        $0.unitId?.rawValue == notify.recipientId.rawValue && $0.roles.contains("worker")
    }
    let near = workers.filter { $0.communityIds.isEmpty || $0.communityIds.contains(place) }
    return (near.isEmpty ? workers : near).map {
        Notify(event: notify.event, recipientId: $0.id, role: .member)
    }
}
