import Contracts
import EventProcessing
import PointsDomain

/// What cases earn.
struct ObservingCases {
    let transaction: Transaction
    let ledger: Ledger

    init(_ transaction: Transaction) {
        self.transaction = transaction
        ledger = Ledger(transaction)
    }

    func observe(_ command: Command) throws -> Disposition {
        let event = try command.read(ObserveCase.self).data.event
        let database = transaction.database
        let pack = try transaction.pack()
        let decision = try weigh(
            event, promise: PromiseRow.find(event.data.reference.caseId, in: database), pack: pack,
            promised: { try PromisedOnRow.total(of: $0, in: database) })
        guard case .moved(let transfer, let promise) = decision else { return .applied }
        if let pack, transfer.event.step == .pended { try ledger.fund(transfer.event.ledgerId, by: pack) }
        try ledger.book(transfer)
        try PromiseRow.save(promise, in: database)
        if transfer.event.step == .pended {
            try PromisedOnRow.add(transfer.event.points, to: promise.personDay, in: database)
        }
        return .applied
    }
}
