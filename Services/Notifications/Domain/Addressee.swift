package import Contracts
import NotificationWords

/// Somebody to tell about an event, and as what.
package struct Addressee: Hashable, Sendable {
    /// As ``Notify/recipientId``.
    package let recipientId: PersonID
    package let role: AudienceRole

    package init(recipientId: PersonID, role: AudienceRole) {
        self.recipientId = recipientId
        self.role = role
    }

    init(_ group: AudienceGroup) {
        self.init(recipientId: group.recipientId, role: group.role)
    }

    /// The programs that asked to be called.
    package static let endpoints = Addressee(recipientId: Notify.endpoints, role: .endpoint)

    /// The addressee's name in one word: an event gives one command for each.
    package var name: String { "\(role.rawValue):\(recipientId)" }
}

/// Whom an event concerns, reporters first and programs last; the pack's templates decide whether they hear of it.
///
/// Somebody who is two things at once stands here twice and is still told once. Who reported anonymously is nobody to
/// write to: they follow their report by its link.
package func addressees(of event: NotifiableEvent) -> [Addressee] {
    concerned(by: event).filter { !$0.recipientId.isAnonymous } + [.endpoints]
}

private func concerned(by event: NotifiableEvent) -> [Addressee] {
    switch event {
    case .aboutPoints(let event) where event.step == .shared: sharers(of: event)
    case .aboutPoints(let event): event.personId.map { [Addressee(recipientId: $0, role: .reporter)] } ?? []
    // Who objects knows.
    case .aboutNotice(let event):
        event.step == .objected ? [] : [Addressee(recipientId: event.personId, role: .reporter)]
    case .aboutOrder(let event): addressees(of: event)
    case .aboutCase(.opened(let event)):
        [Addressee(recipientId: event.reporterId, role: .reporter)] + dispatchers(of: event.reference)
    case .aboutCase(.reportJoined(let event)): [Addressee(recipientId: event.reporterId, role: .reporter)]
    case .aboutCase(.transferred(let event)): reporters(of: event.case)
    case .aboutCase(.changed(let event)): addressees(of: event)
    // Before the dispatch the handler is only a proposal, and finds it in the case.
    case .aboutCase(.reportAmended(let event)): event.stage == .dispatched ? handler(of: event.case) : []
    // Between dispatchers, as the steps below.
    case .aboutCase(.reclassified): []
    }
}

/// Everybody whose part became another one; who alone gains is named by the event, too.
private func sharers(of event: PointsMoved) -> [Addressee] {
    let people = Set(event.shares.filter { $0.value != 0 }.keys).union(event.personId.map { [$0] } ?? [])
    return people.sorted().map { Addressee(recipientId: $0, role: .reporter) }
}

private func addressees(of event: CaseChanged) -> [Addressee] {
    switch event.step {
    case .filed: reporters(of: event.case) + dispatchers(of: event.case)
    case .refused: reporters(of: event.case)
    case .dispatched: reporters(of: event.case) + handler(of: event.case) + unit(of: event.case)
    case .verified: event.agrees == false ? handler(of: event.case) : []
    case .closed: reporters(of: event.case) + unit(of: event.case)
    case .reopened: reporters(of: event.case) + handler(of: event.case)
    case .overdue: handler(of: event.case) + unit(of: event.case)
    case .nearDue, .rated: handler(of: event.case) + unit(of: event.case)
    // Whom the step is about; the unit that has the case where a level names none.
    case .escalated, .whistled, .coOwnerAdded, .coOwnerOverdue, .keptOverdue:
        event.details?.unitIds.map(units) ?? unit(of: event.case)
    case .parked, .informationAsked, .handedOver, .referred, .merged, .madeSafe: reporters(of: event.case)
    case .resumed, .extensionDecided, .informationGiven: handler(of: event.case)
    // Who took it back knows.
    case .cancelled: reporters(of: event.case).filter { $0.recipientId != event.actorId }
    case .handled: verifiers(of: event.case)
    case .verificationOverdue: verifiers(of: event.case) + dispatchers(of: event.case)
    // What waits for a dispatcher.
    case .filingOverdue, .dispatchOverdue, .returned, .extensionAsked, .mergeProposed, .whistleEnded:
        dispatchers(of: event.case)
    // Between the unit, the handler and the dispatcher, who see it on their lists.
    case .checked, .accepted, .checkedIn, .coOwnerHandled, .split, .keptApart, .adopted: []
    }
}

/// Whose order it is, unless they did it themselves, and the station that has something to do.
private func addressees(of event: OrderChanged) -> [Addressee] {
    let owner = [Addressee(recipientId: event.personId, role: .reporter)]
    let staff = [Addressee(AudienceGroup(.station, of: event.stationId.rawValue))]
    return switch event.step {
    case .placed: owner + staff
    case .cancelled: owner.filter { $0.recipientId != event.actorId } + staff
    case .expired: owner + staff
    case .handedOver, .outOfStock, .takenBack: owner
    }
}

private func reporters(of reference: CaseReference) -> [Addressee] {
    var seen: Set<PersonID> = []
    return reference.reporterIds.filter { seen.insert($0).inserted }
        .map { Addressee(recipientId: $0, role: .reporter) }
}

private func handler(of reference: CaseReference) -> [Addressee] {
    reference.handlerId.map { [Addressee(recipientId: $0, role: .handler)] } ?? []
}

private func unit(of reference: CaseReference) -> [Addressee] {
    units(reference.ownerUnitId.map { [$0] } ?? [])
}

private func units(_ ids: [UnitID]) -> [Addressee] {
    ids.map { Addressee(recipientId: PersonID($0.rawValue), role: .unit) }
}

private func verifiers(of reference: CaseReference) -> [Addressee] {
    [Addressee(AudienceGroup(.verifier, of: reference.communityId.rawValue))]
}

private func dispatchers(of reference: CaseReference) -> [Addressee] {
    [Addressee(AudienceGroup(.dispatcher, of: reference.communityId.rawValue))]
}
