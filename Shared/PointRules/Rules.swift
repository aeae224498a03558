import Contracts
import WorkingTime

extension PackPointRule {
    /// - Parameter day: of filing, as `2026-11-23`.
    func fits(_ reference: CaseReference, on day: String) -> Bool {
        (categories.isEmpty || categories.contains(reference.category)) && (kind == nil || kind == reference.kind)
            && (from.map { $0 <= day } ?? true) && (until.map { $0 >= day } ?? true)
    }
}

extension PackBonus {
    /// - Parameter day: on which the first report was sent.
    func fits(_ reference: CaseReference, on day: String) -> Bool {
        from <= day && day <= until && (categories.isEmpty || categories.contains(reference.category))
            && (communityIds.isEmpty || communityIds.contains(reference.communityId))
    }
}

extension Pack {
    /// What a filed case earns; nil where no rule fits.
    ///
    /// - Parameter sent: When the first report was sent; nil where nobody told.
    func promise(for reference: CaseReference, filed: Timestamp, sent: Timestamp?) -> Promise? {
        let day = calendar.isoDay(of: filed)
        guard let rule = pointRules.first(where: { $0.fits(reference, on: day) }), rule.points > 0 else { return nil }
        let bonuses = (points?.bonuses ?? []).filter {
            $0.points > 0 && $0.fits(reference, on: calendar.isoDay(of: sent ?? filed))
        }
        let isAtMeal = sent.map(isMealPeak) ?? false
        let extra = isAtMeal ? 0 : bonuses.reduce(0) { $0 + $1.points }
        var words = ""
        var english = ""
        if isAtMeal, !bonuses.isEmpty {
            words = "用餐高峰时段上报不加奖励分，"
            english = "no bonus for reports sent at meal peaks, "
        } else if !bonuses.isEmpty {
            let names = bonuses.map { "活动「\($0.name)」加 \($0.points) 分" }.joined(separator: "，")
            words = "规则 \(rule.points) 分，\(names)，"
            let more = bonuses.map { "\($0.points) more for the campaign “\($0.name)”" }.joined(separator: ", ")
            english = "\(rule.points) points by the rule, \(more), "
        }
        return Promise(
            ruleId: rule.id, ruleName: rule.name, total: rule.points + extra, teamPoints: max(0, rule.teamPoints ?? 0),
            bonusWords: words, bonusWordsInEnglish: english)
    }

    /// 用餐高峰: nobody is to hurry then.
    func isMealPeak(_ time: Timestamp) -> Bool {
        let local = time.milliseconds + Int64(calendar.utcOffsetMinutes) * 60_000
        let minute = Int((local % 86_400_000 + 86_400_000) % 86_400_000 / 60_000)
        return (points?.mealPeaks ?? []).contains { $0.count == 2 && $0[0] <= minute && minute < $0[1] }
    }

    func team(of person: PersonID, in ledger: LedgerID) -> PackTeam? {
        points?.teams?.first { $0.ledgerId == ledger && $0.memberIds.contains(person) }
    }

    /// The category's code, and its name where the pack has one.
    func words(for category: CategoryCode) -> String {
        categories.first { $0.code == category }.map { "\(category) \($0.name)" } ?? "\(category)"
    }
}

extension PackCalendar {
    /// The day that a time lies in, as `2026-11-23`.
    func isoDay(of time: Timestamp) -> String {
        CivilDay(milliseconds: time.milliseconds, utcOffsetMinutes: utcOffsetMinutes).isoText
    }
}
