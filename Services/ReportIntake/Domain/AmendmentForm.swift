package import Contracts

/// What a reporter wants to do with a report that was taken in.
package struct AmendmentForm: Hashable, Sendable {
    /// How long after it was sent a report may be edited: 10 minutes, in milliseconds.
    package static let editingTime: Int64 = 10 * 60_000

    package let amendment: Amendment
    package let text: Wording?
    package let address: AddressLine?
    /// Of an edit all that remain; nil where nothing is said of photos.
    package let photoIds: [PhotoID]?
    /// What another system says of the request.
    package let externalStatus: String?

    package init(
        _ amendment: Amendment, text: Wording? = nil, address: AddressLine? = nil, photoIds: [PhotoID]? = nil,
        externalStatus: String? = nil
    ) {
        self.amendment = amendment
        self.text = text
        self.address = address
        self.photoIds = photoIds
        self.externalStatus = externalStatus
    }

    /// Whether it says anything at all.
    package var isEmpty: Bool {
        amendment != .withdrawn && text == nil && address == nil && photoIds == nil && externalStatus == nil
    }

    /// What the topic gets, with all that points to a person masked.
    package func event(
        about report: ReportID, in community: CommunityID, by actor: PersonID, photos: [ReportPhoto]?,
        at moment: Timestamp
    ) -> ReportAmended {
        ReportAmended(
            reportId: report, communityId: community, amendment: amendment, text: text.map { Masking.masked($0.text) },
            address: address.map { Masking.masked($0.text) }, photos: photos, externalStatus: externalStatus,
            actorId: actor, submittedAt: moment)
    }
}
