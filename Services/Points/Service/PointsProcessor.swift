package import Contracts
package import EventProcessing
package import GRDB
import PointsDomain

/// The ledger of one partition: case events in, transfers and balances out.
package struct PointsProcessor: Processor {
    package init() {}

    package var name: String { "points" }
    /// 2: who reports without a name is promised nothing.
    package var logic: Int { 2 }
    package var commandTopic: Topic { TopicCatalogue.pointsCommands }
    package var eventTopic: Topic { TopicCatalogue.pointsEvents }
    package var machineTables: [String] { LedgerTables.names }

    package func migrate(_ migrator: inout DatabaseMigrator) { LedgerTables.migrate(&migrator) }

    package func decide(_ command: Command, in transaction: Transaction) throws -> Disposition {
        switch command.attributes.type {
        case ObserveCase.type:
            try observe(try command.read(ObserveCase.self).data.event, in: transaction)
            return .applied
        default:
            return .refused(
                Refusal(code: "unknown-command", reason: "积分服务不认识这个请求：\(command.attributes.type)"))
        }
    }

    private func observe(_ event: Envelope<CaseEvent>, in transaction: Transaction) throws {
        let database = transaction.database
        let decision = try weigh(
            event, promise: PromiseRow.find(event.data.reference.caseId, in: database), pack: transaction.pack(),
            logic: transaction.logic, promised: { try PromisedOnRow.total(of: $0, in: database) })
        guard case .moved(let transfer) = decision else { return }
        let (booked, balances) = try book(transfer, at: transaction.clock, in: database)
        try transaction.emit(booked, to: TopicCatalogue.pointsEvents, key: booked.ledgerId.rawValue)
        for balance in balances {
            try transaction.emit(
                balance.state, to: TopicCatalogue.accounts, key: balance.account.id.rawValue)
        }
    }

    /// Writes the transfer, its postings and what follows from them, or nothing of it.
    private func book(
        _ transfer: Transfer, at clock: Timestamp, in database: Database
    ) throws -> (event: PointsMoved, balances: [AccountBalance]) {
        let (event, balances) = try transfer.booked(at: clock) { try AccountRow.find($0, in: database) }
        try TransferRow.insert(event, at: clock, in: database)
        for balance in balances { try AccountRow.save(balance, in: database) }
        try PromiseRow.save(transfer.promise, in: database)
        if transfer.newlyPromised > 0 {
            try PromisedOnRow.add(transfer.newlyPromised, to: transfer.promise.personDay, in: database)
        }
        return (event, balances)
    }
}
