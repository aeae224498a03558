/// What happens to the prizes on a station's shelf.
package enum StockMove: String, Codable, Sendable, CaseIterable {
    /// 入库.
    case delivered
    /// 盘点: what was counted, whatever the books say.
    case counted
    /// 报损.
    case writtenOff = "written-off"
}

/// Brings prizes to a station, counts them or writes them off.
///
/// On `points-commands.v1`, keyed by ledger id, from portal.
package struct MoveStock: Message {
    package static let type = "stock.move"

    package let ledgerId: LedgerID
    package let stationId: StationID
    package let move: StockMove
    /// Of a count: how many lie there; else how many came or went.
    package let lines: [PrizeCount]
    package let reason: String?
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        ledgerId: LedgerID, stationId: StationID, move: StockMove, lines: [PrizeCount], reason: String? = nil,
        actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.ledgerId = ledgerId
        self.stationId = stationId
        self.move = move
        self.lines = lines
        self.reason = reason
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { stationId.rawValue }
}

/// A shelf of a station changed by somebody's hand.
///
/// Published by points on `points-events.v1`, keyed by ledger id.
package struct StockMoved: Payload, Codable {
    package struct Line: Codable, Sendable, Equatable {
        package let prizeId: PrizeID
        /// What the books said before.
        package let before: Int
        /// What lies there now, held for orders or not.
        package let after: Int
        /// For how many orders that are held there is none now; absent where there are enough.
        package let short: Int?

        package init(prizeId: PrizeID, before: Int, after: Int, short: Int? = nil) {
            self.prizeId = prizeId
            self.before = before
            self.after = after
            self.short = short
        }
    }

    package let move: StockMove
    package let ledgerId: LedgerID
    package let stationId: StationID
    package let lines: [Line]
    package let at: Timestamp
    package let actorId: PersonID
    package let reason: String?

    package init(
        move: StockMove, ledgerId: LedgerID, stationId: StationID, lines: [Line], at: Timestamp, actorId: PersonID,
        reason: String? = nil
    ) {
        self.move = move
        self.ledgerId = ledgerId
        self.stationId = stationId
        self.lines = lines
        self.at = at
        self.actorId = actorId
        self.reason = reason
    }

    package var messageType: String { "stock.\(move.rawValue)" }
    package var messageVersion: Int { 1 }
    package var messageSubject: String { stationId.rawValue }

    package func encodeData(to encoder: any Encoder) throws { try encode(to: encoder) }

    package static func decode(type: String, version: Int, from decoder: any Decoder) throws -> StockMoved {
        guard StockMove.allCases.contains(where: { "stock.\($0.rawValue)" == type }) else {
            throw ContractError.unknownType(type)
        }
        guard version <= 1 else { throw ContractError.newerVersion(type: type, found: version, known: 1) }
        let moved = try StockMoved(from: decoder)
        guard moved.messageType == type else {
            throw ContractError.malformed("'data.move' is '\(moved.move)' in a message of type '\(type)'")
        }
        return moved
    }
}

/// A prize on a station's shelf after a change: the record of `stocks.v1`, keyed by `STATION/PRIZE`.
package struct StockState: Message {
    package static let type = "stock.state"

    package let stationId: StationID
    package let prizeId: PrizeID
    package let version: Int
    package let ledgerId: LedgerID
    /// How many lie there.
    package let onHand: Int
    /// How many of them are held for orders.
    package let held: Int

    package init(
        stationId: StationID, prizeId: PrizeID, version: Int, ledgerId: LedgerID, onHand: Int, held: Int
    ) {
        self.stationId = stationId
        self.prizeId = prizeId
        self.version = version
        self.ledgerId = ledgerId
        self.onHand = onHand
        self.held = held
    }

    package var subject: String { "\(stationId)/\(prizeId)" }
    /// How many can still be ordered.
    package var free: Int { max(0, onHand - held) }
}
