/// Cuts text into what is searched for: pairs of neighbours for Chinese, whole words for everything else.
///
/// `楼下垃圾 E5` becomes `楼下 下垃 垃圾 圾 e5`: whoever asks for 垃圾 finds it as one piece, whoever asks for 下垃圾 as two that
/// follow each other. The last sign of a run stands alone, so that one sign is found as the beginning of a piece wherever
/// it stands.
struct SearchTerms: Sendable, Equatable {
    /// Pieces that must follow each other; of the last one the beginning may be enough.
    struct Phrase: Sendable, Equatable {
        let pieces: [String]
        let endsOpen: Bool
    }

    /// All of these must be found.
    let phrases: [Phrase]

    /// The pieces of a text, divided by blanks.
    static func indexed(_ text: String) -> String {
        // Without a string for each piece: a long description has thousands of them.
        var pieces = String.UnicodeScalarView()
        for run in runs(of: text) {
            guard run.isChinese else {
                pieces.append(contentsOf: run.text.unicodeScalars)
                pieces.append(" ")
                continue
            }
            for (number, scalar) in run.scalars.enumerated() {
                if number > 0 { pieces.append(scalar) }
                if number > 0 { pieces.append(" ") }
                pieces.append(scalar)
            }
            pieces.append(" ")
        }
        if !pieces.isEmpty { pieces.removeLast() }
        return String(pieces)
    }

    /// Reads what somebody looks for; nil where there is no letter, digit or Chinese sign in it.
    init?(_ query: String) {
        phrases = query.split(whereSeparator: \.isWhitespace).prefix(Self.mostPhrases).compactMap {
            Self.phrase(String($0))
        }
        guard !phrases.isEmpty else { return nil }
    }

    private static let mostPhrases = 8

    private static func phrase(_ word: String) -> Phrase? {
        let runs = runs(of: word)
        guard let last = runs.last else { return nil }
        // What goes on behind a run has its last sign alone before it, as in the index.
        var pieces = runs.dropLast().flatMap {
            $0.isChinese ? pairs($0.scalars) + [String($0.scalars.suffix(1))] : [$0.text]
        }
        let isPairs = last.isChinese && last.scalars.count > 1
        pieces += isPairs ? pairs(last.scalars) : [last.text]
        return Phrase(pieces: pieces, endsOpen: !isPairs)
    }

    private static func pairs(_ scalars: String.UnicodeScalarView) -> [String] {
        zip(scalars, scalars.dropFirst()).map { first, second in
            var pair = String.UnicodeScalarView()
            pair.append(first)
            pair.append(second)
            return String(pair)
        }
    }

    /// Neighbours of one sort.
    private struct Run {
        let isChinese: Bool
        var scalars = String.UnicodeScalarView()

        var text: String { String(scalars).lowercased() }
    }

    private static func runs(of text: String) -> [Run] {
        var runs: [Run] = []
        var isOpen = false
        for scalar in text.unicodeScalars.lazy.map(narrow) {
            guard let isChinese = sort(of: scalar) else {
                isOpen = false
                continue
            }
            if !isOpen || runs.last?.isChinese != isChinese { runs.append(Run(isChinese: isChinese)) }
            runs[runs.count - 1].scalars.append(scalar)
            isOpen = true
        }
        return runs
    }

    /// The ASCII form of a full-width sign ＡＢＣ１２３.
    private static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard (0xFF01...0xFF5E).contains(scalar.value) else { return scalar }
        return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    }

    /// Whether it is written without blanks between words; nil where it is no part of a word.
    private static func sort(of scalar: Unicode.Scalar) -> Bool? {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return false
        case 0...0x7F: return nil
        case 0x4E00...0x9FFF, 0x3040...0x30FF: return true
        default:
            guard !scalar.properties.isIdeographic else { return true }
            return scalar.properties.isAlphabetic || scalar.properties.numericType != nil ? false : nil
        }
    }
}

extension SearchTerms {
    /// What FTS5 is asked, in these columns.
    func match(in columns: [String]) -> String {
        let asked = phrases.map { "\"\($0.pieces.joined(separator: " "))\"\($0.endsOpen ? " *" : "")" }
        return "{\(columns.joined(separator: " "))} : (\(asked.joined(separator: " AND ")))"
    }
}
