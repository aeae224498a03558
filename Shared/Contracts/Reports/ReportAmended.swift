/// What a reporter does with a report after it was taken in.
package enum Amendment: String, Sendable, Codable, CaseIterable {
    /// 补充: more words or photos, to what stands there.
    case added
    /// 修改: other words or photos instead of those that stand there, soon after reporting.
    case edited
    /// 撤回: the report is taken back.
    case withdrawn
}

/// A reporter, or the platform that a report came through, has more to say about it.
///
/// Published by report-intake on `reports.v1`, keyed by the community of the report. Whether it takes effect is the
/// owner's to decide, by the case as it stands.
package struct ReportAmended: Message {
    package static let type = "report.amended"

    package let reportId: ReportID
    /// The community that the report was given at intake.
    package let communityId: CommunityID
    package let amendment: Amendment
    /// Masked; of an edit the new description, absent where it stays as it was.
    package let text: String?
    /// Masked; of an edit the new address, absent where it stays as it was.
    package let address: String?
    /// Of an edit all the photos that remain, absent where they stay as they were; else the photos that come to them.
    package let photos: [ReportPhoto]?
    /// What another system says of the request's status, in its own words, such as `FIXED`; nothing is decided by it.
    package let externalStatus: String?
    /// Who says so: the reporter by the name in the report, or the platform that sent it.
    package let actorId: PersonID
    /// When intake stored this, by intake's clock.
    package let submittedAt: Timestamp

    package init(
        reportId: ReportID, communityId: CommunityID, amendment: Amendment, text: String?, address: String?,
        photos: [ReportPhoto]?, externalStatus: String?, actorId: PersonID, submittedAt: Timestamp
    ) {
        self.reportId = reportId
        self.communityId = communityId
        self.amendment = amendment
        self.text = text
        self.address = address
        self.photos = photos
        self.externalStatus = externalStatus
        self.actorId = actorId
        self.submittedAt = submittedAt
    }

    package var subject: String { reportId.rawValue }
}
