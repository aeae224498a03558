/// A file of rules, cut into its sentences.
///
/// A rule is a line; a line that begins with a blank goes on with the rule before it. `#` at the beginning of a line is for
/// people.
struct RuleText {
    /// The characters of one sentence, each with its place in the file.
    struct Sentence {
        fileprivate(set) var characters: [Character] = []
        fileprivate var lines: [Int] = []
        fileprivate var columns: [Int] = []
        let line: Int

        /// Where a character stands; the place behind the last one for an index beyond.
        func place(_ index: Int) -> (line: Int, column: Int) {
            if index < characters.count { return (lines[index], columns[index]) }
            return (lines.last ?? line, (columns.last ?? 0) + 1)
        }

        /// On one line, without blanks around it.
        var text: String {
            String(characters).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }

    private(set) var sentences: [Sentence] = []

    init(_ text: String) {
        var mayGoOn = false
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            var content = Array(line)
            if index == 0, content.first == "\u{FEFF}" { content[0] = " " }
            guard let first = content.firstIndex(where: { !$0.isWhitespace }) else {
                mayGoOn = false
                continue
            }
            if content[first] == "#" { continue }
            if first > 0, mayGoOn, !sentences.isEmpty {
                append([" "] + content[first...], line: index + 1, column: first)
            } else {
                sentences.append(Sentence(line: index + 1))
                append(Array(content[first...]), line: index + 1, column: first + 1)
            }
            mayGoOn = true
        }
    }

    private mutating func append(_ characters: [Character], line: Int, column: Int) {
        let last = sentences.count - 1
        sentences[last].characters += characters
        sentences[last].lines += characters.map { _ in line }
        sentences[last].columns += characters.indices.map { column + $0 }
    }
}
