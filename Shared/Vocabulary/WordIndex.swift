/// Finds which of many words stand in a text, and where, in one walk over the text.
///
/// Words are told apart by their first two bytes before they are compared, so a text of a hundred characters costs some
/// hundred look-ups, however many words a pack has.
struct WordIndex: Sendable {
    /// A word of the list that stands in the text.
    struct Match: Hashable, Sendable {
        let word: Int
        let range: Range<Int>
    }

    private let words: [[UInt8]]
    private let buckets: [[Int]]
    /// Words of one byte have no second one to look under.
    private let singles: [Int]

    private static let bucketCount = 4_096

    /// Takes folded words; one that is empty stands in no text.
    init(_ words: [[UInt8]]) {
        self.words = words
        var buckets: [[Int]] = Array(repeating: [], count: Self.bucketCount)
        for (index, word) in words.enumerated() where word.count > 1 {
            buckets[Self.bucket(word[0], word[1])].append(index)
        }
        self.buckets = buckets
        singles = words.indices.filter { words[$0].count == 1 }
    }

    private static func bucket(_ first: UInt8, _ second: UInt8) -> Int {
        (Int(first) << 4 ^ Int(second)) & (bucketCount - 1)
    }

    /// Every place where a word stands in the folded text, by where it begins.
    func matches(in text: [UInt8]) -> [Match] {
        var matches: [Match] = []
        text.withUnsafeBufferPointer { text in
            for start in text.indices {
                if !singles.isEmpty { note(singles, at: start, in: text, &matches) }
                guard start + 1 < text.count else { break }
                let bucket = buckets[Self.bucket(text[start], text[start + 1])]
                if !bucket.isEmpty { note(bucket, at: start, in: text, &matches) }
            }
        }
        return matches
    }

    private func note(
        _ candidates: [Int], at start: Int, in text: UnsafeBufferPointer<UInt8>, _ matches: inout [Match]
    ) {
        for index in candidates where stands(words[index], at: start, in: text) {
            matches.append(Match(word: index, range: start..<start + words[index].count))
        }
    }

    private func stands(_ word: [UInt8], at start: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard start + word.count <= text.count else { return false }
        for offset in word.indices where text[start + offset] != word[offset] { return false }
        return true
    }
}

extension [WordIndex.Match] {
    /// Without the places that lie inside a longer word's place: who writes 垃圾桶 does not speak of 垃圾.
    func withoutCovered() -> [WordIndex.Match] {
        var kept: [WordIndex.Match] = []
        // How far words reach that begin earlier, and those that begin at the same place.
        var earlier = 0
        var here = (start: -1, end: 0)
        for match in sorted(by: Self.precedes) {
            if match.range.lowerBound != here.start {
                earlier = Swift.max(earlier, here.end)
                here = (match.range.lowerBound, 0)
            }
            if earlier < match.range.upperBound, here.end <= match.range.upperBound { kept.append(match) }
            here.end = Swift.max(here.end, match.range.upperBound)
        }
        return kept
    }

    /// By where they begin, the longest first.
    private static func precedes(_ left: WordIndex.Match, _ right: WordIndex.Match) -> Bool {
        if left.range.lowerBound != right.range.lowerBound { return left.range.lowerBound < right.range.lowerBound }
        return left.range.count > right.range.count
    }
}
