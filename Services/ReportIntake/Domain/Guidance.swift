package import Contracts
package import Vocabulary

/// What intake knows of one pack: where a report belongs, and what its reporter should be told.
///
/// Nothing of it keeps a report from being taken.
package struct Guidance: Sendable {
    /// Before any pack is in force.
    package static let none = Guidance(
        communities: .none, classifier: Classifier([]), emergencies: .none, categories: [:])

    package let communities: Communities
    private let classifier: Classifier
    private let emergencies: EmergencyWords
    private let categories: [CategoryCode: PackCategory]

    private init(
        communities: Communities, classifier: Classifier, emergencies: EmergencyWords,
        categories: [CategoryCode: PackCategory]
    ) {
        self.communities = communities
        self.classifier = classifier
        self.emergencies = emergencies
        self.categories = categories
    }

    /// - Throws: `ContractError.malformed` that names the first community whose outline encloses nothing.
    package init(of pack: Pack) throws {
        self.init(
            communities: try Communities(of: pack), classifier: Classifier(pack.categories),
            emergencies: EmergencyWords(pack.emergencies ?? []),
            categories: Dictionary(pack.categories.map { ($0.code, $0) }) { first, _ in first })
    }

    /// Which categories the words point to; nil where the reporter chose one, which nobody doubts here.
    package func guess(for form: ReportForm) -> Guess? {
        form.category == nil ? classifier.guess(form.description.text) : nil
    }

    /// What to do at once, where the words tell of danger to life.
    package func emergency(in form: ReportForm) -> EmergencyAdvice? {
        emergencies.advice(for: form.description.text)
    }

    package func category(_ code: CategoryCode) -> PackCategory? { categories[code] }
}

extension SuggestedCategory {
    /// The best candidate of a guess that is sure of it.
    init?(_ guess: Guess?) {
        guard let guess, guess.isSure, let best = guess.candidates.first else { return nil }
        self.init(category: best.category, words: best.words, sureness: guess.sureness)
    }
}
