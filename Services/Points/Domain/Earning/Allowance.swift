import Contracts

/// What a day's cap leaves of the points that a rule gives.
struct Allowance: Equatable {
    /// What the rule gives.
    let earned: Int
    /// The most for one person and day; nil for no cap.
    let cap: Int?
    /// What was promised on the day before.
    let used: Int

    /// What may be promised: all of it, the rest of the day's cap, or nothing.
    var granted: Int {
        guard let cap else { return earned }
        return min(earned, max(0, cap - used))
    }

    /// As a person reads it on a statement.
    var words: String {
        guard let cap else { return "得 \(earned) 分，结案后可用" }
        let day = "当日上限 \(cap) 分，此前已得 \(used) 分"
        if granted == earned { return "得 \(earned) 分，结案后可用；\(day)" }
        if granted > 0 { return "应得 \(earned) 分；\(day)，只计余下的 \(granted) 分，结案后可用" }
        return "应得 \(earned) 分；\(day)，已达上限，本次不计分"
    }
}

extension PackPointRule {
    func fits(_ reference: CaseReference) -> Bool {
        (categories.isEmpty || categories.contains(reference.category)) && (kind == nil || kind == reference.kind)
    }
}

extension Pack {
    /// The category's code, and its name where the pack has one.
    func words(for category: CategoryCode) -> String {
        categories.first { $0.code == category }.map { "\(category) \($0.name)" } ?? "\(category)"
    }
}
