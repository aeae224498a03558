import Contracts
import ReportIntakeDomain
import ServiceKit

extension ReportDesk {
    /// Stores what somebody does with a report, to be brought to its owner, who decides.
    ///
    /// What is known here to be in vain is refused at once.
    ///
    /// - Parameter photoOwner: whose photos may be named; nil for nobody's.
    /// - Throws: `ProblemDetails` 409 where it is too late, 422 for what is wrong with it, 503 where nothing can be stored.
    func amend(
        _ form: AmendmentForm, _ standing: Standing, key: IdempotencyKey?, json: JSONValue, traceParent: String?,
        photoOwner: PersonID?
    ) async throws -> AmendmentAnswer {
        do throws(NotStored) {
            try opening.check()
            try backlog.check()
        } catch {
            throw error.problem
        }
        try refuseInVain(form, standing)
        let photos = try await photos(of: form, by: photoOwner)
        let moment = now()
        let id =
            key.map { MessageID(namespace: standing.reportId, name: "amendment\n\(standing.actor)\n\($0.value)") }
            ?? .random()
        let entry = try AmendmentEntry(
            id: id, form: form,
            event: form.event(
                about: ReportID(standing.reportId.description), in: standing.communityId, by: standing.actor,
                photos: photos, at: moment),
            fingerprint: key == nil ? "" : Fingerprint(of: json).hex, source: source, traceParent: traceParent)
        guard try await store.add(entry) else {
            throw ProblemDetails.unprocessable(errors: [
                .init(field: "Idempotency-Key", message: "was used before for something else")
            ])
        }
        publishing.nudge()
        backlog.noteAmendment()
        let known = try await store.amendments(of: standing.reportId).first { $0.id == id }
        guard let known else { throw NotStored.storeFailed.problem }
        return AmendmentAnswer(
            amendment: known, emergency: form.text.flatMap { communities.guidance.emergency(in: $0) })
    }

    private func refuseInVain(_ form: AmendmentForm, _ standing: Standing) throws(ProblemDetails) {
        if let stage = standing.case?.stage, !stage.isOpen, stage != .transferred {
            throw .conflict("The case is \(stage.rawValue) (\(stage.chinese)): send a new report where there is more.")
        }
        switch form.amendment {
        case .added: return
        case .edited:
            guard let sent = standing.report?.submittedAt,
                now().milliseconds - sent.milliseconds > AmendmentForm.editingTime
            else { return }
            throw .conflict("A report can be edited for 10 minutes; add to it instead.")
        case .withdrawn:
            guard let stage = standing.case?.stage, stage != .opened, stage != .transferred else { return }
            throw .conflict(
                "The case is \(stage.rawValue) (\(stage.chinese)) and is being worked on: it cannot be withdrawn any "
                    + "more. Add to it what has changed.")
        }
    }

    private func photos(of form: AmendmentForm, by owner: PersonID?) async throws -> [ReportPhoto]? {
        guard let ids = form.photoIds else { return nil }
        guard let owner else {
            guard ids.isEmpty else {
                throw ProblemDetails.unprocessable(errors: [
                    .init(field: "photos", message: "need an account: sign in to send photos")
                ])
            }
            return []
        }
        return try await shelves.photos(ids, of: owner)
    }
}

/// What a JSON object says, read as something to do with a report.
enum AmendmentReading {
    /// `{"text", "photos"}`, one of them at least.
    static func addition(_ json: JSONValue) throws(ProblemDetails) -> AmendmentForm {
        let fields = FieldReader(json)
        let text = fields.wording("text")
        return try checked(
            AmendmentForm(.added, text: text, photoIds: fields.photoIds.isEmpty ? nil : fields.photoIds), fields)
    }

    /// `{"description", "address", "photos"}`, one of them at least; what is left out stays as it is.
    static func edit(_ json: JSONValue) throws(ProblemDetails) -> AmendmentForm {
        let fields = FieldReader(json)
        let text = fields.wording("description")
        let address = fields.optional("address") { value throws(WrongField) in
            try value.text(AddressLine.init)
        }
        let saysPhotos = fields.any("photos") != nil
        return try checked(
            AmendmentForm(.edited, text: text, address: address, photoIds: saysPhotos ? fields.photoIds : nil), fields)
    }

    private static func checked(_ form: AmendmentForm, _ fields: FieldReader) throws(ProblemDetails) -> AmendmentForm {
        do throws(ProblemDetails) { try fields.finish() } catch { throw .unprocessable(errors: error.errors) }
        guard !form.isEmpty else {
            throw .unprocessable(errors: [.init(field: "", message: "must say something: a text, or photos")])
        }
        return form
    }
}

extension FieldReader {
    fileprivate func wording(_ name: String) -> Wording? {
        optional(name) { value throws(WrongField) in try value.text(Wording.init) }
    }
}
