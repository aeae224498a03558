package import Contracts
package import Geography

/// The words of a report, as its reporter wrote them: 1 to 4,000 characters, not blank.
package struct Wording: Hashable, Sendable {
    package static let longest = 4_000

    package let text: String

    package init(_ text: String) throws(FormFault) {
        self.text = try PlainText.checked(text, atMost: Self.longest)
    }
}

/// Where it is in the reporter's words: 1 to 200 characters, never compared with the place.
package struct AddressLine: Hashable, Sendable {
    package static let longest = 200

    package let text: String

    package init(_ text: String) throws(FormFault) {
        self.text = try PlainText.checked(text, atMost: Self.longest)
    }
}

extension PhotoID {
    /// How many a report may have.
    package static let mostOfReport = 6

    /// Reads a photo's id, as `/v1/photos` gave it; nil for anything else.
    package static func checked(_ text: String) -> PhotoID? {
        let isHex = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return text.utf8.count == 64 && isHex ? PhotoID(text) : nil
    }
}

extension CaseID {
    /// Reads a case's id, as `/v1/reports/nearby` gave it: 1 to 64 visible ASCII characters.
    ///
    /// Whether there is such a case, and whether it is near, only its owner knows.
    package static func checked(_ text: String) throws(FormFault) -> CaseID {
        CaseID(try PlainText.checkedName(text, atMost: 64))
    }
}

/// A platform's own id of a report: 1 to 200 visible ASCII characters.
package struct ExternalID: Hashable, Sendable {
    package let text: String

    package init(_ text: String) throws(FormFault) {
        self.text = try PlainText.checkedName(text, atMost: 200)
    }
}

extension CategoryCode {
    /// Reads a category's code: 1 to 32 visible ASCII characters.
    ///
    /// Whether a pack knows it is not asked here: routing decides, and a pack may have changed since the app was told.
    package static func checked(_ text: String) throws(FormFault) -> CategoryCode {
        CategoryCode(try PlainText.checkedName(text, atMost: 32))
    }
}

extension PersonID {
    /// Reads a pseudonym: 1 to 128 visible ASCII characters, as the subject of a token.
    package static func checked(_ text: String) throws(FormFault) -> PersonID {
        PersonID(try PlainText.checkedName(text, atMost: 128))
    }
}

extension Location {
    /// The WGS-84 place of degrees given in `datum`.
    package static func checked(
        latitude: Double, longitude: Double, datum: Datum
    ) throws(FormFault) -> Location {
        guard let place = datum.place(latitude: latitude, longitude: longitude) else {
            throw FormFault("must be a place on Earth")
        }
        return Location(latitudeE7: Int(place.latitudeE7), longitudeE7: Int(place.longitudeE7))
    }
}

extension VoiceNoteID {
    /// How many a report may have.
    package static let mostOfReport = 3

    /// Reads a voice note's id, as `/v1/voice-notes` gave it; nil for anything else.
    package static func checked(_ text: String) -> VoiceNoteID? {
        PhotoID.checked(text).map { VoiceNoteID($0.rawValue) }
    }
}

/// What the app tells of how a report was made.
package struct Capture: Hashable, Sendable {
    /// As `/v1/captures` gave it.
    package let nonce: String?
    /// By the device's clock.
    package let capturedAt: Timestamp?
    /// Where the device was, in WGS-84.
    package let place: Location?
    /// How far off the device thinks the place may be, in metres.
    package let accuracy: Int?
    /// How fast the device moved, in whole centimetres per second.
    package let speed: Int?

    package init(nonce: String?, capturedAt: Timestamp?, place: Location?, accuracy: Int?, speed: Int? = nil) {
        self.nonce = nonce
        self.capturedAt = capturedAt
        self.place = place
        self.accuracy = accuracy
        self.speed = speed
    }
}

/// What a reporter filled in, every field of it in order.
package struct ReportForm: Hashable, Sendable {
    package let kind: ReportKind
    /// Absent where routing must choose.
    package let category: CategoryCode?
    package let description: Wording
    /// In WGS-84, whatever datum it was given in.
    package let location: Location
    /// The datum that the app named; nil where it named none and WGS-84 was taken.
    package let datum: Datum?
    package let address: AddressLine?
    /// By the reporter's clock, which may be wrong.
    package let observedAt: Timestamp?
    package let externalId: ExternalID?
    /// Who saw it; absent where that is the sender.
    package let reporterId: PersonID?
    /// In the reporter's order, none twice.
    package var photoIds: [PhotoID]
    /// In the reporter's order, none twice.
    package var voiceNoteIds: [VoiceNoteID] = []
    /// As given, not yet held against the pack; by code.
    package var answers: [ReportAnswer] = []
    package var landmark: LandmarkID?
    package var capture: Capture?
    package var identity = ReportIdentity.pseudonymous
    /// The open case that its reporter wants to support instead of telling of something new.
    package var supports: CaseID?

    package init(
        kind: ReportKind, category: CategoryCode?, description: Wording, location: Location, address: AddressLine?,
        observedAt: Timestamp?, externalId: ExternalID?, reporterId: PersonID?, photoIds: [PhotoID] = [],
        datum: Datum? = nil
    ) {
        self.kind = kind
        self.category = category
        self.description = description
        self.location = location
        self.datum = datum
        self.address = address
        self.observedAt = observedAt
        self.externalId = externalId
        self.reporterId = reporterId
        self.photoIds = photoIds
    }
}
