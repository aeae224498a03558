extension PackCategory {
    /// What a keyword may weigh.
    package static let weightLimits = 1...1_000

    /// What a keyword weighs where the pack does not say: its length in UTF-8.
    package static func standardWeight(of keyword: String) -> Int { keyword.utf8.count }

    /// What the keyword at a position weighs, held within the limits whatever the pack says.
    package func weight(at position: Int) -> Int {
        guard let weights, weights.indices.contains(position) else {
            return Self.standardWeight(of: keywords[position])
        }
        return min(max(weights[position], Self.weightLimits.lowerBound), Self.weightLimits.upperBound)
    }
}

/// Words of danger to life, and what somebody who writes them must do at once.
package struct PackEmergency: Codable, Sendable, Equatable {
    package let id: String
    /// Words that tell of it, such as 着火.
    package let words: [String]
    /// Harmless words that a word of danger is a part of, such as 落水管.
    package let exceptions: [String]
    /// Numbers to call, such as 119; the most important first.
    package let call: [String]
    /// What to do, in Chinese.
    package let advice: String
    package let englishAdvice: String

    package init(
        id: String, words: [String], exceptions: [String], call: [String], advice: String, englishAdvice: String
    ) {
        self.id = id
        self.words = words
        self.exceptions = exceptions
        self.call = call
        self.advice = advice
        self.englishAdvice = englishAdvice
    }
}
