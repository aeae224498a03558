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

    /// Remembers that it was chosen.
    func cookie(isSecure: Bool) -> Cookie {
        Cookie(
            name: Self.cookieName, value: rawValue, maxAge: 365 * 86_400, path: "/", secure: isSecure, httpOnly: true,
            sameSite: .lax)
    }

    /// The one that was chosen, else the one that the browser likes best of these; Chinese where it likes neither.
    static func wanted(by request: Request) -> Language {
        if let chosen = request.cookies[cookieName].flatMap({ Language(rawValue: $0.value) }) { return chosen }
        let liked = (request.headers[.acceptLanguage] ?? "").split(separator: ",").lazy.compactMap { entry in
            Language(rawValue: String(entry.drop { $0 == " " }.prefix(2)).lowercased())
        }
        return liked.first ?? .chinese
    }
}

/// What pages say, in each language: the files of `Words/zh` and `Words/en`, by `group.name`.
struct Words: Sendable {
    private let tables: [Language: [String: [String: String]]]

    /// - Throws: What reading them throws, and ``WordsError`` where two files of a language have the same group.
    init() throws {
        tables = try Dictionary(
            uniqueKeysWithValues: Language.allCases.map { ($0, try Self.groups(of: $0)) })
    }

    private static func groups(of language: Language) throws -> [String: [String: String]] {
        let folder = PageFiles.folder("Words").appending(path: language.rawValue, directoryHint: .isDirectory)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.reduce(into: [:]) { groups, file in
            let more = try JSONDecoder().decode(
                [String: [String: String]].self, from: try Data(contentsOf: file))
            try groups.merge(more) { _, _ in throw WordsError(file: file.lastPathComponent) }
        }
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

    /// What the catalogue of topics says in English, in a language; in English where that has no words of its own for it.
    ///
    /// By the sentence itself: one that is changed is missing, and a test says so.
    func text(ofCatalogue english: String, _ language: Language) -> String {
        tables[language]?["catalogue"]?[english] ?? english
    }
}

/// A group of words stands in two files of a language.
struct WordsError: Error, CustomStringConvertible {
    let file: String

    var description: String { "\(file) has a group of words that another file of the language has, too." }
}
