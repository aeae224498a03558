/// A kind of personal data that free text is searched for.
package enum PersonalData: String, Codable, Sendable, CaseIterable {
    case phone
    /// 身份证, of 15 or 18 signs.
    case identityCard = "identity-card"
    case bankCard = "bank-card"
    /// A passport, or a permit for Hong Kong, Macau or Taiwan.
    case passport
    case plate
    case email
    /// Eleven digits or more in a row that are none of these, such as an account: who knows what they open.
    case longNumber = "long-number"
}

/// A text as it may be shown to everybody, and what had to be hidden for that.
package struct MaskedText: Hashable, Sendable {
    /// With `*` for each sign that was hidden.
    package let text: String
    /// In the order of `PersonalData`, each once.
    package let hidden: [PersonalData]

    package init(text: String, hidden: [PersonalData]) {
        self.text = text
        self.hidden = hidden
    }
}
