/// Which case an event is about and whom it concerns: part of every case event, so that readers need no look-up.
package struct CaseReference: Codable, Sendable, Equatable {
    package let caseId: CaseID
    /// For people, such as `GX-20261123-0007`; unique in its community.
    package let caseNumber: String
    package let communityId: CommunityID
    /// The ledger that the community's points are kept in.
    package let ledgerId: LedgerID
    package let category: CategoryCode
    package let kind: ReportKind
    /// In order of joining; the first is the one who opened the case.
    package let reporterIds: [PersonID]
    package let ownerUnitId: UnitID?
    package let handlerId: PersonID?

    package init(
        caseId: CaseID, caseNumber: String, communityId: CommunityID, ledgerId: LedgerID, category: CategoryCode,
        kind: ReportKind, reporterIds: [PersonID], ownerUnitId: UnitID?, handlerId: PersonID?
    ) {
        self.caseId = caseId
        self.caseNumber = caseNumber
        self.communityId = communityId
        self.ledgerId = ledgerId
        self.category = category
        self.kind = kind
        self.reporterIds = reporterIds
        self.ownerUnitId = ownerUnitId
        self.handlerId = handlerId
    }
}

/// A step in the life of a case.
///
/// Published by case-routing on `case-events.v1`, keyed by community id.
package enum CaseEvent: Sendable, Equatable {
    case opened(CaseOpened)
    case reportJoined(ReportJoined)
    case changed(CaseChanged)
    case transferred(CaseTransferred)
    case reportAmended(CaseReportAmended)
    case reclassified(CaseReclassified)

    /// The case that the event is about.
    package var reference: CaseReference {
        switch self {
        case .opened(let event): event.reference
        case .reportJoined(let event): event.case
        case .changed(let event): event.case
        case .transferred(let event): event.case
        case .reportAmended(let event): event.case
        case .reclassified(let event): event.case
        }
    }

    /// The report whose registration the event answers, where it answers one.
    package var answeredReport: ReportID? {
        switch self {
        case .opened(let event): event.reportId
        case .reportJoined(let event): event.reportId
        case .changed, .transferred, .reportAmended, .reclassified: nil
        }
    }
}

extension CaseEvent: Payload {
    private var message: any Payload {
        switch self {
        case .opened(let event): event
        case .reportJoined(let event): event
        case .changed(let event): event
        case .transferred(let event): event
        case .reportAmended(let event): event
        case .reclassified(let event): event
        }
    }

    package var messageType: String { message.messageType }
    package var messageVersion: Int { message.messageVersion }
    package var messageSubject: String { message.messageSubject }

    package func encodeData(to encoder: any Encoder) throws { try message.encodeData(to: encoder) }

    package static func decode(type: String, version: Int, from decoder: any Decoder) throws -> CaseEvent {
        switch type {
        case CaseOpened.type: .opened(try CaseOpened.decode(type: type, version: version, from: decoder))
        case ReportJoined.type: .reportJoined(try ReportJoined.decode(type: type, version: version, from: decoder))
        case CaseTransferred.type:
            .transferred(try CaseTransferred.decode(type: type, version: version, from: decoder))
        case CaseReportAmended.type:
            .reportAmended(try CaseReportAmended.decode(type: type, version: version, from: decoder))
        case CaseReclassified.type:
            .reclassified(try CaseReclassified.decode(type: type, version: version, from: decoder))
        default: .changed(try CaseChanged.decode(type: type, version: version, from: decoder))
        }
    }
}

/// A report opened a new case 案卷建立.
package struct CaseOpened: Message {
    package static let type = "case.opened"

    package let caseId: CaseID
    package let caseNumber: String
    package let reportId: ReportID
    package let communityId: CommunityID
    package let ledgerId: LedgerID
    package let category: CategoryCode
    package let kind: ReportKind
    package let reporterId: PersonID
    /// Absent where no unit of the pack answers for it: the dispatcher decides.
    package let ownerUnitId: UnitID?
    package let handlerId: PersonID?
    package let location: Location
    /// From where the clock counts: the first submission, also after a transfer.
    package let submittedAt: Timestamp
    package let openedAt: Timestamp
    /// Why this owner: the rule that decided, in words.
    package let routing: String
    /// Set where a person must look: an unknown community, a report handed round too often, or a photo used before.
    package var flagged: String?
    /// The case that its reports were taken out of; absent where a report opened it.
    package var splitFrom: CaseID?
    /// The closed case of the same problem; absent where none is known.
    package var recurrenceOf: CaseID?
    /// How the report was made; absent in events from before it was told.
    package var made: ReportMade?

    package init(
        caseId: CaseID, caseNumber: String, reportId: ReportID, communityId: CommunityID, ledgerId: LedgerID,
        category: CategoryCode, kind: ReportKind, reporterId: PersonID, ownerUnitId: UnitID?, handlerId: PersonID?,
        location: Location, submittedAt: Timestamp, openedAt: Timestamp, routing: String, flagged: String?,
        splitFrom: CaseID? = nil, recurrenceOf: CaseID? = nil, made: ReportMade? = nil
    ) {
        self.caseId = caseId
        self.caseNumber = caseNumber
        self.reportId = reportId
        self.communityId = communityId
        self.ledgerId = ledgerId
        self.category = category
        self.kind = kind
        self.reporterId = reporterId
        self.ownerUnitId = ownerUnitId
        self.handlerId = handlerId
        self.location = location
        self.submittedAt = submittedAt
        self.openedAt = openedAt
        self.routing = routing
        self.flagged = flagged
        self.splitFrom = splitFrom
        self.recurrenceOf = recurrenceOf
        self.made = made
    }

    package var subject: String { caseId.rawValue }

    package var reference: CaseReference {
        CaseReference(
            caseId: caseId, caseNumber: caseNumber, communityId: communityId, ledgerId: ledgerId, category: category,
            kind: kind, reporterIds: [reporterId], ownerUnitId: ownerUnitId, handlerId: handlerId)
    }
}

/// A report of the same problem joined an open case; it opens none of its own.
package struct ReportJoined: Message {
    package static let type = "case.report-joined"

    package let `case`: CaseReference
    package let reportId: ReportID
    package let reporterId: PersonID
    /// From the case's place, in whole centimetres.
    package let distance: Int
    /// Why it was taken for the same problem; absent where the two were not compared.
    package let match: CaseMatch?
    /// How the report was made; absent where it came with a case that was merged, and in records from before that was told.
    package let made: ReportMade?

    package init(
        case: CaseReference, reportId: ReportID, reporterId: PersonID, distance: Int, match: CaseMatch? = nil,
        made: ReportMade? = nil
    ) {
        self.case = `case`
        self.reportId = reportId
        self.reporterId = reporterId
        self.distance = distance
        self.match = match
        self.made = made
    }

    package var subject: String { `case`.caseId.rawValue }
}

/// One of the steps after opening.
///
/// The CloudEvents type tells which; the shape is the same for all.
package struct CaseChanged: Payload, Codable {
    /// The step that was taken.
    package enum Step: String, Codable, Sendable, CaseIterable {
        /// 立案: found true and worth handling.
        case filed = "case.filed"
        /// 不予立案, with the reason.
        case refused = "case.refused"
        /// 派遣 to a unit and a handler; the handling clock starts.
        case dispatched = "case.dispatched"
        /// Given back by the unit, with the reason.
        case returned = "case.returned"
        /// 处置反馈: handled, by the handler's word.
        case handled = "case.handled"
        /// 核查: somebody who is neither handler nor reporter looked; `agrees` says what they saw.
        case verified = "case.verified"
        /// 结案.
        case closed = "case.closed"
        /// Opened once more after closing.
        case reopened = "case.reopened"
        /// The deadline passed with the case not handled.
        case overdue = "case.overdue"
        /// 撤销: its only reporter took it back before it was filed, or a dispatcher cancelled it.
        case cancelled = "case.cancelled"
        /// 核实: somebody looked before filing; `agrees` says whether it is as reported.
        case checked = "case.checked"
        /// 签收: the unit took it on.
        case accepted = "case.accepted"
        /// 挂账, with a plan (the reason) and a date.
        case parked = "case.parked"
        /// The clock runs on: after 挂账, an answer that came or did not, or deliberation.
        case resumed = "case.resumed"
        /// 申请延期.
        case extensionAsked = "case.extension-asked"
        /// Granted or denied, by another person than who asked.
        case extensionDecided = "case.extension-decided"
        /// 待补充: the reporter was asked; the clock stands still.
        case informationAsked = "case.information-asked"
        /// The reporter answered.
        case informationGiven = "case.information-given"
        /// To an outside party by link.
        case handedOver = "case.handed-over"
        /// 提交议事: the clock stands still.
        case referred = "case.referred"
        /// 回访: what the reporter says of a closed case.
        case rated = "case.rated"
        /// 立案超时: nobody judged the report in the time for that.
        case filingOverdue = "case.filing-overdue"
        /// 首接负责: the deadline of the unit that keeps a case which it gave back passed; `details.unitIds` names it.
        case keptOverdue = "case.kept-overdue"
        /// 临期: most of the time is used up.
        case nearDue = "case.near-due"
        /// The next level must look: handler, unit head, street, district.
        case escalated = "case.escalated"
        /// 吹哨: units are called to the spot.
        case whistled = "case.whistled"
        /// 报到: a called unit is there.
        case checkedIn = "case.checked-in"
        /// The time to be there is over; `details.unitIds` did not come.
        case whistleEnded = "case.whistle-ended"
        /// 协办, with a clock of its own.
        case coOwnerAdded = "case.co-owner-added"
        /// A co-owner did its part.
        case coOwnerHandled = "case.co-owner-handled"
        /// A co-owner's own deadline passed.
        case coOwnerOverdue = "case.co-owner-overdue"
        /// 并案: its reports are in another case now.
        case merged = "case.merged"
        /// Reports were taken out of it into another case.
        case split = "case.split"
        /// It may be the same as another case: a dispatcher decides.
        case mergeProposed = "case.merge-proposed"
        /// A dispatcher found two proposed cases to be two.
        case keptApart = "case.kept-apart"
        /// It is a part of another case now.
        case adopted = "case.adopted"
    }

    /// Which step; it stands in the envelope's `type`.
    package let step: Step
    package let `case`: CaseReference
    package let at: Timestamp
    /// Who did it; absent where the clock did.
    package let actorId: PersonID?
    package let reason: String?
    /// Of `case.verified`, `case.checked` and `case.extension-decided`.
    package let agrees: Bool?
    /// By when it must be handled; of the steps that set, move or meet a deadline.
    ///
    /// Of `case.filing-overdue` by when it was to be judged; of `case.co-owner-added`, `case.co-owner-overdue` and
    /// `case.kept-overdue` by when the unit that is named has its own.
    package let deadline: Timestamp?
    /// How often it was handled again after a failed check 返工; of `case.dispatched` and `case.verified`.
    package let reworks: Int?
    /// What else belongs to the step.
    package let details: StepDetails?

    package init(
        step: Step, case: CaseReference, at: Timestamp, actorId: PersonID?, reason: String? = nil, agrees: Bool? = nil,
        deadline: Timestamp? = nil, reworks: Int? = nil, details: StepDetails? = nil
    ) {
        self.step = step
        self.case = `case`
        self.at = at
        self.actorId = actorId
        self.reason = reason
        self.agrees = agrees
        self.deadline = deadline
        self.reworks = reworks
        self.details = details
    }

    package var messageType: String { step.rawValue }
    package var messageVersion: Int { 1 }
    package var messageSubject: String { `case`.caseId.rawValue }

    package func encodeData(to encoder: any Encoder) throws { try encode(to: encoder) }

    package static func decode(type: String, version: Int, from decoder: any Decoder) throws -> CaseChanged {
        guard Step(rawValue: type) != nil else { throw ContractError.unknownType(type) }
        guard version <= 1 else { throw ContractError.newerVersion(type: type, found: version, known: 1) }
        let change = try CaseChanged(from: decoder)
        guard change.messageType == type else {
            throw ContractError.malformed("'data.step' is '\(change.messageType)' in a message of type '\(type)'")
        }
        return change
    }
}
