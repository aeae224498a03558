package import Contracts

/// What somebody must do at once who writes of danger to life, beside reporting it.
package struct EmergencyAdvice: Hashable, Sendable {
    /// The numbers to call, in the pack's order, each once.
    package let call: [String]
    /// The words that were found, as the pack writes them.
    package let words: [String]
    /// Chinese first, then English; a line for each kind of emergency.
    package let advice: String
}

/// Finds words of danger in a text: of fire, gas, injured or trapped people.
///
/// A word does not count inside one of its emergency's exceptions (落水管 is a drainpipe, nobody fell into the water), and
/// an English one only as a whole word (fire, not fireworks). It rather advises once too often than once too seldom.
package struct EmergencyWords: Sendable {
    /// For a pack that names none.
    package static let none = EmergencyWords([])

    private struct Word: Sendable {
        let text: String
        let emergency: Int
        /// Whether it is one that only keeps others from counting.
        let isException: Bool
        let bytes: [UInt8]
    }

    private let emergencies: [PackEmergency]
    private let words: [Word]
    private let index: WordIndex

    package init(_ emergencies: [PackEmergency]) {
        self.emergencies = emergencies
        words = emergencies.enumerated().flatMap { number, emergency -> [Word] in
            func read(_ texts: [String], isException: Bool) -> [Word] {
                texts.map { text in
                    Word(
                        text: text, emergency: number, isException: isException,
                        bytes: Folding.bytes(of: text))
                }
            }
            return read(emergency.words, isException: false) + read(emergency.exceptions, isException: true)
        }
        index = WordIndex(words.map(\.bytes))
    }

    /// What to do about the text; nil where it has no word of danger.
    package func advice(for text: String) -> EmergencyAdvice? {
        let bytes = Folding.bytes(of: text)
        let matches = index.matches(in: bytes)
        guard !matches.isEmpty else { return nil }
        let counting = withoutExceptions(matches.filter { isWhole($0, in: bytes) })
        let found = Set(counting.map(\.word)).sorted().map { words[$0] }
        guard !found.isEmpty else { return nil }
        let kinds = Set(found.map(\.emergency)).sorted().map { emergencies[$0] }
        return EmergencyAdvice(
            call: distinct(kinds.flatMap(\.call)), words: distinct(found.map(\.text)),
            advice: kinds.map { "\($0.advice) \($0.englishAdvice)" }.joined(separator: "\n"))
    }

    /// The words of danger among the matches that do not lie inside an exception of their own emergency.
    private func withoutExceptions(_ matches: [WordIndex.Match]) -> [WordIndex.Match] {
        // How far an exception reaches that begins here or earlier, for each emergency.
        var reach = Array(repeating: 0, count: emergencies.count)
        let ordered = matches.sorted { left, right in
            if left.range.lowerBound != right.range.lowerBound { return left.range.lowerBound < right.range.lowerBound }
            return words[left.word].isException && !words[right.word].isException
        }
        return ordered.filter { match in
            let word = words[match.word]
            guard word.isException else { return reach[word.emergency] < match.range.upperBound }
            reach[word.emergency] = max(reach[word.emergency], match.range.upperBound)
            return false
        }
    }

    /// Whether an English word is not a part of a longer one; Chinese has no marks between its words.
    ///
    /// An exception may end within a word: "fire lane" stands for "fire lanes", too.
    private func isWhole(_ match: WordIndex.Match, in text: [UInt8]) -> Bool {
        let word = words[match.word]
        func joins(_ inner: UInt8?, _ outer: Int) -> Bool {
            guard let inner, text.indices.contains(outer) else { return false }
            return Self.isLetter(inner) && Self.isLetter(text[outer])
        }
        if joins(word.bytes.first, match.range.lowerBound - 1) { return false }
        return word.isException || !joins(word.bytes.last, match.range.upperBound)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private func distinct(_ texts: [String]) -> [String] {
        var known: Set<String> = []
        return texts.filter { known.insert($0).inserted }
    }
}
