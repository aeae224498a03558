package import Contracts

/// A transfer in two phases: points are set aside, and later go on, come back, or time out, exactly once.
package struct Hold: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        case open
        case posted
        case voided
        case timedOut
    }

    /// The transfer that set the points aside; it names the hold.
    package let transferId: TransferID
    package let source: LedgerAccount
    package let target: LedgerAccount
    /// What is still set aside, in whole points.
    package var points: Int
    /// The lots that it came from, as far as it is still set aside.
    package var lots: [LotPart]
    package let timeoutAt: Timestamp?
    package let orderId: OrderID?
    package var state: State
    /// How often something was posted from it.
    package var postings: Int

    package init(
        transferId: TransferID, source: LedgerAccount, target: LedgerAccount, points: Int, lots: [LotPart],
        timeoutAt: Timestamp?, orderId: OrderID?, state: State = .open, postings: Int = 0
    ) {
        self.transferId = transferId
        self.source = source
        self.target = target
        self.points = points
        self.lots = lots
        self.timeoutAt = timeoutAt
        self.orderId = orderId
        self.state = state
        self.postings = postings
    }

    /// Where the points lie meanwhile.
    package var account: LedgerAccount { .held(of: source.holder, in: source.ledgerId) }

    /// The transfer that sets points aside; the hold is known once it is booked.
    ///
    /// - Parameter fill: what else the event says.
    package static func transfer(
        _ id: TransferID, from source: LedgerAccount, points: Int, timeoutAt: Timestamp?, cause: MessageID,
        explanation: Explanation, _ fill: (inout PointsMoved) -> Void
    ) -> Transfer {
        Transfer(
            PointsMoved(
                step: .held, transferId: id, ledgerId: source.ledgerId, points: points, causeEventId: cause,
                explanation: explanation
            ) {
                $0.personId = source.holder?.personId
                $0.teamId = source.holder?.teamId
                $0.timeoutAt = timeoutAt
                fill(&$0)
            },
            [
                Movement(source, -points, lots: source.kind == .available ? .oldest : .none),
                Movement(.held(of: source.holder, in: source.ledgerId), points),
            ])
    }

    /// Lets so many of the points go on to the target; what is then left stays set aside.
    ///
    /// - Parameter expiresAt: of the lot that it opens where the target can spend it.
    package mutating func post(
        _ points: Int, expiresAt: Timestamp?, cause: MessageID, explanation: Explanation,
        _ fill: (inout PointsMoved) -> Void = { _ in }
    ) -> Transfer {
        precondition(state == .open && points > 0 && points <= self.points, "no more than is held")
        let moved = lots.taking(points) ?? []
        self.points -= points
        lots = lots.leaving(after: points)
        postings += 1
        if self.points == 0 { state = .posted }
        var movements = [Movement(account, -points)]
        if target.kind != .available {
            movements.append(Movement(target, points))
        } else if moved.isEmpty {
            movements.append(Movement(target, points, lots: .opens(expiresAt: expiresAt)))
        } else {
            // Points that change hands keep their day.
            movements += moved.map { Movement(target, $0.points, lots: .opens(expiresAt: $0.expiresAt)) }
        }
        return Transfer(event(.posted, points, cause, explanation, "post\(postings)", fill), movements)
    }

    /// Gives back what is still set aside.
    package mutating func giveBack(
        _ end: State, cause: MessageID, explanation: Explanation, _ fill: (inout PointsMoved) -> Void = { _ in }
    ) -> Transfer {
        precondition(state == .open && points > 0, "there is something to give back")
        let back = giveBack(points, step: end == .timedOut ? .timedOut : .unheld, cause, explanation, fill)
        state = end
        return back
    }

    /// Gives back some of what is set aside, and keeps the rest.
    package mutating func giveBack(
        part points: Int, cause: MessageID, explanation: Explanation, _ fill: (inout PointsMoved) -> Void = { _ in }
    ) -> Transfer {
        precondition(state == .open && points > 0 && points <= self.points, "no more than is held")
        let back = giveBack(points, step: .unheld, cause, explanation, fill)
        if self.points == 0 { state = .voided }
        return back
    }

    /// Pays back some of what is set aside, for what never came, as points that begin anew.
    ///
    /// Nobody loses points by their day having come while they lay here for somebody else's fault.
    ///
    /// - Parameter expiresAt: of the lot that they open.
    package mutating func refund(
        _ points: Int, expiresAt: Timestamp?, cause: MessageID, explanation: Explanation,
        _ fill: (inout PointsMoved) -> Void = { _ in }
    ) -> Transfer {
        precondition(state == .open && points > 0 && points <= self.points, "no more than is held")
        lots = lots.taking(self.points - points) ?? []
        self.points -= points
        postings += 1
        if self.points == 0 { state = .voided }
        return Transfer(
            event(.refunded, points, cause, explanation, "back\(postings)", fill),
            [
                Movement(account, -points),
                Movement(source, points, lots: source.kind == .available ? .opens(expiresAt: expiresAt) : .none),
            ])
    }

    private mutating func giveBack(
        _ points: Int, step: PointsMoved.Step, _ cause: MessageID, _ explanation: Explanation,
        _ fill: (inout PointsMoved) -> Void
    ) -> Transfer {
        // The newest come back first: the oldest are those that go on.
        let kept = lots.taking(self.points - points) ?? []
        let back = lots.leaving(after: self.points - points)
        self.points -= points
        lots = kept
        postings += 1
        return Transfer(
            event(step, points, cause, explanation, "back\(postings)", fill),
            [
                Movement(account, -points),
                Movement(source, points, lots: source.kind == .available ? .these(back) : .none),
            ])
    }

    private func event(
        _ step: PointsMoved.Step, _ points: Int, _ cause: MessageID, _ explanation: Explanation, _ what: String,
        _ fill: (inout PointsMoved) -> Void
    ) -> PointsMoved {
        PointsMoved(
            step: step, transferId: .derived(from: transferId.rawValue, what), ledgerId: source.ledgerId,
            points: points, causeEventId: cause, explanation: explanation
        ) {
            $0.personId = source.holder?.personId
            $0.teamId = source.holder?.teamId
            $0.pendingTransferId = transferId
            $0.orderId = orderId
            fill(&$0)
        }
    }
}

extension TransferID {
    /// An id that follows from what the transfer is about, so that it happens once however often it is asked for.
    package static func derived(from name: String, _ what: String) -> TransferID {
        TransferID(MessageID(namespace: .suishoupai, name: "points|\(name)|\(what)").description)
    }
}
