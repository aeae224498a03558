import Contracts
import Geography
import ReportIntakeDomain
import ServiceKit

/// What a JSON object says, read as a report.
enum ReportReading {
    /// It can be stored; the key is one that stood in the object itself.
    case form(ReportForm, key: IdempotencyKey?)
    /// Every field that is wrong.
    case wrong([ProblemDetails.FieldError])

    /// - Parameters:
    ///   - hasKey: whether `idempotencyKey` is a field of the object: on a stream there are no headers.
    ///   - guidance: knows the landmarks, and what is asked.
    init(_ json: JSONValue, from sender: Sender, hasKey: Bool, guidance: Guidance) {
        let fields = FieldReader(json)
        let draft = Draft(fields, from: sender, guidance: guidance)
        let key = hasKey ? fields.optional("idempotencyKey", parse: Self.key) : nil
        do throws(ProblemDetails) {
            try fields.finish()
            guard let form = draft.form else { throw .badRequest(errors: [.init(field: "", message: "is no report")]) }
            self = .form(form, key: key)
        } catch {
            self = .wrong(error.errors)
        }
    }

    /// What tells this report from another under the same name: its content, wherever its key was written.
    static func fingerprint(of json: JSONValue) -> String {
        guard case .object(var members) = json else { return Fingerprint(of: json).hex }
        members["idempotencyKey"] = nil
        return Fingerprint(of: .object(members)).hex
    }

    private static func key(_ value: JSONValue) throws(WrongField) -> IdempotencyKey {
        guard let key = value.string.flatMap({ IdempotencyKey($0) }) else {
            throw WrongField("must be 1 to 255 visible ASCII characters")
        }
        return key
    }
}

/// A place with the datum that the app named, if it did.
struct GivenPlace {
    let location: Location
    let datum: Datum?

    /// Nil where it is no place on Earth, which the reader has noted.
    init?(_ fields: FieldReader) {
        let latitude = fields.number("latitude", in: -90...90)
        let longitude = fields.number("longitude", in: -180...180)
        datum = fields.optionalEnumeration("datum", Datum.self)
        do throws(FormFault) {
            location = try Location.checked(latitude: latitude, longitude: longitude, datum: datum ?? .wgs84)
        } catch {
            fields.note("", error.message)
            return nil
        }
    }
}

/// The fields as far as they could be read; a form only when none is wrong.
private struct Draft {
    let kind: ReportKind
    let category: CategoryCode?
    let description: Wording?
    let location: GivenPlace?
    let landmark: PackLandmark?
    let address: AddressLine?
    let observedAt: Timestamp?
    let externalId: ExternalID?
    let reporterId: PersonID?
    let photoIds: [PhotoID]
    let voiceNoteIds: [VoiceNoteID]
    let answers: [ReportAnswer]
    let capture: Capture?
    let identity: ReportIdentity
    let supports: CaseID?

    init(_ fields: FieldReader, from sender: Sender, guidance: Guidance) {
        kind = fields.optionalEnumeration("kind") ?? .snapshot
        category = fields.optional("category") { value throws(WrongField) in
            try value.text(CategoryCode.checked)
        }
        description = fields.value("description", standIn: nil) { value throws(WrongField) in
            try value.text(Wording.init)
        }
        landmark = fields.landmark(of: guidance.landmarks)
        location =
            fields.any("landmark") == nil
            ? fields.object("location", GivenPlace.init) : fields.optionalObject("location", GivenPlace.init) ?? nil
        address = fields.optional("address") { value throws(WrongField) in try value.text(AddressLine.init) }
        observedAt = fields.optional("observedAt") { value throws(WrongField) in
            guard let moment = value.string.flatMap({ Timestamp($0) }) else {
                throw WrongField("must be a moment such as 2026-03-01T08:30:00+08:00")
            }
            return moment
        }
        externalId = fields.optional("externalId") { value throws(WrongField) in
            try value.text(ExternalID.init)
        }
        reporterId = fields.optional("reporterId") { value throws(WrongField) in
            let reporter = try value.text(PersonID.checked)
            if let fault = sender.fault(naming: reporter) { throw WrongField(fault.message) }
            return reporter
        }
        photoIds = fields.photoIds
        voiceNoteIds = fields.ids(
            "voiceNotes", atMost: VoiceNoteID.mostOfReport, from: "/v1/voice-notes", VoiceNoteID.checked)
        answers = fields.answers(about: category, by: guidance.questionnaire)
        capture = fields.optionalObject("capture", Capture.init) ?? nil
        identity = fields.optionalEnumeration("identity") ?? .pseudonymous
        supports = fields.optional("supports") { value throws(WrongField) in try value.text(CaseID.checked) }
    }

    /// Nil only where a field that must be there is missing or wrong, which the reader has noted.
    var form: ReportForm? {
        guard let description, let place = location?.location ?? landmark?.location else { return nil }
        var form = ReportForm(
            kind: kind, category: category, description: description, location: place, address: address,
            observedAt: observedAt, externalId: externalId, reporterId: reporterId, photoIds: photoIds,
            datum: location?.datum)
        form.voiceNoteIds = voiceNoteIds
        form.answers = answers
        form.landmark = landmark?.id
        form.capture = capture
        form.identity = identity
        form.supports = supports
        return form
    }
}

extension JSONValue {
    /// The value of a text that follows rules of its own.
    func text<Value>(_ make: (String) throws(FormFault) -> Value) throws(WrongField) -> Value {
        guard let text = string else { throw WrongField("must be a string") }
        do throws(FormFault) {
            return try make(text)
        } catch {
            throw WrongField(error.message)
        }
    }
}
