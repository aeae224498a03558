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
    /// What else belongs to the step, for staff; until when, and the pictures, for its reporters.
    let details: StepDetails?

    init(_ envelope: Envelope<CaseEvent>, for viewer: Viewer) {
        let reference = envelope.data.reference
        let particulars = Particulars(envelope.data)
        let relations = viewer.relations(reporters: reference.reporterIds, handler: reference.handlerId)
        id = envelope.id
        type = envelope.attributes.type
        at = envelope.time
        caseId = reference.caseId
        caseNumber = reference.caseNumber
        communityId = reference.communityId
        category = reference.category
        ownerUnitId = reference.ownerUnitId
        handlerId = viewer.colleague(reference.handlerId)
        actorId =
            particulars.isReportersToo ? viewer.reporter(particulars.actorId) : viewer.colleague(particulars.actorId)
        reporterId = viewer.reporter(particulars.reporterId)
        reason = viewer.sees(StepField.reason.right, as: relations) ? particulars.reason : nil
        agrees = particulars.agrees
        deadline = particulars.deadline
        reworks = particulars.reworks
        toCommunityId = particulars.toCommunityId
        previousCategory = particulars.previousCategory
        amendment = particulars.amended?.amendment
        let writers = [particulars.amended?.actorId].compactMap(\.self)
        let seesWords = viewer.sees(StepField.amendment.right, as: viewer.isReporter(of: writers) ? [.oneself] : [])
        let told = seesWords ? particulars.amended : nil
        text = told?.text
        address = told?.address
        photos = told?.photos?.map(\.id)
        externalStatus = told?.externalStatus
        details = particulars.details?.seen(by: viewer, as: relations)
    }
}

/// What only some steps have.
private struct Particulars {
    var actorId: PersonID?
    /// Whether a reporter may have taken the step: who did is told as who reported is.
    var isReportersToo = false
    var reporterId: PersonID?
    var reason: String?
    var agrees: Bool?
    var deadline: Timestamp?
    var reworks: Int?
    var toCommunityId: CommunityID?
    var previousCategory: CategoryCode?
    var amended: CaseReportAmended?
    var details: StepDetails?

    init(_ event: CaseEvent) {
        switch event {
        case .opened(let event):
            reporterId = event.reporterId
            details = StepDetails { $0.reportIds = [event.reportId] }
        case .reportJoined(let event):
            reporterId = event.reporterId
            // Whoever takes a case apart must know its reports, and why they are together.
            details = StepDetails {
                $0.reportIds = [event.reportId]
                $0.match = event.match
            }
        case .changed(let event):
            actorId = event.actorId
            isReportersToo = [.reopened, .informationGiven, .rated, .cancelled].contains(event.step)
            reason = event.reason
            agrees = event.agrees
            deadline = event.deadline
            reworks = event.reworks
            details = event.details
        case .transferred(let event):
            actorId = event.actorId
            reason = event.reason
            toCommunityId = event.toCommunityId
        case .reportAmended(let event):
            actorId = event.actorId
            isReportersToo = true
            amended = event
        case .reclassified(let event):
            actorId = event.actorId
            reason = event.reason
            previousCategory = event.previousCategory
            deadline = event.deadline
        }
    }
}

extension StepDetails {
    fileprivate func seen(by viewer: Viewer, as relations: Set<FieldRight.Relation>) -> StepDetails? {
        guard !viewer.sees(StepField.details.right, as: relations) else { return self }
        let seen = StepDetails {
            guard relations.contains(.reporter) else { return }
            $0.until = until
            $0.photos = photos
        }
        return seen == StepDetails() ? nil : seen
    }
}
