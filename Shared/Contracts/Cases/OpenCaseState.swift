/// A case as everybody may know it: the record of `open-cases.v1`, keyed by case id; the highest `version` counts.
///
/// Published by case-routing whenever something of it changed. No people, no words that nobody has judged, none of a request
/// 直通车 and no place of one, since it is mostly made from home.
package struct OpenCaseState: Message {
    package static let type = "open-case.state"

    package let caseId: CaseID
    /// That of the case: it counts changes that nobody outside sees, too.
    package private(set) var version: Int
    package let caseNumber: String
    package let communityId: CommunityID
    package let kind: ReportKind
    package let category: CategoryCode
    package let stage: CaseStage
    /// Numbers and names are masked.
    package let description: String?
    /// To about a hundred metres.
    package let location: Location?
    package let ownerUnitId: UnitID?
    package let openedAt: Timestamp
    package let deadline: Timestamp?
    package let isOverdue: Bool
    package let closedAt: Timestamp?
    /// How many: nothing says who.
    package let reporters: Int
    package let reworks: Int
    package let reopens: Int
    package let ended: Bool

    /// Stages in which nobody has taken its words for a case, or somebody found that they are none.
    private static let unjudged: Set<CaseStage> = [.opened, .waiting, .refused, .cancelled]

    /// What of a case is for everybody; of one that was taken back only that it was.
    package init(_ state: CaseState) {
        let isPlaced = state.kind == .snapshot && state.stage != .cancelled
        let isWritten = state.kind == .snapshot && !Self.unjudged.contains(state.stage)
        caseId = state.caseId
        version = state.version
        caseNumber = state.caseNumber
        communityId = state.communityId
        kind = state.kind
        category = state.category
        stage = state.stage
        description = isWritten ? Masking.masked(state.description) : nil
        location = isPlaced ? state.location.rounded : nil
        ownerUnitId = state.ownerUnitId
        openedAt = state.openedAt
        deadline = state.deadline
        isOverdue = state.isOverdue
        closedAt = state.closedAt
        reporters = state.reporterIds.count
        reworks = state.reworks
        reopens = state.reopens
        ended = state.ended
    }

    package var subject: String { caseId.rawValue }

    /// Whether it tells nothing that an earlier version does not.
    package func tellsSame(as earlier: OpenCaseState) -> Bool {
        var same = earlier
        same.version = version
        return self == same
    }
}
