import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Campaigns 专项整治: lists with a burndown, and the doors for what staff does with them.
struct CampaignRoutes: Sendable {
    let readModel: ReadModel
    let door: CommandDoor

    private static let leaders: Set<Role> = [.dispatcher, .admin]
    private static let visitors: Set<Role> = [.worker, .dispatcher, .admin]
    private static let readers: Set<Role> = [.worker, .verifier, .dispatcher, .admin]

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("campaigns") { request, context in try await list(request, context) }
        group.get("campaigns/{id}") { _, context in
            try context.principal.require(anyOf: Self.readers)
            return CampaignView(try await found(context), withTargets: true)
        }
        group.post("campaigns") { request, context in try await start(request, context) }
        group.post("campaigns/{id}/targets") { request, context in try await addTargets(request, context) }
        group.post("campaigns/{id}/visits") { request, context in try await visit(request, context) }
        group.post("campaigns/{id}/end") { request, context in try await end(request, context) }
    }

    private func list(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Page<CampaignView> {
        try context.principal.require(anyOf: Self.readers)
        let parameters = request.uri.queryParameters
        let ended = parameters["ended"].map { ["true": true, "false": false][String($0)] }
        let wrong: [ProblemDetails.FieldError] =
            ended == .some(nil) ? [.init(field: "ended", message: "must be true or false")] : []
        let wanted = try PageRequest<CampaignPlace>(request, besides: wrong)
        let filter = CampaignFilter(communityId: parameters["communityId"].map(String.init), ended: ended ?? nil)
        let states = try await readModel.campaigns(filter, after: wanted.after, limit: wanted.limit + 1)
        return try Page(fetched: states.map { CampaignView($0, withTargets: false) }, limit: wanted.limit) {
            CampaignPlace(startedAt: $0.startedAt.milliseconds, campaignId: $0.campaignId.rawValue)
        }
    }

    /// The campaign's id follows from who asks and the key, so that asking twice begins one campaign.
    private func start(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        try context.principal.require(anyOf: Self.leaders)
        let key = try request.idempotencyKey()?.value ?? MessageID.random().description
        let body = try await request.json(context)
        let asked = try CampaignRequest(body)
        let id = CampaignID(CommandDoor.commandID(subject: context.principal.subject, key: key).description)
        let actor = context.principal.actor(among: [])
        return try await give(
            WantedCommand(
                key: key, principal: context.principal, action: CommandMetrics.campaignStart, about: id.rawValue,
                fingerprint: Fingerprint(of: ["campaign": "start", "body": body]), topic: TopicCatalogue.caseCommands,
                partitionKey: asked.communityId
            ) { asked.command(id, by: actor, notAfter: $0) }, about: id, .created, request, context)
    }

    private func addTargets(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        try context.principal.require(anyOf: Self.leaders)
        let body = try await request.json(context)
        let targets = try FieldReader.read(body) { CampaignTarget.read($0) }
        let actor = context.principal.actor(among: [])
        return try await change(CommandMetrics.campaignTargets, body, request, context) { state, notAfter in
            AddCampaignTargets(
                campaignId: state.campaignId, communityId: state.communityId, targets: targets, actor: actor,
                notAfter: notAfter)
        }
    }

    private func visit(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        try context.principal.require(anyOf: Self.visitors)
        let body = try await request.json(context)
        let asked = try VisitRequest(body)
        let actor = context.principal.actor(among: [])
        return try await change(CommandMetrics.campaignVisit, body, request, context) { state, notAfter in
            asked.command(about: state, by: actor, notAfter: notAfter)
        }
    }

    private func end(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        try context.principal.require(anyOf: Self.leaders)
        let body = try await request.json(context)
        let reason = try FieldReader.read(body) { Masking.masked($0.string("reason", length: 1...1_000)) }
        let actor = context.principal.actor(among: [])
        return try await change(CommandMetrics.campaignEnd, body, request, context) { state, notAfter in
            EndCampaign(
                campaignId: state.campaignId, communityId: state.communityId, reason: reason, actor: actor,
                notAfter: notAfter)
        }
    }

    private func found(_ context: AuthenticatedRequestContext) async throws -> CampaignState {
        let id = CampaignID(try context.parameters.require("id"))
        guard let state = try await readModel.campaign(id) else {
            throw ProblemDetails.notFound("There is no campaign of this id, or it has not come here yet.")
        }
        return state
    }

    private func change<Data: Message>(
        _ action: String, _ body: JSONValue, _ request: Request, _ context: AuthenticatedRequestContext,
        _ command: @escaping @Sendable (CampaignState, Timestamp) -> Data
    ) async throws -> Response {
        let key = try request.idempotencyKey()?.value ?? MessageID.random().description
        let state = try await found(context)
        return try await give(
            WantedCommand(
                key: key, principal: context.principal, action: action, about: state.campaignId.rawValue,
                fingerprint: Fingerprint(of: [
                    "campaign": .string(state.campaignId.rawValue), "action": .string(action), "body": body,
                ]), topic: TopicCatalogue.caseCommands, partitionKey: state.communityId.rawValue
            ) { command(state, $0) }, about: state.campaignId, .ok, request, context)
    }

    private func give<Data>(
        _ wanted: WantedCommand<Data>, about id: CampaignID, _ success: HTTPResponse.Status, _ request: Request,
        _ context: AuthenticatedRequestContext
    ) async throws -> Response {
        let given = try await door.give(wanted)
        let commandId = given.id
        let isPending: Bool
        switch given.answer {
        case .outcome(.applied), .outcome(.noted): isPending = false
        case .outcome(.refused(let refusal)): throw ProblemDetails.refused(refusal)
        case .outcome(.failed(let failure)): throw ProblemDetails.failed(failure)
        case .pending: isPending = true
        }
        let state = isPending ? nil : try await readModel.campaign(id)
        var response = try CampaignAnswerView(
            commandId: commandId, campaignId: id, outcome: isPending ? "pending" : "applied",
            campaign: state.map { CampaignView($0, withTargets: true) }
        ).response(from: request, context: context)
        response.status = isPending ? .accepted : success
        if isPending {
            response.headers[.location] = "/v1/commands/\(commandId)"
            response.headers[.retryAfter] = "2"
        }
        return response
    }
}
