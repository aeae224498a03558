import Contracts
import Hummingbird

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
    /// Of a reclassified case; `category` is the new one.
    let previousCategory: CategoryCode?
    /// Of an amended report: `added`, `edited` or `withdrawn`.
    let amendment: Amendment?
    /// What the reporter wrote later, for staff and who wrote it.
    let text: String?
    let address: String?
    let photos: [PhotoID]?
    let externalStatus: String?

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
        previousCategory = details.previousCategory
        amendment = details.amended?.amendment
        let told = viewer.person(details.amended?.actorId) == nil ? nil : details.amended
        text = told?.text
        address = told?.address
        photos = told?.photos?.map(\.id)
        externalStatus = told?.externalStatus
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
    var previousCategory: CategoryCode?
    var amended: CaseReportAmended?

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
        case .reportAmended(let event):
            actorId = event.actorId
            amended = event
        case .reclassified(let event):
            actorId = event.actorId
            reason = event.reason
            previousCategory = event.previousCategory
        }
    }
}
