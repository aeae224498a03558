import Contracts
import Foundation
import ServiceKit

/// What the body of `POST /v1/me/orders` asks for.
struct OrderRequest: Sendable {
    let stationId: StationID
    let teamId: TeamID?
    let lines: [PrizeCount]
    /// Whether to spend what was earned by confidential reports.
    let confidential: Bool

    /// - Throws: ``ProblemDetails`` 422 that names every wrong field.
    init(_ body: JSONValue) throws {
        self = try FieldReader.read(body) { fields in
            OrderRequest(
                stationId: StationID(fields.string("stationId", length: 1...64)),
                teamId: fields.optionalString("teamId", length: 1...64).map { TeamID($0) },
                lines: PrizeCount.read(fields, count: 1...20),
                confidential: fields.optionalBool("confidential") ?? false)
        }
    }

    private init(stationId: StationID, teamId: TeamID?, lines: [PrizeCount], confidential: Bool) {
        self.stationId = stationId
        self.teamId = teamId
        self.lines = lines
        self.confidential = confidential
    }

    func command(_ id: OrderID, in ledger: LedgerID, by actor: Actor, notAfter: Timestamp) -> PlaceOrder {
        PlaceOrder(
            orderId: id, ledgerId: ledger, stationId: stationId, personId: actor.personId, teamId: teamId,
            lines: lines, actor: actor, notAfter: notAfter)
    }
}

/// What staff of a station does with an order: which one, which prizes, and when.
struct CounterRequest: Sendable {
    /// How the order is named: by what its owner said, showed, or by its id.
    enum Name: Sendable, Equatable {
        case code(String)
        case pass(String)
        case order(OrderID)
    }

    let name: Name
    /// Nil for all that is left.
    let lines: [PrizeCount]?
    let doneAt: Timestamp?
    let reusable: Bool?
    let reason: String?

    init(_ body: JSONValue, for action: OrderAction) throws {
        self = try FieldReader.read(body) { fields in
            let lines = PrizeCount.read(fields, count: 0...20)
            return CounterRequest(
                name: Self.name(fields), lines: lines.isEmpty ? nil : lines,
                doneAt: action == .handOver ? fields.optionalInstant("doneAt").map { Timestamp($0) } : nil,
                reusable: action == .takeBack ? fields.bool("reusable") : nil,
                reason: action == .handOver
                    ? fields.optionalString("reason", length: 1...200).map(Masking.masked)
                    : Masking.masked(fields.string("reason", length: 1...200)))
        }
    }

    private init(name: Name, lines: [PrizeCount]?, doneAt: Timestamp?, reusable: Bool?, reason: String?) {
        self.name = name
        self.lines = lines
        self.doneAt = doneAt
        self.reusable = reusable
        self.reason = reason
    }

    private static func name(_ fields: FieldReader) -> Name {
        let code = fields.optionalString("code", length: 1...20)
        let pass = fields.optionalString("pass", length: 1...4_000)
        let order = fields.optionalString("orderId", length: 1...100)
        let names = [code.map { Name.code($0) }, pass.map { .pass($0) }, order.map { .order(OrderID($0)) }]
            .compactMap(\.self)
        if names.count != 1 { fields.note("code", "give one of code, pass and orderId") }
        return names.first ?? .code("")
    }

    func command(_ action: OrderAction, on order: OrderState, by actor: Actor, notAfter: Timestamp) -> ActOnOrder {
        ActOnOrder(
            orderId: order.orderId, ledgerId: order.ledgerId, action: action, lines: lines, reusable: reusable,
            doneAt: doneAt, reason: reason, actor: actor, notAfter: notAfter)
    }
}

/// What the body of `POST /v1/stations/{id}/stock` asks for.
struct StockRequest: Sendable {
    let move: StockMove
    let lines: [PrizeCount]
    let reason: String?

    init(_ body: JSONValue) throws {
        self = try FieldReader.read(body) { fields in
            let move = fields.enumeration("move", StockMove.self)
            let reason = fields.optionalString("reason", length: 1...200)
            if move == .writtenOff, reason == nil { fields.note("reason", "is missing: say why they are written off") }
            return StockRequest(
                move: move, lines: PrizeCount.read(fields, count: 1...100), reason: reason.map(Masking.masked))
        }
    }

    private init(move: StockMove, lines: [PrizeCount], reason: String?) {
        self.move = move
        self.lines = lines
        self.reason = reason
    }
}

extension PrizeCount {
    /// `"lines": [{"prizeId": "helmet", "count": 1}]`.
    static func read(_ fields: FieldReader, count: ClosedRange<Int>) -> [PrizeCount] {
        fields.objects("lines", count: count) { line in
            PrizeCount(
                prizeId: PrizeID(line.string("prizeId", length: 1...64)),
                count: Int(line.integer("count", in: 0...1_000_000)))
        }
    }
}
