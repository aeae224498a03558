import ServiceKit

/// The parts of the console, and who may enter each.
enum StaffNavigation: String, CaseIterable, Sendable {
    case queue
    case map
    case figures
    case campaigns
    case station
    case admin

    var path: String { self == .queue ? "/console" : "/console/\(rawValue)" }

    var roles: Set<Role> {
        switch self {
        case .queue, .map, .figures, .campaigns: Posts.staff
        case .station: Posts.counter
        case .admin: Posts.admins
        }
    }

    /// What somebody with these roles may enter.
    static func open(to roles: [Role]) -> [StaffNavigation] {
        allCases.filter { !$0.roles.isDisjoint(with: roles) }
    }

    /// Whether a page of this address belongs here.
    func isHere(_ visited: String) -> Bool {
        let others = Self.allCases.filter { $0 != .queue }
        guard self == .queue else { return visited == path || visited.hasPrefix(path + "/") }
        return visited.hasPrefix(path) && !others.contains { $0.isHere(visited) }
    }
}
