import Contracts
import Foundation
import ReportIntakeDomain
import ServiceKit
import Vocabulary

/// A report on its way into the store, with the record that will tell of it already written down.
struct ReportEntry: Sendable {
    let submission: Submission
    /// Of what was sent, to tell a repetition from another report under the same name; empty where it has no name.
    let fingerprint: String
    /// The value of the record for the topic: encoded once, here, outside of the transaction that all wait for.
    let value: Data
    /// By which a later report with the same nonce or photo is known.
    let marks: CaptureMarks
    /// What its reporter must be told at once: part of the answer, not of what is stored.
    let emergency: EmergencyAdvice?

    init(
        _ submission: Submission, fingerprint: String, source: String, traceParent: String?,
        emergency: EmergencyAdvice? = nil, marks: CaptureMarks = .none
    ) throws {
        self.submission = submission
        self.fingerprint = fingerprint
        self.emergency = emergency
        self.marks = marks
        value = try Envelope(
            submission.event, id: submission.id, source: source, time: submission.event.submittedAt,
            traceParent: traceParent, request: RequestRoute.current
        ).value()
    }
}

/// What became of a report in the store.
enum StoringOutcome: Hashable, Sendable {
    case accepted(Receipt)
    /// It was here already: the receipt is the first one.
    case repeated(Receipt)
    /// Its name belongs to another report; nothing was stored.
    case conflict
}

/// What a reporter holds in hand once the report is stored.
struct Receipt: Hashable, Sendable {
    let reportId: MessageID
    let communityId: CommunityID
}
