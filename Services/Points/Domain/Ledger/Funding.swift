package import Contracts

extension PackFunder {
    package var account: LedgerAccount { .funder(id, of: ledgerId) }

    /// The budgets whose day has come 注资, each under the name of the one transfer by which it is booked for ever.
    ///
    /// - Parameter day: today by the pack's calendar, as `2026-11-23`.
    package func dueBudgets(on day: String) -> [(transferId: TransferID, budget: Budget)] {
        budgets.filter { $0.from <= day && $0.points > 0 }.map {
            (.derived(from: account.id.rawValue, "budget|\($0.from)"), $0)
        }
    }

    /// Puts a budget in.
    package func funding(_ budget: Budget, as transferId: TransferID, cause: MessageID) -> Transfer {
        Transfer(
            PointsMoved(
                step: .funded, transferId: transferId, ledgerId: ledgerId, points: budget.points, causeEventId: cause,
                explanation: Explanation(
                    "\(name) 自 \(budget.from) 起注入预算 \(budget.points) 分。",
                    english: "\(name) puts in a budget of \(budget.points) points from \(budget.from) on.")),
            [Movement(account, -budget.points), Movement(.issued(of: ledgerId), budget.points)])
    }
}
