/// A rider platform tells of a report.
///
/// Written by platforms themselves on `platform-reports.v1`, keyed as they like, and signed: ``PlatformSignature``. The
/// envelope is theirs, too: its `id` is any text of 1 to 200 visible ASCII characters, its `source` is
/// `/platforms/<platform>`, and of our further attributes it needs none. So report-intake does not read records into
/// this type, but field by field, as it reads a line of `POST /v1/reports/stream`, and names every wrong one.
package struct PlatformReport: Message {
    package static let type = "platform-report.sent"

    package let kind: ReportKind?
    package let category: CategoryCode?
    package let description: String
    /// May be absent where there is a landmark.
    package let location: GivenPlace?
    package let address: String?
    /// One of the pack's.
    package let landmark: LandmarkID?
    package let observedAt: Timestamp?
    /// The platform's own id of the report; where it is absent, the `id` of the envelope.
    package let externalId: String?
    /// Who saw it; the platform itself where it is absent.
    package let reporterId: PersonID?
    package let photos: [PhotoID]?
    package let voiceNotes: [VoiceNoteID]?
    /// By the codes of the questions.
    package let answers: GivenAnswers?
    package let capture: GivenCapture?
    package let identity: ReportIdentity?
    /// Under which it may have come through another door.
    package let idempotencyKey: String?
    /// The open case that it is another report of.
    package let supports: CaseID?

    /// A place with the datum that it is given in.
    package struct GivenPlace: Codable, Equatable, Sendable {
        package let latitude: Double
        package let longitude: Double
        /// WGS-84 where it is absent.
        package let datum: String?

        package init(latitude: Double, longitude: Double, datum: String?) {
            self.latitude = latitude
            self.longitude = longitude
            self.datum = datum
        }
    }

    /// What an app tells of how a report was made.
    package struct GivenCapture: Codable, Equatable, Sendable {
        package let nonce: String?
        package let capturedAt: Timestamp?
        package let location: GivenPlace?
        /// In metres.
        package let accuracy: Double?
        /// How fast the device moved, in metres per second.
        package let speed: Double?

        package init(
            nonce: String?, capturedAt: Timestamp?, location: GivenPlace?, accuracy: Double?, speed: Double? = nil
        ) {
            self.nonce = nonce
            self.capturedAt = capturedAt
            self.location = location
            self.accuracy = accuracy
            self.speed = speed
        }
    }

    package init(
        kind: ReportKind? = nil, category: CategoryCode? = nil, description: String, location: GivenPlace?,
        address: String? = nil, landmark: LandmarkID? = nil, observedAt: Timestamp? = nil, externalId: String? = nil,
        reporterId: PersonID? = nil,
        photos: [PhotoID]? = nil, voiceNotes: [VoiceNoteID]? = nil, answers: GivenAnswers? = nil,
        capture: GivenCapture? = nil, identity: ReportIdentity? = nil, idempotencyKey: String? = nil,
        supports: CaseID? = nil
    ) {
        self.kind = kind
        self.category = category
        self.description = description
        self.location = location
        self.address = address
        self.landmark = landmark
        self.observedAt = observedAt
        self.externalId = externalId
        self.reporterId = reporterId
        self.photos = photos
        self.voiceNotes = voiceNotes
        self.answers = answers
        self.capture = capture
        self.identity = identity
        self.idempotencyKey = idempotencyKey
        self.supports = supports
    }

    package var subject: String { externalId ?? "" }
}
