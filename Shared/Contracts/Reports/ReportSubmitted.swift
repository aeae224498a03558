/// What a report is about: a problem seen, or something asked for.
package enum ReportKind: String, Sendable, Codable, CaseIterable {
    /// 随手拍: a problem, seen and located.
    case snapshot
    /// 直通车: a request in free words.
    case request
}

/// A photo of a report.
package struct ReportPhoto: Codable, Hashable, Sendable {
    package let id: PhotoID
    /// What it looks like: 64 bits in 16 hexadecimal digits (dHash); of two that differ in up to about 10 bits one is
    /// likely a copy of the other.
    package let look: String

    package init(id: PhotoID, look: String) {
        self.id = id
        self.look = look
    }
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
    /// In the reporter's order; absent where there are none.
    package let photos: [ReportPhoto]?

    package init(
        reportId: ReportID, communityId: CommunityID, kind: ReportKind, category: CategoryCode?, description: String,
        location: Location, address: String?, observedAt: Timestamp?, submittedAt: Timestamp, reporterId: PersonID,
        channel: String?, photos: [ReportPhoto]? = nil
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
        self.photos = photos
    }

    package var subject: String { reportId.rawValue }
}
