package import NotificationWords

/// By which of its logics notifications decides: what an earlier one decided stays as it was.
package struct NotificationLogic: Sendable, Equatable {
    private let number: Int

    package init(_ number: Int) {
        self.number = number
    }

    package static let newest = NotificationLogic(2)

    /// A person has several browsers, and hears why a contact was taken off; a mail that comes back is heard of.
    package var knowsContacts: Bool { number >= 2 }
    /// Of a unit those on duty are told.
    package var asksTheRoster: Bool { number >= 2 }
    /// A link leads to the page of who is told.
    package var linksByRole: Bool { number >= 2 }
    /// Whoever's part of a promise changed reads by how much.
    package var tellsShares: Bool { number >= 2 }
    /// A refusal is said in both languages.
    package var refusesInBothLanguages: Bool { number >= 2 }
    /// A reason is said in the text's language, or between quotation marks.
    package var reasons: ReasonStyle { number >= 2 ? .quoted : .asRecorded }
}
