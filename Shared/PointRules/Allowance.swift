/// What caps and budget leave of the points that somebody is due.
struct Allowance: Equatable {
    /// The most for a day or a month.
    struct Limit: Equatable {
        /// Such as `当日上限`.
        let name: String
        /// Such as `daily cap`.
        let englishName: String
        let most: Int
        /// What was promised in the time before, this case not counted.
        let used: Int

        var room: Int { max(0, most - used) }
        var words: String { "\(name) \(most) 分，此前已得 \(used) 分" }
        var englishWords: String { "the \(englishName) is \(most) points and \(used) were had before" }
    }

    let due: Int
    let isFast: Bool
    let limits: [Limit]
    /// What the ledger has to give out; nil where that was not asked, because nothing is left to give.
    let budget: Int?

    /// The limit that leaves least.
    private var tightest: Limit? { limits.min { $0.room < $1.room } }

    /// What may be promised: all of it, the rest of a cap or the budget, or nothing.
    var granted: Int {
        guard !isFast else { return 0 }
        return max(0, min(due, tightest?.room ?? due, budget ?? due))
    }

    /// As a person reads it on a statement.
    var words: String {
        if isFast { return "应得 \(due) 分；上报时设备移动过快，为骑行安全本次不计分" }
        if granted == due { return (["得 \(due) 分，结案后可用"] + limits.map(\.words)).joined(separator: "；") }
        let (reason, _, isBudget) = reason
        if granted > 0 { return "应得 \(due) 分；\(reason)，只计\(isBudget ? "" : "余下的") \(granted) 分，结案后可用" }
        return "应得 \(due) 分；\(reason)\(isBudget ? "" : "，已达上限")，本次不计分"
    }

    /// The same in English.
    var englishWords: String {
        if isFast {
            return "\(due) points due; the device was moving fast when it was sent, so for your safety none count"
        }
        if granted == due {
            return (["\(due) points, to be spent once it is closed"] + limits.map(\.englishWords)).joined(
                separator: "; ")
        }
        let (_, reason, isBudget) = reason
        if granted > 0 {
            return
                "\(due) points due; \(reason), so only \(isBudget ? "" : "the remaining ")\(granted) count, to be spent once it is closed"
        }
        return "\(due) points due; \(reason), so none count this time"
    }

    /// What held something back.
    private var reason: (words: String, englishWords: String, isBudget: Bool) {
        guard let tightest, tightest.room <= budget ?? .max else {
            let left = max(0, budget ?? 0)
            return ("预算不足，只剩 \(left) 分", "the budget has only \(left) points left", true)
        }
        return (tightest.words, tightest.englishWords, false)
    }
}
