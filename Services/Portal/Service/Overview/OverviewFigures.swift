import Contracts
import WorkingTime

/// What public topics say of some days of the district.
struct OverviewFigures: Sendable, Equatable {
    struct Counts: Sendable, Equatable {
        /// Cases opened in the days, without those that their reporter took back; the next five are of these.
        var opened = 0
        /// 直通车, of them; the others are 随手拍.
        var requests = 0
        /// Open as they stand now.
        var open = 0
        /// Of those, beyond their deadline.
        var openOverdue = 0
        /// The work is done: waits for its check 待核查, or is closed.
        var handled = 0
        /// Opened once more after closing.
        var reopened = 0
        /// Closed in the days, whenever they were opened.
        var closed = 0
        /// Of those, in time.
        var closedOnTime = 0

        var snapshots: Int { opened - requests }

        static func += (left: inout Counts, right: Counts) {
            left.opened += right.opened
            left.requests += right.requests
            left.open += right.open
            left.openOverdue += right.openOverdue
            left.handled += right.handled
            left.reopened += right.reopened
            left.closed += right.closed
            left.closedOnTime += right.closedOnTime
        }
    }

    struct Day: Sendable, Equatable {
        let day: CivilDay
        var opened = 0
        var closed = 0
    }

    struct Community: Sendable, Equatable {
        let id: CommunityID
        let counts: Counts
        /// The published counts behind the rates, over all units.
        let rates: RateCounts
    }

    struct Category: Sendable, Equatable {
        let code: CategoryCode
        let opened: Int
    }

    let span: OverviewSpan
    /// By what is closed on time; those with too small a sample below, by id.
    var communities: [Community] = []
    /// The most frequent first.
    var categories: [Category] = []
    /// Every day of the span.
    var days: [Day] = []
    var repeats: [RepeatProblem] = []
    var minimumSample = PackRates.usualSample

    var counts: Counts { communities.reduce(into: Counts()) { $0 += $1.counts } }
    var rates: RateCounts { communities.reduce(into: RateCounts()) { $0 += $1.rates } }

    /// Communities with a case that was opened or closed in the days.
    var takingPart: Int {
        communities.count { $0.id != .unassigned && ($0.counts.opened > 0 || $0.counts.closed > 0) }
    }

    /// The days, taken together by weeks.
    var weeks: [Day] {
        days.reduce(into: []) { weeks, day in
            let start = OpenPeriod.week.start(of: day.day)
            if weeks.last?.day != start { weeks.append(Day(day: start)) }
            weeks[weeks.count - 1].opened += day.opened
            weeks[weeks.count - 1].closed += day.closed
        }
    }
}

/// Where the overview stands: today, and since when there is something.
struct OverviewFrame: Sendable, Equatable {
    /// By the clocks that the rates were published by.
    let utcOffsetMinutes: Int
    let today: CivilDay
    /// The day of the first case; today where there is none.
    let first: CivilDay

    /// Everything that there is.
    var whole: OverviewSpan { OverviewSpan(first: min(first, today), last: today) }
    /// What the overview itself shows, beside what there is in all.
    var recent: OverviewSpan { OverviewSpan(first: today.adding(days: -29), last: today) }
    /// Its chart: twelve weeks, with this one.
    var weeks: OverviewSpan {
        OverviewSpan(first: OpenPeriod.week.start(of: today).adding(days: -77), last: today)
    }

    /// The newest periods of a kind since the first case, this one first.
    func periods(_ kind: OpenPeriod, atMost most: Int) -> [OverviewPeriod] {
        var found = [OverviewPeriod(kind, around: today)]
        while let last = found.last, last.first > first, found.count < most { found.append(last.previous) }
        return found
    }

    /// Whether there is a report of a period: it has begun, and there was something to report.
    func has(_ period: OverviewPeriod) -> Bool {
        period.first <= today && period.last >= OverviewPeriod(period.kind, around: first).first
    }

    func isOver(_ period: OverviewPeriod) -> Bool { period.last < today }

    /// What a period is compared with: the one before, and as many days of it as have passed of this one.
    func before(_ period: OverviewPeriod) -> OverviewSpan {
        let earlier = period.previous.span
        guard !isOver(period) else { return earlier }
        let last = earlier.first.adding(days: today.dayNumber - period.first.dayNumber)
        return OverviewSpan(first: earlier.first, last: min(last, earlier.last))
    }
}

/// What a page or an answer shows: a week, a month, or the last thirty days, beside what there is in all.
struct OverviewReport: Sendable, Equatable {
    let frame: OverviewFrame
    /// What things are called, and what there is for people; nil until a pack was published.
    let reference: OpenReferenceState?
    /// Nil for the last thirty days.
    let period: OverviewPeriod?
    let figures: OverviewFigures
    let before: OverviewFigures
    /// Everything that there is.
    let whole: OverviewFigures
    /// Of the last twelve weeks; empty of a week or month.
    let weeks: [OverviewFigures.Day]

    var isOver: Bool { period.map(frame.isOver) ?? false }
}
