package import Contracts
package import Vocabulary

/// What intake knows of one pack: where a report belongs, what is asked, and what its reporter should be told.
package struct Guidance: Sendable {
    /// Before any pack is in force.
    package static let none = Guidance()

    package let communities: Communities
    package let questionnaire: Questionnaire
    package let landmarks: Landmarks
    /// In the pack's order.
    package let categories: [PackCategory]
    /// Of the pack's bytes; nil before any pack is in force.
    package let packHash: String?
    private let classifier: Classifier
    private let emergencies: EmergencyWords
    private let categoriesByCode: [CategoryCode: PackCategory]

    private init() {
        communities = .none
        questionnaire = .none
        landmarks = .none
        categories = []
        packHash = nil
        classifier = Classifier([])
        emergencies = .none
        categoriesByCode = [:]
    }

    /// - Parameter hash: of the bytes that the pack came as.
    /// - Throws: `ContractError.malformed` that names the first community whose outline encloses nothing.
    package init(of pack: Pack, hash: String? = nil) throws {
        communities = try Communities(of: pack)
        questionnaire = Questionnaire(of: pack)
        landmarks = Landmarks(of: pack)
        categories = pack.categories
        packHash = hash
        classifier = Classifier(pack.categories)
        emergencies = EmergencyWords(pack.emergencies ?? [])
        categoriesByCode = Dictionary(pack.categories.map { ($0.code, $0) }) { first, _ in first }
    }

    /// Which categories the words point to; nil where the reporter chose one, which nobody doubts here.
    package func guess(for form: ReportForm) -> Guess? {
        form.category == nil ? classifier.guess(form.description.text) : nil
    }

    /// What to do at once, where the words tell of danger to life.
    package func emergency(in form: ReportForm) -> EmergencyAdvice? { emergency(in: form.description) }

    package func emergency(in words: Wording) -> EmergencyAdvice? { emergencies.advice(for: words.text) }

    package func category(_ code: CategoryCode) -> PackCategory? { categoriesByCode[code] }
}

extension SuggestedCategory {
    /// The best candidate of a guess that is sure of it.
    init?(_ guess: Guess?) {
        guard let guess, guess.isSure, let best = guess.candidates.first else { return nil }
        self.init(category: best.category, words: best.words, sureness: guess.sureness)
    }
}
