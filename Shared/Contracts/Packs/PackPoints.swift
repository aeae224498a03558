/// How points are earned, kept and spent where the pack says so.
package struct PackPoints: Codable, Sendable, Equatable {
    /// Absent where nothing is capped.
    package var caps: PackPointCaps?
    /// How long after a case was closed its points become spendable, in natural days; absent for the reopen window.
    package var releaseDays: Int?
    /// Points expire so many months after they became spendable, at the end of that day; absent for never.
    package var expiryMonths: Int?
    /// How many hundredths of a case's points go to those who joined it, together; absent for 30.
    package var supporterShare: Int?
    /// 用餐高峰: ranges of minutes after midnight in which reports earn no bonus, so that nobody hurries.
    package var mealPeaks: [[Int]]?
    package var bonuses: [PackBonus]?
    package var funders: [PackFunder]?
    package var teams: [PackTeam]?
    package var tasks: [PackTask]?
    /// After a notice a person may object for so many natural days; absent for 15.
    package var objectionDays: Int?
    /// An order waits so many natural days to be picked up; absent for 7.
    package var pickUpDays: Int?
    package var prizes: [PackPrize]?
    package var stations: [PackStation]?
    package var signals: PackSignals?

    package init(_ fill: (inout PackPoints) -> Void = { _ in }) {
        fill(&self)
    }
}

/// The most that one holder may be promised in a day or a month of the pack's calendar; absent for no cap.
package struct PackPointCaps: Codable, Sendable, Equatable {
    package var personDay: Int?
    package var personMonth: Int?
    package var teamDay: Int?
    package var teamMonth: Int?

    package init(_ fill: (inout PackPointCaps) -> Void = { _ in }) {
        fill(&self)
    }
}

/// 奖励活动: more points for a while.
package struct PackBonus: Codable, Sendable, Equatable {
    package let id: String
    package let name: String
    /// The first and the last day, as `2026-12-01`.
    package let from: String
    package let until: String
    /// Empty for all.
    package let categories: [CategoryCode]
    /// Empty for all.
    package let communityIds: [CommunityID]
    /// What comes on top of the rule's points, in whole points.
    package let points: Int

    package init(
        id: String, name: String, from: String, until: String, categories: [CategoryCode],
        communityIds: [CommunityID], points: Int
    ) {
        self.id = id
        self.name = name
        self.from = from
        self.until = until
        self.categories = categories
        self.communityIds = communityIds
        self.points = points
    }
}

/// Who pays for a ledger's points 出资方.
package struct PackFunder: Codable, Sendable, Equatable {
    /// What a funder puts in on a day.
    package struct Budget: Codable, Sendable, Equatable {
        /// From which day on, as `2026-01-01`.
        package let from: String
        package let points: Int

        package init(from: String, points: Int) {
            self.from = from
            self.points = points
        }
    }

    package let id: FunderID
    package let name: String
    package let ledgerId: LedgerID
    /// 授信额度: how far its account may go below zero.
    package let line: Int
    /// In order of their days.
    package let budgets: [Budget]

    package init(id: FunderID, name: String, ledgerId: LedgerID, line: Int, budgets: [Budget]) {
        self.id = id
        self.name = name
        self.ledgerId = ledgerId
        self.line = line
        self.budgets = budgets
    }
}

/// A team that earns and spends together 小哥志愿服务队.
package struct PackTeam: Codable, Sendable, Equatable {
    package let id: TeamID
    package let name: String
    package let ledgerId: LedgerID
    package let leaderId: PersonID
    package let memberIds: [PersonID]

    package init(id: TeamID, name: String, ledgerId: LedgerID, leaderId: PersonID, memberIds: [PersonID]) {
        self.id = id
        self.name = name
        self.ledgerId = ledgerId
        self.leaderId = leaderId
        self.memberIds = memberIds
    }
}

/// A volunteer task 志愿服务项目 and what an hour of it earns.
package struct PackTask: Codable, Sendable, Equatable {
    package let id: String
    package let name: String
    /// Whole points for each full hour; 0 where hours are all that it earns.
    package let pointsPerHour: Int
    /// No more minutes than this of one entry earn points.
    package let mostMinutes: Int

    package init(id: String, name: String, pointsPerHour: Int, mostMinutes: Int) {
        self.id = id
        self.name = name
        self.pointsPerHour = pointsPerHour
        self.mostMinutes = mostMinutes
    }
}

/// A prize 奖品.
package struct PackPrize: Codable, Sendable, Equatable {
    /// What it costs from a day on.
    package struct Price: Codable, Sendable, Equatable {
        /// As `2026-01-01`.
        package let from: String
        package let points: Int

        package init(from: String, points: Int) {
            self.from = from
            self.points = points
        }
    }

    package let id: PrizeID
    package let name: String
    package let englishName: String
    /// In order of their days.
    package let prices: [Price]
    /// A JPEG or PNG of at most 48 KB, in base64; absent where there is none.
    package let photo: String?

    package init(id: PrizeID, name: String, englishName: String, prices: [Price], photo: String?) {
        self.id = id
        self.name = name
        self.englishName = englishName
        self.prices = prices
        self.photo = photo
    }
}

/// A rider station 驿站.
package struct PackStation: Codable, Sendable, Equatable {
    package let id: StationID
    package let name: String
    package let communityId: CommunityID
    package let address: String
    /// When it is open, in words.
    package let hours: String
    /// Who may hand prizes over there.
    package let staffIds: [PersonID]

    package init(
        id: StationID, name: String, communityId: CommunityID, address: String, hours: String, staffIds: [PersonID]
    ) {
        self.id = id
        self.name = name
        self.communityId = communityId
        self.address = address
        self.hours = hours
        self.staffIds = staffIds
    }
}

/// From when on something is odd.
package struct PackSignals: Codable, Sendable, Equatable {
    /// So many reports of one person within 50 m in 30 days; absent for 5.
    package var samePlace: Int?
    /// So many confirmations each way between two people in 30 days; absent for 3.
    package var ring: Int?
    /// So many reports of one person within 10 minutes; absent for 6.
    package var burst: Int?

    package init(_ fill: (inout PackSignals) -> Void = { _ in }) {
        fill(&self)
    }
}
