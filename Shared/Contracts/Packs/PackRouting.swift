/// One of the owner rules: who answers for which categories, where and when.
///
/// What is empty or absent fits everything. People write it as a sentence: docs/packs.md tells the language.
package struct PackRoutingRule: Codable, Sendable, Equatable {
    package let id: String
    package let categories: [CategoryCode]
    package let communityIds: [CommunityID]
    package let kind: ReportKind?
    /// Absent for the property company 物业 of the compound that the place lies in.
    package let unitId: UnitID?
    /// Absent where there are no further ones.
    package let conditions: PackRuleConditions?
    /// Why, in the words of the rule's author.
    package let because: String?
    /// The rule as its author wrote it; absent where no person did.
    package let sentence: String?

    package init(
        id: String, categories: [CategoryCode], communityIds: [CommunityID], kind: ReportKind?, unitId: UnitID?,
        conditions: PackRuleConditions? = nil, because: String? = nil, sentence: String? = nil
    ) {
        self.id = id
        self.categories = categories
        self.communityIds = communityIds
        self.kind = kind
        self.unitId = unitId
        self.conditions = conditions
        self.because = because
        self.sentence = sentence
    }
}

/// What else must hold for an owner rule to decide.
package struct PackRuleConditions: Codable, Sendable, Equatable {
    /// Inside or outside compounds 小区.
    package struct Compounds: Codable, Sendable, Equatable {
        package let isInside: Bool
        /// Empty for any.
        package let ids: [String]

        package init(isInside: Bool, ids: [String]) {
            self.isInside = isInside
            self.ids = ids
        }
    }

    /// A kind of day, by the pack's calendar.
    package enum Day: String, Codable, Sendable, CaseIterable {
        case monday
        case tuesday
        case wednesday
        case thursday
        case friday
        case saturday
        case sunday
        /// 工作日: also a weekend day that is worked in exchange.
        case workday
        /// 休息日: weekends and holidays.
        case restDay = "rest-day"
        /// 节假日: what the pack lists as a holiday.
        case holiday
    }

    /// As long as a unit's workers have fewer open cases together.
    package struct Load: Codable, Sendable, Equatable {
        /// Absent for the owner whom the rule names.
        package let unitId: UnitID?
        package let fewerThan: Int

        package init(unitId: UnitID?, fewerThan: Int) {
            self.unitId = unitId
            self.fewerThan = fewerThan
        }
    }

    package var compounds: Compounds?
    /// In one of these grids 网格.
    package var grids: [GridID]?
    /// True for during, false for outside the calendar's working hours.
    package var workingHours: Bool?
    /// Minutes after midnight, `[from, to]`, the end not included; past midnight where the end is not later.
    package var minutes: [Int]?
    /// One of them must be the day of the moment.
    package var days: [Day]?
    package var load: Load?
    /// True where somebody of the unit must be on duty 值班.
    package var onDuty: Bool?

    package init(_ fill: (inout PackRuleConditions) -> Void = { _ in }) {
        fill(&self)
    }

    package var isEmpty: Bool { self == PackRuleConditions() }
}
