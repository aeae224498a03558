import CaseRoutingDomain
import Contracts
import EventProcessing

/// The clock reached an alarm of a case: a deadline, a warning, the end of a rest.
struct RingingAlarms {
    let transaction: Transaction
    let table: RoutingTable?
    let store: CaseStore

    /// Never refuses: a refusal would put the timer back, and it would be due for ever.
    func wake(_ command: Command) throws -> Disposition {
        let timer = try command.read(TimerDue.self).data
        if timer.kind == RateStore.timerKind {
            try RateStore(transaction).publish(timer.about)
            return .applied
        }
        if timer.kind == RunningCampaigns.deadlineKind {
            return try RunningCampaigns(transaction: transaction, table: table, store: store).wake(timer)
        }
        guard let alarm = Alarm(name: timer.kind) else { return .applied }
        let circumstances = Circumstances(now: transaction.clock, table: table, openCases: store.openCases(of:))
        guard let found = try store.find(CaseID(timer.about)),
            let decision = try found.ring(alarm, in: circumstances)
        else { return .applied }
        try store.carryOut(decision, replacing: found)
        return .applied
    }
}
