import Contracts
import Portal
import TestSupport

/// Cases of a large town, the same in every run.
struct TownOfCases: Sendable {
    private static let newest = CitySample.moment("2026-11-23T12:00:00.000+08:00")
    private static let communities = 40
    private static let categories = 60
    private static let units = 200
    private static let handlers = 2_000
    private static let nouns = [
        "垃圾", "电梯", "车位", "电动车", "路灯", "井盖", "树木", "漏水", "噪音", "油烟", "围墙", "共享单车", "污水", "积水", "小广告",
        "消防通道", "楼道杂物", "绿化带", "监控", "门禁",
    ]
    private static let verbs = ["堆放", "损坏", "占用", "无人清理", "影响通行", "需要维修", "已经三天", "反映多次", "存在安全隐患", "晚上太暗"]

    let count: Int

    func state(_ number: Int) -> Envelope<CaseState> {
        var dice = Dice(UInt64(number))
        let community = dice.unequal(Self.communities)
        let category = dice.unequal(Self.categories)
        let unit = dice.below(Self.units)
        // One in twenty is open, and these are among the newest.
        let isOpen = number >= count * 9 / 10 && dice.below(2) == 0
        let stage: CaseStage =
            isOpen
            ? [.opened, .filed, .dispatched, .dispatched, .handled, .waiting][dice.below(6)]
            : dice.below(50) == 0 ? [.refused, .transferred, .cancelled, .merged][dice.below(4)] : .closed
        let opened = Self.newest.adding(milliseconds: Int64(number - count) * 60_000)
        let hasUnit = stage != .opened
        let id = CaseID("0198-\(number &* 7_919 % max(count, 1))-\(number)")
        let state = CaseState(
            caseId: id, version: 1, caseNumber: "MD-2026-\(number)",
            communityId: CommunityID("community-\(community)"), ledgerId: "gaoxin",
            kind: dice.below(20) == 0 ? .request : .snapshot, category: CategoryCode("E\(1_000 + category)"),
            stage: stage, description: Self.words(&dice, category),
            address: "高新大道 \(number % 300) 号 \(number % 30) 栋", location: CitySample.townHall,
            reportIds: [ReportID("report-\(number)")], reporterIds: [PersonID("rider-\(dice.below(20_000))")],
            ownerUnitId: hasUnit ? UnitID("unit-\(unit)") : nil,
            handlerId: hasUnit ? PersonID("worker-\(dice.below(Self.handlers))") : nil, submittedAt: opened,
            openedAt: opened,
            deadline: dice.below(10) == 0 ? nil : opened.adding(milliseconds: Int64(dice.below(20)) * 43_200_000),
            isOverdue: dice.below(10) == 0, closedAt: stage == .closed ? opened.adding(milliseconds: 86_400_000) : nil,
            reworks: 0, returns: 0, reopens: 0, flagged: isOpen && dice.below(20) == 0 ? "没有责任单位" : nil,
            ended: !isOpen, gridId: GridID("grid-\(community)-\(unit % 9)"))
        return Envelope(
            state, id: MessageID(namespace: .suishoupai, name: "town \(number)"), source: "/benchmark", time: opened)
    }

    /// What the console asks for, with common, rare and unknown values.
    var filters: [(String, [CaseFilter])] {
        func each<Value>(_ values: [Value], _ change: (inout CaseFilter, Value) -> Void) -> [CaseFilter] {
            values.map { value in
                var filter = CaseFilter.all
                filter.searchesHidden = true
                change(&filter, value)
                return filter
            }
        }
        let communities = ["community-1", "community-30", "nowhere"]
        let categories = ["E1001", "E1040", "E9"]
        let texts = ["垃圾", "电动车", "车", "高新大道", "没有的话", "MD-2026-12", "md", "垃圾 路灯"]
        let moments = [-1, 1, 30].map { Self.newest.adding(milliseconds: $0 * 86_400_000) }
        let stages: [CaseStage] = [.closed, .dispatched, .refused, .parked]
        return [
            ("none", each([0]) { _, _ in }),
            ("open", each([true, false]) { $0.isOpen = $1 }),
            ("stage", each(stages) { $0.stages = [$1] }),
            ("community", each(communities) { $0.communityId = $1 }),
            ("grid", each(["grid-1-3", "grid-39-8", "x"]) { $0.gridId = $1 }),
            ("category", each(categories) { $0.category = $1 }),
            ("unit", each(["unit-1", "x"]) { $0.ownerUnitId = $1 }),
            ("handler", each(["worker-1", "x"]) { $0.handlerId = $1 }),
            ("overdue", each([true, false]) { $0.isOverdue = $1 }),
            ("kind", each([ReportKind.request, .snapshot]) { $0.kind = $1 }),
            ("flagged", each([true]) { $0.isFlagged = $1 }),
            ("reporter", each(["rider-7"]) { $0.reporter = [$1] }),
            ("due before", each(moments) { $0.dueBefore = $1 }),
            (
                "opened before a year ago",
                each([-365]) { $0.openedBefore = Self.newest.adding(milliseconds: $1 * 86_400_000) }
            ),
            ("open, by deadline", each([true]) { ($0.isOpen, $0.order) = ($1, .deadline) }),
            ("all, by deadline", each([0]) { filter, _ in filter.order = .deadline }),
            ("closed, by deadline", each([false]) { ($0.isOpen, $0.order) = ($1, .deadline) }),
            (
                "open of community, by deadline",
                each(communities) { ($0.isOpen, $0.communityId, $0.order) = (true, $1, .deadline) }
            ),
            (
                "open of unit and category, overdue, by deadline",
                each(["unit-1", "x"]) {
                    ($0.isOpen, $0.ownerUnitId, $0.category, $0.isOverdue, $0.order) = (
                        true, $1, "E1001", true, .deadline
                    )
                }
            ),
            (
                "due before, of community, by deadline",
                each(communities) {
                    ($0.dueBefore, $0.communityId, $0.order) = (Self.newest, $1, .deadline)
                }
            ),
            ("community and stage", each(stages) { ($0.communityId, $0.stages) = ("community-1", [$1]) }),
            ("community and category", each(categories) { ($0.communityId, $0.category) = ("community-1", $1) }),
            (
                "refused ones of a unit and category",
                each(categories) {
                    ($0.ownerUnitId, $0.category, $0.stages) = ("unit-1", $1, [.refused])
                }
            ),
            (
                "closed, overdue requests of a community",
                each(communities) {
                    ($0.communityId, $0.stages, $0.isOverdue, $0.kind) = ($1, [.closed], true, .request)
                }
            ),
            (
                "closed, overdue requests",
                each([true]) { ($0.stages, $0.isOverdue, $0.kind) = ([.closed], $1, .request) }
            ),
            ("handler and category", each(categories) { ($0.handlerId, $0.category) = ("worker-1", $1) }),
            ("text", each(texts) { $0.text = $1 }),
            ("text, open", each(texts) { ($0.text, $0.isOpen) = ($1, true) }),
            ("text, open, by deadline", each(texts) { ($0.text, $0.isOpen, $0.order) = ($1, true, .deadline) }),
            ("text of community", each(texts) { ($0.text, $0.communityId) = ($1, "community-1") }),
            (
                "text of unit and category",
                each(texts) { ($0.text, $0.ownerUnitId, $0.category) = ($1, "unit-1", "E1001") }
            ),
            ("text, refused", each(texts) { ($0.text, $0.stages) = ($1, [.refused]) }),
            ("text of nowhere", each(texts) { ($0.text, $0.communityId) = ($1, "nowhere") }),
        ]
    }

    private static func words(_ dice: inout Dice, _ category: Int) -> String {
        let filler = (0..<12).compactMap { _ in Unicode.Scalar(UInt32(0x4E00 + dice.below(400) * 7)) }.map(
            Character.init)
        return verbs[dice.below(10)] + nouns[category % 20] + String(filler) + verbs[dice.below(10)] + ","
            + nouns[dice.below(20)]
    }
}

/// Numbers that depend on nothing but what they begin with (splitmix64).
private struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func below(_ end: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(end))
    }

    /// Small numbers far more often than large ones.
    mutating func unequal(_ end: Int) -> Int {
        let share = Double(below(1_000_000)) / 1_000_000
        return min(Int(share * share * share * Double(end)), end - 1)
    }
}
