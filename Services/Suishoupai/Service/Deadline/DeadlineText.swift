import PackFolder
import WorkingTime

/// The explanation for people, in Chinese and English.
extension DeadlineAnswer {
    var text: String {
        var lines = [
            "类别 category  \(category) \(categoryName) \(categoryEnglishName)",
            "步骤 step      \(step.chinese) \(step.rawValue), \(limit)",
            "起算 start     \(start) \(weekday(explanation.start))",
        ]
        for (index, grant) in explanation.grants.enumerated() {
            let title = index == 0 ? "时限 limit    " : "延期 extension"
            lines += ["", "\(title) \(grant.limit): \(CountingRule(grant.limit).text)"]
            if let amount = amountLine(grant) { lines.append(amount) }
            lines += PeriodLines(grant, local, holidays).lines
        }
        lines += ["", deadlineLine]
        lines += notes.map { "注意 note      \($0.chinese)\n               \($0.english)" }
        return lines.joined(separator: "\n")
    }

    private var deadlineLine: String {
        guard let due = explanation.deadline, let text = deadline else {
            return "截止 deadline  暂停中，恢复后才有 none while the clock is paused"
        }
        return "截止 deadline  \(text) \(weekday(due))"
    }

    private func weekday(_ time: Int64) -> String {
        let weekday = local.day(time).weekday
        return "\(weekday.chinese) \(weekday.short)"
    }

    /// A limit in days that a pause touched is counted as the time that it would have left.
    private func amountLine(_ grant: ClockExplanation.Grant) -> String? {
        guard grant.unit == .milliseconds else { return nil }
        switch grant.limit {
        case .workingHours, .emergencyHours: return nil
        case .workingDays, .naturalDays:
            return "  有暂停：按不暂停时到 \(local.iso(grant.undisturbed)) 的 \(spanText(grant.amount)) 计 "
                + "paused: counted as the time up to when it would have ended"
        }
    }
}

/// One line for each period that counts; days in a row that do not are one line.
private struct PeriodLines {
    private let grant: ClockExplanation.Grant
    private let local: LocalTime
    private let holidays: HolidayTables

    init(_ grant: ClockExplanation.Grant, _ local: LocalTime, _ holidays: HolidayTables) {
        self.grant = grant
        self.local = local
        self.holidays = holidays
    }

    var lines: [String] {
        var lines: [String] = []
        var rest: [ClockExplanation.Period] = []
        // Nights and lunches go without saying, unless the clock began in one.
        let told = grant.periods.enumerated().filter { $0 == 0 || $1.reason != .outsideHours }.map(\.element)
        for period in told {
            if let last = rest.last, !goesOn(last, period) {
                lines.append(line(rest))
                rest = []
            }
            if period.reason == .restDay || period.reason == .holiday {
                rest.append(period)
            } else {
                lines.append(line(period))
            }
        }
        if !rest.isEmpty { lines.append(line(rest)) }
        return lines
    }

    private func goesOn(_ last: ClockExplanation.Period, _ next: ClockExplanation.Period) -> Bool {
        last.reason == next.reason && holidays.festival(of: last.day) == holidays.festival(of: next.day)
    }

    private func line(_ period: ClockExplanation.Period) -> String {
        switch period.reason {
        case .paused: "  \(local.iso(period.from)) → \(local.iso(period.to))  暂停 paused"
        case .dayOfStart: "  \(dayText(period.day))  当日不计 day of the start, does not count"
        case .outsideHours, .restDay, .holiday: "  \(dayText(period.day))  \(hours(period))  非办公时间 outside office hours"
        case .counts:
            "  \(dayText(period.day))  \(grant.unit == .days ? "+1" : "\(hours(period))  +\(spanText(period.counted))")"
                + "  余 left \(left(period))\(makeUp(period))"
        }
    }

    private func line(_ days: [ClockExplanation.Period]) -> String {
        guard let first = days.first, let last = days.last else { return "" }
        let reason =
            holidays.festival(of: first.day).map { "\($0.name) \($0.english ?? "")" }
            ?? (first.reason == .holiday ? "放假 day off" : "休息日 no office hours (weekend)")
        let range = first.day == last.day ? dayText(first.day) : "\(dayText(first.day)) → \(dayText(last.day))"
        return "  \(range)  不计 does not count: \(reason)"
    }

    private func dayText(_ day: CivilDay) -> String { "\(day.isoText) \(day.weekday.chinese) \(day.weekday.short)" }

    private func hours(_ period: ClockExplanation.Period) -> String {
        "\(local.clock(period.from, on: period.day))–\(local.clock(period.to, on: period.day))"
    }

    private func left(_ period: ClockExplanation.Period) -> String {
        grant.unit == .days ? "\(period.remaining)" : spanText(period.remaining)
    }

    private func makeUp(_ period: ClockExplanation.Period) -> String {
        guard period.isMakeUpDay, grant.limit.countsWorkingTime else { return "" }
        let festival = holidays.festival(of: period.day)
        return
            "  \(festival?.name ?? "")调休上班 worked in exchange for \(festival?.english ?? festival?.name ?? "a day off")"
    }
}
