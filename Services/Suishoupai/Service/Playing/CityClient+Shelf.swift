import Contracts
import Foundation
import NIOHTTP1

extension CityClient {
    /// A prize as the catalogue shows it.
    struct Prize: Decodable, Sendable {
        let prizeId: PrizeID
        let name: String
        let price: Int?
        let free: Int
    }

    /// An order as its owner sees it.
    struct Order: Decodable, Sendable {
        let orderId: OrderID
        let stationId: StationID
        let stage: OrderStage
        let points: Int
        /// Only while it waits to be picked up.
        let code: String?
    }

    /// What came of an order.
    enum Ordered: Sendable {
        case placed(Order)
        /// In the owner's words.
        case refused(String)
    }

    /// What can be had at a station.
    func prizes(at station: StationID, by person: Person) async throws -> [Prize] {
        struct Catalogue: Decodable { let items: [Prize] }
        let answer = try await send(.GET, "portal", "/v1/prizes?station=\(station)", by: person)
        return (try json(answer) as Catalogue).items
    }

    /// Brings prizes to a station; the same key again brings them once.
    func deliver(_ lines: [PrizeCount], to station: StationID, by staff: Person, key: String) async throws -> Outcome {
        let body = try ContractCoding.encode(StockBody(move: .delivered, lines: lines))
        return try shelfOutcome(
            try await settled("/v1/stations/\(station)/stock", body, by: staff, key: key))
    }

    /// Orders prizes; the same key again is the same order.
    func order(_ lines: [PrizeCount], at station: StationID, by person: Person, key: String) async throws -> Ordered {
        let body = try ContractCoding.encode(OrderBody(stationId: station, lines: lines))
        let answer = try await settled("/v1/me/orders", body, by: person, key: key)
        guard case .applied = try shelfOutcome(answer) else { return .refused(answer.words) }
        struct Placed: Decodable { let orderId: OrderID? }
        struct Orders: Decodable { let items: [Order] }
        let placed: Placed = try json(answer)
        return .placed(
            try await wait("portal shows the order") {
                let all: Orders = try json(try await send(.GET, "portal", "/v1/me/orders", by: person))
                guard let id = placed.orderId ?? all.items.first?.orderId else { return nil }
                let found = try await send(.GET, "portal", "/v1/me/orders/\(id)", by: person)
                return found.status == 404 ? nil : try json(found)
            })
    }

    /// Hands over what an order still waits for, by the code that its owner says.
    func handOver(code: String, at station: StationID, by staff: Person, key: String) async throws -> Outcome {
        let body = try ContractCoding.encode(["code": code])
        return try shelfOutcome(
            try await settled("/v1/stations/\(station)/hand-overs", body, by: staff, key: key))
    }

    /// Enters served time in the book of hours; the same key again enters it once.
    func enterHours(
        of volunteer: String, task: String, minutes: Int, servedAt: Timestamp, in ledger: LedgerID, by staff: Person,
        key: String
    ) async throws -> Outcome {
        let body = try ContractCoding.encode(
            HoursBody(ledgerId: ledger, personId: volunteer, taskId: task, minutes: minutes, servedAt: servedAt))
        return try shelfOutcome(try await settled("/v1/points/hours", body, by: staff, key: key))
    }

    private struct HoursBody: Encodable {
        let ledgerId: LedgerID
        let personId: String
        let taskId: String
        let minutes: Int
        let servedAt: Timestamp
    }

    private struct StockBody: Encodable {
        let move: StockMove
        let lines: [PrizeCount]
    }

    private struct OrderBody: Encodable {
        let stationId: StationID
        let lines: [PrizeCount]
    }

    private func shelfOutcome(_ answer: Answer) throws -> Outcome {
        switch answer.status {
        case 200, 201: return .applied
        case 403, 404, 409, 422: return .refused(answer.words)
        default: throw CityFault.unexpected(answer)
        }
    }

    /// Sends a command and waits until it is known what came of it.
    private func settled(_ path: String, _ body: Data, by person: Person, key: String) async throws -> Answer {
        struct Pending: Decodable { let commandId: String }
        let answer = try await send(.POST, "portal", path, by: person, body: body, key: key)
        guard answer.status == 202 else { return answer }
        let pending: Pending = try json(answer)
        return try await wait("command \(pending.commandId) has its outcome") {
            let outcome = try await send(.GET, "portal", "/v1/commands/\(pending.commandId)", by: person)
            return outcome.status == 202 ? nil : outcome
        }
    }
}
