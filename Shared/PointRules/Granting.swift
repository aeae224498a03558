import Contracts

/// A share, and why it is what it is.
struct Granted {
    let share: Promise.Share
    let part: Due.Part
    let allowance: Allowance

    var isFirst: Bool {
        guard case .first = part else { return false }
        return true
    }
}

/// A promise as it is divided now.
struct Division {
    /// Of those who earn by it.
    let granted: [Granted]
    /// Also of those who earn by it no more: with nothing, but with what their caps have counted.
    let shares: [Promise.Share]
}

extension EarningDesk {
    /// What each of those who earn by a promise gets of it now, as far as their caps and the budget go.
    mutating func grant(_ promise: Promise) throws -> Division {
        // What was promised before is there to be given again, to whomever.
        var left = try records.budget(of: reference.ledgerId) + promise.shares.reduce(0) { $0 + $1.granted }
        var shares: [Granted] = []
        for due in weighed.case.dues(of: promise, reporters: reference.reporterIds, pack: pack) {
            let granted = try grant(due, before: promise.shares.first { $0.earner == due.earner }, budget: left)
            left -= granted.share.granted
            shares.append(granted)
        }
        let gone = promise.shares.filter { old in !shares.contains { $0.share.earner == old.earner } }.map { old in
            var share = old
            share.due = 0
            share.granted = 0
            return share
        }
        return Division(granted: shares, shares: shares.map(\.share) + gone)
    }

    private mutating func grant(_ due: Due, before: Promise.Share?, budget: Int) throws -> Granted {
        let day = before?.day ?? pack?.calendar.isoDay(of: time) ?? ""
        let counted = before?.counted ?? 0
        let allowance = Allowance(
            due: before?.isWithdrawn == true ? 0 : due.points, isFast: due.isFast,
            limits: try limits(of: due.earner, on: day, counted: counted),
            budget: budget)
        let granted = allowance.granted
        if granted > counted {
            for period in [day, String(day.prefix(7))] {
                let period = CapPeriod(ledgerId: reference.ledgerId, earner: due.earner, period: period)
                weighed.newlyPromised.append((period, granted - counted))
            }
        }
        let share = Promise.Share(
            earner: due.earner, due: due.points, granted: granted, counted: max(counted, granted), day: day,
            isWithdrawn: before?.isWithdrawn, transferId: before?.transferId)
        return Granted(share: share, part: due.part, allowance: allowance)
    }

    private func limits(of earner: Earner, on day: String, counted: Int) throws -> [Allowance.Limit] {
        let caps = pack?.points?.caps
        let isTeam = earner.teamId != nil
        let most = isTeam ? (caps?.teamDay, caps?.teamMonth) : (caps?.personDay, caps?.personMonth)
        let (owner, whose) = isTeam ? ("团队", "team's ") : ("", "")
        let both = [
            ("\(owner)当日上限", "\(whose)daily cap", most.0, day),
            ("\(owner)当月上限", "\(whose)monthly cap", most.1, String(day.prefix(7))),
        ]
        return try both.compactMap { name, englishName, most, period in
            guard let most else { return nil }
            let used = try records.promised(
                in: CapPeriod(ledgerId: reference.ledgerId, earner: earner, period: period))
            return Allowance.Limit(name: name, englishName: englishName, most: most, used: max(0, used - counted))
        }
    }
}
