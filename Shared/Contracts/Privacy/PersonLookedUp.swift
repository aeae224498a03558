/// Somebody of the staff looked at what is kept of a person, and why.
///
/// Published by portal on `access-log.v1`, keyed by person id, before anything is shown. Nothing follows from it: portal
/// reads it back to tell the person.
package struct PersonLookedUp: Message {
    package static let type = "person.looked-up"

    /// Who was looked at, by pseudonym.
    package let personId: PersonID
    /// Who looked.
    package let actor: Actor
    /// As it was said, masked.
    package let reason: String
    package let at: Timestamp

    package init(personId: PersonID, actor: Actor, reason: String, at: Timestamp) {
        self.personId = personId
        self.actor = actor
        self.reason = reason
        self.at = at
    }

    package var subject: String { personId.rawValue }
}
