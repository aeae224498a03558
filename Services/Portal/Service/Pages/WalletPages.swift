import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// `/wallet`: points, how each of them came about, and what they can be had for.
struct WalletPages: Sendable {
    let routes: PageRoutes

    /// What expires within so many milliseconds is shown as expiring soon: 30 days.
    private static let soon: Int64 = 30 * 86_400_000

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("wallet") { request, context in try await show(request, context) }
        group.post("wallet/orders") { request, context in try await order(request, context) }
        group.post("wallet/orders/{id}/cancel") { request, context in try await cancel(request, context) }
    }

    private func show(
        _ request: Request, _ context: AuthenticatedRequestContext, trouble: String? = nil
    ) async throws -> Response {
        let visit = routes.visit(request)
        let names = context.principal.names
        let pack = try await routes.pack()
        let balance = try await routes.readModel.balance(of: names)
        let time = LocalTime(pack)
        let expiring = try await routes.readModel.expiring(
            of: names, before: routes.now().adding(milliseconds: Self.soon))
        let entries = try await routes.readModel.statement(of: names, after: nil, limit: 30)
        let orders = try await routes.readModel.orders(of: names, after: nil, limit: 20)
        var content: [String: Any] = [
            "available": balance.available, "pending": balance.pending, "held": balance.held,
            "hasPending": balance.pending > 0, "hasHeld": balance.held > 0, "hasExpiring": !expiring.isEmpty,
            "expiring": expiring.map { ["expiringPoints": $0.points, "expiringDay": time.day($0.expiresAt)] },
            "entries": entries.map { entry($0, time, visit) }, "hasEntries": !entries.isEmpty,
            "orders": orders.map { orderCard(OrderView($0, pack), pack, time, visit) }, "hasOrders": !orders.isEmpty,
            "shelf": try await shelf(pack, balance.available, visit), "key": routes.formKey(),
        ]
        if let trouble { content["trouble"] = trouble }
        if request.uri.queryParameters["done"] != nil { content["isDone"] = true }
        return routes.frame.page("wallet", content, visit, status: trouble == nil ? .ok : .conflict)
    }

    private func entry(_ moved: Envelope<PointsMoved>, _ time: LocalTime, _ visit: Visit) -> [String: Any] {
        let step = moved.attributes.type
        return [
            "points": moved.data.points, "kind": step,
            "kindName": routes.frame.words.text("moved.\(step)", visit.language),
            "why": moved.data.explanation(in: visit.language), "entryTime": time.short(moved.time, now: routes.now()),
            "caseNumber": moved.data.caseNumber ?? "", "caseId": moved.data.caseId?.rawValue ?? "",
        ]
    }

    private func orderCard(
        _ order: OrderView, _ pack: Pack?, _ time: LocalTime, _ visit: Visit
    ) -> [String: Any] {
        let isWaiting = order.stage == .placed
        return [
            "orderId": order.orderId.rawValue, "isWaiting": isWaiting,
            "what": what(order, pack, visit),
            "orderPoints": order.points, "stationName": order.stationName ?? "",
            "orderStage": routes.frame.words.text("order.\(order.stage.rawValue)", visit.language),
            "code": isWaiting ? routes.pickUp.code(of: order.orderId.rawValue) : "",
            "until": time.short(order.expiresAt, now: routes.now()), "cancelKey": "cancel-\(order.orderId)",
        ]
    }

    /// Such as `安全头盔 × 1，手套 × 2`.
    private func what(_ order: OrderView, _ pack: Pack?, _ visit: Visit) -> String {
        let teller = pack.map { StationTeller(frame: routes.frame, pack: $0, visit: visit, now: routes.now()) }
        return order.lines.map { line in
            "\(teller?.prize(line.prizeId) ?? line.prizeId.rawValue) × \(line.count)"
        }.joined(separator: visit.language == .english ? ", " : "，")
    }

    private func shelf(_ pack: Pack?, _ available: Int, _ visit: Visit) async throws -> [[String: Any]] {
        guard let pack else { return [] }
        let stocks = try await routes.readModel.stocks(at: nil)
        let day = pack.calendar.isoDay(of: routes.now())
        return (pack.points?.prizes ?? []).compactMap { prize in
            let view = PrizeView(prize, on: day, stocks)
            guard let price = view.price else { return nil }
            let stations = view.stations.filter { $0.free > 0 }.map { place -> [String: Any] in
                [
                    "stationId": place.stationId.rawValue, "free": place.free,
                    "stationName": pack.points?.stations?.first { $0.id == place.stationId }?.name
                        ?? place.stationId.rawValue,
                ]
            }
            return [
                "prizeId": view.prizeId.rawValue, "price": price, "picture": view.photo ?? "",
                "prizeName": visit.language == .english ? view.englishName : view.name,
                "canAfford": price <= available, "isThere": !stations.isEmpty,
                "canOrder": price <= available && !stations.isEmpty, "missing": max(0, price - available),
                "places": stations,
            ]
        }
    }

    private func order(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let form = try await SentForm(request)
        let fields = form.fields
        let body: JSONValue = [
            "stationId": .string(fields["stationId"] ?? ""),
            "lines": [["prizeId": .string(fields["prizeId"] ?? ""), "count": 1]],
        ]
        let asked = try OrderRequest(body)
        guard let pack = try await routes.pack(),
            let station = pack.points?.stations?.first(where: { $0.id == asked.stationId }),
            let ledger = pack.communities.first(where: { $0.id == station.communityId })?.ledgerId
        else { throw ProblemDetails.notFound("There is no station of this id.") }
        let id = OrderID(CommandDoor.commandID(subject: context.principal.subject, key: form.key).description)
        let actor = context.principal.actor(among: [])
        let given = try await routes.door.give(
            WantedCommand(
                key: form.key, principal: context.principal, action: CommandMetrics.orderPlace, about: id.rawValue,
                fingerprint: Fingerprint(of: ["order": "place", "body": body]), topic: TopicCatalogue.pointsCommands,
                partitionKey: ledger.rawValue, follows: .order
            ) { asked.command(id, in: ledger, by: actor, notAfter: $0) })
        return try await answer(given.answer, request, context)
    }

    private func cancel(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let form = try await SentForm(request)
        let order = try await routes.readModel.order(OrderID(try context.parameters.require("id")))
        guard let order, context.principal.names.contains(order.personId.rawValue) else {
            throw ProblemDetails.notFound("You have no order of this id, or it has not come here yet.")
        }
        let actor = context.principal.actor(among: [order.personId])
        let given = try await routes.door.give(
            WantedCommand(
                key: form.key, principal: context.principal, action: CommandMetrics.orderCancel,
                about: order.orderId.rawValue,
                fingerprint: Fingerprint(of: ["order": .string(order.orderId.rawValue), "action": "cancel"]),
                topic: TopicCatalogue.pointsCommands, partitionKey: order.ledgerId.rawValue, follows: .order
            ) {
                ActOnOrder(
                    orderId: order.orderId, ledgerId: order.ledgerId, action: .cancel, actor: actor, notAfter: $0)
            })
        return try await answer(given.answer, request, context)
    }

    private func answer(
        _ answer: CommandDoor.Answer, _ request: Request, _ context: AuthenticatedRequestContext
    ) async throws -> Response {
        switch answer {
        case .outcome(.refused(let refusal)): try await show(request, context, trouble: refusal.reason)
        case .outcome(.failed(let failure)): throw ProblemDetails.failed(failure)
        case .outcome, .pending: .leading(to: "/wallet?done=1")
        }
    }
}
