import Contracts
import OwnerRules
import TestSupport
import Testing

private let rules = """
    R1: E0102 inside any compound -> the property company, because 小区内由物业负责
    R2: E0506 at 22:00-06:00 -> night-watch on duty
    R3: E0506 during working hours, on workdays, while it has fewer than 3 open cases -> sanitation
    R4: E0506 -> "in"
    R5: P0101 on saturday or holidays -> night-watch
    R6: P0101 in longjiang, outside 老院 -> mingdu-property
    R7: everything as request -> "in"
    R8: E0102 or P0101 -> sanitation
    """

private let cases: [(OwnerQuestion, String?, UnitID?, PersonID?)] = [
    // Inside and outside compounds; the compound of another community is none.
    (RuleTown.question(), "R1", "mingdu-property", "p-1"),
    (RuleTown.question(at: RuleTown.outside), "R8", "sanitation", "s-1"),
    (RuleTown.question(in: "longjiang"), "R8", "sanitation", "s-1"),
    (RuleTown.question(in: .unassigned), "R8", "sanitation", "s-1"),
    // Edges count as inside.
    (RuleTown.question(at: CitySample.townHall), "R1", "mingdu-property", "p-1"),
    // Monday night, and Tuesday morning of the same duty; Tuesday night nobody is on duty.
    (RuleTown.question("E0506", now: RuleTown.night), "R2", "night-watch", "n-1"),
    (RuleTown.question("E0506", now: moment("2026-11-24T05:59:59.999+08:00")), "R2", "night-watch", "n-1"),
    (RuleTown.question("E0506", now: moment("2026-11-24T06:00:00.000+08:00")), "R4", "in", nil),
    (RuleTown.question("E0506", now: moment("2026-11-24T23:30:00.000+08:00")), "R4", "in", nil),
    (RuleTown.question("E0506", now: moment("2026-11-25T00:00:00.000+08:00")), "R2", "night-watch", "n-2"),
    // Working hours begin with their first moment and are over with their last minute.
    (RuleTown.question("E0506"), "R3", "sanitation", "s-1"),
    (RuleTown.question("E0506", now: moment("2026-11-23T08:59:59.999+08:00")), "R4", "in", nil),
    (RuleTown.question("E0506", now: moment("2026-11-23T12:00:00.000+08:00")), "R4", "in", nil),
    (RuleTown.question("E0506", now: moment("2026-10-10T10:00:00.000+08:00")), "R3", "sanitation", "s-1"),
    (RuleTown.question("E0506", now: moment("2026-10-01T10:00:00.000+08:00")), "R4", "in", nil),
    // Saturdays, also worked ones, and holidays.
    (RuleTown.question("P0101", now: moment("2026-10-10T10:00:00.000+08:00")), "R5", "night-watch", "n-1"),
    (RuleTown.question("P0101", now: moment("2026-10-01T10:00:00.000+08:00")), "R5", "night-watch", "n-1"),
    (RuleTown.question("P0101"), "R8", "sanitation", "s-1"),
    (RuleTown.question("P0101", in: "longjiang"), "R8", "sanitation", "s-1"),
    (RuleTown.question("P0101", in: "longjiang", at: RuleTown.outside), "R6", "mingdu-property", "p-2"),
    (RuleTown.question("D0103", kind: .request), "R7", "in", nil),
    (RuleTown.question("unsorted", kind: .request), "R7", "in", nil),
    (RuleTown.question("S0105"), nil, nil, nil),
]

private func moment(_ text: String) -> Timestamp { CitySample.moment(text) }

@Test(arguments: cases)
func `the first rule that fits there and then decides`(
    question: OwnerQuestion, rule: String?, unit: UnitID?, worker: PersonID?
) throws {
    let decision = try RuleTown.owners(rules).decide(question) { _ in 0 }

    #expect(decision.ruleId == rule)
    #expect(decision.unitId == unit)
    #expect(decision.handlerId == worker)
}

@Test func `a grid decides for what lies in it, and the trace names it`() throws {
    let owners = try RuleTown.owners(
        """
        R1: E0102 in grid G-01 -> sanitation
        R2: E0102 in grid 二网格, inside any compound -> the property company
        R3: E0102 -> night-watch
        """)
    func decide(_ place: Location, in community: CommunityID = "mingdu") -> OwnerDecision {
        owners.decide(RuleTown.question(in: community, at: place)) { _ in 0 }
    }

    let south = decide(RuleTown.south)
    #expect(south.ruleId == "R1")
    #expect(south.trace.hasPrefix("规则 R1：类别 E0102，网格 一网格 → 环卫；"))
    #expect(south.trace.contains("rule R1: E0102 in grid G-01 → sanitation; "))
    let north = decide(RuleTown.north)
    #expect(north.ruleId == "R2")
    #expect(north.trace.contains("名都小区内、网格 二网格 → 名都物业"))
    #expect(north.trace.contains("E0102 inside mingdu-compound, in grid G-02 → mingdu-property"))
    // Outside grids, and where a grid of that place belongs to another community.
    #expect(decide(RuleTown.outside).ruleId == "R3")
    #expect(decide(RuleTown.south, in: "longjiang").ruleId == "R3")
    #expect(owners.grid(at: RuleTown.south, in: "mingdu")?.workerId == "p-1")
    #expect(owners.grid(at: RuleTown.south, in: "longjiang")?.id == "G-03")
    #expect(owners.grid(at: RuleTown.outside, in: "mingdu") == nil)
    let verdicts = owners.explain(RuleTown.question(at: RuleTown.outside))
    #expect(verdicts.map(\.verdict).first == "another grid 网格不符")
}

@Test func `a busy unit hands on to the next rule, and the trace says so`() throws {
    let owners = try RuleTown.owners(rules)
    func decide(_ load: [PersonID: Int]) -> OwnerDecision {
        owners.decide(RuleTown.question("E0506")) { load[$0] ?? 0 }
    }

    #expect(decide(["s-1": 2]).handlerId == "s-2")
    let full = decide(["s-1": 2, "s-2": 1])
    #expect(full.ruleId == "R4")
    #expect(
        full.trace == "规则 R4：类别 E0506，名都 → 市政；此处没有处置人员；跳过 R3（环卫已有 3 件在办） / "
            + "rule R4: E0506 in mingdu → in; no worker of it serves here; passed over R3 (sanitation has 3 open cases)"
    )
}

@Test func `a decision is told in Chinese and English`() throws {
    let owners = try RuleTown.owners(rules)

    let inside = owners.decide(RuleTown.question()) { $0 == "p-1" ? 3 : 2 }
    #expect(
        inside.trace == "规则 R1：类别 E0102，名都小区内 → 名都物业（小区内由物业负责）；2 人中 p-2 最少（2 件） / "
            + "rule R1: E0102 inside mingdu-compound → mingdu-property (because 小区内由物业负责); "
            + "of 2, p-2 has fewest (2)")
    let night = owners.decide(RuleTown.question("E0506", now: RuleTown.night)) { _ in 1 }
    #expect(night.trace.hasPrefix("规则 R2：类别 E0506，名都 → 城管夜班；值班 1 人中 n-1 最少（1 件） / "))
    let later = owners.decide(RuleTown.question("E0506", now: moment("2026-11-24T23:00:00+08:00"))) { _ in 0 }
    #expect(later.trace.contains("跳过 R2（城管夜班无人值班） / "))
    #expect(later.trace.hasSuffix("passed over R2 (nobody of night-watch is on duty)"))
    #expect(
        owners.decide(RuleTown.question("S0105")) { _ in 0 }.trace
            == "没有规则可用于类别 S0105，名都 / no rule fits S0105 in mingdu")
}

@Test func `a compound without property company hands on, and a roster without anybody on it does not stop a rule`()
    throws
{
    let owners = try RuleTown.owners(
        "R1: E0102 inside any compound -> the property company\nR2: everything -> night-watch")

    let yard = owners.decide(RuleTown.question(in: "longjiang")) { _ in 0 }
    #expect(yard.ruleId == "R2")
    #expect(yard.trace.contains("跳过 R1（此处没有物业）"))
    #expect(yard.trace.contains("无人值班，2 人中 n-1 最少（0 件）"))
    #expect(
        owners.worker(of: "night-watch", in: "mingdu", at: RuleTown.night) { $0 == "n-1" ? 9 : 0 }.personId == "n-1")
    #expect(owners.isWorker("n-1", of: "night-watch"))
    #expect(!owners.isWorker("n-1", of: "sanitation"))
}

@Test func `an explanation goes down to the rule that decides and says why none before it does`() throws {
    let owners = try RuleTown.owners(rules)

    let verdicts = owners.explain(RuleTown.question("E0506", now: moment("2026-11-24T23:00:00+08:00")))

    #expect(verdicts.map(\.rule.id) == ["R2", "R3", "R4"])
    try #require(verdicts.count == 3)
    #expect(verdicts[0].verdict.contains("nobody of night-watch is on duty"))
    #expect(verdicts[1].verdict.contains("hours"))
    #expect(verdicts[2].verdict == "decides 决定: in")
}

@Test func `two layouts of one pack always decide the same, and what is explained is what is decided`() throws {
    var random = SeededGenerator()
    let moments = (0..<50).map { _ in
        CitySample.monday.adding(milliseconds: Int64.random(in: 0...(14 * 86_400_000), using: &random))
    }
    for round in 0..<200 {
        let pack = RuleTown.pack((0..<6).map { PackRoutingRule.any("R\($0)", using: &random) })
        let (first, second) = (
            OwnerRules(pack), OwnerRules(try ContractCoding.decode(Pack.self, from: ContractCoding.encode(pack)))
        )
        for moment in moments {
            let question = RuleTown.question(
                CitySample.categories.randomElement(using: &random)?.code ?? "E0102",
                in: ["mingdu", "longjiang", .unassigned].randomElement(using: &random) ?? "mingdu",
                at: Bool.random(using: &random) ? RuleTown.inside : RuleTown.outside,
                kind: Bool.random(using: &random) ? .snapshot : .request, now: moment)

            let decision = first.decide(question) { _ in 0 }

            #expect(second.decide(question) { _ in 0 } == decision, "round \(round)")
            #expect(first.explain(question).last { $0.verdict.hasPrefix("decides") }?.rule.id == decision.ruleId)
        }
    }
}
