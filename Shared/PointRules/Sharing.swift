import Contracts

/// What somebody is due of a case's total.
struct Due: Equatable {
    /// In whose name: for the words only.
    enum Part: Equatable {
        case first(supporters: Int)
        case supporter(of: Int)
        case team
    }

    let earner: Earner
    let points: Int
    let part: Part
    /// Whether it is held back because all reports behind it were sent while moving fast.
    let isFast: Bool
}

/// Hundredths of the total that those who joined share, where the pack says nothing.
package let usualSupporterShare = 30

/// Divides a total: those who joined get their hundredths in equal whole parts, all else is the first reporter's.
///
/// - Returns: The first's points, and those of each supporter.
func divide(_ total: Int, among supporters: Int, share: Int) -> (first: Int, each: Int) {
    guard supporters > 0 else { return (total, 0) }
    let each = total * min(max(share, 0), 100) / 100 / supporters
    return (total - each * supporters, each)
}

extension EarningCase {
    /// Who is due what by a promise: the first reporter, who joined, the first reporter's team.
    func dues(of promise: Promise, reporters: [PersonID], pack: Pack?) -> [Due] {
        guard let first = reporters.first else { return [] }
        let supporters = reporters.dropFirst().filter(\.canHoldPoints)
        let share = pack?.points?.supporterShare ?? usualSupporterShare
        let parts = divide(promise.total, among: supporters.count, share: share)
        var dues: [Due] = []
        // The part of a first reporter whose name leads to nobody is nobody's: points are for who was first.
        if first.canHoldPoints, parts.first > 0 {
            dues.append(
                Due(
                    earner: .person(first), points: parts.first, part: .first(supporters: supporters.count),
                    isFast: onlyMovedFast(first)))
        }
        for supporter in supporters where parts.each > 0 {
            dues.append(
                Due(
                    earner: .person(supporter), points: parts.each, part: .supporter(of: supporters.count),
                    isFast: onlyMovedFast(supporter)))
        }
        if promise.teamPoints > 0, let team = pack?.team(of: first, in: ledgerId) {
            dues.append(
                Due(
                    earner: .team(team.id), points: promise.teamPoints, part: .team, isFast: onlyMovedFast(first)))
        }
        return dues
    }
}
