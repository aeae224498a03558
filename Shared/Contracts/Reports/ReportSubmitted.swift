/// What a report is about: a problem seen, or something asked for.
package enum ReportKind: String, Sendable, Codable, CaseIterable {
    /// 随手拍: a problem, seen and located.
    case snapshot
    /// 直通车: a request in free words.
    case request
}

/// A report was accepted and stored.
///
/// Published by report-intake on `reports.v1`, keyed by `communityId`. Says nothing about who will handle it.
package struct ReportSubmitted: Message {
    package static let type = "report.submitted"

    package let reportId: ReportID
    package let communityId: CommunityID
    package let kind: ReportKind
    /// The category that the reporter chose; absent where routing must choose.
    package let category: CategoryCode?
    package let description: String
    package let location: Location
    /// As the reporter wrote it; not checked against the place.
    package let address: String?
    /// When the reporter saw it, by the reporter's clock.
    package let observedAt: Timestamp?
    /// When intake stored it, by intake's clock.
    package let submittedAt: Timestamp
    package let reporterId: PersonID
    /// The app or platform that sent it.
    package let channel: String?

    package init(
        reportId: ReportID, communityId: CommunityID, kind: ReportKind, category: CategoryCode?, description: String,
        location: Location, address: String?, observedAt: Timestamp?, submittedAt: Timestamp, reporterId: PersonID,
        channel: String?
    ) {
        self.reportId = reportId
        self.communityId = communityId
        self.kind = kind
        self.category = category
        self.description = description
        self.location = location
        self.address = address
        self.observedAt = observedAt
        self.submittedAt = submittedAt
        self.reporterId = reporterId
        self.channel = channel
    }

    package var subject: String { reportId.rawValue }
}
