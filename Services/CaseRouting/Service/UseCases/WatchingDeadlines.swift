import CaseRoutingDomain
import Contracts
import EventProcessing

/// A deadline's timer is due: a case that is not handled yet becomes overdue.
struct WatchingDeadlines {
    let transaction: Transaction

    /// Never refuses: a refusal would put the timer back, and it would be due for ever.
    func wake(_ command: Command) throws -> Disposition {
        let timer = try command.read(TimerDue.self).data
        guard timer.kind == CaseStore.deadlineTimer else { return .applied }
        let store = CaseStore(transaction)
        guard let found = try store.find(CaseID(timer.about)),
            let decision = found.passDeadline(at: transaction.clock)
        else { return .applied }
        try store.carryOut(decision, replacing: found)
        return .applied
    }
}
