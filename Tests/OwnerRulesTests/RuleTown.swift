import Contracts
import OwnerRules
import TestSupport

/// A town with a compound, a roster and units of several kinds, for tests of owner rules.
enum RuleTown {
    static let night = CitySample.moment("2026-11-23T23:30:00.000+08:00")
    static let square = [[[286_829_000, 1_158_582_000, 0, 10_000, 10_000, 0, 0, -10_000]]]
    static let inside = CitySample.townHall.north(5_000).east(5_000)
    static let outside = CitySample.townHall.north(-5_000)

    static let units = [
        PackUnit(id: "mingdu-property", name: "名都物业"), PackUnit(id: "sanitation", name: "环卫"),
        PackUnit(id: "night-watch", name: "城管夜班"), PackUnit(id: "in", name: "市政"),
    ]

    static let people = [
        CitySample.worker("p-1", of: "mingdu-property", in: ["mingdu"]),
        CitySample.worker("p-2", of: "mingdu-property", in: []),
        CitySample.worker("s-1", of: "sanitation", in: []), CitySample.worker("s-2", of: "sanitation", in: []),
        CitySample.worker("n-1", of: "night-watch", in: []), CitySample.worker("n-2", of: "night-watch", in: []),
    ]

    static let compounds = [
        PackCompound(
            id: "mingdu-compound", name: "名都小区", communityId: "mingdu", propertyUnitId: "mingdu-property",
            outline: square),
        PackCompound(
            id: "old-yard", name: "老院", communityId: "longjiang", propertyUnitId: nil, outline: square),
    ]

    /// The southern half of the square, and its northern half; both communities draw the same.
    static let grids = [
        PackGrid(
            id: "G-01", name: "一网格", communityId: "mingdu", workerId: "p-1",
            outline: [[[286_829_000, 1_158_582_000, 0, 10_000, 5_000, 0, 0, -10_000]]]),
        PackGrid(
            id: "G-02", name: "二网格", communityId: "mingdu", workerId: nil,
            outline: [[[286_834_000, 1_158_582_000, 0, 10_000, 5_000, 0, 0, -10_000]]]),
        PackGrid(id: "G-03", name: "龙江网格", communityId: "longjiang", workerId: nil, outline: square),
    ]
    static let south = CitySample.townHall.north(2_000).east(5_000)
    static let north = CitySample.townHall.north(8_000).east(5_000)

    static let duties = [
        PackDuty(personId: "n-1", day: "monday", minutes: [1_320, 1_800]),
        PackDuty(personId: "n-2", day: "2026-11-25", minutes: [0, 1_440]),
    ]

    static func pack(_ rules: [PackRoutingRule] = []) -> Pack {
        let city = CitySample.pack()
        return Pack(
            name: city.name, title: city.title, version: 1, calendar: city.calendar, communities: city.communities,
            units: units, people: people, categories: city.categories, routingRules: rules, pointRules: [],
            templates: [], webhooks: [], mergeDistance: 5_000, compounds: compounds, duties: duties, grids: grids)
    }

    /// The rules of a text that has no faults.
    static func rules(_ text: String) throws -> [PackRoutingRule] {
        let reading = RuleReading(text, names: RuleNames(pack()))
        guard reading.faults.isEmpty else { throw Faulty(faults: reading.faults) }
        return reading.rules.map(\.rule)
    }

    static func owners(_ text: String) throws -> OwnerRules { OwnerRules(pack(try rules(text))) }

    static func question(
        _ category: CategoryCode = "E0102", in community: CommunityID = "mingdu", at location: Location = inside,
        kind: ReportKind = .snapshot, now: Timestamp = CitySample.monday
    ) -> OwnerQuestion {
        OwnerQuestion(category: category, communityId: community, location: location, kind: kind, now: now)
    }

    struct Faulty: Error {
        let faults: [RuleFault]
    }
}
