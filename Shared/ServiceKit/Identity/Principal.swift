/// Who asks: a pseudonymous id, never a name, and what it may do.
package struct Principal: Hashable, Sendable {
    package let subject: String
    package let roles: Set<Role>

    package init(subject: String, roles: Set<Role>) {
        self.subject = subject
        self.roles = roles
    }

    /// Whether any of the roles is held.
    package func has(anyOf roles: Set<Role>) -> Bool {
        !self.roles.isDisjoint(with: roles)
    }
}
