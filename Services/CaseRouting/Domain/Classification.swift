package import Contracts
import Vocabulary

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
        table.words.guess(report.description).category
        ?? (table.knows(fallback) ? fallback : .unsorted)
    if let chosen = report.category {
        return Classification(
            category: found,
            concern: "数据包没有类别 \(chosen)，按 \(found) 处理 / category \(chosen) is not in the pack, taken as \(found)")
    }
    let concern = found == .unsorted ? "无法归类 / no category of the pack fits" : nil
    return Classification(category: found, concern: concern)
}
