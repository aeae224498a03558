import Contracts
import ServiceKit

/// What somebody may do with a case as it stands: what its owner would let anybody do, by their roles and their unit.
///
/// So that pages offer what will be taken; the owner decides again, on what it knows.
struct CaseRights {
    let state: CaseState
    let principal: Principal
    let pack: Pack?
    let events: [CaseEvent]

    var actions: [CaseAction] {
        let hasRepairLimit = pack?.categories.first { $0.code == state.category }?.repairLimit != nil
        return state.possibleActions(hasRepairLimit: hasRepairLimit).filter(isOffered)
    }

    var unit: UnitID? { pack?.unit(of: principal.subject) }

    private func isOffered(_ action: CaseAction) -> Bool {
        guard principal.has(anyOf: action.roles) else { return false }
        switch action {
        // Only who reported can say how they find it, and does so on a page of theirs.
        case .rate: return false
        case .reply, .reopen: return isDispatcher
        case .accept, .return, .handle, .makeSafe, .askExtension: return isAdmin || isOwners
        case .askReporter: return isDispatcher || isOwners
        case .verify: return !isInvolved
        case .check: return true
        case .decideExtension: return askedForTime != principal.subject
        case .checkIn: return !unitsToCheckIn.isEmpty
        case .coHandle: return !openParts.isEmpty
        case .keepApart: return state.course?.proposedSame?.isEmpty == false
        case .split: return state.reportIds.count > 1
        case .whistle: return state.course?.whistle?.ended != false
        default: return true
        }
    }

    private var isAdmin: Bool { principal.has(anyOf: [.admin]) }
    private var isDispatcher: Bool { principal.has(anyOf: [.dispatcher, .admin]) }

    private var isOwners: Bool {
        state.handlerId?.rawValue == principal.subject || (unit != nil && unit == state.ownerUnitId)
    }

    /// Whether they had a hand in it: nobody verifies their own work, nor what they reported.
    private var isInvolved: Bool {
        let own = principal.names
        let workers = events.compactMap { event -> PersonID? in
            guard case .changed(let change) = event, [.handled, .accepted, .madeSafe].contains(change.step) else {
                return nil
            }
            return change.actorId
        }
        return (workers + state.reporterIds + [state.handlerId].compactMap(\.self)).contains {
            own.contains($0.rawValue)
        }
    }

    private var askedForTime: String? {
        events.reversed().lazy.compactMap { event -> String? in
            guard case .changed(let change) = event, change.step == .extensionAsked else { return nil }
            return change.actorId?.rawValue
        }.first
    }

    /// Units that were called to the spot and are not there yet, as far as the person acts for them.
    var unitsToCheckIn: [UnitID] {
        guard let whistle = state.course?.whistle, !whistle.ended else { return [] }
        return whistle.called.filter { !whistle.present.contains($0) && actsFor($0) }
    }

    /// Units whose part is open, as far as the person acts for them.
    var openParts: [UnitID] {
        (state.course?.coOwners ?? []).filter { $0.handledAt == nil && actsFor($0.unitId) }.map(\.unitId)
    }

    private func actsFor(_ other: UnitID) -> Bool { isAdmin || unit == other }
}
