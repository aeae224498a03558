import Contracts
import ServiceKit

/// A part of the queue: what waits for whom.
enum QueueTab: String, CaseIterable, Sendable {
    case mine, unit, file, dispatch, check, verify, extensions, flagged, overdue, all

    /// Whose queue it belongs to.
    var roles: Set<Role> {
        switch self {
        case .mine, .unit: [.worker]
        case .file, .dispatch, .extensions, .flagged: [.dispatcher, .admin]
        case .check: [.verifier]
        case .verify: [.verifier, .admin]
        case .overdue: [.dispatcher, .worker, .admin]
        case .all: Posts.staff
        }
    }

    /// What somebody with these roles finds there, the most pressing first.
    ///
    /// - Parameter unit: The unit that they handle for; nil where the pack names none.
    static func open(to roles: Set<Role>, unit: UnitID?) -> [QueueTab] {
        allCases.filter { !$0.roles.isDisjoint(with: roles) && ($0 != .unit || unit != nil) }
    }

    /// The cases that wait there.
    ///
    /// What somebody looks for besides narrows it down; a stage that they choose counts only where there are several.
    func filter(_ wanted: CaseFilter, for subject: String, of unit: UnitID?, isDispatcher: Bool) -> CaseFilter {
        var filter = wanted
        func stages(_ stages: CaseStage...) {
            let chosen = stages.filter { wanted.stages.contains($0) }
            filter.stages = chosen.isEmpty ? stages : chosen
        }
        switch self {
        case .mine:
            filter.handlerId = subject
            stages(.dispatched, .waiting, .parked)
        case .unit:
            filter.ownerUnitId = unit?.rawValue
            stages(.dispatched, .waiting, .parked)
        case .file, .check: stages(.opened)
        case .dispatch: stages(.filed)
        case .verify: stages(.handled)
        case .extensions: filter.asksForTime = true
        case .flagged:
            filter.isFlagged = true
            filter.isOpen = true
        case .overdue:
            filter.isOverdue = true
            filter.isOpen = true
            if !isDispatcher { filter.ownerUnitId = unit?.rawValue }
        case .all: break
        }
        return filter
    }

    var order: CaseOrder { self == .all ? .newest : .deadline }

    /// Whether several cases can be dealt with at once there, and how.
    var batch: CaseAction? {
        switch self {
        case .file: .file
        case .dispatch: .dispatch
        default: nil
        }
    }

    /// The steps that bring a new case here: a page that is open says that there are some.
    var arrivals: [String] {
        switch self {
        case .mine, .unit: [CaseChanged.Step.dispatched.rawValue]
        case .file, .check: [CaseOpened.type]
        case .dispatch: [CaseChanged.Step.filed, .returned, .reopened].map(\.rawValue)
        case .verify: [CaseChanged.Step.handled.rawValue]
        case .extensions: [CaseChanged.Step.extensionAsked.rawValue]
        case .flagged, .all: [CaseOpened.type]
        case .overdue: [CaseChanged.Step.overdue.rawValue]
        }
    }
}
