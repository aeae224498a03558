import Contracts
import ServiceKit

/// What staff asks of campaigns, whether by the API or by the forms of pages.
struct CampaignDesk: Sendable {
    let readModel: ReadModel
    let door: CommandDoor

    /// A command that was given, and the campaign that it is about.
    struct Given: Sendable {
        let campaignId: CampaignID
        let command: CommandDoor.Given
    }

    /// - Throws: ``ProblemDetails`` 404.
    func campaign(_ id: CampaignID) async throws -> CampaignState {
        guard let state = try await readModel.campaign(id) else {
            throw ProblemDetails.notFound("There is no campaign of this id, or it has not come here yet.")
        }
        return state
    }

    /// The campaign's id follows from who asks and the key, so that asking twice begins one campaign.
    func start(_ body: JSONValue, key: String, by principal: Principal) async throws -> Given {
        let asked = try CampaignRequest(body)
        let id = CampaignID(CommandDoor.commandID(subject: principal.subject, key: key).description)
        let actor = principal.actor(among: [])
        let command = try await door.give(
            WantedCommand(
                key: key, principal: principal, action: CommandMetrics.campaignStart, about: id.rawValue,
                fingerprint: Fingerprint(of: ["campaign": "start", "body": body]), topic: TopicCatalogue.caseCommands,
                partitionKey: asked.communityId
            ) { asked.command(id, by: actor, notAfter: $0) })
        return Given(campaignId: id, command: command)
    }

    func addTargets(
        _ body: JSONValue, to id: CampaignID, key: String, by principal: Principal
    ) async throws -> Given {
        let targets = try FieldReader.read(body) { CampaignTarget.read($0) }
        let actor = principal.actor(among: [])
        return try await change(CommandMetrics.campaignTargets, id, body, key, principal) { state, notAfter in
            AddCampaignTargets(
                campaignId: state.campaignId, communityId: state.communityId, targets: targets, actor: actor,
                notAfter: notAfter)
        }
    }

    func visit(_ body: JSONValue, of id: CampaignID, key: String, by principal: Principal) async throws -> Given {
        let asked = try VisitRequest(body)
        let actor = principal.actor(among: [])
        return try await change(CommandMetrics.campaignVisit, id, body, key, principal) { state, notAfter in
            asked.command(about: state, by: actor, notAfter: notAfter)
        }
    }

    func end(_ body: JSONValue, _ id: CampaignID, key: String, by principal: Principal) async throws -> Given {
        let reason = try FieldReader.read(body) { Masking.masked($0.string("reason", length: 1...1_000)) }
        let actor = principal.actor(among: [])
        return try await change(CommandMetrics.campaignEnd, id, body, key, principal) { state, notAfter in
            EndCampaign(
                campaignId: state.campaignId, communityId: state.communityId, reason: reason, actor: actor,
                notAfter: notAfter)
        }
    }

    private func change<Data: Message>(
        _ action: String, _ id: CampaignID, _ body: JSONValue, _ key: String, _ principal: Principal,
        _ command: @escaping @Sendable (CampaignState, Timestamp) -> Data
    ) async throws -> Given {
        let state = try await campaign(id)
        let given = try await door.give(
            WantedCommand(
                key: key, principal: principal, action: action, about: id.rawValue,
                fingerprint: Fingerprint(of: [
                    "campaign": .string(id.rawValue), "action": .string(action), "body": body,
                ]), topic: TopicCatalogue.caseCommands, partitionKey: state.communityId.rawValue
            ) { command(state, $0) })
        return Given(campaignId: id, command: given)
    }
}
