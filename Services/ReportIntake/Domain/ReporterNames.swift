package import Contracts

/// By which names reporters go who want to be hidden.
///
/// The names follow from a secret, so that every instance of intake gives the same.
package struct ReporterNames: Sendable {
    /// Of a person, in all their confidential reports.
    package let confidential: @Sendable (PersonID) -> PersonID
    /// Of the reporter of one report, which nothing joins with the person.
    package let anonymous: @Sendable (MessageID) -> PersonID

    package init(
        confidential: @escaping @Sendable (PersonID) -> PersonID,
        anonymous: @escaping @Sendable (MessageID) -> PersonID
    ) {
        self.confidential = confidential
        self.anonymous = anonymous
    }

    func name(of person: PersonID, in report: MessageID, as identity: ReportIdentity) -> PersonID {
        switch identity {
        case .pseudonymous: person
        case .confidential: confidential(person)
        case .anonymous: anonymous(report)
        }
    }

    /// Every name under which a person may be known here.
    package func all(of person: PersonID) -> [PersonID] { [person, confidential(person)] }
}
