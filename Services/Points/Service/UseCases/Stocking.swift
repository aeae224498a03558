import Contracts
import EventProcessing
import PointsDomain

/// Prizes that come to a station, are counted there, or written off.
struct Stocking {
    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func move(_ command: Command) throws -> Disposition {
        let move = try command.read(MoveStock.self).data
        if let notAfter = move.notAfter, notAfter < transaction.clock { return .refused(.tooLate) }
        guard let pack = try transaction.pack() else { return .refused(.noPack) }
        return try refusingFaults {
            try move.check(by: pack) { try shelf($0, of: move).version > 0 }
            try carryOut(move)
        }
    }

    private func carryOut(_ move: MoveStock) throws {
        let before = try move.lines.map { try shelf($0.prizeId, of: move) }
        let after = try zip(before, move.lines).map { shelf, line in
            try shelf.after(move.move, of: line.count, at: transaction.clock)
        }
        for shelf in after { try ShelfRow.save(shelf, in: transaction.database) }
        try transaction.emit(
            StockMoved(
                move: move.move, ledgerId: move.ledgerId, stationId: move.stationId,
                lines: zip(before, after).map { before, after in
                    StockMoved.Line(
                        prizeId: before.prizeId, before: before.onHand, after: after.onHand, short: after.short)
                }, at: transaction.clock, actorId: move.actor.personId, reason: move.reason),
            to: TopicCatalogue.pointsEvents, key: move.ledgerId.rawValue)
        for shelf in after {
            try transaction.emit(shelf.state, to: TopicCatalogue.stocks, key: shelf.state.subject)
        }
    }

    private func shelf(_ prize: PrizeID, of move: MoveStock) throws -> Shelf {
        try ShelfRow.find(prize, at: move.stationId, of: move.ledgerId, in: transaction.database)
    }
}
