/// Sentences that services say in Chinese and English at once, `中文 / English`, for a reader of one of them.
enum Bilingual {
    private static let between = " / "

    /// The half of the reader's language; all of it where it has no two halves.
    static func half(_ text: String, _ language: Language) -> String {
        guard let middle = text.firstRange(of: between) else { return text }
        return String(language == .english ? text[middle.upperBound...] : text[..<middle.lowerBound])
    }

    /// Several of them, joined by `; `.
    static func halves(_ text: String, _ language: Language) -> [String] {
        text.split(separator: "; ").map { half(String($0), language) }
    }
}
