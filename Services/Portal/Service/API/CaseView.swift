import Contracts
import Hummingbird

/// A case as a viewer sees it.
///
/// Staff sees all of it; who opened it, all but other people; everybody else neither people nor the exact place, nor the
/// words of a request, which is a personal matter. Whose report joined it is everybody else here: the words and the place
/// are not theirs.
struct CaseView: ResponseEncodable, Sendable {
    let caseId: CaseID
    let version: Int
    let caseNumber: String
    let communityId: CommunityID
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

    init(_ state: CaseState, for viewer: Viewer) {
        let seesAll = viewer.isStaff || viewer.isReporter(of: Array(state.reporterIds.prefix(1)))
        caseId = state.caseId
        version = state.version
        caseNumber = state.caseNumber
        communityId = state.communityId
        kind = state.kind
        category = state.category
        stage = state.stage
        description = seesAll || state.kind == .snapshot ? state.description : nil
        address = seesAll ? state.address : nil
        location = seesAll ? state.location : state.location.rounded
        reporterIds = viewer.isStaff ? state.reporterIds : nil
        reporters = state.reporterIds.count
        isMine = viewer.isReporter(of: state.reporterIds)
        ownerUnitId = state.ownerUnitId
        handlerId = viewer.person(state.handlerId)
        submittedAt = state.submittedAt
        openedAt = state.openedAt
        deadline = state.deadline
        isOverdue = state.isOverdue
        closedAt = state.closedAt
        reworks = state.reworks
        returns = state.returns
        reopens = state.reopens
        flagged = viewer.isStaff ? state.flagged : nil
        ended = state.ended
    }
}

/// One step of a case as a viewer sees it.
struct StepView: ResponseEncodable, Sendable {
    let id: MessageID
    let type: String
    let at: Timestamp
    let caseId: CaseID
    let caseNumber: String
    let communityId: CommunityID
    let category: CategoryCode
    let ownerUnitId: UnitID?
    let handlerId: PersonID?
    let actorId: PersonID?
    let reporterId: PersonID?
    let reason: String?
    let agrees: Bool?
    let deadline: Timestamp?
    let reworks: Int?
    let toCommunityId: CommunityID?

    init(_ envelope: Envelope<CaseEvent>, for viewer: Viewer) {
        let reference = envelope.data.reference
        let details = StepDetails(envelope.data)
        let isConcerned = viewer.isStaff || viewer.isReporter(of: reference.reporterIds)
        id = envelope.id
        type = envelope.attributes.type
        at = envelope.time
        caseId = reference.caseId
        caseNumber = reference.caseNumber
        communityId = reference.communityId
        category = reference.category
        ownerUnitId = reference.ownerUnitId
        handlerId = viewer.person(reference.handlerId)
        actorId = viewer.person(details.actorId)
        reporterId = viewer.person(details.reporterId)
        reason = isConcerned ? details.reason : nil
        agrees = details.agrees
        deadline = details.deadline
        reworks = details.reworks
        toCommunityId = details.toCommunityId
    }
}

/// What only some steps have.
private struct StepDetails {
    var actorId: PersonID?
    var reporterId: PersonID?
    var reason: String?
    var agrees: Bool?
    var deadline: Timestamp?
    var reworks: Int?
    var toCommunityId: CommunityID?

    init(_ event: CaseEvent) {
        switch event {
        case .opened(let event):
            reporterId = event.reporterId
        case .reportJoined(let event):
            reporterId = event.reporterId
        case .changed(let event):
            actorId = event.actorId
            reason = event.reason
            agrees = event.agrees
            deadline = event.deadline
            reworks = event.reworks
        case .transferred(let event):
            actorId = event.actorId
            reason = event.reason
            toCommunityId = event.toCommunityId
        }
    }
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
