package import Contracts
package import EventProcessing
package import GRDB
import PointsDomain

/// The ledger of one partition: what cases earn, how points move, what they buy, and what looks odd.
package struct PointsProcessor: Processor {
    package init() {}

    package var name: String { "points" }
    package var logic: Int { 1 }
    package var commandTopic: Topic { TopicCatalogue.pointsCommands }
    package var eventTopic: Topic { TopicCatalogue.pointsEvents }
    package var machineTables: [String] {
        LedgerTables.names + EarningTables.names + SpendingTables.names + HoursTables.names + NoticeTables.names
            + SignalTables.names
    }

    package var figures: [StoreFigure] { LedgerTables.figures }

    package func migrate(_ migrator: inout DatabaseMigrator) {
        LedgerTables.migrate(&migrator)
        EarningTables.migrate(&migrator)
        SpendingTables.migrate(&migrator)
        HoursTables.migrate(&migrator)
        NoticeTables.migrate(&migrator)
        SignalTables.migrate(&migrator)
    }

    package func decide(_ command: Command, in transaction: Transaction) throws -> Disposition {
        switch command.attributes.type {
        case ObserveCase.type:
            try RaisingSignals(transaction).look(at: try command.read(ObserveCase.self).data.event)
            return try ObservingCases(transaction).observe(command)
        case MovePoints.type: return try MovingPoints(transaction).move(command)
        case EndPending.type: return try MovingPoints(transaction).end(command)
        case CorrectTransfer.type: return try MovingPoints(transaction).correct(command)
        case PlaceOrder.type: return try Ordering(transaction).place(command)
        case ActOnOrder.type: return try Ordering(transaction).act(command)
        case MoveStock.type: return try Stocking(transaction).move(command)
        case RecordHours.type: return try RecordingHours(transaction).record(command)
        case GiveNotice.type: return try GivingNotices(transaction).give(command)
        case AnswerNotice.type: return try GivingNotices(transaction).answer(command)
        case ReviewSignal.type: return try RaisingSignals(transaction).review(command)
        case TimerDue.type: return try wake(command, in: transaction)
        default:
            return .refused(
                Refusal(
                    code: "unknown-command",
                    reason: "积分服务不认识 '\(command.attributes.type)' / points does not know this command."))
        }
    }

    /// Never refuses: a refusal would put the timer back, and it would be due for ever.
    private func wake(_ command: Command, in transaction: Transaction) throws -> Disposition {
        let timer = try command.read(TimerDue.self).data
        let ledger = Ledger(transaction)
        switch timer.kind {
        case Ledger.periodTimer: try ledger.closePeriods(of: LedgerID(timer.about))
        case Ledger.expiryTimer: try ledger.expire(accountNamed: AccountID(timer.about))
        case ObservingCases.releaseTimer: try ObservingCases(transaction).release(timer, command: command)
        case Ledger.holdTimer: try MovingPoints(transaction).timeOut(timer, command: command)
        case GivingNotices.windowTimer: try GivingNotices(transaction).lapse(timer)
        default: break
        }
        return .applied
    }
}
