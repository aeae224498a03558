import Contracts
import ServiceKit

/// Sets of roles that belong together, so that each stands in one place.
enum Posts {
    /// Who works on cases.
    static let staff: Set<Role> = [.worker, .verifier, .dispatcher, .admin]
    /// Who decides about cases, and so may know who reported them: a neighbour must not pay for a report.
    static let desk: Set<Role> = [.dispatcher, .admin]
    /// Who reports by the pages; a platform has calls of its own.
    static let reporters: Set<Role> = [.rider, .resident, .admin]
    static let verifiers: Set<Role> = [.verifier, .admin]
    /// Who goes to the targets of a campaign.
    static let visitors: Set<Role> = [.worker, .dispatcher, .admin]
    /// Who works at rider stations 驿站.
    static let counter: Set<Role> = [.station, .admin]
    /// Who writes down hours of service.
    static let hourKeepers: Set<Role> = [.dispatcher, .station, .admin]
    static let admins: Set<Role> = [.admin]
    /// Who may try any action on a case.
    static let actors = CaseAction.allCases.reduce(into: Set<Role>()) { $0.formUnion($1.roles) }
    /// Who may deal with several cases at once.
    static let batchers = QueueTab.allCases.compactMap(\.batch).reduce(into: Set<Role>()) { $0.formUnion($1.roles) }
}
