/// The case ended here because it belongs to another community; its reports went there.
package struct CaseTransferred: Message {
    package static let type = "case.transferred"

    package let `case`: CaseReference
    package let toCommunityId: CommunityID
    package let reportIds: [ReportID]
    package let at: Timestamp
    package let actorId: PersonID
    package let reason: String?

    package init(
        case: CaseReference, toCommunityId: CommunityID, reportIds: [ReportID], at: Timestamp, actorId: PersonID,
        reason: String?
    ) {
        self.case = `case`
        self.toCommunityId = toCommunityId
        self.reportIds = reportIds
        self.at = at
        self.actorId = actorId
        self.reason = reason
    }

    package var subject: String { `case`.caseId.rawValue }
}
