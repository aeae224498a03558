package import Contracts

/// Which categories the words of a text point to, and how sure that is.
package struct Guess: Hashable, Sendable {
    /// A category that the text has words of.
    package struct Candidate: Hashable, Sendable {
        package let category: CategoryCode
        /// The weight of its heaviest word, by which candidates are ranked.
        package let score: Int
        /// The words that count, as the pack writes them, the heaviest first.
        package let words: [String]
        /// The weight of all its words together.
        let support: Int
    }

    /// The best first, ties by code; empty where no word of the pack stands in the text.
    package let candidates: [Candidate]

    /// So many per cent are needed to be sure.
    package static let threshold = 60

    /// What speaks against the only candidate: as much as one Chinese character weighs.
    ///
    /// With it a single word of two characters makes 66 %, one of four makes 80 %, and nothing ever makes 100 %.
    private static let doubt = 3

    /// How sure the first candidate is, in whole per cent, rounded down: the weight of its words in the weight of all
    /// words found and the doubt; 0 where there is no candidate.
    package var sureness: Int {
        guard let best = candidates.first else { return 0 }
        return best.support * 100 / (candidates.reduce(0) { $0 + $1.support } + Self.doubt)
    }

    /// Whether the first candidate can be named without asking.
    package var isSure: Bool { sureness >= Self.threshold }

    /// The best candidate, sure or not.
    package var category: CategoryCode? { candidates.first?.category }
}
