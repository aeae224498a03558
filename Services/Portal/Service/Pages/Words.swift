import Foundation
import Hummingbird
import ServiceKit

/// The languages of the pages.
enum Language: String, Sendable, CaseIterable {
    case chinese = "zh"
    case english = "en"

    /// As HTML names it.
    var tag: String { self == .chinese ? "zh-CN" : "en" }

    var other: Language { self == .chinese ? .english : .chinese }

    static let cookieName = "suishoupai_language"

    /// The one that was chosen, else the one that the browser likes best of these; Chinese where it likes neither.
    static func wanted(by request: Request) -> Language {
        if let chosen = request.cookies[cookieName].flatMap({ Language(rawValue: $0.value) }) { return chosen }
        let liked = (request.headers[.acceptLanguage] ?? "").split(separator: ",").lazy.compactMap { entry in
            Language(rawValue: String(entry.drop { $0 == " " }.prefix(2)).lowercased())
        }
        return liked.first ?? .chinese
    }
}

/// What pages say, in each language: `Words/zh.json` and `Words/en.json`, by `group.name`.
struct Words: Sendable {
    private let tables: [Language: [String: [String: String]]]

    init() throws {
        tables = try Dictionary(
            uniqueKeysWithValues: Language.allCases.map { language in
                let file = PageFiles.folder("Words").appending(path: "\(language.rawValue).json")
                return (
                    language,
                    try JSONDecoder().decode([String: [String: String]].self, from: try Data(contentsOf: file))
                )
            })
    }

    /// All words of a language, for templates: `{{words.group.name}}`.
    func table(_ language: Language) -> [String: [String: String]] { tables[language] ?? [:] }

    /// The words of `group.name`, everything behind the first dot being the name; the key itself where there are none.
    func text(_ key: String, _ language: Language) -> String {
        let halves = key.split(separator: ".", maxSplits: 1)
        guard halves.count == 2 else { return key }
        return tables[language]?[String(halves[0])]?[String(halves[1])] ?? key
    }

    /// The same with `{name}` replaced.
    func text(_ key: String, _ language: Language, _ values: [String: String]) -> String {
        values.reduce(text(key, language)) { $0.replacing("{\($1.key)}", with: $1.value) }
    }
}
