import Contracts
import PointRules
import Testing

private func ruleId(
    _ rules: [PackPointRule], _ reference: CaseReference, at time: Timestamp = .morning
) throws -> String? {
    var books = SampleBooks()
    return try books.observe(.sample(.filed, of: reference, at: time), .sample(rules: rules))?.moves.first?.event.ruleId
}

@Test func `the first rule that fits decides, by category and kind`() throws {
    let rules = [
        PackPointRule(id: "lights", name: "路灯", categories: ["C0101"], kind: nil, points: 30),
        PackPointRule(id: "rubbish", name: "垃圾", categories: ["E0102", "E0103"], kind: nil, points: 20),
        PackPointRule(id: "any", name: "其他", categories: [], kind: nil, points: 1),
    ]

    #expect(try ruleId(rules, .sample(category: "C0101")) == "lights")
    #expect(try ruleId(rules, .sample(category: "E0103")) == "rubbish")
    #expect(try ruleId(rules, .sample(category: "X9999")) == "any")
}

@Test(arguments: [
    ("2026-11-22T23:59:59+08:00", "always"), ("2026-11-23T00:00:00+08:00", "week"),
    ("2026-11-29T23:59:59.999+08:00", "week"), ("2026-11-30T00:00:00+08:00", "always"),
])
func `a rule with days decides on those days of filing, by the pack's calendar`(time: String, rule: String) throws {
    let rules = [
        PackPointRule(
            id: "week", name: "一周", categories: [], kind: nil, points: 9, from: "2026-11-23", until: "2026-11-29"),
        PackPointRule(id: "always", name: "平时", categories: [], kind: nil, points: 1),
    ]

    #expect(try ruleId(rules, .sample(), at: try #require(Timestamp(time))) == rule)
}

@Test(arguments: [(-1, "2026-11-23"), (0, "2026-11-24")])
func `the cap's day is the pack's, by the time of the filing`(milliseconds: Int64, day: String) throws {
    let midnight = try #require(Timestamp("2026-11-24T00:00:00+08:00"))
    var books = SampleBooks()

    try books.observe(.sample(.filed, at: midnight.adding(milliseconds: milliseconds)))

    #expect(Set(books.used.keys.map(\.period)) == [day, "2026-11"])
}

private let winter = PackBonus(
    id: "winter", name: "冬季行动", from: "2026-11-23", until: "2026-11-23", categories: ["E0102"],
    communityIds: ["mingdu"],
    points: 5)

private func bonus(_ reference: CaseReference = .sample(), sent: String) throws -> PointsMoved? {
    let pack = Pack.sample {
        $0.bonuses = [winter]
        $0.mealPeaks = [[660, 780], [1_020, 1_140]]
    }
    var books = SampleBooks()
    try books.observe(.opened(reference, at: try #require(Timestamp(sent))), pack)
    // Filed a day later: who reports cannot choose when.
    return try books.observe(.sample(.filed, of: reference, at: .morning.days(1)), pack)?.moves.first?.event
}

@Test func `a bonus comes on top for what was sent on its days, in its categories and communities`() throws {
    let event = try bonus(sent: "2026-11-23T10:59:59+08:00")

    #expect(event?.points == 15)
    #expect(event?.explanation.contains("立案，规则 10 分，活动「冬季行动」加 5 分，共 15 分，得 15 分，结案后可用") == true)
    #expect(
        event?.explanationInEnglish?.contains(
            "was filed; 10 points by the rule, 5 more for the campaign “冬季行动”, 15 points in all, 15 points, to be spent"
        )
            == true)
    #expect(try bonus(sent: "2026-11-22T10:00:00+08:00")?.points == 10)
    #expect(try bonus(.sample(category: "E0103"), sent: "2026-11-23T10:00:00+08:00")?.points == 10)
}

@Test(arguments: [("11:00:00", 10), ("12:59:59", 10), ("13:00:00", 15), ("18:00:00", 10)])
func `what is sent at a meal peak earns no bonus, so that nobody hurries`(time: String, points: Int) throws {
    let event = try bonus(sent: "2026-11-23T\(time)+08:00")

    #expect(event?.points == points)
    #expect(event?.explanation.contains("用餐高峰时段上报不加奖励分") == (points == 10))
}

@Test func `a report sent while moving fast earns nothing and says why`() throws {
    var books = SampleBooks()

    try books.observe(.opened(signals: ["moving-fast"]))
    let event = try books.observe(.sample(.filed))?.moves.first?.event

    #expect(event?.step == .capped)
    #expect(event?.explanation.hasSuffix("应得 10 分；上报时设备移动过快，为骑行安全本次不计分。") == true)
    #expect(books.pending("rider-1") == 0)
}

@Test func `a second report that was sent standing earns what the first did not`() throws {
    var books = SampleBooks()
    try books.observe(.opened(signals: ["moving-fast"]))
    try books.observe(.joined(.sample()))

    try books.observe(.sample(.filed))

    #expect(books.pending("rider-1") == 10)
}

@Test func `the first reporter's team earns on top, within its own caps`() throws {
    let rule = PackPointRule(id: "r", name: "随手拍", categories: [], kind: nil, points: 10, teamPoints: 4)
    let team = Earner.team("riders")
    let pack = Pack.sample(rules: [rule]) {
        $0.caps = PackPointCaps { $0.teamDay = 6 }
        $0.teams = [
            PackTeam(
                id: "riders", name: "小哥队", ledgerId: "nanchang", leaderId: "rider-1", memberIds: ["rider-1"])
        ]
    }
    var books = SampleBooks()

    try books.observe(.sample(.filed), pack)
    let second = try #require(try books.observe(.sample(.filed, of: .sample("case-2")), pack))
    try books.observe(.sample(.filed, of: .sample("case-3", reporters: ["rider-9"])), pack)

    #expect(books.pending[.team("riders")] == 6)
    #expect(second.moves.map(\.event.teamId) == [nil, "riders"])
    #expect(second.moves.last?.event.explanation.contains("首报人的团队应得 4 分；团队当日上限 6 分，此前已得 4 分，只计余下的 2 分") == true)
    try books.observe(.sample(.refused), pack)
    #expect(books.pending[team] == 2)
    #expect(books.pending("rider-9") == 10)
}
