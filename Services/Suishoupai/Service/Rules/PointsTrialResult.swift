import Contracts

/// What would have been earned under other rules, beside what was booked.
struct PointsTrialResult: Encodable {
    struct Row: Encodable {
        /// A person, `team/ID` for a team, or a rule.
        let name: String
        /// Promised and not taken back, spendable or not yet.
        let booked: Int
        let would: Int

        var difference: Int { would - booked }

        private enum CodingKeys: String, CodingKey {
            case name, booked, would, difference
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(booked, forKey: .booked)
            try container.encode(would, forKey: .would)
            try container.encode(difference, forKey: .difference)
        }
    }

    let packName: String
    let packVersion: Int
    let cases: Int
    let from: Timestamp?
    let to: Timestamp?
    /// Held back whole by caps, budgets and quiet rules.
    let withheld: Int
    let people: [Row]
    let rules: [Row]

    var text: String {
        let window = from.flatMap { from in to.map { ", \(from) to \($0)" } } ?? ""
        let sum = people.reduce(into: (booked: 0, would: 0)) { sum, row in
            sum.booked += row.booked
            sum.would += row.would
        }
        var lines = ["\(cases) cases\(window), by pack \(packName) \(packVersion)"]
        lines.append("booked 已记 \(sum.booked), would be 将得 \(sum.would) (\(signed(sum.would - sum.booked)))")
        if withheld > 0 { lines.append("withheld whole by caps, budgets and quiet rules 未计: \(withheld)") }
        lines += ["", "rules 规则"] + rules.map(line)
        let changed = people.filter { $0.difference != 0 }
        lines += ["", "people 人员"]
        lines += changed.isEmpty ? ["  ✓ nobody would have other points"] : changed.map(line)
        return lines.joined(separator: "\n")
    }

    private func line(_ row: Row) -> String {
        "  \(row.name): \(row.booked) → \(row.would) (\(signed(row.difference)))"
    }

    private func signed(_ number: Int) -> String { number > 0 ? "+\(number)" : "\(number)" }
}
