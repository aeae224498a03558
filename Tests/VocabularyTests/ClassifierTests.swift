import Contracts
import TestSupport
import Testing

@testable import Vocabulary

/// How routing sorted by its first logic, written down a second time: the longest word in the text, ties by code.
///
/// What a log holds was decided so.
private func longestWord(_ text: String, _ categories: [PackCategory]) -> CategoryCode? {
    func folded(_ text: String) -> [UInt8] { text.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 } }
    func contains(_ text: [UInt8], _ word: [UInt8]) -> Bool {
        guard !word.isEmpty, word.count <= text.count else { return false }
        return (0...text.count - word.count).contains { text[$0..<$0 + word.count].elementsEqual(word) }
    }
    let bytes = folded(text)
    let found = categories.flatMap { category in
        category.keywords.map(folded).filter { contains(bytes, $0) }.map { (length: $0.count, code: category.code) }
    }
    return found.min { $0.length != $1.length ? $0.length > $1.length : $0.code < $1.code }?.code
}

/// Words of the categories, pieces of them, and what people write in between.
private func randomText(_ categories: [PackCategory], using generator: inout SeededGenerator) -> String {
    let words = categories.flatMap(\.keywords)
    return (0..<Int.random(in: 0...8, using: &generator)).map { _ in
        let word = words.randomElement(using: &generator) ?? ""
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: return String(word.prefix(Int.random(in: 0...word.count, using: &generator)))
        case 1: return String(word.suffix(Int.random(in: 0...word.count, using: &generator)))
        case 2: return ["，", " ", "小区门口", "the ", "BIN", "桶", "满了"].randomElement(using: &generator) ?? ""
        case 3: return word.uppercased()
        default: return word
        }
    }.joined()
}

@Test func `packs without weights are read by the lengths of their words`() throws {
    var generator = SeededGenerator()
    let demo = try nanchang().categories.map(\.unweighted)
    for categories in [demo, CitySample.categories] {
        let classifier = Classifier(categories)
        for _ in 0..<600 {
            let text = randomText(categories, using: &generator)
            #expect(classifier.guess(text).category == longestWord(text, categories), "\(text)")
        }
    }
}

@Test(
    arguments: [
        ("楼下生活垃圾没人管", "E0102", ["生活垃圾"], true), ("路灯坏了，晚上灯不亮", "P0118", ["灯不亮", "路灯"], true),
        ("Street light is out", "P0118", ["street light"], true), ("井盖旁边有垃圾", "E0102", ["垃圾"], false),
        ("垃圾桶着火了", "S0199", ["着火"], false), ("ＧＡＲＢＡＧＥ　everywhere", "E0102", ["garbage"], true),
    ] as [(String, CategoryCode, [String], Bool)])
func `a guess says which words decided and whether it is sure`(
    text: String, category: CategoryCode, words: [String], isSure: Bool
) throws {
    let guess = Classifier(try nanchang().categories).guess(text)

    #expect(guess.category == category)
    #expect(guess.candidates.first?.words == words)
    #expect(guess.isSure == isSure, "\(guess.sureness) %")
}

@Test func `sureness is the share of the best in all that was found, with room for doubt`() {
    let classifier = Classifier([.sample("A", ["ab", "cdef"]), .sample("B", ["xyz"]), .sample("C", ["ab cd"])])

    #expect(classifier.guess("nothing").sureness == 0)
    #expect(classifier.guess("nothing").category == nil)
    // 4 in 4 and 3 of doubt.
    #expect(classifier.guess("cdef").sureness == 57)
    // 6 in 6, 3 of B and 3 of doubt.
    #expect(classifier.guess("ab, cdef and xyz").sureness == 50)
    // "ab" stands only inside "ab cd".
    #expect(classifier.guess("ab cd").candidates.map(\.category) == ["C"])
    #expect(classifier.guess("ab cd ab").candidates.map(\.category) == ["C", "A"])
}

@Test func `the heaviest word decides`() {
    let categories = [
        PackCategory.sample("FIRE", ["着火"], weights: [11]), .sample("BIN", ["垃圾桶满", "垃圾桶"], weights: [12, 9]),
    ]

    #expect(Classifier(categories).guess("垃圾桶着火").candidates.map(\.category) == ["FIRE", "BIN"])
    #expect(Classifier(categories).guess("垃圾桶着火").candidates.map(\.score) == [11, 9])
    #expect(Classifier(categories).guess("垃圾桶满，着火").category == "BIN")
}

@Test func `weights beyond the limits and too few of them do no harm`() {
    let wild = PackCategory.sample("A", ["ab", "cd", "ef"], weights: [.max, .min])

    let guess = Classifier([wild]).guess("ab cd ef")

    #expect(guess.candidates.first?.score == 1_000)
    #expect(guess.candidates.first?.words == ["ab", "ef", "cd"])
}

@Test func `a word inside a longer one does not count, wherever both stand`() {
    var generator = SeededGenerator()
    for _ in 0..<2_000 {
        let matches = (0..<Int.random(in: 0...12, using: &generator)).map { word in
            let start = Int.random(in: 0...10, using: &generator)
            return WordIndex.Match(word: word, range: start..<start + Int.random(in: 1...6, using: &generator))
        }
        let expected = matches.filter { match in
            !matches.contains {
                $0.range.count > match.range.count && $0.range.lowerBound <= match.range.lowerBound
                    && match.range.upperBound <= $0.range.upperBound
            }
        }

        #expect(Set(matches.withoutCovered()) == Set(expected), "\(matches)")
    }
}

@Test func `every word is found wherever it stands, the shortest too`() {
    var generator = SeededGenerator()
    let letters = ["a", "b", "垃", "圾", "桶"]
    func text(_ length: ClosedRange<Int>) -> String {
        (0..<Int.random(in: length, using: &generator)).map { _ in letters.randomElement(using: &generator) ?? "a" }
            .joined()
    }
    for _ in 0..<500 {
        let words = (0..<6).map { _ in Array(text(0...3).utf8) }
        let body = Array(text(0...12).utf8)
        let found = WordIndex(words).matches(in: body)
        for (index, word) in words.enumerated() {
            let places = body.indices.filter { !word.isEmpty && body[$0...].starts(with: word) }
            #expect(found.filter { $0.word == index }.map(\.range.lowerBound).sorted() == places)
        }
    }
}
