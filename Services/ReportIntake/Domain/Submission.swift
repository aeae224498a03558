package import Contracts
import Geography

/// A report that is ready to be stored: what is kept of it, and what is told of it.
package struct Submission: Equatable, Sendable {
    /// The report's id, which is also that of the message that tells of it: all that follows from the report carries it.
    package let id: MessageID
    /// What the topic gets, with all that points to a person masked.
    package let event: ReportSubmitted
    /// As the reporter wrote it, for the eyes of the reporter and of staff only.
    package let description: String
    package let address: String?
    package let senderId: PersonID
    /// Under which it may be sent again; empty where it has none.
    package let names: [ReportName]

    /// - Parameters:
    ///   - key: the sender's `Idempotency-Key` for this report.
    ///   - photos: those that the form names, as they were taken in.
    ///   - voiceNotes: those that the form names, as they were taken in.
    ///   - capture: what speaks for and against the report having been made there and then.
    ///   - answers: those of the form, held against the questions of `guidance`.
    ///   - moment: when intake took it.
    ///   - unnamed: its id where neither a key nor an external id gives one.
    ///   - people: how reporters are called who want to be hidden.
    package init(
        _ form: ReportForm, from sender: Sender, key: String?, guidance: Guidance, photos: [ReportPhoto] = [],
        voiceNotes: [VoiceNote] = [], answers: CheckedAnswers = .none, capture: CaptureProof? = nil,
        at moment: Timestamp, unnamed: MessageID, people: ReporterNames
    ) {
        names = ReportName.all(of: form, from: sender, key: key, people)
        id = names.first?.id ?? unnamed
        let reporter = people.name(of: form.reporterId ?? sender.id, in: id, as: form.identity)
        let community = guidance.communities.community(at: form.location)
        event = ReportSubmitted(
            reportId: ReportID(id.description), communityId: community,
            kind: form.kind, category: form.category, description: Masking.masked(form.description.text),
            location: form.location, address: form.address.map { Masking.masked($0.text) },
            observedAt: form.observedAt, submittedAt: moment, reporterId: reporter,
            channel: sender.maySpeakForOthers ? sender.id.rawValue : nil, photos: photos.isEmpty ? nil : photos,
            suggestedCategory: SuggestedCategory(guidance.guess(for: form)), datum: form.datum?.rawValue,
            identity: form.identity == .pseudonymous ? nil : form.identity.rawValue,
            voiceNotes: voiceNotes.isEmpty ? nil : voiceNotes,
            answers: answers.answers.isEmpty ? nil : answers.answers,
            packHash: answers.answers.isEmpty ? nil : guidance.packHash, landmarkId: form.landmark, capture: capture,
            nearestCommunity: community == .unassigned ? guidance.communities.nearest(to: form.location) : nil,
            supports: form.supports)
        description = form.description.text
        address = form.address?.text
        // A platform is nobody who wants to be hidden.
        senderId = sender.maySpeakForOthers ? sender.id : people.name(of: sender.id, in: id, as: form.identity)
    }
}
