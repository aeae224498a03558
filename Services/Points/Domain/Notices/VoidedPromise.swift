package import Contracts

extension Promise {
    /// Ends a promise that a notice was about: it goes back, and the case cannot make it spendable any more.
    package func voided(
        for notice: Notice, caseNumber: String?, by actor: PersonID?, cause: MessageID, because reason: String
    ) -> (transfer: Transfer, promise: Promise) {
        let event = PointsMoved(
            step: .voided, transferId: .end(of: caseId), ledgerId: ledgerId, points: points, causeEventId: cause,
            explanation: "\(reason)，待发的 \(points) 分收回。告知 \(notice.noticeId)，原因：\(notice.reason)"
        ) {
            $0.personId = personId
            $0.caseId = caseId
            $0.caseNumber = caseNumber
            $0.ruleId = ruleId
            $0.pendingTransferId = transferId
            $0.actorId = actor
        }
        let movements = [
            Movement(.pending(of: personId, in: ledgerId), -points), Movement(.issued(of: ledgerId), points),
        ]
        return (Transfer(event, movements), ended(as: .voided))
    }
}
