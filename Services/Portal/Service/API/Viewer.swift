import Contracts
import ServiceKit

/// Who looks, and so how much of a case they see.
struct Viewer: Sendable, Equatable {
    let subject: String
    /// Every name that leads to them: they may report confidentially, too.
    let names: [String]
    private let roles: Set<Role>
    /// Whether they work on cases: they see each with its words and its place, and who works on it.
    let isStaff: Bool
    /// Whether they may know who reported: a handler or verifier never does, lest a neighbour pays for a report.
    let knowsReporters: Bool

    init(_ principal: Principal) {
        subject = principal.subject
        names = principal.names
        roles = principal.roles
        isStaff = principal.has(anyOf: Posts.staff)
        knowsReporters = principal.has(anyOf: Posts.desk)
    }

    /// Whether a field is shown in full, by the table of rights.
    func sees(_ right: FieldRight, as relations: Set<FieldRight.Relation>) -> Bool {
        !roles.isDisjoint(with: right.roles) || right.relation.map(relations.contains) == true
    }

    /// What they have to do with a case.
    func relations(reporters: [PersonID], handler: PersonID?) -> Set<FieldRight.Relation> {
        var relations: Set<FieldRight.Relation> = []
        if isReporter(of: Array(reporters.prefix(1))) { relations.insert(.opener) }
        if isReporter(of: reporters) { relations.insert(.reporter) }
        if isReporter(of: [handler].compactMap(\.self)) { relations.insert(.handler) }
        return relations
    }

    /// Somebody named in a field, where the viewer may know them.
    private func person(_ id: PersonID?, by field: StepField) -> PersonID? {
        guard let id else { return nil }
        return sees(field.right, as: names.contains(id.rawValue) ? [.oneself] : []) ? id : nil
    }

    /// Somebody who works on the case, where the viewer may know them: staff knows its own, all others only themselves.
    func colleague(_ id: PersonID?) -> PersonID? { person(id, by: .colleague) }

    /// Somebody who reported, or may have, where the viewer may know them.
    func reporter(_ id: PersonID?) -> PersonID? { person(id, by: .reporter) }

    func isReporter(of people: [PersonID]) -> Bool {
        people.contains { names.contains($0.rawValue) }
    }
}
