import Contracts

/// The names that a trace speaks with.
struct TraceWords: Sendable {
    private let categories: [CategoryCode: String]
    private let communities: [CommunityID: String]
    private let units: [UnitID: String]

    init(_ pack: Pack) {
        categories = Dictionary(pack.categories.map { ($0.code, $0.name) }) { first, _ in first }
        communities = Dictionary(pack.communities.map { ($0.id, $0.name) }) { first, _ in first }
        units = Dictionary(pack.units.map { ($0.id, $0.name) }) { first, _ in first }
    }

    func name(_ category: CategoryCode) -> String { categories[category] ?? category.rawValue }
    func name(_ community: CommunityID) -> String { communities[community] ?? community.rawValue }
    func name(_ unit: UnitID) -> String { units[unit] ?? unit.rawValue }
}

/// Tells how a decision came about, in Chinese and English.
struct Trace {
    let words: TraceWords
    let question: OwnerQuestion
    private var passed: [(chinese: String, english: String)] = []

    /// More are not named one by one, so that a trace stays short.
    private static let mostPassed = 3

    init(words: TraceWords, question: OwnerQuestion) {
        self.words = words
        self.question = question
    }

    mutating func passOver(_ rule: PackRoutingRule, _ why: PassedOver) {
        let (chinese, english) = told(why)
        passed.append(("\(rule.id)（\(chinese)）", "\(rule.id) (\(english))"))
    }

    private func told(_ why: PassedOver) -> (String, String) {
        switch why {
        case .noPropertyCompany: ("此处没有物业", "no property company here")
        case .busy(let unit, let count): ("\(words.name(unit))已有 \(count) 件在办", "\(unit) has \(count) open cases")
        case .nobodyOnDuty(let unit): ("\(words.name(unit))无人值班", "nobody of \(unit) is on duty")
        }
    }

    func decided(
        by rule: PackRoutingRule, _ unit: UnitID, _ worker: WorkerChoice, in compound: PackCompound?, grid: PackGrid?
    ) -> String {
        let because = rule.because.map { ("（\($0)）", " (because \($0))") } ?? ("", "")
        let (place, englishPlace) = place(rule, compound, grid)
        let (who, englishWho) = told(worker)
        let chinese =
            "规则 \(rule.id)：\(words.name(question.category))，\(place) → \(words.name(unit))\(because.0)；\(who)"
        let english = "rule \(rule.id): \(question.category) \(englishPlace) → \(unit)\(because.1); \(englishWho)"
        return joined(chinese, english)
    }

    var undecided: String {
        joined(
            "没有规则可用于\(words.name(question.category))，\(words.name(question.communityId))",
            "no rule fits \(question.category) in \(question.communityId)")
    }

    private func place(_ rule: PackRoutingRule, _ compound: PackCompound?, _ grid: PackGrid?) -> (String, String) {
        guard let grid else { return place(rule, compound) }
        let wall = rule.conditions?.compounds != nil || rule.unitId == nil ? place(rule, compound) : nil
        return (
            "\(wall.map { "\($0.0)、" } ?? "")网格 \(grid.name)",
            "\(wall.map { "\($0.1), " } ?? "")in grid \(grid.id)"
        )
    }

    private func place(_ rule: PackRoutingRule, _ compound: PackCompound?) -> (String, String) {
        if let compound { return ("\(compound.name)内", "inside \(compound.id)") }
        let name = words.name(question.communityId)
        guard rule.conditions?.compounds != nil else { return (name, "in \(question.communityId)") }
        return ("\(name)小区外", "in \(question.communityId) outside compounds")
    }

    private func told(_ worker: WorkerChoice) -> (String, String) {
        guard let person = worker.personId else { return ("此处没有处置人员", "no worker of it serves here") }
        let count = worker.candidates
        let load = worker.openCases
        switch worker.duty {
        case .noRoster: return ("\(count) 人中 \(person) 最少（\(load) 件）", "of \(count), \(person) has fewest (\(load))")
        case .onDuty:
            return ("值班 \(count) 人中 \(person) 最少（\(load) 件）", "of \(count) on duty, \(person) has fewest (\(load))")
        case .nobody:
            return (
                "无人值班，\(count) 人中 \(person) 最少（\(load) 件）",
                "nobody is on duty; of \(count), \(person) has fewest (\(load))"
            )
        }
    }

    private func joined(_ chinese: String, _ english: String) -> String {
        guard !passed.isEmpty else { return "\(chinese) / \(english)" }
        let shown = passed.prefix(Self.mostPassed)
        let more = passed.count - shown.count
        let skipped = shown.map(\.chinese).joined(separator: "、") + (more > 0 ? "等 \(passed.count) 条" : "")
        let englishSkipped = shown.map(\.english).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
        return "\(chinese)；跳过 \(skipped) / \(english); passed over \(englishSkipped)"
    }
}
