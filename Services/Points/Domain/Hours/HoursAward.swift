package import Contracts

extension PackTask {
    /// What an entry of so many minutes earns: only full hours count, and no more than the task lets count.
    package func points(for minutes: Int) -> Int { max(0, min(minutes, mostMinutes)) / 60 * max(0, pointsPerHour) }
}

extension HoursEntry {
    /// The award that the entry earns: one for an entry, for ever.
    package var awardId: TransferID { .derived(from: "\(ledgerId)/\(recordId)", "hours") }

    /// The transfer that takes the award back.
    private var returnId: TransferID { .derived(from: "\(ledgerId)/\(recordId)", "hours-back") }

    /// The points that the entry earns, as far as the budget reaches; nil where it earns none.
    ///
    /// - Parameter budget: what funders put in and nobody has been given yet.
    package func award(
        by task: PackTask, budget: Int, expiresAt: Timestamp?, actor: PersonID, cause: MessageID
    ) -> Transfer? {
        let earned = task.points(for: minutes)
        guard earned > 0 else { return nil }
        let granted = min(earned, max(0, budget))
        let isCapped = granted == 0
        let left = max(0, budget)
        let short = granted == earned ? "" : "；预算只余 \(left) 分，计 \(granted) 分"
        let englishShort = granted == earned ? "" : "; the budget has only \(left) left, so \(granted) count"
        let event = PointsMoved(
            step: isCapped ? .capped : .awarded, transferId: awardId, ledgerId: ledgerId,
            points: isCapped ? earned : granted, causeEventId: cause,
            explanation: Explanation(
                "志愿服务「\(task.name)」\(minutes) 分钟，每满一小时 \(task.pointsPerHour) 分"
                    + "（一次最多计 \(task.mostMinutes) 分钟），得 \(earned) 分\(short)。时长另册记录，不因此减少。",
                english:
                    "Volunteering “\(task.name)” for \(minutes) minutes at \(task.pointsPerHour) points a full hour "
                    + "(at most \(task.mostMinutes) minutes each time): \(earned) points\(englishShort). "
                    + "The hours stay in their own book.")
        ) {
            $0.personId = personId
            $0.ruleId = task.id
            $0.actorId = actor
        }
        guard !isCapped else { return Transfer(event, []) }
        return Transfer(
            event,
            [
                Movement(.issued(of: ledgerId), -granted),
                Movement(.available(of: personId, in: ledgerId), granted, lots: .opens(expiresAt: expiresAt)),
            ])
    }

    /// Takes the award back as far as it is still there; nil where nothing of it is.
    ///
    /// - Parameters:
    ///   - award: as it was booked.
    ///   - lots: the person's open ones.
    package func takingBack(
        _ award: PointsMoved, lots: [LotPart], actor: PersonID, cause: MessageID, reason: String
    ) -> Transfer? {
        let account = LedgerAccount.available(of: personId, in: ledgerId)
        let left = lots.among(award.lots(of: account))
        guard left.sum > 0 else { return nil }
        let isAll = left.sum == award.points
        let words = isAll ? "" : "；原得 \(award.points) 分，其余已用去或过期，不再追回"
        let english = isAll ? "" : " of \(award.points); the others are spent or expired and are not asked for"
        return Transfer(
            PointsMoved(
                step: .corrected, transferId: returnId, ledgerId: ledgerId, points: left.sum, causeEventId: cause,
                explanation: Explanation(
                    "志愿服务时长记录撤回，所得 \(left.sum) 分收回\(words)。原因：\(reason)",
                    english:
                        "The record of volunteer hours was withdrawn; \(left.sum) points are taken back\(english). "
                        + "Reason: “\(reason)”")
            ) {
                $0.personId = personId
                $0.ruleId = taskId
                $0.correctsTransferId = award.transferId
                $0.actorId = actor
            },
            [
                Movement(account, -left.sum, lots: .these(left)),
                Movement(.issued(of: ledgerId), left.sum),
            ])
    }
}

extension PointsMoved {
    /// The lots that it opened in an account.
    package func lots(of account: LedgerAccount) -> [LotPart] {
        postings.filter { $0.accountId == account.id && $0.amount > 0 }.flatMap { $0.lots ?? [] }
    }

    /// What it brought to an account.
    package func gain(of account: LedgerAccount) -> Int {
        postings.filter { $0.accountId == account.id && $0.amount > 0 }.reduce(0) { $0 + $1.amount }
    }
}

extension [LotPart] {
    /// Those of these lots that are among the given ones, as far as both go.
    package func among(_ others: [LotPart]) -> [LotPart] {
        compactMap { lot in
            let most = others.filter { $0.number == lot.number }.sum
            let points = Swift.min(lot.points, most)
            return points > 0 ? lot.with(points: points) : nil
        }
    }
}
