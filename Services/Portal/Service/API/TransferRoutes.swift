import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// The treasurer's doors: points given by the committee 酌情, held, ended and corrected.
struct TransferRoutes: Sendable {
    let readModel: ReadModel
    let door: CommandDoor

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.post("points/transfers") { request, context in try await move(request, context) }
        group.post("points/transfers/{id}/end") { request, context in try await end(request, context) }
        group.post("points/transfers/{id}/correction") { request, context in try await correct(request, context) }
    }

    private func move(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let asked = try await Asked(request, context)
        let wanted = try TransferRequest(asked.body)
        let id = TransferID(asked.id)
        return try await give(CommandMetrics.pointsMove, id, in: wanted.ledgerId, asked, request, context) {
            wanted.command(id, by: asked.actor, notAfter: $0)
        }
    }

    private func end(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let asked = try await Asked(request, context)
        let hold = TransferID(try context.parameters.require("id"))
        let ledger = try await ledger(of: hold)
        let (outcome, points, reason) = try FieldReader.read(asked.body) { fields in
            (
                fields.enumeration("outcome", EndPending.Outcome.self),
                fields.optionalInteger("points", in: 1...1_000_000_000),
                Masking.masked(fields.string("reason", length: 1...1_000))
            )
        }
        return try await give(CommandMetrics.pointsEnd, hold, in: ledger, asked, request, context) {
            EndPending(
                pendingTransferId: hold, ledgerId: ledger, outcome: outcome, points: points.map { Int($0) },
                reason: reason, actor: asked.actor, notAfter: $0)
        }
    }

    private func correct(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let asked = try await Asked(request, context)
        let wrong = TransferID(try context.parameters.require("id"))
        let ledger = try await ledger(of: wrong)
        let reason = try FieldReader.read(asked.body) { Masking.masked($0.string("reason", length: 1...1_000)) }
        let id = TransferID(asked.id)
        return try await give(CommandMetrics.pointsCorrect, id, in: ledger, asked, request, context) {
            CorrectTransfer(
                transferId: id, ledgerId: ledger, corrects: wrong, reason: reason, actor: asked.actor, notAfter: $0)
        }
    }

    private func ledger(of transfer: TransferID) async throws -> LedgerID {
        guard let ledger = try await readModel.ledger(ofTransfer: transfer) else {
            throw ProblemDetails.notFound("There is no transfer of this id, or it has not come here yet.")
        }
        return ledger
    }

    private func give<Data: Message>(
        _ action: String, _ about: TransferID, in ledger: LedgerID, _ asked: Asked, _ request: Request,
        _ context: AuthenticatedRequestContext, command: @escaping @Sendable (_ notAfter: Timestamp) -> Data
    ) async throws -> Response {
        try await door.answer(
            WantedCommand(
                key: asked.key, principal: context.principal, action: action, about: about.rawValue,
                fingerprint: Fingerprint(of: [
                    "action": .string(action), "about": .string(about.rawValue), "body": asked.body,
                ]), topic: TopicCatalogue.pointsCommands, partitionKey: ledger.rawValue, payload: command), .ok,
            to: request, context
        ) { command, outcome in
            TransferAnswerView(commandId: command, transferId: about, outcome: outcome)
        }
    }

    /// A request of who keeps the books.
    private struct Asked: Sendable {
        let key: String
        /// Of the transfer that it makes: it follows from who asks and the key, so that asking twice makes one.
        let id: String
        let body: JSONValue
        let actor: Actor

        init(_ request: Request, _ context: AuthenticatedRequestContext) async throws {
            guard let given = try request.idempotencyKey()?.value else {
                throw ProblemDetails.badRequest(errors: [
                    .init(field: "Idempotency-Key", message: "is needed: points asked for twice would move twice")
                ])
            }
            key = given
            id = CommandDoor.commandID(subject: context.principal.subject, key: given).description
            body = try await request.json(context)
            actor = context.principal.actor(among: [])
        }
    }
}

/// What became of a transfer that somebody ordered.
struct TransferAnswerView: ResponseEncodable, Sendable {
    let commandId: MessageID
    let transferId: TransferID
    /// `applied` or `pending`; refusals and failures are problem documents.
    let outcome: String
}

/// What the body of `POST /v1/points/transfers` asks for.
struct TransferRequest: Sendable {
    let ledgerId: LedgerID
    let from: AccountID
    let to: AccountID
    let points: Int
    let reason: String
    let timeoutAt: Timestamp?

    /// - Throws: ``ProblemDetails`` 422 that names every wrong field.
    init(_ body: JSONValue) throws {
        self = try FieldReader.read(body) { fields in
            TransferRequest(
                ledgerId: LedgerID(fields.string("ledgerId", length: 1...100)),
                from: AccountID(fields.string("from", length: 1...300)),
                to: AccountID(fields.string("to", length: 1...300)),
                points: Int(fields.integer("points", in: 1...1_000_000_000)),
                reason: Masking.masked(fields.string("reason", length: 1...1_000)),
                timeoutAt: fields.optionalInstant("timeoutAt").map(Timestamp.init))
        }
    }

    private init(
        ledgerId: LedgerID, from: AccountID, to: AccountID, points: Int, reason: String, timeoutAt: Timestamp?
    ) {
        self.ledgerId = ledgerId
        self.from = from
        self.to = to
        self.points = points
        self.reason = reason
        self.timeoutAt = timeoutAt
    }

    func command(_ id: TransferID, by actor: Actor, notAfter: Timestamp) -> MovePoints {
        MovePoints(
            transferId: id, ledgerId: ledgerId, from: from, to: to, points: points, reason: reason,
            timeoutAt: timeoutAt, actor: actor, notAfter: notAfter)
    }
}
