import Contracts
import Hummingbird
import ServiceKit

/// The doors for commands, and the place to ask what became of one.
struct CommandRoutes: Sendable {
    let readModel: ReadModel
    let door: CommandDoor

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.post("cases/{id}/actions") { request, context in try await act(request, context) }
        group.post("me/inbox/{id}/read") { request, context in
            try await change(CommandMetrics.markRead, request, context) {
                MarkRead(messageId: $0, actor: $1, notAfter: $2)
            }
        }
        group.post("me/inbox/{id}/archive") { request, context in
            try await change(CommandMetrics.archive, request, context) {
                ArchiveMessage(messageId: $0, actor: $1, notAfter: $2)
            }
        }
        group.get("commands/{id}") { request, context in try await outcome(request, context) }
    }

    private func act(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let key = try request.idempotencyKey()?.value ?? MessageID.random().description
        let body = try await request.json(context)
        let asked = try ActionRequest(body, by: context.principal)
        let id = CaseID(try context.parameters.require("id"))
        guard let state = try await readModel.caseState(id) else {
            throw ProblemDetails.notFound("There is no case of this id, or it has not come here yet.")
        }
        let actor = context.principal.actor(among: state.reporterIds)
        let link = asked.action == .handOver ? OutsideLink() : nil
        let given = try await door.give(
            WantedCommand(
                key: key, principal: context.principal, action: asked.action.rawValue, about: id.rawValue,
                fingerprint: Fingerprint(of: ["case": .string(id.rawValue), "body": body]),
                topic: TopicCatalogue.caseCommands, partitionKey: state.communityId.rawValue
            ) { asked.command(on: state, by: actor, link: link, notAfter: $0) })
        return try await response(
            to: given.answer, given.id, about: id.rawValue, link: given.isNew ? link : nil, request, context)
    }

    private func change<Data: Message>(
        _ action: String, _ request: Request, _ context: AuthenticatedRequestContext,
        command: @escaping @Sendable (InboxMessageID, Actor, _ notAfter: Timestamp) -> Data
    ) async throws -> Response {
        let key = try request.idempotencyKey()?.value ?? MessageID.random().description
        let id = InboxMessageID(try context.parameters.require("id"))
        let state = try await readModel.inboxMessage(id)
        guard let state, !state.ended, context.principal.names.contains(state.recipientId.rawValue) else {
            throw ProblemDetails.notFound("There is no message of this id in your inbox, or it has not come here yet.")
        }
        let actor = context.principal.actor(among: [state.recipientId])
        let given = try await door.give(
            WantedCommand(
                key: key, principal: context.principal, action: action, about: id.rawValue,
                fingerprint: Fingerprint(of: ["message": .string(id.rawValue), "action": .string(action)]),
                topic: TopicCatalogue.notificationCommands, partitionKey: state.recipientId.rawValue
            ) { command(id, actor, $0) })
        return try await response(to: given.answer, given.id, about: id.rawValue, request, context)
    }

    /// Who gave a command to another instance can ask here, too: its id is known to nobody else.
    private func outcome(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        guard let id = MessageID(try context.parameters.require("id")) else { throw ProblemDetails.notFound() }
        let taken = try await readModel.command(id)
        guard taken.map({ $0.subject == context.principal.subject }) ?? true else { throw ProblemDetails.notFound() }
        if let outcome = try await readModel.outcome(of: id) {
            return try await response(to: .outcome(outcome), id, about: taken?.about, request, context)
        }
        guard let taken else {
            throw ProblemDetails.notFound("No command of this id has come here yet.")
        }
        return try await response(to: .pending, id, about: taken.about, request, context)
    }

    private func response(
        to answer: CommandDoor.Answer, _ id: MessageID, about: String?, link: OutsideLink? = nil, _ request: Request,
        _ context: AuthenticatedRequestContext
    ) async throws -> Response {
        switch answer {
        case .outcome(.applied(let events)):
            return try await applied(events, id, about: about, link: link, Viewer(context.principal))
                .response(from: request, context: context)
        case .outcome(.noted):
            return try await applied([], id, about: about, Viewer(context.principal))
                .response(from: request, context: context)
        case .outcome(.refused(let refusal)): throw ProblemDetails.refused(refusal)
        case .outcome(.failed(let failure)): throw ProblemDetails.failed(failure)
        case .pending:
            var response = try CommandView(
                commandId: id, outcome: "pending", events: [], case: nil, message: nil, link: link?.path
            ).response(from: request, context: context)
            response.status = .accepted
            response.headers[.location] = "/v1/commands/\(id)"
            response.headers[.retryAfter] = "2"
            return response
        }
    }

    private func applied(
        _ events: [Envelope<CaseEvent>], _ id: MessageID, about: String?, link: OutsideLink? = nil, _ viewer: Viewer
    ) async throws -> CommandView {
        let state = try await readCase(events.first?.data.reference.caseId ?? about.map { CaseID($0) })
        let message = try await readMessage(about, of: viewer)
        return CommandView(
            commandId: id, outcome: "applied", events: events.map { StepView($0, for: viewer) },
            case: state.map { CaseView($0, for: viewer) }, message: message.map(MessageView.init), link: link?.path)
    }

    private func readCase(_ id: CaseID?) async throws -> CaseState? {
        guard let id else { return nil }
        return try await readModel.caseState(id)
    }

    private func readMessage(_ id: String?, of viewer: Viewer) async throws -> InboxMessageState? {
        guard let id, let state = try await readModel.inboxMessage(InboxMessageID(id)),
            viewer.names.contains(state.recipientId.rawValue)
        else { return nil }
        return state
    }
}

/// What became of a command.
struct CommandView: ResponseEncodable, Sendable {
    let commandId: MessageID
    /// `applied` or `pending`; refusals and failures are problem documents.
    let outcome: String
    let events: [StepView]
    /// The case as it stands now.
    let `case`: CaseView?
    let message: MessageView?
    /// Where an outside party finds the case that was handed over; said once, since only its hash is kept.
    let link: String?
}

extension Principal {
    /// Who acts: by the confidential name where that is the one known there.
    func actor(among people: [PersonID]) -> Actor {
        let known = names.first { people.contains(PersonID($0)) }
        return Actor(personId: PersonID(known ?? subject), roles: roles.map(\.rawValue).sorted())
    }
}

extension ProblemDetails {
    /// 409: the owner said no, in its own words.
    static func refused(_ refusal: CommandRefused) -> ProblemDetails {
        ProblemDetails(
            status: .conflict, type: "urn:suishoupai:problem:command-refused", title: "The command was refused",
            detail: refusal.reason,
            extensions: [
                "code": .string(refusal.code), "allowed": .array(refusal.allowed.map(JSONValue.string)),
                "commandId": .string(refusal.commandId.description),
            ])
    }

    /// 500: the owner could not process it; why stands with the dead letter, for operators.
    static func failed(_ failure: CommandFailed) -> ProblemDetails {
        ProblemDetails(
            status: .internalServerError, type: "urn:suishoupai:problem:command-failed",
            title: "The command could not be processed",
            detail: "Nothing was changed. It lies with the dead letters: tell the operator the command id.",
            extensions: ["commandId": .string(failure.commandId.description)])
    }
}
