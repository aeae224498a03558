/// A word of a sentence, with its place.
struct RuleWord: Sendable, Equatable {
    let text: String
    /// Set in quotation marks: never a keyword.
    var isQuoted = false
    let line: Int
    let column: Int
}

/// A piece of a sentence.
enum RuleToken: Sendable, Equatable {
    case word(RuleWord)
    case comma(line: Int, column: Int)
    case arrow(line: Int, column: Int)
    /// All that stands behind `because`.
    case because(String, line: Int, column: Int)
    case end(line: Int, column: Int)

    var place: (line: Int, column: Int) {
        switch self {
        case .word(let word): (word.line, word.column)
        case .comma(let line, let column), .arrow(let line, let column), .because(_, let line, let column),
            .end(let line, let column):
            (line, column)
        }
    }

    /// As a message shows it.
    var shown: String {
        switch self {
        case .word(let word): "\"\(word.text)\""
        case .comma: "a comma"
        case .arrow: "->"
        case .because: "because"
        case .end: "the end of the rule"
        }
    }
}

/// Cuts a sentence into its id and tokens.
struct RuleScanner {
    private let sentence: RuleText.Sentence
    private var index = 0
    private var characters: [Character] { sentence.characters }

    private static let commas: Set<Character> = [",", "，", "、"]
    private static let colons: Set<Character> = [":", "："]
    private static let quotes: [Character: Character] = ["\"": "\"", "“": "”", "「": "」", "『": "』"]

    init(_ sentence: RuleText.Sentence) {
        self.sentence = sentence
    }

    /// The id, which stands before the first colon.
    mutating func id() throws(RuleFault) -> RuleWord {
        let end = characters.firstIndex(where: Self.colons.contains)
        let text = trimmed(characters[..<(end ?? 0)])
        guard let end, !text.isEmpty, !text.contains(where: \.isWhitespace) else {
            let (line, column) = sentence.place(0)
            throw RuleFault(
                kind: .sentence, line: line, column: column, problem: "the rule has no id",
                remedy: "begin it with an id and a colon, such as R11:")
        }
        index = end + 1
        let (line, column) = sentence.place(0)
        return RuleWord(text: text, line: line, column: column)
    }

    mutating func tokens() throws(RuleFault) -> [RuleToken] {
        var tokens: [RuleToken] = []
        while true {
            while index < characters.count, characters[index].isWhitespace { index += 1 }
            let (line, column) = sentence.place(index)
            guard index < characters.count else {
                tokens.append(.end(line: line, column: column))
                return tokens
            }
            if Self.commas.contains(characters[index]) {
                index += 1
                tokens.append(.comma(line: line, column: column))
            } else if let length = arrowLength(at: index) {
                index += length
                tokens.append(.arrow(line: line, column: column))
            } else if let closing = Self.quotes[characters[index]] {
                tokens.append(.word(try quoted(until: closing)))
            } else if let length = becauseLength {
                let reason = trimmed(characters[(index + length)...])
                index = characters.count
                tokens.append(.because(reason, line: line, column: column))
            } else {
                tokens.append(.word(bare()))
            }
        }
    }

    private func arrowLength(at index: Int) -> Int? {
        if characters[index] == "→" { return 1 }
        return characters[index...].starts(with: ["-", ">"]) ? 2 : nil
    }

    /// Chinese writes no blank behind 因为.
    private var becauseLength: Int? {
        let rest = characters[index...]
        if rest.starts(with: ["因", "为"]) { return 2 }
        let word = rest.prefix(7)
        guard String(word).lowercased() == "because" else { return nil }
        return rest.count == 7 || rest[index + 7].isWhitespace ? 7 : nil
    }

    private mutating func quoted(until closing: Character) throws(RuleFault) -> RuleWord {
        let (line, column) = sentence.place(index)
        guard let end = characters[(index + 1)...].firstIndex(of: closing) else {
            throw RuleFault(
                kind: .sentence, line: line, column: column, problem: "the quotation mark has no partner",
                remedy: "close it with \(closing)")
        }
        let text = trimmed(characters[(index + 1)..<end])
        index = end + 1
        return RuleWord(text: text, isQuoted: true, line: line, column: column)
    }

    private mutating func bare() -> RuleWord {
        let (line, column) = sentence.place(index)
        let start = index
        index += 1
        while index < characters.count, !characters[index].isWhitespace, !Self.commas.contains(characters[index]),
            Self.quotes[characters[index]] == nil, arrowLength(at: index) == nil
        {
            index += 1
        }
        return RuleWord(text: String(characters[start..<index]), line: line, column: column)
    }
}

private func trimmed(_ characters: ArraySlice<Character>) -> String {
    guard let first = characters.firstIndex(where: { !$0.isWhitespace }),
        let last = characters.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(characters[first...last])
}
