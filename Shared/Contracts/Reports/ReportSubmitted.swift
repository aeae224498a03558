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

/// The category that the words of a report point to by the pack in force at intake.
///
/// A hint for people: nothing is decided by it, and routing goes by the words itself.
package struct SuggestedCategory: Codable, Sendable, Equatable {
    package let category: CategoryCode
    /// The words of the pack that stand in the report, the heaviest first.
    package let words: [String]
    /// How sure it is, in whole per cent.
    package let sureness: Int

    package init(category: CategoryCode, words: [String], sureness: Int) {
        self.category = category
        self.words = words
        self.sureness = sureness
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
    /// Absent where the reporter chose a category, and where the words leave it open.
    package let suggestedCategory: SuggestedCategory?
    /// In which datum the app gave the place, such as `gcj02`; absent where it did not say.
    ///
    /// `location` is WGS-84 whatever stands here. A text, so that readers of today pass over a datum of tomorrow.
    package let datum: String?
    /// How much of who reported may be known; absent for a pseudonym as usual.
    ///
    /// A text, so that readers of today pass over a kind of tomorrow.
    package let identity: String?
    /// In the reporter's order; absent where there are none.
    package let voiceNotes: [VoiceNote]?
    /// The answers to the category's questions, in the pack's order; absent where there are none.
    package let answers: [ReportAnswer]?
    /// The pack whose questions were answered; absent where there are no answers.
    package let packHash: String?
    /// The landmark of the pack that the reporter named; absent where none was.
    package let landmarkId: LandmarkID?
    /// How the report was made, as far as its app told; absent where it told nothing.
    package let capture: CaptureProof?
    /// The community nearest to a place that lies in none; absent where it lies in one, and where there is none at all.
    package let nearestCommunity: NearestCommunity?
    /// The open case that the reporter wants to support; whether the report joins it routing decides.
    package let supports: CaseID?

    package init(
        reportId: ReportID, communityId: CommunityID, kind: ReportKind, category: CategoryCode?, description: String,
        location: Location, address: String?, observedAt: Timestamp?, submittedAt: Timestamp, reporterId: PersonID,
        channel: String?, photos: [ReportPhoto]? = nil, suggestedCategory: SuggestedCategory? = nil,
        datum: String? = nil, identity: String? = nil, voiceNotes: [VoiceNote]? = nil,
        answers: [ReportAnswer]? = nil, packHash: String? = nil, landmarkId: LandmarkID? = nil,
        capture: CaptureProof? = nil, nearestCommunity: NearestCommunity? = nil, supports: CaseID? = nil
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
        self.suggestedCategory = suggestedCategory
        self.datum = datum
        self.identity = identity
        self.voiceNotes = voiceNotes
        self.answers = answers
        self.packHash = packHash
        self.landmarkId = landmarkId
        self.capture = capture
        self.nearestCommunity = nearestCommunity
        self.supports = supports
    }

    package var subject: String { reportId.rawValue }
}
