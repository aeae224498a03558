import Contracts
import PackFolder
import WorkingTime

/// A deadline explained; its JSON is what `--json` prints.
struct DeadlineAnswer: Encodable {
    let pack: String
    let packVersion: Int
    let category: CategoryCode
    let categoryName: String
    let categoryEnglishName: String
    let step: DeadlineStep
    let limit: TimeLimit
    let start: String
    let grants: [Grant]
    /// Absent while a pause holds the clock.
    let deadline: String?
    let notes: [Note]

    struct Grant: Encodable {
        let limit: TimeLimit
        let rule: CountingRule
        let from: String
        /// What `amount`, `counted` and `remaining` count.
        let unit: ClockExplanation.Unit
        let amount: Int64
        let periods: [Period]
        let end: String?
    }

    struct Period: Encodable {
        let from: String
        let to: String
        let day: CivilDay
        let weekday: Weekday
        let reason: ClockExplanation.Reason
        let makeUpDay: Bool
        let festival: String?
        let festivalEnglish: String?
        let counted: Int64
        let remaining: Int64
    }

    /// Something that whoever relies on the deadline should know.
    struct Note: Encodable {
        let chinese: String
        let english: String
    }

    /// For the text, which needs more than the words of the JSON.
    let explanation: ClockExplanation
    let local: LocalTime
    let holidays: HolidayTables

    private enum CodingKeys: String, CodingKey {
        case pack, packVersion, category, categoryName, categoryEnglishName, step, limit, start, grants, deadline, notes
    }

    init(_ question: DeadlineQuestion, pack: Pack, calendar: WorkingCalendar, holidays: HolidayTables) {
        let local = LocalTime(calendar)
        let explanation = question.clock.explain(calendar)
        self.pack = pack.name
        packVersion = pack.version
        category = question.category.code
        categoryName = question.category.name
        categoryEnglishName = question.category.englishName
        step = question.step
        limit = question.clock.limit
        start = local.iso(explanation.start)
        grants = explanation.grants.map { Grant($0, local, holidays) }
        deadline = explanation.deadline.map(local.iso)
        notes =
            Self.notesOnExtensions(question.clock, explanation, local)
            + Self.notesOnYears(explanation, local, holidays)
        self.explanation = explanation
        self.local = local
        self.holidays = holidays
    }

    private static func notesOnExtensions(
        _ clock: CaseClock, _ explanation: ClockExplanation, _ local: LocalTime
    ) -> [Note] {
        zip(clock.extensions, explanation.grants).compactMap { granted, before in
            guard let due = before.end, due < granted.at else { return nil }
            return Note(
                chinese: "延期 \(granted.by) 批准于 \(local.iso(granted.at))，当时已逾期（应于 \(local.iso(due))），逾期记录不撤销",
                english: "the extension \(granted.by) came after \(local.iso(due)) was missed; that stays on the record"
            )
        }
    }

    private static func notesOnYears(
        _ explanation: ClockExplanation, _ local: LocalTime, _ holidays: HolidayTables
    ) -> [Note] {
        let periods = explanation.grants.filter(\.limit.countsWorkingTime).flatMap(\.periods)
        let years = Set(periods.map(\.day.year)).subtracting(holidays.years)
        return years.sorted().map { year in
            Note(
                chinese: "\(year) 年的放假安排尚未公布或未录入数据包，只按周计算",
                english: "the pack has no holidays of \(year): it counts by the week alone")
        }
    }
}

extension DeadlineAnswer.Grant {
    fileprivate init(_ grant: ClockExplanation.Grant, _ local: LocalTime, _ holidays: HolidayTables) {
        limit = grant.limit
        rule = CountingRule(grant.limit)
        from = local.iso(grant.from)
        unit = grant.unit
        amount = grant.amount
        end = grant.end.map(local.iso)
        periods = grant.periods.map { period in
            let festival = holidays.festival(of: period.day)
            return DeadlineAnswer.Period(
                from: local.iso(period.from), to: local.iso(period.to), day: period.day, weekday: period.day.weekday,
                reason: period.reason, makeUpDay: period.isMakeUpDay, festival: festival?.name,
                festivalEnglish: festival?.english, counted: period.counted, remaining: period.remaining)
        }
    }
}
