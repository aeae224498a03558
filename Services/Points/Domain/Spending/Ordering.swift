package import Contracts

extension PlaceOrder {
    /// The most pieces of one order.
    package static let most = 20

    /// The order that this would be 下单: known prizes at today's prices, from a shelf that has them.
    ///
    /// Whether the points suffice, the books say.
    /// - Throws: ``OrderFault``.
    package func order(by pack: Pack, at time: Timestamp, shelf: (PrizeID) throws -> Shelf) throws -> OrderState {
        try checkPerson(by: pack)
        guard let ledger = pack.ledger(of: stationId) else { throw OrderFault.unknownStation(stationId) }
        guard ledger == ledgerId else { throw OrderFault.otherLedger(stationId) }
        try lines.checkDistinct(most: Self.most)
        let pieces = lines.reduce(0) { $0 + $1.count }
        guard pieces <= Self.most else { throw OrderFault.tooMany(pieces, most: Self.most) }
        let today = pack.calendar.day(of: time)
        let priced = try lines.map { line in
            guard let prize = pack.prize(line.prizeId) else { throw OrderFault.unknownPrize(line.prizeId) }
            guard let price = prize.price(on: today) else {
                throw OrderFault.notPricedYet(line.prizeId, from: prize.prices.first?.from ?? "")
            }
            let left = try shelf(line.prizeId).free
            guard line.count <= left else {
                throw OrderFault.outOfStock(line.prizeId, left: left, wanted: line.count)
            }
            return OrderLine(prizeId: line.prizeId, count: line.count, price: price)
        }
        return OrderState(
            orderId: orderId, version: 1, ledgerId: ledgerId, stationId: stationId, personId: personId,
            teamId: teamId, lines: priced, stage: .placed, placedAt: time,
            expiresAt: time.adding(milliseconds: pack.pickUpTime),
            pendingTransferId: .derived(from: orderId.rawValue, "order"))
    }

    private func checkPerson(by pack: Pack) throws(OrderFault) {
        guard actor.personId == personId else { throw .notYours }
        guard let teamId else {
            guard personId.canHoldPoints else { throw .cannotHold(personId) }
            return
        }
        guard let team = pack.team(teamId), team.ledgerId == ledgerId, team.leaderId == personId else {
            throw .notLeader(teamId)
        }
    }
}

extension OrderState {
    /// Whether the same was asked for under this id before.
    package func answers(_ wanted: PlaceOrder) -> Bool {
        wanted.ledgerId == ledgerId && wanted.stationId == stationId && wanted.personId == personId
            && wanted.teamId == teamId
            && wanted.lines == lines.map { PrizeCount(prizeId: $0.prizeId, count: $0.count) }
    }

    /// Whose points pay.
    package var holder: Holder { teamId.map(Holder.team) ?? .person(personId) }
    package var payer: LedgerAccount { .available(of: holder, in: ledgerId) }

    /// What nobody has been given yet and nobody was paid back.
    package var openLines: [PrizeCount] { counts(\.open) }
    /// What is held for it.
    package var openPoints: Int { lines.reduce(0) { $0 + $1.open * $1.price } }
    package var isOpen: Bool { stage == .placed }

    func counts(_ number: (OrderLine) -> Int) -> [PrizeCount] {
        lines.compactMap { line in
            number(line) > 0 ? PrizeCount(prizeId: line.prizeId, count: number(line)) : nil
        }
    }
}

extension OrderLine {
    /// How many are still to be handed over.
    package var open: Int { count - handedOver - givenBack }
}
