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
    ///   - answers: those of the form, held against the questions of `guidance`.
    ///   - moment: when intake took it.
    ///   - unnamed: its id where neither a key nor an external id gives one.
    package init(
        _ form: ReportForm, from sender: Sender, key: String?, guidance: Guidance, photos: [ReportPhoto] = [],
        answers: CheckedAnswers = .none, at moment: Timestamp, unnamed: MessageID
    ) {
        // The platform's own id goes first: it stays the same when the report is sent once more under another key.
        names =
            [form.externalId.map { ReportName(externalId: $0, of: sender.id) }].compactMap(\.self)
            + [key.map { ReportName(key: $0, of: sender.id) }].compactMap(\.self)
        id = names.first?.id ?? unnamed
        let reporter = form.reporterId ?? sender.id
        event = ReportSubmitted(
            reportId: ReportID(id.description), communityId: guidance.communities.community(at: form.location),
            kind: form.kind, category: form.category, description: Masking.masked(form.description.text),
            location: form.location, address: form.address.map { Masking.masked($0.text) },
            observedAt: form.observedAt, submittedAt: moment, reporterId: reporter,
            channel: sender.maySpeakForOthers ? sender.id.rawValue : nil, photos: photos.isEmpty ? nil : photos,
            suggestedCategory: SuggestedCategory(guidance.guess(for: form)), datum: form.datum?.rawValue,
            answers: answers.answers.isEmpty ? nil : answers.answers,
            packHash: answers.answers.isEmpty ? nil : guidance.packHash, landmarkId: form.landmark)
        description = form.description.text
        address = form.address?.text
        senderId = sender.id
    }
}
