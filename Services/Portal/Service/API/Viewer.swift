import Contracts
import ServiceKit

/// Who looks, and so how much of a case they see.
struct Viewer: Sendable, Equatable {
    let subject: String
    /// Every name that leads to them: they may report confidentially, too.
    let names: [String]
    /// Whether they work on cases: they see each with its words and its place, and who works on it.
    let isStaff: Bool
    /// Whether they may know who reported: a handler or verifier never does, lest a neighbour pays for a report.
    let knowsReporters: Bool

    init(_ principal: Principal) {
        subject = principal.subject
        names = principal.names
        isStaff = principal.has(anyOf: [.worker, .verifier, .dispatcher, .admin])
        knowsReporters = principal.has(anyOf: [.dispatcher, .admin])
    }

    /// Somebody who works on the case, where the viewer may know them: staff knows its own, all others only themselves.
    func colleague(_ id: PersonID?) -> PersonID? {
        guard let id else { return nil }
        return isStaff || names.contains(id.rawValue) ? id : nil
    }

    /// Somebody who reported, or may have, where the viewer may know them.
    func reporter(_ id: PersonID?) -> PersonID? {
        guard let id else { return nil }
        return knowsReporters || names.contains(id.rawValue) ? id : nil
    }

    func isReporter(of people: [PersonID]) -> Bool {
        people.contains { names.contains($0.rawValue) }
    }
}
