import Contracts
import Hummingbird
import ServiceKit

/// Notices that points are to be taken back: a person's own, with their objection, and the doors for staff.
struct NoticeRoutes: Sendable {
    let readModel: ReadModel
    let desk: FairnessDesk

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("me/notices") { request, context in
            try await list(of: context.principal.names, request)
        }
        group.post("me/notices/{id}/objection") { request, context in try await object(request, context) }
        group.get("points/notices") { request, context in
            try await list(of: request.uri.queryParameters["personId"].map { [String($0)] }, request)
        }
        group.post("points/notices") { request, context in try await give(request, context) }
        group.post("points/notices/{id}/decision") { request, context in try await decide(request, context) }
    }

    private func list(of names: [String]?, _ request: Request) async throws -> Page<NoticeView> {
        let wanted = try PageRequest<FairnessPlace>(request)
        let notices = try await readModel.notices(of: names, after: wanted.after, limit: wanted.limit + 1)
        return try Page(fetched: notices.map(NoticeView.init), limit: wanted.limit) {
            FairnessPlace(at: $0.givenAt.milliseconds, id: $0.noticeId.rawValue)
        }
    }

    private func give(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let asked = try await FairnessDesk.Asked(request, context)
        let wanted = try NoticeRequest(asked.body)
        let id = NoticeID(asked.id)
        let actor = context.principal.actor(among: [])
        return try await desk.give(
            CommandMetrics.noticeGive, about: id.rawValue, in: wanted.ledgerId, asked, success: .created, request,
            context, command: { wanted.command(id, by: actor, notAfter: $0) }, view: { try await view(of: id) })
    }

    private func object(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let asked = try await FairnessDesk.Asked(request, context)
        let reason = try FieldReader.read(asked.body) { Masking.masked($0.string("reason", length: 1...1_000)) }
        let notice = try await found(context)
        guard context.principal.names.contains(notice.personId.rawValue) else { throw Self.notFound }
        let actor = context.principal.actor(among: [notice.personId])
        return try await answer(
            notice, .object, reason, by: actor, CommandMetrics.noticeObject, asked, request, context)
    }

    private func decide(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let asked = try await FairnessDesk.Asked(request, context)
        let decision = try NoticeDecision(asked.body)
        let notice = try await found(context)
        // By the name that the notice is about, so that nobody decides about themselves.
        let actor = context.principal.actor(among: [notice.personId])
        return try await answer(
            notice, decision.answer, decision.reason, by: actor, CommandMetrics.noticeDecide, asked, request, context)
    }

    private func answer(
        _ notice: NoticeChanged, _ answer: AnswerNotice.Answer, _ reason: String, by actor: Actor, _ action: String,
        _ asked: FairnessDesk.Asked, _ request: Request, _ context: AuthenticatedRequestContext
    ) async throws -> Response {
        try await desk.give(
            action, about: notice.noticeId.rawValue, in: notice.ledgerId, asked, request, context,
            command: {
                AnswerNotice(
                    noticeId: notice.noticeId, ledgerId: notice.ledgerId, answer: answer, reason: reason, actor: actor,
                    notAfter: $0)
            }, view: { try await view(of: notice.noticeId) })
    }

    private static let notFound = ProblemDetails.notFound("There is no notice of this id, or it has not come here yet.")

    private func found(_ context: AuthenticatedRequestContext) async throws -> NoticeChanged {
        let id = NoticeID(try context.parameters.require("id"))
        guard let kept = try await readModel.notice(id) else { throw Self.notFound }
        return kept.given
    }

    private func view(of id: NoticeID) async throws -> NoticeView? {
        try await readModel.notice(id).map(NoticeView.init)
    }
}

/// A notice as its person and staff see it.
struct NoticeView: Encodable, Sendable {
    let noticeId: NoticeID
    let ledgerId: LedgerID
    let personId: PersonID
    let transferIds: [TransferID]
    let points: Int
    let reason: String?
    let signalId: SignalID?
    let givenAt: Timestamp
    let givenBy: PersonID?
    let objectionUntil: Timestamp
    /// `given`, `objected`, `upheld`, `dismissed` or `lapsed`.
    let state: String
    let objection: String?
    let objectedAt: Timestamp?
    /// How it ended, in words.
    let decision: String?
    let decidedBy: PersonID?
    let decidedAt: Timestamp?
    let taken: Int?

    init(_ kept: KeptNotice) {
        let given = kept.given
        noticeId = given.noticeId
        ledgerId = given.ledgerId
        personId = given.personId
        transferIds = given.transferIds
        points = given.points
        reason = given.reason
        signalId = given.signalId
        givenAt = given.at
        givenBy = given.actorId
        objectionUntil = given.objectionUntil
        let step = (kept.ended ?? kept.objected ?? given).step.rawValue
        state = String(step.dropFirst("notice.".count))
        objection = kept.objected?.reason
        objectedAt = kept.objected?.at
        decision = kept.ended?.reason
        decidedBy = kept.ended?.actorId
        decidedAt = kept.ended?.at
        taken = kept.ended?.taken
    }
}
