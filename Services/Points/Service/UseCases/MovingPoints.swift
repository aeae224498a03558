import Contracts
import EventProcessing
import Foundation
import PointsDomain

/// Transfers by a person's order: at once or in two phases, and corrections.
struct MovingPoints {
    let transaction: Transaction
    let ledger: Ledger

    init(_ transaction: Transaction) {
        self.transaction = transaction
        ledger = Ledger(transaction)
    }

    func move(_ command: Command) throws -> Disposition {
        let move = try command.read(MovePoints.self).data
        if let refusal = refusal(of: move.actor, notAfter: move.notAfter) { return .refused(refusal) }
        let content = fingerprint(of: move)
        if let known = try TransferRow.content(of: move.transferId, in: transaction.database) {
            // The same again is answered as the first time: it was done.
            return known == content ? .applied : .refused(.conflict(move.transferId))
        }
        guard let from = LedgerAccount(move.from, in: move.ledgerId),
            let to = LedgerAccount(move.to, in: move.ledgerId), allowsMove(from: from, to: to)
        else { return .refused(.noSuchMove(move)) }
        guard move.points > 0 else { return .refused(.notPositive) }
        if let timeoutAt = move.timeoutAt, timeoutAt <= transaction.clock { return .refused(.timeoutIsOver) }
        guard let pack = try transaction.pack() else { return .refused(.noPack) }
        try ledger.fund(move.ledgerId, by: pack)
        return try refusingOverdraft {
            if let timeoutAt = move.timeoutAt {
                try ledger.hold(
                    move.transferId, from: from, to: to, points: move.points, timeoutAt: timeoutAt,
                    explanation: Explanation(
                        "预留 \(move.points) 分：\(move.reason)",
                        english: "\(move.points) points set aside: “\(move.reason)”"), content: content
                ) { $0.actorId = move.actor.personId }
            } else {
                try ledger.book(try transfer(move, from: from, to: to, by: pack), content: content)
            }
        }
    }

    func end(_ command: Command) throws -> Disposition {
        let end = try command.read(EndPending.self).data
        if let refusal = refusal(of: end.actor, notAfter: end.notAfter) { return .refused(refusal) }
        guard var hold = try ledger.findHold(end.pendingTransferId), hold.source.ledgerId == end.ledgerId else {
            return .refused(.noHold(end.pendingTransferId))
        }
        guard hold.orderId == nil else { return .refused(.holdOfOrder(end.pendingTransferId)) }
        guard hold.state == .open else { return .refused(.holdEnded(hold)) }
        let cause = command.attributes.id
        switch end.outcome {
        case .void:
            let why = Explanation("取消预留：\(end.reason)", english: "No longer set aside: “\(end.reason)”")
            let back = hold.giveBack(.voided, cause: cause, explanation: why) {
                $0.actorId = end.actor.personId
            }
            try ledger.carryOut(back, on: hold)
        case .post:
            let points = end.points ?? hold.points
            guard points > 0, points <= hold.points else { return .refused(.moreThanHeld(hold)) }
            let pack = try transaction.pack()
            let why = Explanation(written: end.reason)
            let post = hold.post(points, expiresAt: expiry(by: pack), cause: cause, explanation: why) {
                $0.actorId = end.actor.personId
            }
            try ledger.carryOut(post, on: hold)
            if hold.state == .open {
                let why = Explanation("其余退回：\(end.reason)", english: "The rest comes back: “\(end.reason)”")
                let rest = hold.giveBack(.posted, cause: cause, explanation: why) {
                    $0.actorId = end.actor.personId
                }
                try ledger.carryOut(rest, on: hold)
            }
        }
        return .applied
    }

    func correct(_ command: Command) throws -> Disposition {
        let correction = try command.read(CorrectTransfer.self).data
        if let refusal = refusal(of: correction.actor, notAfter: correction.notAfter) { return .refused(refusal) }
        let content = fingerprint(of: correction)
        if let known = try TransferRow.content(of: correction.transferId, in: transaction.database) {
            return known == content ? .applied : .refused(.conflict(correction.transferId))
        }
        guard let wrong = try TransferRow.find(correction.corrects, in: transaction.database),
            wrong.ledgerId == correction.ledgerId
        else { return .refused(.noTransfer(correction.corrects)) }
        guard wrong.isCorrectable else { return .refused(.notCorrectable(wrong)) }
        if let by = try TransferRow.correction(of: wrong.transferId, in: transaction.database) {
            return .refused(.corrected(wrong.transferId, by: by))
        }
        let reverse = try wrong.reversed(
            as: correction.transferId, by: correction.actor.personId, cause: command.attributes.id,
            reason: correction.reason)
        do {
            try ledger.book(reverse, content: content)
        } catch LedgerError.belowFloor(let account, _, _, _) {
            return .refused(.alreadySpent(account))
        } catch LedgerError.lotsDiffer(let account, _) {
            return .refused(.alreadySpent(account))
        }
        try TransferRow.insert(correction: correction.transferId, of: wrong.transferId, in: transaction.database)
        return .applied
    }

    /// A hold's time is over: what is left of it comes back.
    func timeOut(_ timer: TimerDue, command: Command) throws {
        guard var hold = try ledger.findHold(TransferID(timer.about)), hold.state == .open,
            let timeoutAt = hold.timeoutAt, timeoutAt <= transaction.clock
        else { return }
        // An order gives its stock back with its points.
        if let orderId = hold.orderId { return try Ordering(transaction).expire(orderId) }
        let why = Explanation(
            "预留到期，\(hold.points) 分退回。",
            english: "The time for which they were set aside is over; \(hold.points) points come back.")
        let back = hold.giveBack(.timedOut, cause: command.attributes.id, explanation: why)
        try ledger.carryOut(back, on: hold)
    }

    private func refusal(of actor: Actor, notAfter: Timestamp?) -> Refusal? {
        if let notAfter, notAfter < transaction.clock { return .tooLate }
        return actor.has(Role.admin) ? nil : .onlyAdmins
    }

    private func transfer(
        _ move: MovePoints, from: LedgerAccount, to: LedgerAccount, by pack: Pack
    ) throws -> Transfer {
        let isAward = from.kind == .issued && to.kind == .available
        var movements = [Movement(from, -move.points, lots: from.kind == .available ? .oldest : .none)]
        if from.kind == .available, to.kind == .available {
            // Points that change hands keep their day: each lot opens one at the other side.
            try ledger.expire(from)
            let parts = try ledger.lots(of: from).taking(move.points) ?? []
            movements += parts.map { Movement(to, $0.points, lots: .opens(expiresAt: $0.expiresAt)) }
            if parts.isEmpty { movements.append(Movement(to, move.points, lots: .opens(expiresAt: nil))) }
        } else {
            movements.append(
                Movement(to, move.points, lots: to.kind == .available ? .opens(expiresAt: expiry(by: pack)) : .none))
        }
        let event = PointsMoved(
            step: isAward ? .awarded : .moved, transferId: move.transferId, ledgerId: move.ledgerId,
            points: move.points, causeEventId: transaction.causeID, explanation: Explanation(written: move.reason)
        ) {
            $0.personId = to.holder?.personId ?? from.holder?.personId
            $0.teamId = to.holder?.teamId ?? from.holder?.teamId
            $0.actorId = move.actor.personId
        }
        return Transfer(event, movements)
    }

    private func expiry(by pack: Pack?) -> Timestamp? {
        guard let pack, let months = pack.points?.expiryMonths else { return nil }
        return pack.calendar.expiry(after: months, from: transaction.clock)
    }

    private func refusingOverdraft(_ body: () throws -> Void) throws -> Disposition {
        do {
            try body()
            return .applied
        } catch LedgerError.belowFloor(let account, let balance, let amount, _) {
            return .refused(.notEnough(account, balance: balance, wanted: -amount))
        }
    }
}

/// Which accounts a person's order may move points between: never into or out of a promise, a hold or what is spent.
private func allowsMove(from: LedgerAccount, to: LedgerAccount) -> Bool {
    if let person = to.holder?.personId, !person.canHoldPoints { return false }
    return switch (from.kind, to.kind) {
    case (.funder, .issued), (.issued, .available), (.issued, .funder), (.expired, .issued): true
    case (.available, .available): from != to
    // 结算: what a funder paid for narrows what it owes.
    case (.prizes, .funder), (.expired, .funder): true
    default: false
    }
}

extension PointsMoved {
    /// Whether its reverse may be booked: what the clock, an order or a promise did is undone by its own way.
    var isCorrectable: Bool { [.awarded, .moved, .funded].contains(step) }
}

/// Tells two commands of one id apart: all of it but until when it was good.
private func fingerprint(of move: MovePoints) -> String {
    ContentHash.sha256(
        Data(
            [
                "move", move.ledgerId.rawValue, move.from.rawValue, move.to.rawValue, "\(move.points)",
                move.timeoutAt?.description ?? "-", move.actor.personId.rawValue, move.reason,
            ].joined(separator: "\n").utf8))
}

private func fingerprint(of correction: CorrectTransfer) -> String {
    ContentHash.sha256(
        Data(
            [
                "correct", correction.ledgerId.rawValue, correction.corrects.rawValue,
                correction.actor.personId.rawValue, correction.reason,
            ].joined(separator: "\n").utf8))
}
