import Contracts
import EventProcessing
import PointRules
import PointsDomain

/// What the awards of a notice still come to: points that a person has, or was only promised.
struct NoticedAwards {
    /// What a notice is about, named once whether it is still promised or not.
    struct Award {
        let name: TransferID
        /// How many points it brought, and were not given back otherwise.
        let due: Int
        /// Still to be had: it only goes back.
        var promised: EarningCase?
        /// The transfer that made it spendable.
        var booked: PointsMoved?
    }

    let transaction: Transaction
    let ledgerId: LedgerID
    let personId: PersonID

    private var earner: Earner { .person(personId) }
    private var account: LedgerAccount { .available(of: personId, in: ledgerId) }

    /// What a transfer brought to the person; nil where it is none that did.
    func award(_ id: TransferID) throws -> Award? {
        guard let transfer = try TransferRow.find(id, in: transaction.database), transfer.ledgerId == ledgerId else {
            return nil
        }
        switch transfer.step {
        case .awarded: return try award(named: id, transfer)
        case .released: return try award(named: transfer.pendingTransferId ?? id, transfer)
        case .pended: return try award(promisedBy: transfer)
        default: return nil
        }
    }

    private func award(named name: TransferID, _ transfer: PointsMoved) throws -> Award? {
        let gain = transfer.gain(of: account)
        guard gain > 0 else { return nil }
        let back = try TransferRow.correction(of: transfer.transferId, in: transaction.database)
            .flatMap { try TransferRow.find($0, in: transaction.database) }
        return Award(name: name, due: max(0, gain - (back?.loss(of: account) ?? 0)), booked: transfer)
    }

    private func award(promisedBy transfer: PointsMoved) throws -> Award? {
        guard let caseId = transfer.caseId,
            let known = try EarningCaseRow.find(caseId, in: transaction.database), let promise = known.promise,
            let share = promise.shares.first(where: { $0.earner == earner })
        else { return nil }
        // A share that was divided anew since is still what this transfer began.
        switch promise.state {
        case .pending: return Award(name: transfer.transferId, due: share.granted, promised: known)
        case .released:
            let end = try TransferRow.find(
                .end(of: caseId, for: earner, number: promise.number), in: transaction.database)
            return try end.flatMap { try award(named: transfer.transferId, $0) }
        case .voided, .merged: return Award(name: transfer.transferId, due: 0)
        }
    }

    /// Lets what the person was promised go back for good.
    func void(_ known: EarningCase, for notice: Notice, by actor: PersonID?, because reason: Explanation) throws {
        let weighed = withdraw(
            earner, of: known, cause: transaction.causeID,
            words: {
                Explanation(
                    "\(reason.chinese)，待发的 \($0) 分收回。告知 \(notice.noticeId)，原因：\(notice.reason)",
                    english: "\(reason.english ?? reason.chinese): \($0) pending points were taken back. "
                        + "Notice \(notice.noticeId), reason: “\(notice.reason)”")
            },
            { $0.actorId = actor })
        for move in weighed.moves { try Ledger(transaction).book(move.transfer(expiresAt: nil)) }
        try EarningCaseRow.save(weighed.case, in: transaction.database)
    }
}

extension PointsMoved {
    /// What it took from an account.
    fileprivate func loss(of account: LedgerAccount) -> Int {
        -postings.filter { $0.accountId == account.id && $0.amount < 0 }.reduce(0) { $0 + $1.amount }
    }
}
