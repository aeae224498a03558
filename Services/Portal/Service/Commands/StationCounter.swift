import Contracts
import Foundation
import ServiceKit

/// What staff of a rider station 驿站 asks for at the counter, whether by the API or by the forms of pages.
struct StationCounter: Sendable {
    let readModel: ReadModel
    let now: @Sendable () -> Timestamp
    let pickUp: PickUpSecret

    static func works(_ principal: Principal, at station: PackStation) -> Bool {
        station.staffIds.isEmpty || station.staffIds.contains(PersonID(principal.subject))
            || principal.has(anyOf: Posts.admins)
    }

    /// The station, for those who work there.
    ///
    /// - Throws: ``ProblemDetails`` 403 and 404.
    func station(_ id: StationID, for principal: Principal) async throws -> (PackStation, Pack) {
        let pack = try await readModel.read { db in try readModel.pack(in: db) }
        guard let pack, let station = pack.points?.stations?.first(where: { $0.id == id }) else {
            throw ProblemDetails.notFound("There is no such station: GET /v1/stations lists them.")
        }
        guard Self.works(principal, at: station) else {
            throw ProblemDetails.forbidden("You do not work at this station. Ask the operator to add you to its staff.")
        }
        return (station, pack)
    }

    /// The order that was named at the counter.
    ///
    /// - Throws: ``ProblemDetails`` 404, 409 and 422.
    func order(_ name: CounterRequest.Name, at station: StationID, doneAt: Timestamp?) async throws -> OrderState {
        let found: OrderState?
        switch name {
        case .order(let id): found = try await readModel.order(id)
        case .pass(let token): found = try await readModel.order(try await order(of: token, at: station, doneAt))
        case .code(let text): found = try await order(saying: text, at: station, doneAt)
        }
        guard let found, found.stationId == station else {
            throw ProblemDetails.notFound("There is no such order at this station, or it has not come here yet.")
        }
        return found
    }

    private func order(of pass: String, at station: StationID, _ doneAt: Timestamp?) async throws -> OrderID {
        let moment = Date(timeIntervalSince1970: Double((doneAt ?? now()).milliseconds) / 1_000)
        do {
            let read = try await PickUpPass.read(
                pass, keys: pickUp.publicKeys().bytes(), at: station.rawValue, now: moment)
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
        let fitting = waiting.filter { pickUp.isCode(code, of: $0.orderId.rawValue) }
        guard fitting.count <= 1 else {
            throw ProblemDetails.conflict("Two orders here have this code. Scan the pass, or give the orderId.")
        }
        return fitting.first
    }

    /// What is done with an order that was found.
    ///
    /// - Parameter body: What was asked, to tell two requests of one key apart.
    func command(
        _ action: OrderAction, _ asked: CounterRequest, on order: OrderState, body: JSONValue, key: String,
        by principal: Principal
    ) -> WantedCommand<ActOnOrder> {
        let actor = principal.actor(among: [])
        return WantedCommand(
            key: key, principal: principal, action: CommandMetrics.name(of: action), about: order.orderId.rawValue,
            fingerprint: Fingerprint(of: [
                "order": .string(order.orderId.rawValue), "action": .string(action.rawValue), "body": body,
            ]), topic: TopicCatalogue.pointsCommands, partitionKey: order.ledgerId.rawValue, follows: .order
        ) { asked.command(action, on: order, by: actor, notAfter: $0) }
    }

    /// What moves on the shelf of a station.
    ///
    /// - Throws: ``ProblemDetails`` 404 and 422.
    func command(
        toMove body: JSONValue, at station: PackStation, _ pack: Pack, key: String, by principal: Principal
    ) throws -> WantedCommand<MoveStock> {
        guard let ledger = pack.communities.first(where: { $0.id == station.communityId })?.ledgerId else {
            throw ProblemDetails.notFound("This station's community is not in the pack in force.")
        }
        let asked = try StockRequest(body)
        let actor = principal.actor(among: [])
        return WantedCommand(
            key: key, principal: principal, action: CommandMetrics.stockMove, about: station.id.rawValue,
            fingerprint: Fingerprint(of: ["station": .string(station.id.rawValue), "body": body]),
            topic: TopicCatalogue.pointsCommands, partitionKey: ledger.rawValue, follows: .stock
        ) {
            MoveStock(
                ledgerId: ledger, stationId: station.id, move: asked.move, lines: asked.lines, reason: asked.reason,
                actor: actor, notAfter: $0)
        }
    }
}
