/// What became of a report that a platform wrote to `platform-reports.v1` itself.
///
/// Published by report-intake on `platform-receipts.v1`, keyed by platform, or by nothing where there is none to be named.
/// A record may be answered more than once, after a crash; all its receipts have one id. A platform that misses the
/// receipt of a report sends it again, with the same `externalId`.
package struct PlatformReceipt: Message {
    package static let type = "platform-report.answered"

    package enum Status: String, Sendable, Codable, CaseIterable {
        /// Stored; its case will follow on `case-events.v1`.
        case accepted
        /// It was here already: `reportId` is that of the first time.
        case duplicate
        /// Nothing was stored.
        case rejected
    }

    /// A field of the report that is wrong.
    package struct Fault: Codable, Hashable, Sendable {
        /// Its path, such as `location.latitude`; empty for the whole record.
        package let field: String
        /// What it must be.
        package let message: String

        package init(field: String, message: String) {
            self.field = field
            self.message = message
        }
    }

    /// What the words of the report tell of danger to life: to be shown to its reporter at once.
    package struct Emergency: Codable, Hashable, Sendable {
        /// The numbers to call.
        package let call: [String]
        /// The words that were found.
        package let words: [String]
        package let advice: String

        package init(call: [String], words: [String], advice: String) {
            self.call = call
            self.words = words
            self.advice = advice
        }
    }

    /// Absent where no signature proved which one it was.
    package let platform: PersonID?
    /// The platform's own id of the report, as the record gave it; absent, too, where no signature proved whose it is.
    package let externalId: String?
    /// Where the record stands in `platform-reports.v1`.
    package let partition: Int
    package let offset: Int
    package let status: Status
    package let reportId: ReportID?
    package let communityId: CommunityID?
    /// Of a rejected one.
    package let errors: [Fault]?
    /// Whether the same report may be taken when it is sent again.
    package let retry: Bool?
    /// Absent where no word tells of danger.
    package let emergency: Emergency?
    /// The community nearest to a place that lies in none.
    package let nearestCommunity: NearestCommunity?
    /// The path of the link by which the report is followed without an account, sealed: ``SealedLink``.
    ///
    /// Every platform may read receipts, and whoever has the link may take the report back.
    package let sealedFollow: String?

    package init(
        platform: PersonID?, externalId: String?, partition: Int, offset: Int, status: Status,
        reportId: ReportID? = nil, communityId: CommunityID? = nil, errors: [Fault]? = nil, retry: Bool? = nil,
        emergency: Emergency? = nil, nearestCommunity: NearestCommunity? = nil, sealedFollow: String? = nil
    ) {
        self.platform = platform
        self.externalId = externalId
        self.partition = partition
        self.offset = offset
        self.status = status
        self.reportId = reportId
        self.communityId = communityId
        self.errors = errors
        self.retry = retry
        self.emergency = emergency
        self.nearestCommunity = nearestCommunity
        self.sealedFollow = sealedFollow
    }

    package var subject: String { externalId ?? "\(partition)/\(offset)" }
}
