package import Contracts

/// Which category a report falls under, and what a person should know about that choice.
package struct Classification: Sendable, Equatable {
    package let category: CategoryCode
    /// Set where the category was none of the pack's.
    package let concern: String?

    package init(category: CategoryCode, concern: String?) {
        self.category = category
        self.concern = concern
    }
}

extension CategoryCode {
    /// Other unsafe public facilities 其他公共设施安全: where a snapshot goes that says nothing of its category.
    static let otherProblem = CategoryCode("S0105")
    /// Ordinary requests 一般诉求.
    static let ordinaryRequest = CategoryCode("D0103")
    /// Where the pack has neither.
    package static let unsorted = CategoryCode("unsorted")
}

/// Sorts a report: the reporter's own choice, else what its words say, else a category for the rest.
///
/// Without a pack the reporter's choice is taken as it is.
package func classify(_ report: ReportSubmitted, by table: RoutingTable?) -> Classification {
    guard let table else { return Classification(category: report.category ?? .unsorted, concern: nil) }
    if let chosen = report.category, table.knows(chosen) { return Classification(category: chosen, concern: nil) }
    let fallback: CategoryCode = report.kind == .snapshot ? .otherProblem : .ordinaryRequest
    let found =
        Keyword.first(of: table.keywords, in: report.description)
        ?? (table.knows(fallback) ? fallback : .unsorted)
    if let chosen = report.category {
        return Classification(
            category: found,
            concern: "数据包没有类别 \(chosen)，按 \(found) 处理 / category \(chosen) is not in the pack, taken as \(found)")
    }
    let concern = found == .unsorted ? "无法归类 / no category of the pack fits" : nil
    return Classification(category: found, concern: concern)
}

/// A word that points to a category.
struct Keyword: Sendable, Equatable {
    /// UTF-8 with the letters A to Z in lower case: no locale has a say in whether a text contains it.
    let bytes: [UInt8]
    let category: CategoryCode

    /// All keywords of the categories, the longest first, ties by code and then by the word itself.
    static func ranked(_ categories: [PackCategory]) -> [Keyword] {
        categories
            .flatMap { category in
                category.keywords.map { Keyword(bytes: folded($0), category: category.code) }
            }
            .filter { !$0.bytes.isEmpty }
            .sorted { left, right in
                if left.bytes.count != right.bytes.count { return left.bytes.count > right.bytes.count }
                if left.category != right.category { return left.category < right.category }
                return left.bytes.lexicographicallyPrecedes(right.bytes)
            }
    }

    /// The category of the first keyword of the list that stands in the text.
    static func first(of keywords: [Keyword], in text: String) -> CategoryCode? {
        let folded = folded(text)
        return folded.withUnsafeBufferPointer { text in
            keywords.first { $0.stands(in: text) }?.category
        }
    }

    private func stands(in text: UnsafeBufferPointer<UInt8>) -> Bool {
        let length = bytes.count
        guard length <= text.count else { return false }
        return bytes.withUnsafeBufferPointer { word in
            let first = word[0]
            var start = 0
            while start <= text.count - length {
                if text[start] == first {
                    var matched = 1
                    while matched < length, text[start + matched] == word[matched] { matched += 1 }
                    if matched == length { return true }
                }
                start += 1
            }
            return false
        }
    }

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }
}
