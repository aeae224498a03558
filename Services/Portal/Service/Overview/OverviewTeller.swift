import Contracts
import WorkingTime

/// Tells the overview and its reports to people, in their language.
struct OverviewTeller {
    let told: OverviewReport
    let isComplete: Bool
    let frame: Frame
    let visit: Visit
    let now: Timestamp
    private let names: ReferenceNames

    /// More reports are found by the link to the one before.
    private static let (weeksListed, monthsListed) = (8, 12)
    private static let categoriesShown = 12

    init(report: OverviewReport, isComplete: Bool, frame: Frame, visit: Visit, now: Timestamp) {
        told = report
        self.isComplete = isComplete
        self.frame = frame
        self.visit = visit
        self.now = now
        names = ReferenceNames(report.reference)
    }

    private var figures: OverviewFigures { told.figures }
    private var time: LocalTime { LocalTime(offsetMinutes: told.frame.utcOffsetMinutes) }
    private var rates: RateTeller {
        RateTeller(frame: frame, language: visit.language, minimumSample: figures.minimumSample)
    }

    // MARK: - Pages

    /// What `overview-live.mustache` shows.
    var live: [String: Any] {
        let counts = told.whole.counts
        let heads: [(String, Int)] = [
            ("communities", told.whole.takingPart), ("snapshots", counts.snapshots), ("requests", counts.requests),
            ("handled", counts.handled), ("closed", counts.closed), ("open", counts.open),
            ("overdue", counts.openOverdue), ("stations", told.reference?.stations.count ?? 0),
            ("care", told.reference?.careItems.count ?? 0), ("teams", told.reference?.teams.count ?? 0),
        ]
        return [
            "heads": heads.map { key, value in
                ["headKey": key, "headValue": "\(value)", "headLabel": word(key), "headMeaning": word("means-\(key)")]
            },
            "since": told.frame.first.isoText, "asOf": time.clock(now), "today": told.frame.today.isoText,
            "isComplete": isComplete,
        ]
    }

    /// What `overview.mustache` shows.
    var overview: [String: Any] {
        let chart = BarChart(
            groups: told.weeks.map {
                BarChart.Group(label: String($0.day.isoText.suffix(5)), values: [$0.opened, $0.closed])
            }, caption: word("weeks-what"))
        let listed = told.frame.periods(.month, atMost: Self.monthsListed).map(link)
        let links: [String: Any] = [
            "months": listed, "weekLinks": told.frame.periods(.week, atMost: Self.weeksListed).map(link),
        ]
        return [parts(chart, told.weeks), services, links].reduce(live) { $0.merging($1) { $1 } }
    }

    /// What `overview-report.mustache` shows.
    var report: [String: Any] {
        guard let period = told.period else { return [:] }
        let chart = BarChart(
            groups: figures.days.map {
                BarChart.Group(
                    label: period.kind == .week ? String($0.day.isoText.suffix(5)) : "\($0.day.day)",
                    values: [$0.opened, $0.closed])
            }, caption: word("days-what"))
        var page = parts(chart, figures.days)
        page["isComplete"] = isComplete
        page["reportName"] = word("\(period.kind.rawValue)-report")
        page["periodName"] = period.name
        page["isOver"] = told.isOver
        page["asOf"] = time.clock(now)
        page["today"] = told.frame.today.isoText
        page["counts"] = counts
        page["beforeName"] = period.previous.name
        page["beforeFrom"] = told.before.span.first.isoText
        page["beforeUntil"] = told.before.span.last.isoText
        page["earlier"] = told.frame.has(period.previous) ? [link(period.previous)] : []
        page["later"] = told.frame.has(period.next) ? [link(period.next)] : []
        page["categories"] = categories
        return page
    }

    /// What both have.
    private func parts(_ chart: BarChart, _ days: [OverviewFigures.Day]) -> [String: Any] {
        let repeats = figures.repeats.enumerated().map { number, found in telling(found, number: number + 1) }
        return [
            "place": told.reference?.title ?? "", "from": figures.span.first.isoText,
            "until": figures.span.last.isoText,
            "minimum": "\(figures.minimumSample)", "fewest": "\(RepeatProblem.fewest)",
            "rates": OverviewView.told.map { card($0) },
            "chart": chart.svg?.text ?? "",
            "chartDays": days.map {
                ["chartDay": $0.day.isoText, "chartOpened": "\($0.opened)", "chartClosed": "\($0.closed)"]
            },
            "communities": communities, "hasCommunities": !communities.isEmpty,
            "issue": Array(repeats.prefix(1)), "otherRepeats": Array(repeats.dropFirst()),
            "hasOtherRepeats": repeats.count > 1,
            "issueTitle": word(told.period?.kind == .month ? "issue-of-month" : "issue"),
        ]
    }

    // MARK: - Figures

    private var counts: [[String: Any]] {
        let (now, before) = (figures.counts, told.before.counts)
        let lines: [(String, Int, Int)] = [
            ("communities", figures.takingPart, told.before.takingPart), ("opened", now.opened, before.opened),
            ("snapshots", now.snapshots, before.snapshots), ("requests", now.requests, before.requests),
            ("handled", now.handled, before.handled), ("open", now.open, before.open),
            ("overdue", now.openOverdue, before.openOverdue), ("reopened", now.reopened, before.reopened),
            ("closed", now.closed, before.closed), ("on-time", now.closedOnTime, before.closedOnTime),
        ]
        return lines.map { key, value, earlier in
            [
                "countName": word(key), "countMeaning": word("means-\(key)"), "countValue": "\(value)",
                "countBefore": "\(earlier)",
                "countChange": value == earlier
                    ? "±0" : value > earlier ? "+\(value - earlier)" : "−\(earlier - value)",
            ]
        }
    }

    /// Of a sample that is too small nothing but its size is told.
    private func card(_ rate: Rate) -> [String: Any] {
        var card = rates.card(rate, figures.rates, before: told.before.rates)
        if card["isKnown"] as? Bool != true { card["rateSample"] = "" }
        return card
    }

    private var communities: [[String: Any]] {
        figures.communities.map { community in
            [
                "communityName": name(of: community.id), "communityOpened": "\(community.counts.opened)",
                "communityClosed": "\(community.counts.closed)", "communityOpen": "\(community.counts.open)",
                "communityRates": OverviewView.told.map { rate in
                    let sample = rate.sample(of: community.rates)
                    return [
                        "cellName": frame.words.text("figures.rate-\(rate.rawValue)", visit.language),
                        "cellValue": rates.value(rate, community.rates),
                        "cellSample": sample >= figures.minimumSample ? "\(sample)" : "",
                    ]
                },
            ]
        }
    }

    private var categories: [[String: Any]] {
        let all = max(figures.categories.reduce(0) { $0 + $1.opened }, 1)
        let shown = figures.categories.prefix(Self.categoriesShown).map { (category($0.code), $0.opened) }
        let rest = figures.categories.dropFirst(Self.categoriesShown).reduce(0) { $0 + $1.opened }
        let others = rest > 0 ? [(frame.words.text("figures.others", visit.language), rest)] : []
        return (shown + others).map { name, opened in
            [
                "categoryName": name, "categoryOpened": "\(opened)",
                "categoryShare": RateTeller.tenths((opened * 2_000 + all) / (all * 2)) + "%",
            ]
        }
    }

    // MARK: - Repeats

    private func telling(_ found: RepeatProblem, number: Int) -> [String: Any] {
        let places = found.communityIds.map(name(of:)).joined(separator: separator)
        let facts = [
            "cases": "\(found.cases.count)", "again": "\(found.cameAgain)", "solved": "\(found.solved)",
            "reporters": "\(found.reporters)", "first": time.day(found.firstAt), "last": time.day(found.lastAt),
            "latitude": Self.thousandths(found.centre.latitude), "longitude": Self.thousandths(found.centre.longitude),
            "number": "\(number)", "others": "\(figures.repeats.count - 1)",
        ]
        let why = number > 1 ? "" : word(figures.repeats.count == 1 ? "why-only" : "why", facts)
        return [
            "repeatName": category(found.category), "repeatPlace": places, "repeatWhere": word("where", facts),
            "repeatFacts": word("facts", facts), "repeatWhy": why,
            "repeatCases": found.cases.map { one in
                [
                    "caseNumber": one.number, "casePath": "/open/cases/\(one.number.inAddress)",
                    "caseOpened": time.day(one.openedAt), "caseCommunity": name(of: one.communityId),
                    "caseClosed": one.closedAt.map(time.day) ?? word("not-closed"),
                    "caseReopens": "\(one.reopens)",
                ]
            },
        ]
    }

    /// As public places are rounded.
    private static func thousandths(_ degrees: Double) -> String {
        let thousandths = Int((abs(degrees) * 1_000).rounded())
        let rest = String(thousandths % 1_000 + 1_000).dropFirst()
        return "\(degrees < 0 ? "−" : "")\(thousandths / 1_000).\(rest)"
    }

    // MARK: - Words

    private func link(_ period: OverviewPeriod) -> [String: Any] {
        ["linkPath": "/overview/reports/\(period.name)", "linkName": period.name]
    }

    private func category(_ code: CategoryCode) -> String {
        guard let category = names.category(code) else { return code.rawValue }
        return visit.language == .english ? category.englishName : category.shortName
    }

    /// Between the names of a list.
    var separator: String { visit.language == .english ? ", " : "、" }

    func name(of id: CommunityID) -> String {
        id == .unassigned ? frame.words.text("wall.unassigned", visit.language) : names.community(id)
    }

    private func word(_ name: String, _ values: [String: String] = [:]) -> String {
        frame.words.text("overview.\(name)", visit.language, values)
    }
}
