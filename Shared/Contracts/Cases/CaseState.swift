/// Where a case stands.
package enum CaseStage: String, Codable, Sendable, CaseIterable {
    /// 已上报: opened, not yet judged.
    case opened
    /// 已立案.
    case filed
    /// 已派遣, being handled.
    case dispatched
    /// 待核查: handled, to be checked.
    case handled
    /// 已结案.
    case closed
    /// 不予立案.
    case refused
    /// Went to another community.
    case transferred
    /// 已撤销: its only reporter took it back, or a dispatcher cancelled it.
    case cancelled
    /// 挂账: rests until a date, with a plan.
    case parked
    /// 待补充: waits for its reporter.
    case waiting
    /// 议事中: with the five parties.
    case referred
    /// 已并案: another case goes on with its reports.
    case merged

    /// Whether the case still needs somebody.
    package var isOpen: Bool {
        switch self {
        case .opened, .filed, .dispatched, .handled, .parked, .waiting, .referred: true
        case .closed, .refused, .transferred, .cancelled, .merged: false
        }
    }

    /// The stage as staff call it.
    package var chinese: String {
        switch self {
        case .opened: "已上报"
        case .filed: "已立案"
        case .dispatched: "已派遣"
        case .handled: "待核查"
        case .closed: "已结案"
        case .refused: "不予立案"
        case .transferred: "已移交"
        case .cancelled: "已撤销"
        case .parked: "挂账"
        case .waiting: "待补充"
        case .referred: "议事中"
        case .merged: "已并案"
        }
    }
}

/// A case as it stands: the record of `cases.v1`, keyed by case id; the highest `version` counts.
package struct CaseState: Message {
    package static let type = "case.state"

    package let caseId: CaseID
    /// Counts the changes of the case from 1.
    package let version: Int
    package let caseNumber: String
    package let communityId: CommunityID
    package let ledgerId: LedgerID
    package let kind: ReportKind
    package let category: CategoryCode
    package let stage: CaseStage
    package let description: String
    package let address: String?
    package let location: Location
    package let reportIds: [ReportID]
    package let reporterIds: [PersonID]
    package let ownerUnitId: UnitID?
    package let handlerId: PersonID?
    package let submittedAt: Timestamp
    package let openedAt: Timestamp
    /// Absent without a limit, and while the clock stands still, unless it had passed before.
    package let deadline: Timestamp?
    package let isOverdue: Bool
    package let closedAt: Timestamp?
    package let reworks: Int
    package let returns: Int
    package let reopens: Int
    package let flagged: String?
    /// True once nothing will change any more, short of reopening.
    package let ended: Bool
    /// Of its reports and of what their reporters added, in order of coming, none twice; absent where there are none.
    package let photos: [PhotoID]?
    /// What was spoken to its reports, in order of joining; absent where nothing was.
    ///
    /// A voice tells who speaks: for nobody who may not know the reporters.
    package let voiceNotes: [VoiceNote]?
    /// What became of it beside the straight road; absent where nothing did.
    package let course: CaseCourse?
    /// The newest link of its log on `case-events.v1`; absent where there is none.
    package let chain: CaseChain?
    /// When it last came to another stage; absent where it stands where it began.
    package let stageChange: StageChange?

    /// The first so many of a case travel with it.
    package static let mostVoiceNotes = 24

    /// A change of the stage, known again by its version.
    package struct StageChange: Codable, Hashable, Sendable {
        /// The version of the case that it made.
        package let version: Int
        package let at: Timestamp

        package init(version: Int, at: Timestamp) {
            self.version = version
            self.at = at
        }
    }
    /// The grid 网格 that it lies in; absent outside grids.
    package let gridId: GridID?

    package init(
        caseId: CaseID, version: Int, caseNumber: String, communityId: CommunityID, ledgerId: LedgerID,
        kind: ReportKind, category: CategoryCode, stage: CaseStage, description: String, address: String?,
        location: Location, reportIds: [ReportID], reporterIds: [PersonID], ownerUnitId: UnitID?, handlerId: PersonID?,
        submittedAt: Timestamp, openedAt: Timestamp, deadline: Timestamp?, isOverdue: Bool, closedAt: Timestamp?,
        reworks: Int, returns: Int, reopens: Int, flagged: String?, ended: Bool,
        photos: [PhotoID]? = nil, voiceNotes: [VoiceNote]? = nil, course: CaseCourse? = nil, chain: CaseChain? = nil,
        stageChange: StageChange? = nil, gridId: GridID? = nil
    ) {
        self.caseId = caseId
        self.version = version
        self.caseNumber = caseNumber
        self.communityId = communityId
        self.ledgerId = ledgerId
        self.kind = kind
        self.category = category
        self.stage = stage
        self.description = description
        self.address = address
        self.location = location
        self.reportIds = reportIds
        self.reporterIds = reporterIds
        self.ownerUnitId = ownerUnitId
        self.handlerId = handlerId
        self.submittedAt = submittedAt
        self.openedAt = openedAt
        self.deadline = deadline
        self.isOverdue = isOverdue
        self.closedAt = closedAt
        self.reworks = reworks
        self.returns = returns
        self.reopens = reopens
        self.flagged = flagged
        self.ended = ended
        self.photos = photos
        self.voiceNotes = voiceNotes
        self.course = course
        self.chain = chain
        self.stageChange = stageChange
        self.gridId = gridId
    }

    package var subject: String { caseId.rawValue }
}
