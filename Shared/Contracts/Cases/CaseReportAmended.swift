/// A reporter, or the platform that a report came through, added to a report of the case, changed it or took it back.
///
/// The envelope's `correlationid` is the id of the `report.amended` that it follows from, also after a transfer.
package struct CaseReportAmended: Message {
    package static let type = "case.report-amended"

    /// A report that was taken back is no longer in it.
    package let `case`: CaseReference
    package let reportId: ReportID
    /// The reporter by the name in the report, or the platform that sent it.
    package let actorId: PersonID
    package let amendment: Amendment
    /// Where the case stands.
    package let stage: CaseStage
    /// Masked; of an edit the new description, absent where it stays as it was.
    package let text: String?
    /// Masked; of an edit the new address, absent where it stays as it was.
    package let address: String?
    /// Of an edit all the photos that remain, absent where they stay as they were; else the photos that come to them.
    package let photos: [ReportPhoto]?
    /// What another system says of the request's status, in its own words; nothing is decided by it.
    package let externalStatus: String?
    /// When it took effect, by the log's clock.
    package let at: Timestamp

    package init(
        case: CaseReference, reportId: ReportID, actorId: PersonID, amendment: Amendment, stage: CaseStage,
        text: String?, address: String?, photos: [ReportPhoto]?, externalStatus: String?, at: Timestamp
    ) {
        self.case = `case`
        self.reportId = reportId
        self.actorId = actorId
        self.amendment = amendment
        self.stage = stage
        self.text = text
        self.address = address
        self.photos = photos
        self.externalStatus = externalStatus
        self.at = at
    }

    package var subject: String { `case`.caseId.rawValue }
}
