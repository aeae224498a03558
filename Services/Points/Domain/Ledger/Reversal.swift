package import Contracts

extension PointsMoved {
    /// The reverse of a transfer 更正: the same postings with the other sign, and a reference to what it corrects.
    ///
    /// What opened lots takes just those, what took lots fills them up again.
    ///
    /// - Throws: `LedgerError` where a posting's account is none of the ledger.
    package func reversed(
        as id: TransferID, by actor: PersonID, cause: MessageID, reason: String
    ) throws(LedgerError) -> Transfer {
        var movements: [Movement] = []
        for posting in postings {
            guard let account = LedgerAccount(posting.accountId, in: ledgerId) else {
                throw .lotsDiffer(posting.accountId, amount: posting.amount)
            }
            movements.append(Movement(account, -posting.amount, lots: posting.lots.map(LotUse.these) ?? .none))
        }
        let event = PointsMoved(
            step: .corrected, transferId: id, ledgerId: ledgerId, points: points, causeEventId: cause,
            explanation: Explanation(
                "更正 \(transferId)（\(explanation)）：\(reason)",
                english: "Corrects \(transferId) (\(explanationInEnglish ?? explanation)): “\(reason)”")
        ) {
            $0.personId = personId
            $0.teamId = teamId
            $0.caseId = caseId
            $0.caseNumber = caseNumber
            $0.orderId = orderId
            $0.correctsTransferId = transferId
            $0.actorId = actor
        }
        return Transfer(event, movements)
    }
}
