import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// What staff of a rider station 驿站 sees and does: orders that wait there, hand-overs, goods that come back, stock.
struct StationRoutes: Sendable {
    private let readModel: ReadModel
    private let door: CommandDoor
    private let counter: StationCounter

    init(readModel: ReadModel, door: CommandDoor, pickUp: PickUpSecret) {
        self.readModel = readModel
        self.door = door
        counter = StationCounter(readModel: readModel, now: door.now, pickUp: pickUp)
    }

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

    private func station(_ context: AuthenticatedRequestContext) async throws -> (PackStation, Pack) {
        try await counter.station(StationID(try context.parameters.require("id")), for: context.principal)
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
        let order = try await counter.order(asked.name, at: station.id, doneAt: asked.doneAt)
        return try await door.answer(
            counter.command(action, asked, on: order, body: body, key: key, by: context.principal), .ok, to: request,
            context
        ) { command, outcome in
            let after = outcome == "applied" ? try await readModel.order(order.orderId) : nil
            return OrderAnswerView(
                commandId: command, orderId: order.orderId, outcome: outcome, order: after.map { OrderView($0, pack) })
        }
    }

    private func move(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let (station, pack) = try await station(context)
        let key = try request.requiredIdempotencyKey().value
        let body = try await request.json(context)
        return try await door.answer(
            counter.command(toMove: body, at: station, pack, key: key, by: context.principal), .ok, to: request, context
        ) { command, outcome in
            StockAnswerView(
                commandId: command, outcome: outcome,
                stock: StockView(station.id, try await readModel.stocks(at: station.id), pack))
        }
    }
}
