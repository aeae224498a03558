import Contracts
import Hummingbird
import ReportIntakeDomain
import ServiceKit

/// What a reporter may do with a report later: with their account under `/v1/reports/{id}`, or by the report's link under
/// `/v1/follow/{code}`.
struct AmendmentRoutes: Sendable {
    let desk: ReportDesk

    /// A standing, whose photos may be named, and whose room is taken.
    private typealias Asker = (standing: Standing, photoOwner: PersonID?, payer: Quotas.Payer)

    func add(to router: Router<ServiceRequestContext>) {
        let reports = router.group("v1/reports/{id}", context: AuthenticatedRequestContext.self)
        reports.post("additions") { request, context in
            try await add(request, context, try await asker(context))
        }
        reports.patch { request, context in try await edit(request, context, try await asker(context)) }
        reports.delete { request, context in try await withdraw(request, try await asker(context)) }
        let links = router.group("v1/follow/{code}")
        links.get { _, context in try await follow(context) }
        links.post("additions") { request, context in
            try await add(request, context, try await holder(context))
        }
        links.patch { request, context in try await edit(request, context, try await holder(context)) }
        links.delete { request, context in try await withdraw(request, try await holder(context)) }
    }

    private func asker(_ context: AuthenticatedRequestContext) async throws -> Asker {
        try context.principal.require(anyOf: ReportRoutes.reporters)
        guard let id = context.parameters.get("id").flatMap({ MessageID($0) }) else { throw ReportDesk.unknownReport }
        return (
            try await desk.standing(of: id, for: context.principal), PersonID(context.principal.subject),
            Quotas.Payer(Sender(context.principal))
        )
    }

    private func holder(_ context: ServiceRequestContext) async throws -> Asker {
        let standing = try await desk.standing(byLink: context.parameters.get("code"))
        // A link goes from hand to hand: whoever signs in beside it does not send at another's expense.
        let payer = Quotas.Payer.link(standing.reportId)
        guard case .known(let principal) = context.identity else { return (standing, nil, payer) }
        return (standing, PersonID(principal.subject), payer)
    }

    private func add(_ request: Request, _ context: some RequestContext, _ asker: Asker) async throws -> Response {
        let json = try await request.json(context)
        return try await amend(try AmendmentReading.addition(json), json, request, asker)
    }

    private func edit(_ request: Request, _ context: some RequestContext, _ asker: Asker) async throws -> Response {
        let json = try await request.json(context)
        return try await amend(try AmendmentReading.edit(json), json, request, asker)
    }

    private func withdraw(_ request: Request, _ asker: Asker) async throws -> Response {
        try await amend(AmendmentForm(.withdrawn), .null, request, asker)
    }

    /// 202: whether it takes effect its owner decides, and the report's page says.
    private func amend(
        _ form: AmendmentForm, _ json: JSONValue, _ request: Request, _ asker: Asker
    ) async throws -> Response {
        try desk.quotas.check(.reports, by: asker.payer)
        let answer = try await desk.amend(
            form, asker.standing, key: try request.idempotencyKey(), json: json, traceParent: TraceParent.of(request),
            photoOwner: asker.photoOwner)
        let body = ByteBuffer(bytes: answer.json.bytes())
        return Response(
            status: .accepted, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: body))
    }

    private func follow(_ context: ServiceRequestContext) async throws -> Response {
        let standing = try await desk.standing(byLink: context.parameters.get("code"))
        var members = try await desk.progress(of: standing)
        members["reportId"] = .string(standing.reportId.description)
        let body = ByteBuffer(bytes: JSONValue.object(members).bytes())
        // A link is as good as a key, so no page that it leads to may keep it.
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/json; charset=utf-8", .cacheControl: "no-store",
                .referrerPolicy: "no-referrer",
            ], body: .init(byteBuffer: body))
    }
}

extension ReportDesk {
    /// How far a report has come, for whoever has a say in it: stage, deadline, each change of stage, and what became of
    /// what was done with it later.
    func progress(of standing: Standing) async throws -> [String: JSONValue] {
        let amendments = try await store.amendments(of: standing.reportId)
        var members: [String: JSONValue] = ["communityId": .string(standing.communityId.rawValue)]
        if !amendments.isEmpty { members["amendments"] = .array(amendments.map(\.json)) }
        members["status"] = standing.report.map { .string($0.status.rawValue) }
        members["submittedAt"] = standing.report.map { .string($0.submittedAt.description) }
        guard let found = standing.case else { return members }
        let updates = try await store.caseUpdates(of: [found.id])[found.id] ?? []
        members["status"] = .string(KnownReport.Status.registered.rawValue)
        members["caseId"] = .string(found.id.rawValue)
        members["caseNumber"] = .string(found.number)
        members["stage"] = .string(found.stage.rawValue)
        members["stageName"] = .string(found.stage.chinese)
        members["deadline"] = found.deadline.map { .string($0.description) }
        members["question"] = found.question.map { .string($0) }
        members["answerUntil"] = found.question == nil ? nil : found.restsUntil.map { .string($0.description) }
        members["updates"] = .array(
            updates.map { update in
                [
                    "stage": .string(update.stage.rawValue), "stageName": .string(update.stage.chinese),
                    "at": .string(update.at.description),
                ]
            })
        return members
    }
}

extension AmendmentAnswer {
    fileprivate var json: JSONValue {
        var members = amendment.members
        members["emergency"] = emergency?.json
        return .object(members)
    }
}

extension KnownAmendment {
    fileprivate var json: JSONValue { .object(members) }

    fileprivate var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "amendmentId": .string(id.description), "amendment": .string(amendment.rawValue),
            "submittedAt": .string(submittedAt.description), "status": .string(status.rawValue),
        ]
        members["reason"] = reason.map { .string($0) }
        return members
    }
}
