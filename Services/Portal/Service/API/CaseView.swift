import Contracts
import Hummingbird

/// A case as a viewer sees it.
///
/// Staff sees all of it, but who reported it only where they may know; who opened it, all but other people; everybody
/// else neither people nor the exact place, nor the words of a request, which is a personal matter. Whose report joined
/// it is everybody else here: the words and the place are not theirs.
struct CaseView: ResponseEncodable, Sendable {
    let caseId: CaseID
    let version: Int
    let caseNumber: String
    let communityId: CommunityID
    /// 网格; for those who see the place.
    let gridId: GridID?
    let kind: ReportKind
    let category: CategoryCode
    let stage: CaseStage
    let description: String?
    let address: String?
    let location: Location
    let reporterIds: [PersonID]?
    /// How many people reported it.
    let reporters: Int
    let isMine: Bool
    let ownerUnitId: UnitID?
    let handlerId: PersonID?
    let submittedAt: Timestamp
    let openedAt: Timestamp
    let deadline: Timestamp?
    let isOverdue: Bool
    let closedAt: Timestamp?
    let reworks: Int
    let returns: Int
    let reopens: Int
    let flagged: String?
    let ended: Bool
    let course: CaseCourse?
    /// A voice tells who speaks: for those who may know.
    let voiceNotes: [VoiceNote]?

    init(_ state: CaseState, for viewer: Viewer) {
        let relations = viewer.relations(reporters: state.reporterIds, handler: state.handlerId)
        func sees(_ field: CaseField) -> Bool { viewer.sees(field.right, as: relations) }
        caseId = state.caseId
        version = state.version
        caseNumber = state.caseNumber
        communityId = state.communityId
        gridId = sees(.gridId) ? state.gridId : nil
        kind = state.kind
        category = state.category
        stage = state.stage
        description = sees(.description) || state.kind == .snapshot ? state.description : nil
        address = sees(.address) ? state.address : nil
        location = sees(.location) ? state.location : state.location.rounded
        reporterIds = sees(.reporterIds) ? state.reporterIds : nil
        reporters = state.reporterIds.count
        isMine = viewer.isReporter(of: state.reporterIds)
        ownerUnitId = state.ownerUnitId
        handlerId = sees(.handlerId) ? state.handlerId : nil
        submittedAt = state.submittedAt
        openedAt = state.openedAt
        deadline = state.deadline
        isOverdue = state.isOverdue
        closedAt = state.closedAt
        reworks = state.reworks
        returns = state.returns
        reopens = state.reopens
        flagged = sees(.flagged) ? state.flagged : nil
        ended = state.ended
        course = state.course?.seen(by: viewer, as: relations)
        voiceNotes = sees(.voiceNotes) ? state.voiceNotes : nil
    }
}

extension CaseCourse {
    /// As a viewer sees it: what staff settles among itself is for staff, what others said for staff and themselves.
    ///
    /// The hash of a link is for nobody.
    fileprivate func seen(by viewer: Viewer, as relations: Set<FieldRight.Relation>) -> CaseCourse? {
        var seen = self
        func sees(_ field: CaseField) -> Bool { viewer.sees(field.right, as: relations) }
        if !sees(.linkHash) { seen.linkHash = nil }
        if !sees(.extensionAsked) { seen.extensionAsked = nil }
        if !sees(.proposedSame) { seen.proposedSame = nil }
        if !sees(.question) { seen.question = nil }
        if !sees(.party) { seen.party = nil }
        if !sees(.partyUntil) { seen.partyUntil = nil }
        if !sees(.workPhotos) { seen.workPhotos = nil }
        if !viewer.isStaff {
            let own = ratings?.filter { viewer.isReporter(of: [$0.reporterId]) } ?? []
            seen.ratings = own.isEmpty ? nil : own
        } else if !sees(.ratings) {
            seen.ratings = ratings?.map { $0.unsigned(for: viewer) }
        }
        return seen == CaseCourse() ? nil : seen
    }
}

extension CaseCourse.Rating {
    /// Said by nobody, for those who may not know who reported.
    fileprivate func unsigned(for viewer: Viewer) -> CaseCourse.Rating {
        CaseCourse.Rating(
            reporterId: viewer.reporter(reporterId) ?? Self.nobody, at: at, satisfied: satisfied, solved: solved)
    }

    private static let nobody: PersonID = "hidden"
}

/// A step as everybody may see it: no people, no words, no places.
struct PublicStep: Codable, Equatable, Sendable {
    let type: String
    let caseNumber: String
    let communityId: CommunityID
    let category: CategoryCode
    let at: Timestamp

    init(_ envelope: Envelope<CaseEvent>) {
        let reference = envelope.data.reference
        type = envelope.attributes.type
        caseNumber = reference.caseNumber
        communityId = reference.communityId
        category = reference.category
        at = envelope.time
    }
}
