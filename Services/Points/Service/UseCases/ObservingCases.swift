import Contracts
import EventProcessing
import PointRules
import PointsDomain

/// What cases earn.
struct ObservingCases {
    let transaction: Transaction
    let ledger: Ledger

    static let releaseTimer = "release"

    init(_ transaction: Transaction) {
        self.transaction = transaction
        ledger = Ledger(transaction)
    }

    func observe(_ command: Command) throws -> Disposition {
        let event = try command.read(ObserveCase.self).data.event
        let database = transaction.database
        guard try WeighedEventRow.insert(event.id, in: database) else { return .applied }
        let known = try EarningCaseRow.find(event.data.reference.caseId, in: database)
        let pack = try transaction.pack()
        let weighed = try weigh(event, known: known, pack: pack, records: BookRecords(ledger: ledger, pack: pack))
        try carryOut(weighed, pack)
        return .applied
    }

    /// A closed case can be reopened no more: what it promised becomes spendable.
    func release(_ timer: TimerDue, command: Command) throws {
        guard let known = try EarningCaseRow.find(CaseID(timer.about), in: transaction.database) else { return }
        let weighed = PointRules.release(known, at: transaction.clock, cause: command.attributes.id)
        try carryOut(weighed, try transaction.pack())
    }

    private func carryOut(_ weighed: Weighed, _ pack: Pack?) throws {
        let database = transaction.database
        let expiresAt = pack.flatMap { pack in
            pack.points?.expiryMonths.map { pack.calendar.expiry(after: $0, from: transaction.clock) }
        }
        for move in weighed.moves { try ledger.book(move.transfer(expiresAt: expiresAt)) }
        for (period, points) in weighed.newlyPromised { try EarnedRow.add(points, to: period, in: database) }
        try EarningCaseRow.save(weighed.case, in: database)
        let timer = "\(Self.releaseTimer)|\(weighed.case.caseId)"
        switch weighed.timer {
        case .stays: break
        case .cancelled: try transaction.cancelTimer(timer)
        case .set(let due):
            try transaction.setTimer(
                timer, kind: Self.releaseTimer, about: weighed.case.caseId.rawValue, due: due)
        }
    }
}

/// What the books of this store say.
private struct BookRecords: EarningRecords {
    let ledger: Ledger
    let pack: Pack?

    func promised(in period: CapPeriod) throws -> Int {
        try EarnedRow.total(in: period, ledger.transaction.database)
    }

    func budget(of id: LedgerID) throws -> Int {
        if let pack { try ledger.fund(id, by: pack) }
        return try ledger.balance(of: .issued(of: id)).balance
    }
}
