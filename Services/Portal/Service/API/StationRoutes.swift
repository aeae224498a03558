import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// What staff of a rider station 驿站 sees and does: orders that wait there, hand-overs, goods that come back, stock.
struct StationRoutes: Sendable {
    let readModel: ReadModel
    let door: CommandDoor
    let pickUp: PickUpSecret

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("stations/{id}/orders") { request, context in try await orders(request, context) }
        group.get("stations/{id}/stock") { _, context in
            let (station, pack) = try await station(context)
            return StockView(station.id, try await readModel.stocks(at: station.id), pack)
        }
        group.post("stations/{id}/hand-overs") { request, context in try await act(.handOver, request, context) }
        group.post("stations/{id}/take-backs") { request, context in try await act(.takeBack, request, context) }
        group.post("stations/{id}/shortages") { request, context in try await act(.outOfStock, request, context) }
        group.post("stations/{id}/stock") { request, context in try await move(request, context) }
    }

    /// The station, for those who work there.
    private func station(_ context: AuthenticatedRequestContext) async throws -> (PackStation, Pack) {
        try context.principal.require(anyOf: [.station, .admin])
        let id = StationID(try context.parameters.require("id"))
        let pack = try await readModel.read { db in try readModel.pack(in: db) }
        guard let pack, let station = pack.points?.stations?.first(where: { $0.id == id }) else {
            throw ProblemDetails.notFound("There is no such station: GET /v1/stations lists them.")
        }
        let works =
            station.staffIds.isEmpty || station.staffIds.contains(PersonID(context.principal.subject))
            || context.principal.has(anyOf: [.admin])
        guard works else {
            throw ProblemDetails.forbidden("You do not work at this station. Ask the operator to add you to its staff.")
        }
        return (station, pack)
    }

    private func orders(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Page<OrderView> {
        let (station, pack) = try await station(context)
        let text = request.uri.queryParameters["stage"].map(String.init) ?? OrderStage.placed.rawValue
        let stage = OrderStage(rawValue: text)
        let words = (OrderStage.allCases.map(\.rawValue) + ["all"]).joined(separator: ", ")
        let wrong: [ProblemDetails.FieldError] =
            stage == nil && text != "all" ? [.init(field: "stage", message: "must be one of \(words)")] : []
        let wanted = try PageRequest<OrderPlace>(request, besides: wrong)
        let orders = try await readModel.orders(
            at: station.id, stage: stage, after: wanted.after, limit: wanted.limit + 1)
        let next = orders.count > wanted.limit ? try Cursor.text(OrderPlace(orders[wanted.limit - 1])) : nil
        return Page(items: orders.prefix(wanted.limit).map { OrderView($0, pack) }, nextCursor: next)
    }

    // MARK: - At the counter

    private func act(
        _ action: OrderAction, _ request: Request, _ context: AuthenticatedRequestContext
    ) async throws -> Response {
        let (station, pack) = try await station(context)
        let body = try await request.json(context)
        let asked = try CounterRequest(body, for: action)
        // All that is left is given out once; a part, asked for twice, would be two parts.
        let key =
            asked.lines == nil
            ? try request.idempotencyKey()?.value ?? MessageID.random().description
            : try request.requiredIdempotencyKey().value
        let order = try await order(asked, at: station.id)
        let actor = context.principal.actor(among: [])
        return try await door.answer(
            WantedCommand(
                key: key, principal: context.principal, action: CommandMetrics.name(of: action),
                about: order.orderId.rawValue,
                fingerprint: Fingerprint(of: [
                    "order": .string(order.orderId.rawValue), "action": .string(action.rawValue), "body": body,
                ]), topic: TopicCatalogue.pointsCommands, partitionKey: order.ledgerId.rawValue, follows: .order
            ) { asked.command(action, on: order, by: actor, notAfter: $0) }, .ok, to: request, context
        ) { command, outcome in
            let after = outcome == "applied" ? try await readModel.order(order.orderId) : nil
            return OrderAnswerView(
                commandId: command, orderId: order.orderId, outcome: outcome, order: after.map { OrderView($0, pack) })
        }
    }

    private func order(_ asked: CounterRequest, at station: StationID) async throws -> OrderState {
        let found: OrderState?
        switch asked.name {
        case .order(let id): found = try await readModel.order(id)
        case .pass(let token): found = try await readModel.order(try await order(of: token, at: station, asked.doneAt))
        case .code(let text): found = try await order(saying: text, at: station, asked.doneAt)
        }
        guard let found, found.stationId == station else {
            throw ProblemDetails.notFound("There is no such order at this station, or it has not come here yet.")
        }
        return found
    }

    private func order(of pass: String, at station: StationID, _ doneAt: Timestamp?) async throws -> OrderID {
        let moment = Date(timeIntervalSince1970: Double((doneAt ?? door.now()).milliseconds) / 1_000)
        do {
            let read = try await PickUpPass.read(
                pass, keys: pickUp.publicKeys.bytes(), at: station.rawValue, now: moment)
            return OrderID(read.order)
        } catch let fault as PickUpPassFault {
            throw ProblemDetails.unprocessable(errors: [.init(field: "pass", message: fault.description)])
        }
    }

    /// Looks among the orders that wait there: a code is good as long as its order is.
    private func order(saying text: String, at station: StationID, _ doneAt: Timestamp?) async throws -> OrderState? {
        guard let code = PickUpSecret.code(typed: text) else {
            throw ProblemDetails.unprocessable(errors: [
                .init(field: "code", message: "must be the eight letters that stand with the order")
            ])
        }
        let waiting = try await readModel.handableOrders(at: station, on: doneAt)
        let fitting = waiting.filter { pickUp.code(of: $0.orderId.rawValue) == code }
        guard fitting.count <= 1 else {
            throw ProblemDetails.conflict("Two orders here have this code. Scan the pass, or give the orderId.")
        }
        return fitting.first
    }

    // MARK: - Stock

    private func move(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let (station, pack) = try await station(context)
        guard let ledger = pack.communities.first(where: { $0.id == station.communityId })?.ledgerId else {
            throw ProblemDetails.notFound("This station's community is not in the pack in force.")
        }
        let key = try request.requiredIdempotencyKey().value
        let body = try await request.json(context)
        let asked = try StockRequest(body)
        let actor = context.principal.actor(among: [])
        return try await door.answer(
            WantedCommand(
                key: key, principal: context.principal, action: CommandMetrics.stockMove, about: station.id.rawValue,
                fingerprint: Fingerprint(of: ["station": .string(station.id.rawValue), "body": body]),
                topic: TopicCatalogue.pointsCommands, partitionKey: ledger.rawValue, follows: .stock
            ) {
                MoveStock(
                    ledgerId: ledger, stationId: station.id, move: asked.move, lines: asked.lines,
                    reason: asked.reason, actor: actor, notAfter: $0)
            }, .ok, to: request, context
        ) { command, outcome in
            StockAnswerView(
                commandId: command, outcome: outcome,
                stock: StockView(station.id, try await readModel.stocks(at: station.id), pack))
        }
    }
}
