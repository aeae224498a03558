import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Campaigns 专项整治: lists with a burndown, and the doors for what staff does with them.
struct CampaignRoutes: Sendable {
    private let readModel: ReadModel
    private let desk: CampaignDesk

    init(readModel: ReadModel, door: CommandDoor) {
        self.readModel = readModel
        desk = CampaignDesk(readModel: readModel, door: door)
    }

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("campaigns") { request, _ in try await list(request) }
        group.get("campaigns/{id}") { _, context in
            CampaignView(try await desk.campaign(try id(context)), withTargets: true)
        }
        group.post("campaigns") { request, context in
            try await act(.created, request, context) { try await desk.start($0, key: $1, by: context.principal) }
        }
        group.post("campaigns/{id}/targets") { request, context in
            let id = try id(context)
            return try await act(.ok, request, context) {
                try await desk.addTargets($0, to: id, key: $1, by: context.principal)
            }
        }
        group.post("campaigns/{id}/visits") { request, context in
            let id = try id(context)
            return try await act(.ok, request, context) {
                try await desk.visit($0, of: id, key: $1, by: context.principal)
            }
        }
        group.post("campaigns/{id}/end") { request, context in
            let id = try id(context)
            return try await act(.ok, request, context) {
                try await desk.end($0, id, key: $1, by: context.principal)
            }
        }
    }

    private func id(_ context: AuthenticatedRequestContext) throws -> CampaignID {
        CampaignID(try context.parameters.require("id"))
    }

    private func list(_ request: Request) async throws -> Page<CampaignView> {
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

    private func act(
        _ success: HTTPResponse.Status, _ request: Request, _ context: AuthenticatedRequestContext,
        _ give: (_ body: JSONValue, _ key: String) async throws -> CampaignDesk.Given
    ) async throws -> Response {
        let key = try request.idempotencyKey()?.value ?? MessageID.random().description
        let given = try await give(try await request.json(context), key)
        let isPending: Bool
        switch given.command.answer {
        case .outcome(.applied), .outcome(.noted): isPending = false
        case .outcome(.refused(let refusal)): throw ProblemDetails.refused(refusal)
        case .outcome(.failed(let failure)): throw ProblemDetails.failed(failure)
        case .pending: isPending = true
        }
        let state = isPending ? nil : try await readModel.campaign(given.campaignId)
        var response = try CampaignAnswerView(
            commandId: given.command.id, campaignId: given.campaignId, outcome: isPending ? "pending" : "applied",
            campaign: state.map { CampaignView($0, withTargets: true) }
        ).response(from: request, context: context)
        response.status = isPending ? .accepted : success
        if isPending {
            response.headers[.location] = "/v1/commands/\(given.command.id)"
            response.headers[.retryAfter] = "2"
        }
        return response
    }
}
