package import Contracts

/// Sorts texts into the categories of a pack by the pack's keywords: open, repeatable, and able to say why.
///
/// The heaviest word that stands in the text decides; more words of a category make it surer, never higher in rank. Of
/// equally heavy ones the category with the lower code wins. A word that stands only inside longer ones does not count.
/// What a word weighs the pack says, else its length in UTF-8: 3 for each Chinese character, 1 for each letter of English.
package struct Classifier: Sendable {
    private struct Word: Sendable {
        let text: String
        let category: CategoryCode
        let weight: Int
    }

    private let words: [Word]
    private let index: WordIndex

    package init(_ categories: [PackCategory]) {
        var words: [Word] = []
        for category in categories {
            for (position, keyword) in category.keywords.enumerated() {
                words.append(Word(text: keyword, category: category.code, weight: category.weight(at: position)))
            }
        }
        self.words = words
        index = WordIndex(words.map { Folding.bytes(of: $0.text) })
    }

    /// Says which categories the text points to.
    package func guess(_ text: String) -> Guess {
        let found = index.matches(in: Folding.bytes(of: text)).withoutCovered()
        // A word counts once, however often it stands there: saying it twice makes it no truer.
        let counting = Set(found.map(\.word)).sorted().map { words[$0] }.sorted(by: Self.precedes)
        var candidates: [Guess.Candidate] = []
        for (category, words) in Self.grouped(counting) {
            candidates.append(
                Guess.Candidate(
                    category: category, score: words.first?.weight ?? 0, words: words.map(\.text),
                    support: words.reduce(0) { $0 + $1.weight }))
        }
        return Guess(
            candidates: candidates.sorted { left, right in
                left.score == right.score ? left.category < right.category : left.score > right.score
            })
    }

    /// Words that stand in order of their categories, put together by category.
    private static func grouped(_ words: [Word]) -> [(category: CategoryCode, words: [Word])] {
        var groups: [(category: CategoryCode, words: [Word])] = []
        for word in words {
            if groups.last?.category == word.category {
                groups[groups.count - 1].words.append(word)
            } else {
                groups.append((word.category, [word]))
            }
        }
        return groups
    }

    /// By category, the heaviest first, ties by the word itself.
    private static func precedes(_ left: Word, _ right: Word) -> Bool {
        if left.category != right.category { return left.category < right.category }
        if left.weight != right.weight { return left.weight > right.weight }
        return left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}
