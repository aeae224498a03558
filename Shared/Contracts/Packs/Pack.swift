package import Foundation

/// A city's reference data: communities, units, people's posts, categories and rules, as they travel through the log.
///
/// Made from a folder of GeoJSON, YAML and CSV by the operator's command, and identified by the hash of its bytes.
package struct Pack: Codable, Sendable, Equatable {
    package let name: String
    package let title: String
    package let version: Int
    package let calendar: PackCalendar
    package let communities: [PackCommunity]
    package let units: [PackUnit]
    package let people: [PackPerson]
    package let categories: [PackCategory]
    /// In order: the first rule that fits decides the owner.
    package let routingRules: [PackRoutingRule]
    package let pointRules: [PackPointRule]
    package let templates: [PackTemplate]
    package let webhooks: [PackWebhook]
    /// Reports of one category closer than this, in whole centimetres, are one case.
    package let mergeDistance: Int
    /// Absent in packs from before there were any.
    package let emergencies: [PackEmergency]?
    /// In the order in which they are asked; absent where there are none.
    package let questions: [PackQuestion]?
    /// Absent where there are none.
    package let landmarks: [PackLandmark]?
    /// Absent where everything is as it stands in `PackLoop`.
    package let loop: PackLoop?
    /// Absent where there are none.
    package let compounds: [PackCompound]?
    /// Absent where nobody keeps a roster: everybody is on duty then.
    package let duties: [PackDuty]?
    /// Absent where nearness alone counts.
    package let matching: PackMatching?
    package let rates: PackRates?
    /// Absent where points are only promised and released.
    package let points: PackPoints?
    /// Absent where there are none.
    package let grids: [PackGrid]?
    /// Absent where everything is as it stands in `PackNotifications`.
    package let notifications: PackNotifications?
    /// 关爱服务清单; absent where there is none.
    package let care: [PackCareItem]?

    package init(
        name: String, title: String, version: Int, calendar: PackCalendar, communities: [PackCommunity],
        units: [PackUnit], people: [PackPerson], categories: [PackCategory], routingRules: [PackRoutingRule],
        pointRules: [PackPointRule], templates: [PackTemplate], webhooks: [PackWebhook],
        mergeDistance: Int, emergencies: [PackEmergency]? = nil, questions: [PackQuestion]? = nil,
        landmarks: [PackLandmark]? = nil, loop: PackLoop? = nil, compounds: [PackCompound]? = nil,
        duties: [PackDuty]? = nil, matching: PackMatching? = nil, rates: PackRates? = nil,
        points: PackPoints? = nil, grids: [PackGrid]? = nil, notifications: PackNotifications? = nil,
        care: [PackCareItem]? = nil
    ) {
        self.name = name
        self.title = title
        self.version = version
        self.calendar = calendar
        self.communities = communities
        self.units = units
        self.people = people
        self.categories = categories
        self.routingRules = routingRules
        self.pointRules = pointRules
        self.templates = templates
        self.webhooks = webhooks
        self.mergeDistance = mergeDistance
        self.emergencies = emergencies
        self.questions = questions
        self.landmarks = landmarks
        self.loop = loop
        self.compounds = compounds
        self.duties = duties
        self.matching = matching
        self.rates = rates
        self.points = points
        self.grids = grids
        self.notifications = notifications
        self.care = care
    }

    /// SHA-256 in hex of the bytes that a pack travels as.
    package static func hash(of json: Data) -> String {
        ContentHash.sha256(json)
    }
}

/// Working hours and holidays.
///
/// Offsets are fixed: China keeps no summer time.
package struct PackCalendar: Codable, Sendable, Equatable {
    package let utcOffsetMinutes: Int
    /// For Monday to Sunday: ranges of minutes after midnight, such as `[[540, 720], [780, 1080]]`.
    ///
    package let workingMinutes: [[[Int]]]
    /// Days off, as `2026-10-01`.
    package let holidays: [String]
    /// Weekend days that are worked 调休.
    package let makeUpDays: [String]

    package init(utcOffsetMinutes: Int, workingMinutes: [[[Int]]], holidays: [String], makeUpDays: [String]) {
        self.utcOffsetMinutes = utcOffsetMinutes
        self.workingMinutes = workingMinutes
        self.holidays = holidays
        self.makeUpDays = makeUpDays
    }
}

/// A community 社区.
package struct PackCommunity: Codable, Sendable, Equatable {
    package let id: CommunityID
    package let name: String
    package let ledgerId: LedgerID
    /// The letters before a case number.
    package let caseNumberPrefix: String
    /// Polygons of rings; each ring is flat and delta-coded in 1e-7 degrees WGS-84: `[lat, lng, Δlat, Δlng, …]`.
    ///
    /// The first ring of a polygon is its outline, the others are holes.
    package let outline: [[[Int]]]

    package init(id: CommunityID, name: String, ledgerId: LedgerID, caseNumberPrefix: String, outline: [[[Int]]]) {
        self.id = id
        self.name = name
        self.ledgerId = ledgerId
        self.caseNumberPrefix = caseNumberPrefix
        self.outline = outline
    }
}

/// A responsible unit 责任单位: a property company, sanitation, the urban management office.
///
package struct PackUnit: Codable, Sendable, Equatable {
    package let id: UnitID
    package let name: String
    /// Whom a case goes up to that the unit gave back too often; absent for the dispatcher.
    package let superiorId: UnitID?

    package init(id: UnitID, name: String, superiorId: UnitID? = nil) {
        self.id = id
        self.name = name
        self.superiorId = superiorId
    }
}

/// A post that a pseudonymous person holds.
package struct PackPerson: Codable, Sendable, Equatable {
    package let id: PersonID
    /// Role names: worker, verifier, dispatcher, admin.
    package let roles: [String]
    /// Of workers: the unit that they handle for.
    package let unitId: UnitID?
    /// Where they serve; empty for everywhere.
    package let communityIds: [CommunityID]

    package init(id: PersonID, roles: [String], unitId: UnitID?, communityIds: [CommunityID]) {
        self.id = id
        self.roles = roles
        self.unitId = unitId
        self.communityIds = communityIds
    }
}

/// A category of problems or requests (GB/T 30428.2 names, where known).
package struct PackCategory: Codable, Sendable, Equatable {
    package let code: CategoryCode
    package let name: String
    package let englishName: String
    package let kind: ReportKind
    /// 立案 limit, such as `1w`: w working hours, e emergency clock hours, d working days, n natural days.
    package let filingLimit: String
    /// 处置 limit; where there is a `repairLimit`, that of making it safe 围护.
    package let handlingLimit: String
    /// 派遣 limit; absent for that of the loop.
    package let dispatchLimit: String?
    /// 核查 limit; absent for that of the loop.
    package let verifyLimit: String?
    /// Limit of the lasting repair 修复, from the same dispatch, once it is safe; absent where there is one stage only.
    package let repairLimit: String?
    /// Words that point to this category where a reporter chose none.
    package let keywords: [String]
    /// What each keyword weighs, one for one; absent where every word weighs its length.
    package let weights: [Int]?
    package let gbCode: String?
    /// False until the national table was seen.
    package let gbVerified: Bool

    package init(
        code: CategoryCode, name: String, englishName: String, kind: ReportKind, filingLimit: String,
        handlingLimit: String, keywords: [String], weights: [Int]? = nil, gbCode: String?, gbVerified: Bool,
        dispatchLimit: String? = nil, verifyLimit: String? = nil, repairLimit: String? = nil
    ) {
        self.code = code
        self.name = name
        self.englishName = englishName
        self.kind = kind
        self.filingLimit = filingLimit
        self.handlingLimit = handlingLimit
        self.keywords = keywords
        self.weights = weights
        self.gbCode = gbCode
        self.gbVerified = gbVerified
        self.dispatchLimit = dispatchLimit
        self.verifyLimit = verifyLimit
        self.repairLimit = repairLimit
    }
}

/// What a filed report earns.
///
/// Empty lists fit everything; the first rule that fits decides.
package struct PackPointRule: Codable, Sendable, Equatable {
    package let id: String
    package let name: String
    package let categories: [CategoryCode]
    package let kind: ReportKind?
    /// Whole points, positive.
    ///
    package let points: Int
    /// The first and the last day of filing that it fits, as `2026-01-01`; absent for no bound.
    package let from: String?
    package let until: String?
    /// What the first reporter's team gets on top, in whole points; absent for nothing.
    package let teamPoints: Int?

    package init(
        id: String, name: String, categories: [CategoryCode], kind: ReportKind?, points: Int, from: String? = nil,
        until: String? = nil, teamPoints: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.categories = categories
        self.kind = kind
        self.points = points
        self.from = from
        self.until = until
        self.teamPoints = teamPoints
    }
}
