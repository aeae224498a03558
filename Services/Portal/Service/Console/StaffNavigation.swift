import ServiceKit

/// The parts of the console; who may enter each stands in the table of rights.
enum StaffNavigation: String, CaseIterable, Sendable {
    case queue
    case map
    case figures
    case campaigns
    case station
    case admin

    var path: String { self == .queue ? "/console" : "/console/\(rawValue)" }

    /// What somebody with these roles may enter.
    static func open(to roles: [Role]) -> [StaffNavigation] {
        let held = Set(roles)
        return allCases.filter { CallRight.opens("GET \($0.path)", to: held) }
    }

    /// Whether a page of this address belongs here.
    func isHere(_ visited: String) -> Bool {
        let others = Self.allCases.filter { $0 != .queue }
        guard self == .queue else { return visited == path || visited.hasPrefix(path + "/") }
        return visited.hasPrefix(path) && !others.contains { $0.isHere(visited) }
    }
}
