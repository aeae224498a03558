/// Who asks: a pseudonymous id, never a name, and what it may do.
package struct Principal: Hashable, Sendable {
    package let subject: String
    package let roles: Set<Role>
    /// The name that the person has in what they report confidentially; nil where this program knows none.
    package let confidentialName: String?

    package init(subject: String, roles: Set<Role>, confidentialName: String? = nil) {
        self.subject = subject
        self.roles = roles
        self.confidentialName = confidentialName
    }

    /// Every name that leads to this person here.
    package var names: [String] { [subject] + [confidentialName].compactMap(\.self) }

    /// Whether any of the roles is held.
    package func has(anyOf roles: Set<Role>) -> Bool {
        !self.roles.isDisjoint(with: roles)
    }
}
