import PackFolder

private let funder = """
    funders:
      - funder: gaoxin-street
        name: 高新区街道
        ledger: nanchang
        line: 2000000
        budgets:
          - { from: 2026-01-01, points: 1000000 }
          - { from: 2027-01-01, points: 1000000 }

    """

extension Mutation {
    /// Spoilt lines of `points.yaml` and `teams.csv`.
    static let points: [Mutation] = [
        Mutation(
            .negativeCap, .replace(.points, "personDay: 50", with: "personDay: -1"), in: .points, at: .line(22),
            says: "-1"),
        Mutation(.badPoints, .replace(.points, "points: 5", with: "points: 0"), in: .points, at: .line(18), says: "P3"),
        Mutation(
            .badValue, .replace(.points, "releaseDays: 0", with: "releaseDays: 900"), in: .points, at: .line(29),
            says: "from 0 to 365"),
        Mutation(
            .badValue, .replace(.points, "[\"11:00-13:00\"", with: "[\"11-13\""), in: .points, at: .line(36),
            says: "mealPeaks"),
        Mutation(
            .badValue, .replace(.points, "from: 2026-12-01", with: "from: soon"), in: .points, at: .line(41),
            says: "write a day as 2026-01-01"),
        Mutation(
            .badValue, .replace(.points, "until: 2027-02-28", with: "until: 2026-02-28"), in: .points, at: .line(42),
            says: "ends on 2026-02-28"),
        Mutation(
            .badValue, .replace(.points, "    teamPoints: 2\n", with: "    teamPoints: 2\n    until: 2026-13-01\n"),
            in: .points, at: .line(10), says: "2026-13-01"),
        Mutation(
            .missingValue, .replace(.points, "from: 2027-01-01, points", with: "points"), in: .points, at: .line(54),
            says: "from is missing"),
        Mutation(
            .duplicate, .replace(.points, "from: 2027-01-01", with: "from: 2026-01-01"), in: .points, at: .line(54),
            says: "the budget of 2026-01-01"),
        Mutation(
            .duplicate, .replace(.points, "task: elder-meals", with: "task: night-patrol"), in: .points,
            at: .line(66), says: "night-patrol"),
        Mutation(
            .unknownKey, .replace(.points, "ring: 3", with: "rings: 3"), in: .points, at: .line(72), says: "rings"),
        Mutation(
            .pointsWithoutFunder, .replace(.points, funder, with: ""), in: .points,
            says: "nobody funds the ledger nanchang"),
        Mutation(
            .budgetBeyondLine, .replace(.points, "line: 2000000", with: "line: 1500000"), in: .points, at: .line(48),
            says: "gaoxin-street"),
        Mutation(
            .unknownLedger, .replace(.teams, "名都小哥志愿服务队,nanchang", with: "名都小哥志愿服务队,east"), in: .teams,
            at: .row(2), says: "east"),
        Mutation(
            .missingValue, .replace(.teams, "nanchang,rider-lead-wuyue", with: "nanchang,"), in: .teams, at: .row(3),
            says: "leader"),
        Mutation(
            .memberOfTwoTeams, .replace(.teams, "rider-4;", with: "rider-1;"), in: .teams, at: .row(3),
            says: "rider-1 is in riders-mingdu and in riders-wuyue"),
    ]
}
