import Contracts
import Foundation
import GRDB
import Metrics
import ServiceKit

/// A command that somebody wants to give, checked for form, not yet taken.
struct WantedCommand<Data: Message>: Sendable {
    /// The sender's own name for it; a repetition has the same.
    let key: String
    let principal: Principal
    /// A word of a closed list, for metrics.
    let action: String
    /// The case or message that it is about.
    let about: String
    /// Tells two requests of one key apart.
    let fingerprint: Fingerprint
    let topic: Topic
    let partitionKey: String
    /// The state that the caller wants to see changed.
    var follows = OutcomeBoard.News.state
    /// Makes the command, once it is known until when it is good.
    let payload: @Sendable (_ notAfter: Timestamp) -> Data
}

/// Takes commands: keeps them, sends them to their owner, and waits a while for what came of them.
///
/// Portal says who asks; the owner decides whether, on its own state.
struct CommandDoor: Sendable {
    /// What a caller learns.
    enum Answer: Sendable, Equatable {
        case outcome(CommandOutcome)
        /// Nothing has come yet; it is kept until it does.
        case pending
    }

    private static let goodFor: Int64 = 60_000

    let readModel: ReadModel
    let outcomes: OutcomeBoard
    /// Names this instance in envelopes: `/portal/1`.
    let source: String
    let metrics: CommandMetrics
    /// How long a caller waits for the outcome, and for the state after it.
    var patience = Duration.seconds(5)
    var patienceForState = Duration.seconds(1)
    let now: @Sendable () -> Timestamp
    /// Wakes the relay.
    let nudge: @Sendable () -> Void

    /// The id that a subject's command of this key has, at every instance.
    static func commandID(subject: String, key: String) -> MessageID {
        MessageID(namespace: MessageID(namespace: .suishoupai, name: "command|\(subject)"), name: key)
    }

    /// Takes a command, or finds the earlier one of the same key, and waits for its outcome.
    ///
    /// - Throws: ``ProblemDetails`` 422 where the key stands for another command.
    func give<Data>(_ wanted: WantedCommand<Data>) async throws -> Given {
        let id = Self.commandID(subject: wanted.principal.subject, key: wanted.key)
        let (isNew, answer) = try await outcomes.withNews(of: id) { news in
            let deadline = ContinuousClock.now + (CommandPreference.asked?.wait ?? patience)
            let isNew = try await take(wanted, id: id)
            nudge()
            return (isNew, try await waitForAnswer(to: id, wanted.follows, news: news, until: deadline))
        }
        metrics.count(wanted.action, answer)
        return Given(id: id, answer: answer, isNew: isNew)
    }

    /// A command that was given.
    struct Given: Sendable {
        let id: MessageID
        let answer: Answer
        /// False for a repetition: what was made for it went with the first.
        let isNew: Bool
    }

    private func take<Data>(_ wanted: WantedCommand<Data>, id: MessageID) async throws -> Bool {
        let moment = now()
        let payload = wanted.payload(moment.adding(milliseconds: Self.goodFor))
        let envelope = Envelope(
            payload, id: id, source: source, time: moment, traceParent: TraceParent.current,
            request: RequestRoute.current)
        let command = TakenCommand(
            id: id, subject: wanted.principal.subject, action: wanted.action, about: wanted.about,
            fingerprint: wanted.fingerprint.hex)
        let value = try envelope.value()
        let (taken, isNew): (TakenCommand, Bool)
        do {
            (taken, isNew) = try await readModel.take(
                command, at: moment, topic: wanted.topic, key: wanted.partitionKey, value: value)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            throw ProblemDetails.unavailable(
                retryAfter: .seconds(5), "The command could not be stored. Send it again, with the same key.")
        }
        guard taken.fingerprint == command.fingerprint else {
            throw ProblemDetails.unprocessable(
                "This Idempotency-Key was used for another request. Use a new one for a new request.",
                errors: [.init(field: "Idempotency-Key", message: "must be new for another request")])
        }
        return isNew
    }

    private func waitForAnswer(
        to id: MessageID, _ state: OutcomeBoard.News, news: AsyncStream<OutcomeBoard.News>,
        until deadline: ContinuousClock.Instant
    ) async throws -> Answer {
        if let outcome = try await readModel.outcome(of: id) { return .outcome(outcome) }
        let heard = await news.heard([.outcome], until: deadline)
        guard let outcome = try await readModel.outcome(of: id) else { return .pending }
        if outcome.changes(state) {
            let stateBy = min(deadline, ContinuousClock.now + patienceForState)
            _ = await news.heard([.outcome, state], after: heard, until: stateBy)
            // One command may have several steps, and the later ones may have come meanwhile.
            return .outcome(try await readModel.outcome(of: id) ?? outcome)
        }
        return .outcome(outcome)
    }
}

/// Counts commands by what they ask for and what came of them.
struct CommandMetrics: Sendable {
    private let counters: [String: Counter]

    init(factory: any MetricsFactory) {
        let actions =
            CaseAction.allCases.map(\.rawValue) + [Self.markRead] + Self.ofCampaigns + Self.ofShelf + Self.ofFairness
            + Self.ofLedger + Self.ofPersons
        var counters: [String: Counter] = [:]
        for action in actions {
            for outcome in ["applied", "refused", "failed", "pending"] {
                counters["\(action)/\(outcome)"] = Counter(
                    label: "commands_total", dimensions: [("action", action), ("outcome", outcome)], factory: factory)
            }
        }
        self.counters = counters
    }

    static let markRead = "mark-read"
    static let archive = "archive"
    static let preferencesSet = "preferences-set"
    static let contactSet = "contact-set"
    static let contactRemove = "contact-remove"
    static let consentGive = "consent-give"
    static let unsubscribe = "unsubscribe"
    static let erase = "erase"
    private static let ofPersons = [
        archive, preferencesSet, contactSet, contactRemove, consentGive, unsubscribe, erase,
    ]
    static let pointsMove = "points-move"
    static let pointsEnd = "points-end"
    static let pointsCorrect = "points-correct"
    private static let ofLedger = [pointsMove, pointsEnd, pointsCorrect]
    static let campaignStart = "campaign-start"
    static let campaignTargets = "campaign-add-targets"
    static let campaignVisit = "campaign-visit"
    static let campaignEnd = "campaign-end"
    private static let ofCampaigns = [campaignStart, campaignTargets, campaignVisit, campaignEnd]
    static let hoursRecord = "hours-record"
    static let noticeGive = "notice-give"
    static let noticeObject = "notice-object"
    static let noticeDecide = "notice-decide"
    static let signalReview = "signal-review"
    private static let ofFairness = [hoursRecord, noticeGive, noticeObject, noticeDecide, signalReview]

    static let orderPlace = "order-place"
    static let orderCancel = name(of: OrderAction.cancel)
    static let stockMove = "stock-move"
    private static let ofShelf = [orderPlace, stockMove] + OrderAction.allCases.map(name)

    static func name(of action: OrderAction) -> String { "order-\(action.rawValue)" }

    func count(_ action: String, _ answer: CommandDoor.Answer) {
        let outcome =
            switch answer {
            case .outcome(.applied), .outcome(.noted): "applied"
            case .outcome(.refused): "refused"
            case .outcome(.failed): "failed"
            case .pending: "pending"
            }
        counters["\(action)/\(outcome)"]?.increment()
    }
}
