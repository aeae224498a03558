package import Contracts
import WorkingTime

extension LedgerAccount {
    /// Lets the lots expire whose time is over 过期; nil where there are none.
    ///
    /// - Parameter lots: the open ones.
    package func expiry(of lots: [LotPart], at time: Timestamp, cause: MessageID) -> Transfer? {
        let due = lots.filter { ($0.expiresAt.map { $0 <= time }) ?? false }
        guard !due.isEmpty else { return nil }
        // A lot that was filled up again after it had expired expires once more: the time tells the two apart.
        let what = "expiry|\(due.map { "\($0.number)" }.joined(separator: ","))|\(time)"
        return Transfer(
            PointsMoved(
                step: .expired, transferId: .derived(from: id.rawValue, what), ledgerId: ledgerId, points: due.sum,
                causeEventId: cause,
                explanation: Explanation("\(due.sum) 分到期未用，已过期。", english: "\(due.sum) points expired unused.")
            ) {
                $0.personId = holder?.personId
                $0.teamId = holder?.teamId
            },
            [Movement(self, -due.sum, lots: .these(due)), Movement(.expired(of: ledgerId), due.sum)])
    }
}

extension PackCalendar {
    /// When points expire that became spendable at a time: at the end of that day, so many months later.
    ///
    /// The 31st of a short month is its last day.
    package func expiry(after months: Int, from time: Timestamp) -> Timestamp {
        let day = CivilDay(milliseconds: time.milliseconds, utcOffsetMinutes: utcOffsetMinutes)
        let later = day.adding(months: months).adding(days: 1)
        return Timestamp(milliseconds: later.start(utcOffsetMinutes: utcOffsetMinutes))
    }

    /// The month that a time lies in, such as `2026-11`, and its first moment after the end.
    package func month(of time: Timestamp) -> (name: String, end: Timestamp) {
        let day = CivilDay(milliseconds: time.milliseconds, utcOffsetMinutes: utcOffsetMinutes)
        let next = day.adding(days: 1 - day.day).adding(months: 1)
        return (
            String(day.isoText.prefix(7)), Timestamp(milliseconds: next.start(utcOffsetMinutes: utcOffsetMinutes))
        )
    }

    /// The day that a time lies in, as `2026-11-23`.
    package func day(of time: Timestamp) -> String {
        CivilDay(milliseconds: time.milliseconds, utcOffsetMinutes: utcOffsetMinutes).isoText
    }
}

extension CivilDay {
    /// So many months later; the last day of a month that is too short.
    func adding(months: Int) -> CivilDay {
        let count = year * 12 + month - 1 + months
        let (year, month) = (count / 12, count % 12 + 1)
        let days = (28...31).reversed().lazy.compactMap { CivilDay(year: year, month: month, day: min($0, day)) }
        return days.first ?? self
    }
}
