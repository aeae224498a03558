package import Contracts

/// A prize at a station: how many lie there, and for how many of them somebody has an order.
package struct Shelf: Sendable, Equatable {
    package let stationId: StationID
    package let prizeId: PrizeID
    package let ledgerId: LedgerID
    package private(set) var version: Int
    package private(set) var onHand: Int
    package private(set) var held: Int
    /// When it was last counted; what left it before is not in that count.
    package private(set) var countedAt: Timestamp?

    package init(
        stationId: StationID, prizeId: PrizeID, ledgerId: LedgerID, version: Int = 0, onHand: Int = 0, held: Int = 0,
        countedAt: Timestamp? = nil
    ) {
        self.stationId = stationId
        self.prizeId = prizeId
        self.ledgerId = ledgerId
        self.version = version
        self.onHand = onHand
        self.held = held
        self.countedAt = countedAt
    }

    /// How many can still be ordered.
    package var free: Int { max(0, onHand - held) }
    /// For how many orders there is none; nil where there are enough.
    package var short: Int? { held > onHand ? held - onHand : nil }

    package var state: StockState {
        StockState(
            stationId: stationId, prizeId: prizeId, version: version, ledgerId: ledgerId, onHand: onHand, held: held)
    }

    /// The shelf after a step of an order.
    ///
    /// - Throws: ``OrderFault/countFirst(_:onHand:wanted:)`` where more left it than the books have.
    package func after(_ change: ShelfChange) throws(OrderFault) -> Shelf {
        var next = self
        // Whoever counted after it had left did not count it: it must not be taken off twice.
        let isCounted = change.leftAt.flatMap { left in countedAt.map { left < $0 } } ?? false
        next.onHand += isCounted ? 0 : change.onHand
        next.held += change.held
        next.version += 1
        guard next.onHand >= 0 else { throw .countFirst(prizeId, onHand: onHand, wanted: -change.onHand) }
        return next
    }

    /// The shelf after somebody brought prizes, counted them or wrote them off.
    package func after(_ move: StockMove, of count: Int, at time: Timestamp) throws(OrderFault) -> Shelf {
        var next = self
        switch move {
        case .delivered: next.onHand += count
        case .counted:
            next.onHand = count
            next.countedAt = time
        case .writtenOff:
            guard count <= onHand else { throw .moreThanThere(prizeId, there: onHand, wanted: count) }
            next.onHand -= count
        }
        next.version += 1
        return next
    }
}

/// What a step of an order does to a shelf.
package struct ShelfChange: Sendable, Equatable {
    package let prizeId: PrizeID
    package let onHand: Int
    package let held: Int
    /// When it left the shelf, where that was before it was told; nil for now.
    package var leftAt: Timestamp?

    package init(prizeId: PrizeID, onHand: Int, held: Int, leftAt: Timestamp? = nil) {
        self.prizeId = prizeId
        self.onHand = onHand
        self.held = held
        self.leftAt = leftAt
    }
}

extension MoveStock {
    /// The most of one prize in one go: a count of millions is a slip of a finger.
    package static let most = 100_000

    /// Checks who moves what; prizes that lie there may be counted and written off though the pack no longer has them.
    package func check(by pack: Pack, lies: (PrizeID) throws -> Bool) throws {
        guard let ledger = pack.ledger(of: stationId) else { throw OrderFault.unknownStation(stationId) }
        guard ledger == ledgerId else { throw OrderFault.otherLedger(stationId) }
        guard pack.lets(actor, serveAt: stationId) else { throw OrderFault.notStaff(stationId) }
        try lines.checkDistinct(least: move == .counted ? 0 : 1, most: Self.most)
        for line in lines where pack.prize(line.prizeId) == nil {
            guard move != .delivered, try lies(line.prizeId) else { throw OrderFault.unknownPrize(line.prizeId) }
        }
    }
}

extension [PrizeCount] {
    func checkDistinct(least: Int = 1, most: Int) throws(OrderFault) {
        guard !isEmpty else { throw .noLines }
        var seen: Set<PrizeID> = []
        for line in self {
            guard seen.insert(line.prizeId).inserted else { throw .twice(line.prizeId) }
            guard line.count >= least, line.count <= most else { throw .badCount(line.prizeId, most: most) }
        }
    }

    /// `Safety helmet × 1, Gloves × 2`.
    package func englishWords(by pack: Pack?) -> String {
        map { "\(pack?.prize($0.prizeId)?.englishName ?? $0.prizeId.rawValue) × \($0.count)" }.joined(separator: ", ")
    }

    /// `安全头盔×1、手套×2`.
    package func words(by pack: Pack?) -> String {
        map { "\(pack?.prize($0.prizeId)?.name ?? $0.prizeId.rawValue)×\($0.count)" }.joined(separator: "、")
    }
}
