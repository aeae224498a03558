package import Contracts

extension PackFunder {
    package var account: LedgerAccount { .funder(id, of: ledgerId) }

    /// The budgets whose day has come 注资, each as a transfer of its own that is booked once for ever.
    ///
    /// - Parameter day: today by the pack's calendar, as `2026-11-23`.
    package func dueBudgets(on day: String, cause: MessageID) -> [Transfer] {
        budgets.filter { $0.from <= day && $0.points > 0 }.map { budget in
            Transfer(
                PointsMoved(
                    step: .funded, transferId: .derived(from: account.id.rawValue, "budget|\(budget.from)"),
                    ledgerId: ledgerId, points: budget.points, causeEventId: cause,
                    explanation: "\(name) 自 \(budget.from) 起注入预算 \(budget.points) 分。"),
                [Movement(account, -budget.points), Movement(.issued(of: ledgerId), budget.points)])
        }
    }
}
