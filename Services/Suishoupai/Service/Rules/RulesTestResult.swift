import Contracts

/// What would go elsewhere under other rules.
struct RulesTestResult: Encodable {
    struct Move: Hashable {
        /// Nil for nobody.
        let from: UnitID?
        let to: UnitID?
    }

    struct Example: Encodable {
        let caseId: CaseID
        let caseNumber: String
        let category: CategoryCode
        let communityId: CommunityID
        let at: Timestamp
        /// The trace by the pack in force.
        let now: String
        /// The trace by the changed rules.
        let then: String
    }

    /// Cases that would go from one owner to another.
    struct Group: Encodable {
        let from: UnitID?
        let to: UnitID?
        var cases = 0
        var reports = 0
        var examples: [Example] = []

        init(from: UnitID?, to: UnitID?) {
            self.from = from
            self.to = to
        }

        /// The largest first.
        static func precedes(_ left: Group, _ right: Group) -> Bool {
            if left.cases != right.cases { return left.cases > right.cases }
            return (left.from?.rawValue ?? "", left.to?.rawValue ?? "")
                < (right.from?.rawValue ?? "", right.to?.rawValue ?? "")
        }
    }

    let packName: String
    let packVersion: Int
    /// What was looked at.
    let cases: Int
    let reports: Int
    let from: Timestamp?
    let to: Timestamp?
    /// What would go elsewhere.
    let movedCases: Int
    let movedReports: Int
    let groups: [Group]
    /// Not looked at: their opening is kept no more.
    let olderCases: Int
    private let names: [UnitID: String]

    private enum CodingKeys: String, CodingKey {
        case packName, packVersion, cases, reports, from, to, movedCases, movedReports, groups, olderCases
    }

    init(
        pack: Pack, cases: Int, reports: Int, from: Timestamp?, to: Timestamp?, groups: [Group], olderCases: Int
    ) {
        packName = pack.name
        packVersion = pack.version
        self.cases = cases
        self.reports = reports
        self.from = from
        self.to = to
        movedCases = groups.reduce(0) { $0 + $1.cases }
        movedReports = groups.reduce(0) { $0 + $1.reports }
        self.groups = groups
        self.olderCases = olderCases
        names = Dictionary(pack.units.map { ($0.id, $0.name) }) { first, _ in first }
    }

    var text: String {
        let window = from.flatMap { from in to.map { ", \(from) to \($0)" } } ?? ""
        var lines = [
            "\(cases) cases of \(reports) reports\(window), against pack \(packName) \(packVersion)",
            movedCases == 0
                ? "✓ nothing would go elsewhere"
                : "\(movedCases) cases of \(movedReports) reports would go elsewhere:",
        ]
        for group in groups {
            lines += ["", "  \(group.cases) cases: \(shown(group.from)) → \(shown(group.to))"]
            for example in group.examples {
                lines += [
                    "    \(example.caseNumber) \(example.category) \(example.at)", "      now:  \(example.now)",
                    "      then: \(example.then)",
                ]
            }
        }
        if olderCases > 0 {
            lines += ["", "\(olderCases) older cases were not looked at: the stores keep their openings no more"]
        }
        return lines.joined(separator: "\n")
    }

    private func shown(_ unit: UnitID?) -> String {
        guard let unit else { return "nobody 没有责任单位" }
        return names[unit].map { "\(unit) \($0)" } ?? unit.rawValue
    }
}
