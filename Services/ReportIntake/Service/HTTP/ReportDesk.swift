import Contracts
import Foundation
import ReportIntakeDomain
import ServiceKit

/// Takes reports in, from whichever door: gives them their id and community, and has them stored.
struct ReportDesk: Sendable {
    let store: IntakeStore
    let groupCommit: GroupCommit
    let backlog: Backlog
    let communities: CommunityFinder
    let publishing: Publishing
    let metrics: IntakeMetrics
    let quotas: Quotas
    let shelves: Shelves
    let captures: CaptureNonces
    let opening: Opening
    /// How reporters are called who want to be hidden.
    let people: ReporterNames
    let links: FollowLinks
    let media: MediaLinks
    let acceptAfter: IntakeSettings.AcceptAfter
    /// The `source` of the messages that tell of reports, such as `/report-intake/1`.
    let source: String
    let now: @Sendable () -> Timestamp

    /// How long an answer may wait for the broker.
    static let brokerPatience = Duration.milliseconds(200)

    /// Makes a report ready to be stored.
    ///
    /// - Parameter brought: what came in the same request.
    /// - Throws: ``ProblemDetails`` 422 that names each photo and voice note which the sender has not sent, or each answer
    ///   that the pack in force does not take, 503 where they cannot be looked up, and before intake is open.
    func entry(
        _ form: ReportForm, from sender: Sender, key: IdempotencyKey?, json: JSONValue, traceParent: String?,
        brought: BroughtAlong = .none
    ) async throws -> ReportEntry {
        do throws(NotStored) { try opening.check() } catch { throw error.problem }
        let attachments = try await shelves.attachments(of: form, from: sender.id).adding(brought)
        let guidance = communities.guidance
        let moment = now()
        let unnamed = MessageID.random()
        let id = ReportName.all(of: form, from: sender, key: key?.value, people).first?.id ?? unnamed
        let capture = try await capture(of: form, from: sender, photos: attachments.photos, as: id, at: moment)
        let submission = Submission(
            form, from: sender, key: key?.value, guidance: guidance, photos: attachments.photos,
            voiceNotes: attachments.voiceNotes, answers: try guidance.answers(of: form), capture: capture.proof,
            at: moment, unnamed: unnamed, people: people)
        let fingerprint = submission.names.isEmpty ? "" : ReportReading.fingerprint(of: json)
        return try ReportEntry(
            submission, fingerprint: fingerprint, source: source, traceParent: traceParent,
            emergency: guidance.emergency(in: form), marks: capture.marks)
    }

    /// What the pack in force says, once it is known: before that nobody can tell what is asked and where places are.
    ///
    /// - Throws: ``NotStored`` before intake is open.
    func guidance() throws(NotStored) -> Guidance {
        try opening.check()
        return communities.guidance
    }

    /// What would become of a report; nothing is stored.
    ///
    /// - Throws: ``ProblemDetails`` as ``entry(_:from:key:json:traceParent:)``.
    func preview(_ form: ReportForm, from sender: Sender) async throws -> JSONValue {
        _ = try await shelves.attachments(of: form, from: sender.id)
        let guidance = communities.guidance
        return Preview(form, answers: try guidance.answers(of: form), by: guidance).json(by: guidance)
    }

    /// Stores reports and returns when they are on the disk.
    func add(_ entries: [ReportEntry]) async throws(NotStored) -> [StoringOutcome] {
        try backlog.check()
        let outcomes = try await groupCommit.add(entries)
        backlog.note(outcomes)
        return outcomes
    }

    /// How safe a stored report is by now: on this disk, or with the broker, if that is waited for.
    func durability(of report: MessageID) async -> Durability {
        guard acceptAfter == .broker else { return .local }
        return await publishing.wait(report, Self.brokerPatience) ? .broker : .local
    }
}

/// Where a report lies safely when its sender is answered.
enum Durability: String, Sendable {
    case local
    case broker
}

extension NotStored {
    /// What the sender is told, and when to come again.
    var problem: ProblemDetails {
        switch self {
        case .backlog: .unavailable(retryAfter: .seconds(30), advice)
        case .storeFailed: .unavailable(retryAfter: .seconds(5), advice)
        case .stopping, .notReady: .unavailable(retryAfter: .seconds(2), advice)
        }
    }

    var advice: String {
        switch self {
        case .backlog: "Too many reports are waiting to be handled. Nothing was stored; send it again later."
        case .storeFailed: "The report could not be stored. Send it again, with the same key."
        case .stopping: "This program is about to stop. Send it again, with the same key."
        case .notReady:
            "This program has only begun and does not know the boundaries yet. Send it again, with the same key."
        }
    }
}
