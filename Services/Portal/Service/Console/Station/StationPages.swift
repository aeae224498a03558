import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// `/console/station`: the counter of a rider station 驿站, its shelf, and for administrators the points of each ledger.
struct StationPages: Sendable {
    let routes: PageRoutes

    private var counter: StationCounter {
        StationCounter(readModel: routes.readModel, now: routes.now, pickUp: routes.pickUp)
    }

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("console/station") { request, context in try await choose(request, context) }
        group.get("console/station/{id}") { request, context in try await show(request, context) }
        group.post("console/station/{id}/orders") { request, context in try await act(request, context) }
        group.post("console/station/{id}/stock") { request, context in try await move(request, context) }
    }

    // MARK: - All stations

    /// Whoever works at one station alone is led there.
    private func choose(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let visit = routes.visit(request)
        let pack = try await routes.pack()
        let mine = (pack?.points?.stations ?? []).filter { StationCounter.works(context.principal, at: $0) }
        let isTreasurer = context.principal.has(anyOf: [.admin])
        if mine.count == 1, !isTreasurer { return .leading(to: "/console/station/\(mine[0].id)") }
        var content: [String: Any] = [
            "stations": mine.map { station in
                [
                    "stationId": station.id.rawValue, "stationName": station.name, "stationAddress": station.address,
                    "stationHours": station.hours,
                ]
            }, "hasNone": mine.isEmpty,
        ]
        if isTreasurer, let pack {
            var ledgers: [LedgerID] = []
            for community in pack.communities where !ledgers.contains(community.ledgerId) {
                ledgers.append(community.ledgerId)
            }
            var budgets: [[String: Any]] = []
            for ledger in ledgers {
                budgets.append(Self.budget(try await BudgetView.read(ledger, pack, from: routes.readModel)))
            }
            content["budgets"] = budgets
        }
        return routes.frame.page("stations", content, visit)
    }

    private static func budget(_ budget: BudgetView) -> [String: Any] {
        [
            "ledger": budget.ledgerId.rawValue, "funded": grouped(budget.funded),
            "outstanding": grouped(budget.outstanding), "pending": grouped(budget.pending),
            "available": grouped(budget.available), "held": grouped(budget.held), "unspent": grouped(budget.unspent),
            "spent": grouped(budget.spent), "expired": grouped(budget.expired), "isWrong": !budget.sums,
            "isCovered": budget.funded >= budget.outstanding + budget.spent,
            "funders": budget.funders.map {
                [
                    "funderName": $0.name, "funderLine": grouped($0.line), "funderOwed": grouped($0.owed),
                    "funderLeft": grouped($0.left),
                    "isShort": $0.left * 10 < $0.line,
                ]
            }, "hasFunders": !budget.funders.isEmpty,
        ]
    }

    /// Budgets run to millions; both languages set the thousands apart by commas.
    private static func grouped(_ points: Int) -> String {
        points.formatted(.number.locale(Locale(identifier: "en")))
    }

    // MARK: - One

    private func station(_ context: AuthenticatedRequestContext) async throws -> (PackStation, Pack) {
        try await counter.station(StationID(try context.parameters.require("id")), for: context.principal)
    }

    private func show(
        _ request: Request, _ context: AuthenticatedRequestContext, trouble: String? = nil, orderId: OrderID? = nil
    ) async throws -> Response {
        let (station, pack) = try await station(context)
        let visit = routes.visit(request)
        let teller = StationTeller(frame: routes.frame, pack: pack, visit: visit, now: routes.now())
        var trouble = trouble
        var found: OrderState?
        let query = request.uri.queryParameters
        let code = query["code"].map { $0.removingPercentEncoding ?? String($0) } ?? ""
        if let id = orderId ?? query["order"].map({ OrderID(String($0)) }) {
            found = try await counter.order(.order(id), at: station.id, doneAt: nil)
        } else if !code.isEmpty {
            do {
                found = try await counter.order(.code(code), at: station.id, doneAt: nil)
            } catch let problem as ProblemDetails
                where [.notFound, .conflict, .unprocessableContent].contains(problem.status)
            {
                trouble = routes.frame.words.text("counter.no-such-code", visit.language)
            }
        }
        let waiting = try await routes.readModel.orders(at: station.id, stage: .placed, after: nil, limit: 100)
        let handed = try await routes.readModel.orders(at: station.id, stage: .handedOver, after: nil, limit: 10)
        let since = routes.now().adding(milliseconds: -30 * 86_400_000)
        let events = try await routes.readModel.stationEvents(
            of: station.id, from: since, until: routes.now().adding(milliseconds: 60_000))
        let statement = try StationStatementView(station, month: "", events: events)
        let stocks = try await routes.readModel.stocks(at: station.id)
        let stock = teller.shelf(stocks)
        var content: [String: Any] = [
            "stationId": station.id.rawValue, "stationName": station.name, "stationAddress": station.address,
            "stationHours": station.hours, "code": code, "key": routes.formKey(),
            "found": found.map(teller.order) ?? [:], "hasFound": found != nil,
            "waiting": waiting.map(teller.order), "hasWaiting": !waiting.isEmpty, "waitingCount": waiting.count,
            "handed": handed.map(teller.order), "hasHanded": !handed.isEmpty,
            "stock": stock, "hasStock": !stock.isEmpty, "moves": statement.lines.reversed().prefix(20).map(teller.move),
            "hasMoves": !statement.lines.isEmpty, "month": String(LocalTime(pack).day(routes.now()).prefix(7)),
            "mayChoose": context.principal.has(anyOf: [.admin]),
        ]
        routes.noteOutcome(of: request, in: &content, trouble: trouble)
        return routes.frame.page("station", content, visit, status: trouble == nil ? .ok : .conflict)
    }

    // MARK: - Forms

    private func act(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let (station, _) = try await station(context)
        let form = try await SentForm(request)
        guard let action = form.fields["action"].flatMap(OrderAction.init), action != .cancel,
            let name = form.fields["orderId"]
        else { throw ProblemDetails.badRequest("Send the form of the page.") }
        let order = try await counter.order(.order(OrderID(name)), at: station.id, doneAt: nil)
        let body = CounterForm.body(form.fields, action, of: order)
        return try await routes.giveForm(of: request, to: "/console/station/\(station.id)") {
            let asked = try CounterRequest(body, for: action)
            return try await routes.door.give(
                counter.command(action, asked, on: order, body: body, key: form.key, by: context.principal))
        } orShow: {
            try await show(request, context, trouble: $0, orderId: order.orderId)
        }
    }

    private func move(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let (station, pack) = try await station(context)
        let form = try await SentForm(request)
        let body = CounterForm.stock(form.fields, pack)
        return try await routes.giveForm(of: request, to: "/console/station/\(station.id)") {
            try await routes.door.give(
                counter.command(toMove: body, at: station, pack, key: form.key, by: context.principal))
        } orShow: {
            try await show(request, context, trouble: $0)
        }
    }
}

/// What the forms of the counter hold, as the bodies of the API have it.
enum CounterForm {
    /// Counts that are all there is stand for the whole order.
    static func body(_ fields: FormFields, _ action: OrderAction, of order: OrderState) -> JSONValue {
        var members: [String: JSONValue] = ["orderId": .string(order.orderId.rawValue)]
        let asked = order.lines.map { line in
            (line: line, count: fields["count-\(line.prizeId)"].map { Int64($0) ?? -1 } ?? 0)
        }
        if !asked.allSatisfy({ $0.count == $0.line.left(for: action) }) {
            let some = asked.filter { $0.count != 0 }
            // Nothing of anything is no order either: who decides says so.
            members["lines"] = .array(
                (some.isEmpty ? asked : some).map {
                    ["prizeId": .string($0.line.prizeId.rawValue), "count": .integer($0.count)]
                })
        }
        if action == .takeBack { members["reusable"] = .bool(fields["reusable"] == "yes") }
        if let reason = fields["reason"] { members["reason"] = .string(reason) }
        return .object(members)
    }

    static func stock(_ fields: FormFields, _ pack: Pack) -> JSONValue {
        let lines = (pack.points?.prizes ?? []).compactMap { prize -> JSONValue? in
            // What is no count is refused as such.
            guard let count = fields["count-\(prize.id)"].map({ Int64($0) ?? -1 }) else { return nil }
            return ["prizeId": .string(prize.id.rawValue), "count": .integer(count)]
        }
        var members: [String: JSONValue] = ["move": .string(fields["move"] ?? ""), "lines": .array(lines)]
        if let reason = fields["reason"] { members["reason"] = .string(reason) }
        return .object(members)
    }
}

extension OrderLine {
    /// How many an action can still be about.
    func left(for action: OrderAction) -> Int {
        action == .takeBack ? handedOver : count - handedOver - givenBack
    }
}
