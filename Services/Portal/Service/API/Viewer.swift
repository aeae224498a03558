import Contracts
import ServiceKit

/// Who looks, and so how much of a case they see.
struct Viewer: Sendable, Equatable {
    let subject: String
    /// Every name that leads to them: they may report confidentially, too.
    let names: [String]
    let isStaff: Bool

    init(_ principal: Principal) {
        subject = principal.subject
        names = principal.names
        isStaff = principal.has(anyOf: [.worker, .verifier, .dispatcher, .admin])
    }

    /// The person where the viewer may know them: staff knows everybody, all others only themselves.
    func person(_ id: PersonID?) -> PersonID? {
        guard let id else { return nil }
        return isStaff || names.contains(id.rawValue) ? id : nil
    }

    func isReporter(of people: [PersonID]) -> Bool {
        people.contains { names.contains($0.rawValue) }
    }
}
