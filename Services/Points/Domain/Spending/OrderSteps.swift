package import Contracts

/// A step of an order, and what must be booked with it.
package struct OrderStep: Sendable, Equatable {
    /// What happens to the points that it is about.
    package enum Booking: Sendable, Equatable {
        /// They are held, and stay so.
        case hold
        /// From what is held to the prizes.
        case post
        /// All that is held comes back as it was.
        case giveBack
        /// Some of what is held is paid back: the prizes never came.
        case refundHeld
        /// The prizes came back.
        case refund
        /// The order had ended, but the prizes were gone by then: they are paid for once more.
        case takeAnew
    }

    package let kind: OrderChanged.Step
    /// As it stands afterwards.
    package let order: OrderState
    package let lines: [PrizeCount]
    package let points: Int
    package let booking: Booking
    package let shelves: [ShelfChange]

    init(
        _ kind: OrderChanged.Step, _ order: OrderState, _ lines: [PrizeCount], _ booking: Booking,
        _ shelf: (PrizeCount) -> ShelfChange
    ) {
        self.kind = kind
        self.order = order
        self.lines = lines
        self.booking = booking
        points = order.price(of: lines)
        shelves = lines.map(shelf).filter { $0.onHand != 0 || $0.held != 0 }
    }
}

extension OrderState {
    /// What can be done with it now.
    package var allowedActions: [OrderAction] {
        let isGivenOut = lines.contains { $0.handedOver > 0 }
        return OrderAction.allCases.filter { action in
            switch action {
            case .handOver, .outOfStock: isOpen
            case .cancel: isOpen && !isGivenOut
            case .takeBack: isGivenOut
            }
        }
    }

    /// That it was placed.
    package var placing: OrderStep {
        OrderStep(.placed, self, openLines, .hold) { ShelfChange(prizeId: $0.prizeId, onHand: 0, held: $0.count) }
    }

    /// That its time is over 逾期.
    package func expiring(at time: Timestamp) -> OrderStep { givingBack(.expired, as: .expired, at: time) }

    /// What an action does.
    ///
    /// - Throws: ``OrderFault``.
    package func step(_ act: ActOnOrder, by pack: Pack, at time: Timestamp) throws(OrderFault) -> OrderStep {
        try checkRights(act, by: pack)
        if let doneAt = act.doneAt {
            guard doneAt <= time else { throw .doneLater(doneAt) }
            guard doneAt >= placedAt else { throw .doneBefore(placedAt: placedAt) }
        }
        if act.action == .handOver, let step = try handingOverLate(act, at: time) { return step }
        guard allowedActions.contains(act.action) else {
            throw .stepDoesNotFit(act.action, stage: stage, allowed: allowedActions)
        }
        return switch act.action {
        case .handOver: try handingOver(act, at: time)
        case .outOfStock: try refunding(act, at: time)
        case .cancel: givingBack(.cancelled, as: .cancelled, at: time)
        case .takeBack: try takingBack(act)
        }
    }

    private func checkRights(_ act: ActOnOrder, by pack: Pack) throws(OrderFault) {
        guard act.action != .cancel else {
            let leader = teamId.flatMap { pack.team($0)?.leaderId }
            guard act.actor.personId == personId || act.actor.personId == leader else { throw .notYours }
            return
        }
        guard pack.lets(act.actor, serveAt: stationId) else { throw .notStaff(stationId) }
        guard act.actor.personId != personId else { throw .ownOrder }
    }

    // MARK: - Actions

    private func handingOver(_ act: ActOnOrder, at time: Timestamp) throws(OrderFault) -> OrderStep {
        guard act.doneAt ?? time < expiresAt else { throw .timeIsOver(expiresAt: expiresAt) }
        let chosen = try chosen(act.lines, of: \.open)
        let next = changed(chosen, at: time) { line, count in line.handedOver += count }
        return OrderStep(.handedOver, next, chosen, .post) {
            ShelfChange(prizeId: $0.prizeId, onHand: -$0.count, held: -$0.count, leftAt: act.doneAt)
        }
    }

    /// What was handed over while the order was open, and told only after it had ended; nil for anything else.
    ///
    /// The prizes are gone and the person has them, so they pay for them as if it had been told in time.
    private func handingOverLate(_ act: ActOnOrder, at time: Timestamp) throws(OrderFault) -> OrderStep? {
        guard let doneAt = act.doneAt, let endedAt, [.expired, .cancelled].contains(stage), doneAt < endedAt,
            doneAt < expiresAt
        else { return nil }
        let chosen = try chosen(act.lines, of: \.givenBack)
        var next = changed(chosen, at: time) { line, count in
            line.handedOver += count
            line.givenBack -= count
        }
        next.stage = .handedOver
        return OrderStep(.handedOver, next, chosen, .takeAnew) {
            ShelfChange(prizeId: $0.prizeId, onHand: -$0.count, held: 0, leftAt: doneAt)
        }
    }

    private func refunding(_ act: ActOnOrder, at time: Timestamp) throws(OrderFault) -> OrderStep {
        let chosen = try chosen(act.lines, of: \.open)
        let next = changed(chosen, at: time) { line, count in line.givenBack += count }
        return OrderStep(.outOfStock, next, chosen, .refundHeld) {
            ShelfChange(prizeId: $0.prizeId, onHand: 0, held: -$0.count)
        }
    }

    private func takingBack(_ act: ActOnOrder) throws(OrderFault) -> OrderStep {
        let chosen = try chosen(act.lines, of: \.handedOver)
        let next = changed(chosen, at: nil) { line, count in
            line.handedOver -= count
            line.givenBack += count
        }
        return OrderStep(.takenBack, next, chosen, .refund) {
            ShelfChange(prizeId: $0.prizeId, onHand: act.reusable == true ? $0.count : 0, held: 0)
        }
    }

    private func givingBack(_ kind: OrderChanged.Step, as end: OrderStage, at time: Timestamp) -> OrderStep {
        let open = openLines
        var next = changed(open, at: time) { line, count in line.givenBack += count }
        next.stage = end
        return OrderStep(kind, next, open, .giveBack) {
            ShelfChange(prizeId: $0.prizeId, onHand: 0, held: -$0.count)
        }
    }

    // MARK: - Lines

    /// The lines that somebody names, or all that there is.
    private func chosen(
        _ wanted: [PrizeCount]?, of number: (OrderLine) -> Int
    ) throws(OrderFault) -> [PrizeCount] {
        guard let wanted else { return counts(number) }
        try wanted.checkDistinct(most: PlaceOrder.most)
        for count in wanted {
            guard let line = lines.first(where: { $0.prizeId == count.prizeId }) else {
                throw .notInOrder(count.prizeId)
            }
            guard count.count <= number(line) else {
                throw .moreThanThere(count.prizeId, there: number(line), wanted: count.count)
            }
        }
        return wanted
    }

    /// The order with some of its lines changed; it ends where nothing is open any more.
    ///
    /// - Parameter time: nil where the step cannot end it.
    private func changed(
        _ counts: [PrizeCount], at time: Timestamp?, _ change: (inout OrderLine, Int) -> Void
    ) -> OrderState {
        var next = self
        next.version += 1
        for count in counts {
            guard let index = next.lines.firstIndex(where: { $0.prizeId == count.prizeId }) else { continue }
            change(&next.lines[index], count.count)
        }
        if let time, next.openLines.isEmpty {
            next.stage = next.lines.contains { $0.handedOver > 0 } ? .handedOver : .cancelled
            next.endedAt = time
        }
        return next
    }

    fileprivate func price(of counts: [PrizeCount]) -> Int {
        counts.reduce(0) { sum, count in
            sum + count.count * (lines.first { $0.prizeId == count.prizeId }?.price ?? 0)
        }
    }
}
