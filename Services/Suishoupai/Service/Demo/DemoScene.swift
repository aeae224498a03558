import Contracts
import ServiceKit

/// One sighting: who, what, where, and what becomes of it.
struct DemoScene: Sendable {
    let rider: String
    let words: String
    let category: CategoryCode
    let community: Int
    /// From the middle of the community, in 1e-7 degrees.
    let offset: (latitude: Int, longitude: Int)
    let course: [Act]
    var kind = ReportKind.snapshot
    /// Somebody else who saw the same a few metres away.
    var also: String?

    /// A step that staff take, and what is told of it then.
    struct Act: Sendable {
        let action: CityClient.Action
        let by: Role
        /// `{who}` is whoever took it; of a dispatch, whom it went to.
        var told: String?

        init(_ action: CaseAction, by role: Role, reason: String? = nil, agrees: Bool? = nil, told: String? = nil) {
            self.action = CityClient.Action(action: action, reason: reason, agrees: agrees)
            by = role
            self.told = told
        }
    }

    static let morning = [
        DemoScene(
            rider: "rider-yu", words: "3 栋门口垃圾堆了一地，没人收", category: "E0102", community: 0, offset: (0, 0),
            course: closed, also: "rider-li"),
        DemoScene(
            rider: "rider-chen", words: "电动车把盲道占满了", category: "E0506", community: 1, offset: (2_000, 1_000),
            course: returnedThenClosed),
        DemoScene(
            rider: "rider-wang", words: "消防通道停了一辆面包车", category: "S0101", community: 2, offset: (-1_500, 800),
            course: checkedTwice),
        DemoScene(
            rider: "rider-zhao", words: "井盖缺了一角，骑车很危险", category: "P0101", community: 3, offset: (900, -1_200),
            course: closed, also: "rider-yu"),
        DemoScene(
            rider: "rider-liu", words: "路灯不亮", category: "P0118", community: 0, offset: (9_000, 6_000),
            course: underWay),
        DemoScene(
            rider: "rider-sun", words: "看着像乱停车，其实是在卸货", category: "E0505", community: 3,
            offset: (-8_000, 5_000), course: refused),
        DemoScene(
            rider: "rider-zhou", words: "驿站的充电口坏了两个", category: "D0201", community: 3, offset: (3_000, 3_000),
            course: closed, kind: .request),
        DemoScene(
            rider: "rider-wu", words: "健身器材松动，孩子在上面玩", category: "P0126", community: 1,
            offset: (-6_000, -4_000), course: underWay),
    ]

    // MARK: - What becomes of a case

    private static let underWay = [
        Act(.file, by: .dispatcher), Act(.dispatch, by: .dispatcher, told: "filed 立案, dispatched 派遣 to {who}"),
    ]
    private static let end = [
        Act(.handle, by: .worker, reason: "已到现场处置完毕"),
        Act(.verify, by: .verifier, agrees: true, told: "handled 处置, checked by {who} 核查, closed 结案"),
    ]
    private static let closed = underWay + end
    private static let returnedThenClosed =
        underWay + [
            Act(.return, by: .worker, reason: "不在本单位责任区"),
            Act(.dispatch, by: .dispatcher, told: "returned with a reason, dispatched again"),
        ] + end
    private static let checkedTwice =
        underWay + [
            Act(.handle, by: .worker, reason: "已到现场处置完毕"),
            Act(
                .verify, by: .verifier, reason: "车还在，没有挪走", agrees: false,
                told: "{who} looked and disagreed 返工; handled again"),
        ] + end
    private static let refused = [
        Act(
            .refuse, by: .dispatcher, reason: "现场核实为临时卸货，不予立案",
            told: "{who} looked: not filed 不予立案, with the reason")
    ]
}
