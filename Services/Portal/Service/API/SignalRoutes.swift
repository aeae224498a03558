import Contracts
import Hummingbird
import ServiceKit

/// Oddities 异常线索 for staff to look at; nobody is fined by one.
struct SignalRoutes: Sendable {
    let readModel: ReadModel
    let desk: FairnessDesk

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("points/signals") { request, context in try await list(request, context) }
        group.post("points/signals/{id}/review") { request, context in try await review(request, context) }
    }

    private func list(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Page<SignalView> {
        let reviewed = request.uri.queryParameters["reviewed"].map { ["true": true, "false": false][String($0)] }
        let wrong: [ProblemDetails.FieldError] =
            reviewed == .some(nil) ? [.init(field: "reviewed", message: "must be true or false")] : []
        let wanted = try PageRequest<FairnessPlace>(request, besides: wrong)
        let signals = try await readModel.signals(
            reviewed: reviewed ?? nil, after: wanted.after, limit: wanted.limit + 1)
        return try Page(fetched: signals.map(SignalView.init), limit: wanted.limit) {
            FairnessPlace(at: $0.at.milliseconds, id: $0.signalId.rawValue)
        }
    }

    private func review(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let asked = try await FairnessDesk.Asked(request, context)
        let wanted = try SignalReviewRequest(asked.body)
        let id = SignalID(try context.parameters.require("id"))
        guard let signal = try await readModel.signal(id)?.raised else {
            throw ProblemDetails.notFound("There is no signal of this id, or it has not come here yet.")
        }
        // By the name that the signal is about, so that nobody reviews what is about themselves.
        let actor = context.principal.actor(among: signal.personIds)
        return try await desk.give(
            CommandMetrics.signalReview, about: id.rawValue, in: signal.ledgerId, asked, request, context,
            command: {
                ReviewSignal(
                    signalId: id, ledgerId: signal.ledgerId, founded: wanted.founded, reason: wanted.reason,
                    actor: actor, notAfter: $0)
            }, view: { try await readModel.signal(id).map(SignalView.init) })
    }
}

/// A signal as staff sees it.
struct SignalView: Encodable, Sendable {
    let signalId: SignalID
    let ledgerId: LedgerID
    let kind: SignalRaised.Kind
    let personIds: [PersonID]
    let caseIds: [CaseID]
    let explanation: String
    let at: Timestamp
    let reviewed: Bool
    let founded: Bool?
    let finding: String?
    let reviewedBy: PersonID?
    let reviewedAt: Timestamp?

    init(_ kept: KeptSignal) {
        let raised = kept.raised
        signalId = raised.signalId
        ledgerId = raised.ledgerId
        kind = raised.kind
        personIds = raised.personIds
        caseIds = raised.caseIds
        explanation = raised.explanation
        at = raised.at
        reviewed = kept.review != nil
        founded = kept.review?.founded
        finding = kept.review?.reason
        reviewedBy = kept.review?.actorId
        reviewedAt = kept.review?.at
    }
}
