import Contracts

/// Ends the promise of a case.
struct Ending {
    var weighed: Weighed
    let cause: MessageID

    mutating func release() {
        let promise = weighed.case.promise
        let days = promise?.closedAt.flatMap { closed in
            promise?.dueAt.map { ($0.milliseconds - closed.milliseconds) / 86_400_000 }
        }
        let waited = (days ?? 0) > 0 ? days : nil
        let chinese = waited.map { "，满 \($0) 天未重新打开" } ?? ""
        let english = waited.map { " and not reopened for \($0) days" } ?? ""
        end(as: .released, .released) {
            Explanation(
                "案件 \($0) 核查通过并结案\(chinese)，待发的 \($1) 分转为可用。",
                english: "Case \($0) was verified and closed\(english); its \($1) pending points can be spent now.")
        }
    }

    mutating func takeBack(as state: Promise.State, because reason: Explanation) {
        end(as: state, .voided) {
            Explanation(
                "案件 \($0) \(reason.chinese)，待发的 \($1) 分收回。",
                english: "Case \($0) \(reason.english ?? reason.chinese); its \($1) pending points were taken back.")
        }
    }

    /// Ends a pending promise, each share by a transfer of its own; one that has ended stays as it is.
    private mutating func end(
        as state: Promise.State, _ step: PointsMoved.Step, _ words: (_ number: String, _ points: Int) -> Explanation
    ) {
        guard var promise = weighed.case.promise else { return weighed.reason = .nothingPromised }
        guard promise.state == .pending else { return weighed.reason = .alreadyEnded }
        for index in promise.shares.indices where promise.shares[index].granted > 0 {
            let share = promise.shares[index]
            let event = PointsMoved(
                step: step, transferId: .end(of: weighed.case.caseId, for: share.earner, number: promise.number),
                ledgerId: weighed.case.ledgerId, points: share.granted, causeEventId: cause,
                explanation: words(weighed.case.caseNumber, share.granted)
            ) {
                $0.personId = share.earner.personId
                $0.teamId = share.earner.teamId
                $0.caseId = weighed.case.caseId
                $0.caseNumber = weighed.case.caseNumber
                $0.ruleId = promise.ruleId
                $0.pendingTransferId = share.transferId
            }
            weighed.moves.append(
                EarningMove(
                    event: event, changes: [EarningMove.Change(earner: share.earner, points: -share.granted)]))
            // Released points stay known as what the case gave.
            if state != .released { promise.shares[index].granted = 0 }
        }
        promise.state = state
        promise.closedAt = nil
        promise.dueAt = nil
        weighed.case.promise = promise
        weighed.timer = .cancelled
        if weighed.moves.isEmpty { weighed.reason = .nothingPromised }
    }

    /// Takes back what one of them was promised, and gives it to nobody else.
    mutating func withdraw(
        _ earner: Earner, _ words: (_ points: Int) -> Explanation, _ fill: (inout PointsMoved) -> Void
    ) {
        guard var promise = weighed.case.promise, promise.state == .pending else {
            return weighed.reason = .alreadyEnded
        }
        guard let index = promise.shares.firstIndex(where: { $0.earner == earner && $0.granted > 0 }) else {
            return weighed.reason = .nothingPromised
        }
        let share = promise.shares[index]
        let event = PointsMoved(
            step: .voided, transferId: .end(of: weighed.case.caseId, for: earner, number: promise.number),
            ledgerId: weighed.case.ledgerId, points: share.granted, causeEventId: cause,
            explanation: words(share.granted)
        ) {
            $0.personId = earner.personId
            $0.teamId = earner.teamId
            $0.caseId = weighed.case.caseId
            $0.caseNumber = weighed.case.caseNumber
            $0.ruleId = promise.ruleId
            $0.pendingTransferId = share.transferId
            fill(&$0)
        }
        weighed.moves.append(
            EarningMove(event: event, changes: [EarningMove.Change(earner: earner, points: -share.granted)]))
        promise.shares[index].granted = 0
        promise.shares[index].isWithdrawn = true
        weighed.case.promise = promise
    }
}
