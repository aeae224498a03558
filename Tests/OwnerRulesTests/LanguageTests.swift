import Contracts
import OwnerRules
import TestSupport
import Testing

private func plain(
    _ id: String = "R1", _ categories: [CategoryCode] = ["E0102"], in communities: [CommunityID] = [],
    kind: ReportKind? = nil, to unit: UnitID? = "sanitation", because: String? = nil,
    _ fill: (inout PackRuleConditions) -> Void = { _ in }
) -> PackRoutingRule {
    let conditions = PackRuleConditions(fill)
    return PackRoutingRule(
        id: id, categories: categories, communityIds: communities, kind: kind, unitId: unit,
        conditions: conditions.isEmpty ? nil : conditions, because: because)
}

extension PackRoutingRule {
    fileprivate var withoutSentence: PackRoutingRule {
        PackRoutingRule(
            id: id, categories: categories, communityIds: communityIds, kind: kind, unitId: unitId,
            conditions: conditions, because: because)
    }
}

private let sentences: [(String, PackRoutingRule)] = [
    ("R1: everything -> sanitation", plain("R1", [])),
    ("R1：全部 → 环卫", plain("R1", [])),
    ("R1: E0102, E0506 -> sanitation", plain("R1", ["E0102", "E0506"])),
    ("R1: E* or P0101 -> sanitation", plain("R1", ["E0102", "E0506", "P0101"])),
    ("R1: \"category e0102\" -> sanitation", plain()),
    ("R1: E0102 in mingdu -> sanitation", plain(in: ["mingdu"])),
    ("R1: E0102, in 名都 or longjiang, -> sanitation", plain(in: ["mingdu", "longjiang"])),
    ("R1: E0102 in unassigned -> sanitation", plain(in: ["unassigned"])),
    ("R1: everything as request -> sanitation", plain("R1", [], kind: .request)),
    ("R1: 全部 属随手拍 -> sanitation", plain("R1", [], kind: .snapshot)),
    (
        "R11: E0102 inside any compound -> the property company, because 小区内由物业负责",
        plain("R11", to: nil, because: "小区内由物业负责") { $0.compounds = .init(isInside: true, ids: []) }
    ),
    (
        "R11：E0102、E0506 位于 任一小区 → 物业公司，因为小区内由物业负责",
        plain("R11", ["E0102", "E0506"], to: nil, because: "小区内由物业负责") {
            $0.compounds = .init(isInside: true, ids: [])
        }
    ),
    (
        "R1: E0102 outside compounds -> sanitation", plain { $0.compounds = .init(isInside: false, ids: []) }
    ),
    (
        "R1: E0102 不在 名都小区 -> sanitation",
        plain { $0.compounds = .init(isInside: false, ids: ["mingdu-compound"]) }
    ),
    ("R1: E0102 in grid G-02 -> sanitation", plain { $0.grids = ["G-02"] }),
    ("R1: E0102 在网格 一网格、G-02 -> 环卫", plain { $0.grids = ["G-01", "G-02"] }),
    (
        "R1: E0102 in mingdu, in grid G-01 or 二网格, inside any compound -> sanitation",
        plain(in: ["mingdu"]) {
            $0.compounds = .init(isInside: true, ids: [])
            $0.grids = ["G-01", "G-02"]
        }
    ),
    ("R1: E0102 during working hours -> sanitation", plain { $0.workingHours = true }),
    ("R1: E0102 非工作时间 -> sanitation", plain { $0.workingHours = false }),
    (
        "R40: E0102 in 名都, at night 22:00-06:00 -> night-watch on duty, because it is dark: 22:00 -> 06:00",
        plain("R40", in: ["mingdu"], to: "night-watch", because: "it is dark: 22:00 -> 06:00") {
            $0.minutes = [1_320, 360]
            $0.onDuty = true
        }
    ),
    (
        "R1: E0102 时段 00:00-24:00 -> 环卫 值班",
        plain {
            $0.minutes = [0, 1_440]
            $0.onDuty = true
        }
    ),
    ("R1: E0102 on monday, 周日 or holidays -> 环卫", plain { $0.days = [.monday, .sunday, .holiday] }),
    ("R1: E0102 逢 工作日、休息日 -> 环卫", plain { $0.days = [.workday, .restDay] }),
    (
        "R1: E0102 while sanitation has fewer than 20 open cases -> \"in\"",
        plain(to: "in") { $0.load = .init(unitId: "sanitation", fewerThan: 20) }
    ),
    ("R1: E0102 当 其 未结少于 3 件 -> 环卫", plain { $0.load = .init(unitId: nil, fewerThan: 3) }),
    (
        "R1: E0102\n  in mingdu\n# for people\n\tas snapshot -> sanitation",
        plain(in: ["mingdu"], kind: .snapshot)
    ),
]

@Test(arguments: sentences)
func `a sentence says a rule`(text: String, expected: PackRoutingRule) throws {
    let rules = try RuleTown.rules(text)

    #expect(rules.map(\.withoutSentence) == [expected])
    #expect(rules.first?.sentence?.hasPrefix("\(expected.id)") == true)
}

private let faults: [(String, RuleFault.Kind, Int, Int, String)] = [
    ("everything -> sanitation", .sentence, 1, 1, "no id"),
    ("R1: -> sanitation", .sentence, 1, 5, "-> is not understood here; write a category, or everything"),
    ("R1: E0102 insid any compound -> sanitation", .sentence, 1, 11, "\"insid\" is not understood here"),
    ("R1: E0102 Exposed -> sanitation", .sentence, 1, 11, "quotation marks"),
    ("R1: E0102 in -> sanitation", .sentence, 1, 14, "write a community"),
    ("R1: E0102 in mingdu, in longjiang -> sanitation", .sentence, 1, 22, "two conditions"),
    ("R1: E0102 inside any compound, outside compounds -> sanitation", .sentence, 1, 32, "two conditions"),
    ("R1: E0102 at 22:00 -> sanitation", .sentence, 1, 14, "22:00-06:00"),
    ("R1: E0102 at 22:00-22:00 -> sanitation", .sentence, 1, 14, "22:00-06:00"),
    ("R1: E0102 at 22:60-23:00 -> sanitation", .sentence, 1, 14, "22:00-06:00"),
    ("R1: E0102 on mondays -> sanitation", .sentence, 1, 14, "monday 周一"),
    ("R1: E0102 while sanitation has fewer than many open cases -> sanitation", .sentence, 1, 43, "whole number"),
    ("R1: E0102 while sanitation has 3 -> sanitation", .sentence, 1, 28, "has fewer than"),
    ("R1: E0102", .sentence, 1, 10, "the end of the rule is not understood here"),
    ("R1: E0102 ->", .sentence, 1, 13, "the property company 物业公司"),
    ("R1: E0102 -> sanitation on monday", .sentence, 1, 25, "because 因为"),
    ("R1: E0102 -> sanitation because", .sentence, 1, 25, "nothing stands behind because"),
    ("R1: E0102 outside compounds -> the property company", .sentence, 1, 32, "no property company"),
    ("R1: \"E0102 -> sanitation", .sentence, 1, 5, "no partner"),
    ("R1: E0102 on duty -> sanitation", .sentence, 1, 11, "\"on\" is not understood here"),
    ("\n\nR1: E9999 -> sanitation", .unknownCategory, 3, 5, "E9999"),
    ("R1: Z* -> sanitation", .unknownCategory, 1, 5, "Z*"),
    ("R1: E0102\n  in mingdo -> sanitation", .unknownCommunity, 2, 6, "mingdo"),
    ("R1: E0102 inside mingdu -> sanitation", .unknownCompound, 1, 18, "compounds.geojson"),
    ("R1: E0102 in grid G-09 -> sanitation", .unknownGrid, 1, 19, "grids.geojson"),
    ("R1: E0102 in grid -> sanitation", .sentence, 1, 19, "write a grid"),
    ("R1: E0102 in grid G-01, in grid G-02 -> sanitation", .sentence, 1, 25, "two conditions of the kind in grid"),
    ("R1: E0102 -> sanitasion", .unknownUnit, 1, 14, "sanitasion"),
    ("R1: E0102 while nobody has fewer than 3 open cases -> sanitation", .unknownUnit, 1, 17, "nobody"),
]

@Test(arguments: faults)
func `what is no rule is told with its place and what to write`(
    text: String, kind: RuleFault.Kind, line: Int, column: Int, says: String
) {
    let found = RuleReading(text, names: RuleNames(RuleTown.pack())).faults

    #expect(found.count == 1)
    #expect(found.first?.kind == kind)
    #expect(found.first.map { [$0.line, $0.column] } == [line, column], "\(found)")
    #expect(found.first?.description.contains(says) == true, "\(found)")
}

@Test func `a name that stands for two things is told, and each fault of a text is`() {
    let names = RuleNames(
        categories: nil, communities: [(id: "a", name: "东社区"), (id: "b", name: "东社区")], compounds: [], units: nil)
    let reading = RuleReading("R1: E1 in 东 -> x\nR2: what\nR3: E1 -> y\n", names: names)

    #expect(reading.faults.map(\.kind) == [.ambiguous, .sentence])
    #expect(reading.faults.first?.problem == "东 stands for a and b")
    #expect(reading.rules.map(\.rule.id) == ["R1", "R3"])
    #expect(reading.rules.map(\.isSound) == [false, true])
    #expect(!reading.isComplete)
}

@Test func `any rule is the same after it was written and read`() throws {
    var random = SeededGenerator()
    let names = RuleNames(RuleTown.pack())
    for number in 0..<2_000 {
        let rule = PackRoutingRule.any("R\(number)", using: &random)

        let reading = RuleReading(rule.written, names: names)

        #expect(reading.faults == [], "\(rule.written)")
        #expect(reading.rules.map(\.rule.withoutSentence) == [rule], "\(rule.written)")
        #expect(reading.rules.first?.rule.sentence == rule.written)
    }
}

@Test func `no text makes the reader stumble`() {
    var random = SeededGenerator()
    let pieces = [
        "R1:", "R2：", "E0102", ",", "，", "、", "->", "→", "in", "grid", "在网格", "在", "inside", "any", "compound", "at",
        "22:00-06:00",
        "on", "duty", "monday", "while", "it", "has", "fewer", "than", "3", "open", "cases", "because", "因为", "\"", "“",
        "」", "the", "property", "company", "or", "\n", "\n  ", "#", "名都", "S*", "*", "-", ">", ":", "\u{FEFF}", "\r\n",
    ]
    for _ in 0..<5_000 {
        let words = (0..<Int.random(in: 0...14, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        let text = words.joined(separator: Bool.random(using: &random) ? " " : "")

        let reading = RuleReading(text, names: RuleNames(RuleTown.pack()))

        #expect(reading.faults.allSatisfy { $0.line >= 1 && $0.column >= 1 }, "\(text)")
    }
}

extension PackRoutingRule {
    /// A rule of the town with anything in it that a rule can have.
    static func any(_ id: String, using random: inout some RandomNumberGenerator) -> PackRoutingRule {
        func some<Value>(_ values: [Value], atMost count: Int, _ random: inout some RandomNumberGenerator) -> [Value] {
            Array(values.shuffled(using: &random).prefix(Int.random(in: 0...count, using: &random)))
        }
        func maybe(_ random: inout some RandomNumberGenerator) -> Bool { Int.random(in: 0..<3, using: &random) == 0 }
        let units = RuleTown.units.map(\.id)
        var conditions = PackRuleConditions()
        let isPropertys = maybe(&random)
        if maybe(&random) {
            conditions.compounds = .init(
                isInside: isPropertys || Bool.random(using: &random),
                ids: some(RuleTown.compounds.map(\.id), atMost: 2, &random))
        }
        let grids = some(RuleTown.grids.map(\.id), atMost: 2, &random)
        if !grids.isEmpty, maybe(&random) { conditions.grids = grids }
        if maybe(&random) { conditions.workingHours = Bool.random(using: &random) }
        if maybe(&random) {
            let from = Int.random(in: 0..<1_440, using: &random)
            let to = Int.random(in: 0...1_440, using: &random)
            conditions.minutes = from == to ? [0, 1_440] : [from, to]
        }
        let days = some(PackRuleConditions.Day.allCases, atMost: 4, &random)
        if !days.isEmpty { conditions.days = days }
        if maybe(&random) {
            conditions.load = .init(
                unitId: Bool.random(using: &random) ? nil : units.randomElement(using: &random),
                fewerThan: Int.random(in: 1...100_000, using: &random))
        }
        if maybe(&random) { conditions.onDuty = true }
        return PackRoutingRule(
            id: id, categories: some(CitySample.categories.map(\.code), atMost: 3, &random),
            communityIds: some(["mingdu", "longjiang", "unassigned"], atMost: 3, &random),
            kind: [nil, .snapshot, .request].randomElement(using: &random) ?? nil,
            unitId: isPropertys ? nil : units.randomElement(using: &random),
            conditions: conditions.isEmpty ? nil : conditions,
            because: maybe(&random) ? ["小区内由物业负责", "on duty -> \"because\" # 3"].randomElement(using: &random) : nil)
    }
}
