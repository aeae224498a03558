import Contracts
import EventProcessing
import PointsDomain

/// Orders of prizes: points and stock are held together, and end together.
struct Ordering {
    let transaction: Transaction
    let ledger: Ledger

    init(_ transaction: Transaction) {
        self.transaction = transaction
        ledger = Ledger(transaction)
    }

    private var cause: MessageID { transaction.causeID }

    func place(_ command: Command) throws -> Disposition {
        let wanted = try command.read(PlaceOrder.self).data
        if let known = try OrderRow.find(wanted.orderId, in: transaction.database) {
            // The same again is answered as the first time: it was done.
            return known.answers(wanted) ? .applied : .refused(.orderConflict(wanted.orderId))
        }
        if let notAfter = wanted.notAfter, notAfter < transaction.clock { return .refused(.tooLate) }
        guard let pack = try transaction.pack() else { return .refused(.noPack) }
        return try refusingFaults {
            let order = try wanted.order(by: pack, at: transaction.clock) { prize in
                try ShelfRow.find(prize, at: wanted.stationId, of: wanted.ledgerId, in: transaction.database)
            }
            try carryOut(order.placing, by: wanted.actor.personId, reason: nil, pack)
        }
    }

    func act(_ command: Command) throws -> Disposition {
        let act = try command.read(ActOnOrder.self).data
        if let notAfter = act.notAfter, notAfter < transaction.clock { return .refused(.tooLate) }
        guard let order = try OrderRow.find(act.orderId, in: transaction.database), order.ledgerId == act.ledgerId
        else { return .refused(.noOrder(act.orderId)) }
        guard let pack = try transaction.pack() else { return .refused(.noPack) }
        return try refusingFaults {
            let step = try order.step(act, by: pack, at: transaction.clock)
            try carryOut(step, by: act.actor.personId, reason: act.reason, pack)
        }
    }

    /// Nobody came in time: points and stock are free again.
    func expire(_ id: OrderID) throws {
        guard let order = try OrderRow.find(id, in: transaction.database), order.isOpen else { return }
        try carryOut(
            order.expiring(at: transaction.clock), by: nil, reason: nil, try transaction.pack())
    }

    // MARK: - Steps

    private func carryOut(_ step: OrderStep, by actor: PersonID?, reason: String?, _ pack: Pack?) throws {
        let order = step.order
        let shelves = try step.shelves.map { change in
            try ShelfRow.find(
                change.prizeId, at: order.stationId, of: order.ledgerId, in: transaction.database
            ).after(change)
        }
        try book(step, by: actor, reason: reason, pack)
        try OrderRow.save(order, in: transaction.database)
        for shelf in shelves { try ShelfRow.save(shelf, in: transaction.database) }
        try transaction.emit(
            OrderChanged(
                step: step.kind, orderId: order.orderId, ledgerId: order.ledgerId, stationId: order.stationId,
                personId: order.personId, teamId: order.teamId, lines: step.lines, points: step.points,
                stage: order.stage, at: transaction.clock, actorId: actor, reason: reason,
                expiresAt: step.kind == .placed ? order.expiresAt : nil),
            to: TopicCatalogue.pointsEvents, key: order.ledgerId.rawValue)
        try transaction.emit(order, to: TopicCatalogue.orders, key: order.orderId.rawValue)
        for shelf in shelves { try emit(shelf) }
    }

    private func emit(_ shelf: Shelf) throws {
        try transaction.emit(shelf.state, to: TopicCatalogue.stocks, key: shelf.state.subject)
    }

    private func book(_ step: OrderStep, by actor: PersonID?, reason: String?, _ pack: Pack?) throws {
        let order = step.order
        let why = words(for: step, reason: reason, pack)
        let fill: (inout PointsMoved) -> Void = { $0.actorId = actor }
        switch step.booking {
        case .hold: try hold(order.pendingTransferId, step.points, until: order.expiresAt, of: order, why, fill)
        case .takeAnew:
            let id = TransferID.derived(from: order.orderId.rawValue, "late\(order.version)")
            try takingAnew(step.points) {
                try hold(id, step.points, until: nil, of: order, why, fill)
            }
            try change(id) { $0.post(step.points, expiresAt: nil, cause: cause, explanation: why, fill) }
        case .post:
            try change(order.pendingTransferId) {
                $0.post(step.points, expiresAt: nil, cause: cause, explanation: why, fill)
            }
        case .giveBack:
            let end: Hold.State = step.kind == .expired ? .timedOut : .voided
            try change(order.pendingTransferId) { $0.giveBack(end, cause: cause, explanation: why, fill) }
        case .refundHeld:
            try change(order.pendingTransferId) {
                $0.refund(step.points, expiresAt: freshExpiry(by: pack), cause: cause, explanation: why, fill)
            }
        case .refund: try refund(step, why, pack, fill)
        }
    }

    private func hold(
        _ id: TransferID, _ points: Int, until: Timestamp?, of order: OrderState, _ why: Explanation,
        _ fill: (inout PointsMoved) -> Void
    ) throws {
        try ledger.hold(
            id, from: order.payer, to: .prizes(of: order.ledgerId), points: points, timeoutAt: until,
            explanation: why, orderId: order.orderId, fill)
    }

    private func change(_ id: TransferID, _ body: (inout Hold) -> Transfer) throws {
        guard var hold = try ledger.findHold(id) else { throw LedgerRowError.unknownHold(id) }
        let transfer = body(&hold)
        try ledger.carryOut(transfer, on: hold)
    }

    private func refund(
        _ step: OrderStep, _ why: Explanation, _ pack: Pack?, _ fill: (inout PointsMoved) -> Void
    ) throws {
        let order = step.order
        let event = PointsMoved(
            step: .refunded, transferId: .derived(from: order.orderId.rawValue, "refund\(order.version)"),
            ledgerId: order.ledgerId, points: step.points, causeEventId: cause, explanation: why
        ) {
            $0.personId = order.holder.personId
            $0.teamId = order.holder.teamId
            $0.orderId = order.orderId
            fill(&$0)
        }
        do {
            try ledger.book(
                Transfer(
                    event,
                    [
                        Movement(.prizes(of: order.ledgerId), -step.points),
                        Movement(order.payer, step.points, lots: .opens(expiresAt: freshExpiry(by: pack))),
                    ]))
        } catch LedgerError.belowFloor(_, let balance, _, _) {
            throw OrderFault.settled(points: step.points, balance: balance)
        }
    }

    private func takingAnew(_ points: Int, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch LedgerError.belowFloor(_, let balance, _, _) {
            throw OrderFault.spentMeanwhile(points: points, balance: balance)
        }
    }

    private func freshExpiry(by pack: Pack?) -> Timestamp? {
        guard let pack, let months = pack.points?.expiryMonths else { return nil }
        return pack.calendar.expiry(after: months, from: transaction.clock)
    }

    private func words(for step: OrderStep, reason: String?, _ pack: Pack?) -> Explanation {
        let station = pack?.station(step.order.stationId)?.name ?? step.order.stationId.rawValue
        let what = "\(step.lines.words(by: pack))（\(station)），\(step.points) 分"
        let why = reason.map { "：\($0)" } ?? ""
        let chinese =
            switch (step.kind, step.booking) {
            case (.placed, _): "兑换下单 \(what)，预留待领取。"
            case (.handedOver, .takeAnew): "补记发放 \(what)：领取在前，上报在后，此前退回的积分重新扣除。"
            case (.handedOver, _): "已领取 \(what)。"
            case (.outOfStock, _): "缺货退还 \(what)\(why)。"
            case (.cancelled, _): "取消兑换 \(what)，退回\(why)。"
            case (.expired, _): "逾期未领 \(what)，退回。"
            case (.takenBack, _): "退货退还 \(what)\(why)。"
            }
        return Explanation(chinese, english: englishWords(for: step, station: station, reason: reason, pack))
    }

    private func englishWords(for step: OrderStep, station: String, reason: String?, _ pack: Pack?) -> String {
        let what = "\(step.lines.englishWords(by: pack)) (\(station)), \(step.points) points"
        let why = reason.map { ": “\($0)”" } ?? ""
        return switch (step.kind, step.booking) {
        case (.placed, _): "Ordered \(what), set aside until picked up."
        case (.handedOver, .takeAnew):
            "Picked up \(what); told of only afterwards, so the points that had come back are taken again."
        case (.handedOver, _): "Picked up \(what)."
        case (.outOfStock, _): "Out of stock, given back: \(what)\(why)."
        case (.cancelled, _): "Order called off, given back: \(what)\(why)."
        case (.expired, _): "Not picked up in time, given back: \(what)."
        case (.takenBack, _): "Returned, given back: \(what)\(why)."
        }
    }
}

/// Runs a use case whose faults are refusals.
func refusingFaults(_ body: () throws -> Void) throws -> Disposition {
    do {
        try body()
        return .applied
    } catch let fault as OrderFault {
        return .refused(fault.refusal)
    } catch LedgerError.belowFloor(let account, let balance, let amount, _) {
        return .refused(.notEnough(account, balance: balance, wanted: -amount))
    }
}
