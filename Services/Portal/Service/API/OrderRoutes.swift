import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// What a person orders with their points 积分兑换.
struct OrderRoutes: Sendable {
    let readModel: ReadModel
    let door: CommandDoor
    let pickUp: PickUpSecret

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("me/orders") { request, context in try await list(request, context) }
        group.get("me/orders/{id}") { _, context in
            let order = try await own(context)
            return try await show(order)
        }
        group.post("me/orders") { request, context in try await place(request, context) }
        group.post("me/orders/{id}/cancel") { request, context in try await cancel(request, context) }
    }

    private func list(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Page<OrderView> {
        let wanted = try PageRequest<OrderPlace>(request)
        let orders = try await readModel.orders(
            of: context.principal.names, after: wanted.after, limit: wanted.limit + 1)
        let pack = try await readModel.read { db in try readModel.pack(in: db) }
        let shown = try Page(fetched: orders.map(Shown.init), limit: wanted.limit) { OrderPlace($0.order) }
        return Page(items: shown.items.map { OrderView($0.order, pack) }, nextCursor: shown.nextCursor)
    }

    /// An order on its way to a page.
    private struct Shown: Encodable {
        let order: OrderState
    }

    /// The order's id follows from who asks and the key, so that asking twice makes one order.
    private func place(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let key = try request.requiredIdempotencyKey().value
        let body = try await request.json(context)
        let asked = try OrderRequest(body)
        let ledger = try await ledger(of: asked.stationId)
        let id = OrderID(CommandDoor.commandID(subject: context.principal.subject, key: key).description)
        let names = asked.confidential ? [context.principal.confidentialName].compactMap(\.self) : []
        let actor = context.principal.actor(among: names.map { PersonID($0) })
        return try await door.answer(
            WantedCommand(
                key: key, principal: context.principal, action: CommandMetrics.orderPlace, about: id.rawValue,
                fingerprint: Fingerprint(of: ["order": "place", "body": body]), topic: TopicCatalogue.pointsCommands,
                partitionKey: ledger.rawValue, follows: .order
            ) { asked.command(id, in: ledger, by: actor, notAfter: $0) }, .created, to: request, context
        ) { try await view($0, of: id, $1) }
    }

    private func cancel(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let key = try request.idempotencyKey()?.value ?? MessageID.random().description
        let order = try await own(context)
        let actor = context.principal.actor(among: [order.personId])
        return try await door.answer(
            WantedCommand(
                key: key, principal: context.principal, action: CommandMetrics.orderCancel,
                about: order.orderId.rawValue,
                fingerprint: Fingerprint(of: ["order": .string(order.orderId.rawValue), "action": "cancel"]),
                topic: TopicCatalogue.pointsCommands, partitionKey: order.ledgerId.rawValue, follows: .order
            ) {
                ActOnOrder(
                    orderId: order.orderId, ledgerId: order.ledgerId, action: .cancel, actor: actor, notAfter: $0)
            }, .ok, to: request, context
        ) { try await view($0, of: order.orderId, $1) }
    }

    private func own(_ context: AuthenticatedRequestContext) async throws -> OrderState {
        let order = try await readModel.order(OrderID(try context.parameters.require("id")))
        guard let order, context.principal.names.contains(order.personId.rawValue) else {
            throw ProblemDetails.notFound("You have no order of this id, or it has not come here yet.")
        }
        return order
    }

    private func ledger(of station: StationID) async throws -> LedgerID {
        let pack = try await readModel.read { db in try readModel.pack(in: db) }
        let community = pack?.points?.stations?.first { $0.id == station }?.communityId
        guard let ledger = pack?.communities.first(where: { $0.id == community })?.ledgerId else {
            throw ProblemDetails.unprocessable(errors: [
                .init(field: "stationId", message: "must be one of those that GET /v1/stations lists")
            ])
        }
        return ledger
    }

    private func view(_ command: MessageID, of id: OrderID, _ outcome: String) async throws -> OrderAnswerView {
        let order = outcome == "applied" ? try await readModel.order(id) : nil
        var view: OrderView?
        if let order { view = try await show(order) }
        return OrderAnswerView(commandId: command, orderId: id, outcome: outcome, order: view)
    }

    /// The order with what its owner shows for it, as long as it waits.
    private func show(_ order: OrderState) async throws -> OrderView {
        let pack = try await readModel.read { db in try readModel.pack(in: db) }
        var view = OrderView(order, pack)
        guard order.stage == .placed else { return view }
        view.code = pickUp.code(of: order.orderId.rawValue)
        view.pass = try await pickUp.token(of: PickUpPass(order))
        return view
    }
}

extension PickUpPass {
    /// What is still to be handed over.
    init(_ order: OrderState) {
        self.init(
            order: order.orderId.rawValue, station: order.stationId.rawValue,
            lines: order.lines.compactMap { line in
                let open = line.count - line.handedOver - line.givenBack
                return open > 0 ? Line(prize: line.prizeId.rawValue, count: open) : nil
            }, expiresAt: Date(timeIntervalSince1970: Double(order.expiresAt.milliseconds) / 1_000))
    }
}
