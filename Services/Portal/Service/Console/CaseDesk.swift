import Contracts
import Hummingbird
import ServiceKit

extension PageRoutes {
    /// Gives an action on a case to its owner, in the name of who signed in, and waits a while for what comes of it.
    ///
    /// - Parameters:
    ///   - body: The action as ``ActionRequest`` reads it.
    ///   - key: The form's own, so that a form sent twice acts once.
    ///   - link: What an outside party is given.
    /// - Throws: ``ProblemDetails`` 403 where the roles do not suffice, else 422 that names wrong fields.
    func act(
        _ body: JSONValue, on state: CaseState, key: String, by principal: Principal, link: OutsideLink? = nil
    ) async throws -> CommandDoor.Given {
        let asked = try ActionRequest(body, by: principal)
        let actor = principal.actor(among: state.reporterIds)
        return try await door.give(
            WantedCommand(
                key: key, principal: principal, action: asked.action.rawValue, about: state.caseId.rawValue,
                fingerprint: Fingerprint(of: ["case": .string(state.caseId.rawValue), "body": body]),
                topic: TopicCatalogue.caseCommands, partitionKey: state.communityId.rawValue
            ) { asked.command(on: state, by: actor, link: link, notAfter: $0) })
    }

    /// - Throws: ``ProblemDetails`` 404 where there is none of the address' id.
    func caseState(_ context: AuthenticatedRequestContext) async throws -> CaseState {
        guard let state = try await readModel.caseState(CaseID(try context.parameters.require("id"))) else {
            throw ProblemDetails.notFound("There is no case of this id, or it has not come here yet.")
        }
        return state
    }
}
