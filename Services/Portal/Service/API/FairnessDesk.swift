import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Gives commands about hours, notices and signals, and answers with what came of them.
struct FairnessDesk: Sendable {
    let door: CommandDoor

    /// A request that asks for something, as far as all of these have it in common.
    struct Asked: Sendable {
        let key: String
        /// The id of what it makes: it follows from who asks and the key, so that asking twice makes one.
        let id: String
        let principal: Principal
        let body: JSONValue

        init(_ request: Request, _ context: AuthenticatedRequestContext) async throws {
            key = try request.idempotencyKey()?.value ?? MessageID.random().description
            body = try await request.json(context)
            principal = context.principal
            id = CommandDoor.commandID(subject: principal.subject, key: key).description
        }
    }

    /// - Parameters:
    ///   - view: what it is about, as it stands once the command was applied; nil where that has not come here yet.
    ///   - success: the status where it was applied.
    func give<Data: Message, View: Encodable & Sendable>(
        _ action: String, about id: String, in ledger: LedgerID, _ asked: Asked, success: HTTPResponse.Status = .ok,
        _ request: Request, _ context: AuthenticatedRequestContext,
        command: @escaping @Sendable (_ notAfter: Timestamp) -> Data, view: () async throws -> View?
    ) async throws -> Response {
        let given = try await door.give(
            WantedCommand(
                key: asked.key, principal: asked.principal, action: action, about: id,
                fingerprint: Fingerprint(of: ["action": .string(action), "about": .string(id), "body": asked.body]),
                topic: TopicCatalogue.pointsCommands, partitionKey: ledger.rawValue, payload: command))
        let isPending: Bool
        switch given.answer {
        case .outcome(.applied), .outcome(.noted): isPending = false
        case .outcome(.refused(let refusal)): throw ProblemDetails.refused(refusal)
        case .outcome(.failed(let failure)): throw ProblemDetails.failed(failure)
        case .pending: isPending = true
        }
        var response = try FairnessAnswerView(
            commandId: given.id, outcome: isPending ? "pending" : "applied", id: id,
            now: isPending ? nil : try await view()
        ).response(from: request, context: context)
        response.status = isPending ? .accepted : success
        if isPending {
            response.headers[.location] = "/v1/commands/\(given.id)"
            response.headers[.retryAfter] = "2"
        }
        return response
    }
}

/// What became of a command about hours, a notice or a signal.
struct FairnessAnswerView<View: Encodable & Sendable>: ResponseEncodable, Sendable {
    let commandId: MessageID
    /// `applied` or `pending`; refusals and failures are problem documents.
    let outcome: String
    /// Of the entry, the notice or the signal.
    let id: String
    /// As it stands now; absent where that has not come here yet.
    let now: View?
}
