import Contracts
import Hummingbird
import ServiceKit
import WorkingTime

/// The overview, or a report, as JSON: `/v1/overview`.
struct OverviewView: ResponseEncodable, Sendable {
    struct Counts: Encodable, Sendable {
        let opened: Int
        let snapshots: Int
        let requests: Int
        let open: Int
        let openOverdue: Int
        let handled: Int
        let reopened: Int
        let closed: Int
        let closedOnTime: Int

        init(_ counts: OverviewFigures.Counts) {
            opened = counts.opened
            snapshots = counts.snapshots
            requests = counts.requests
            open = counts.open
            openOverdue = counts.openOverdue
            handled = counts.handled
            reopened = counts.reopened
            closed = counts.closed
            closedOnTime = counts.closedOnTime
        }
    }

    struct RateView: Encodable, Sendable {
        let rate: Rate
        let sample: Int
        /// How many of the sample, and that to a thousandth; absent where the sample is too small.
        let part: Int?
        let permille: Int?

        init(_ rate: Rate, _ counts: RateCounts, minimumSample: Int) {
            self.rate = rate
            sample = rate.sample(of: counts)
            permille = rate.permille(of: counts, minimumSample: minimumSample)
            part = permille == nil ? nil : rate.part(of: counts)
        }
    }

    struct Community: Encodable, Sendable {
        let communityId: CommunityID
        let name: String
        let counts: Counts
        let rates: [RateView]
    }

    struct Category: Encodable, Sendable {
        let category: CategoryCode
        let name: String?
        let englishName: String?
        let opened: Int
    }

    struct Day: Encodable, Sendable {
        let day: CivilDay
        let opened: Int
        let closed: Int
    }

    struct Repeat: Encodable, Sendable {
        struct Case: Encodable, Sendable {
            let number: String
            let url: String
            let openedAt: Timestamp
            let closedAt: Timestamp?
            let reopens: Int
        }

        let category: CategoryCode
        let communityIds: [CommunityID]
        /// The middle of about 300 metres.
        let latitude: Double
        let longitude: Double
        let firstAt: Timestamp
        let lastAt: Timestamp
        let solved: Int
        let cameAgain: Int
        let reporters: Int
        let cases: [Case]
    }

    struct Whole: Encodable, Sendable {
        let from: CivilDay
        let counts: Counts
        let takingPart: Int
    }

    struct Before: Encodable, Sendable {
        let from: CivilDay
        let until: CivilDay
        let counts: Counts
        let rates: [RateView]
    }

    /// Absent for the last thirty days.
    let period: String?
    let from: CivilDay
    let until: CivilDay
    /// Whether the last of the days is over.
    let isOver: Bool
    /// False while public topics are still being read.
    let isComplete: Bool
    let minimumSample: Int
    let whole: Whole
    let counts: Counts
    let takingPart: Int
    let rates: [RateView]
    let before: Before
    let communities: [Community]
    let categories: [Category]
    let days: [Day]
    /// What matters most first.
    let repeats: [Repeat]
    /// 驿站, 关爱服务 and 志愿服务队 of the pack in force.
    let stations: [OpenReferenceState.Station]
    let careItems: [PackCareItem]
    let teams: [OpenReferenceState.Team]

    /// The rates that the overview tells.
    static let told: [Rate] = [.response, .solution, .satisfaction, .onTime]

    init(_ report: OverviewReport, isComplete: Bool) {
        let figures = report.figures
        let names = ReferenceNames(report.reference)
        func rates(_ counts: RateCounts) -> [RateView] {
            Self.told.map { RateView($0, counts, minimumSample: figures.minimumSample) }
        }
        period = report.period?.name
        from = figures.span.first
        until = figures.span.last
        isOver = report.isOver
        self.isComplete = isComplete
        minimumSample = figures.minimumSample
        whole = Whole(
            from: report.whole.span.first, counts: Counts(report.whole.counts), takingPart: report.whole.takingPart)
        counts = Counts(figures.counts)
        takingPart = figures.takingPart
        self.rates = rates(figures.rates)
        before = Before(
            from: report.before.span.first, until: report.before.span.last, counts: Counts(report.before.counts),
            rates: rates(report.before.rates))
        communities = figures.communities.map {
            Community(
                communityId: $0.id, name: names.community($0.id), counts: Counts($0.counts), rates: rates($0.rates))
        }
        categories = figures.categories.map {
            let named = names.category($0.code)
            return Category(
                category: $0.code, name: named?.name, englishName: named?.englishName, opened: $0.opened)
        }
        days = figures.days.map { Day(day: $0.day, opened: $0.opened, closed: $0.closed) }
        repeats = figures.repeats.map(Repeat.init)
        stations = report.reference?.stations ?? []
        careItems = report.reference?.careItems ?? []
        teams = report.reference?.teams ?? []
    }
}

extension OverviewView.Repeat {
    init(_ found: RepeatProblem) {
        category = found.category
        communityIds = found.communityIds
        latitude = found.centre.latitude
        longitude = found.centre.longitude
        firstAt = found.firstAt
        lastAt = found.lastAt
        solved = found.solved
        cameAgain = found.cameAgain
        reporters = found.reporters
        cases = found.cases.map {
            Case(
                number: $0.number, url: "/open/cases/\($0.number.inAddress)", openedAt: $0.openedAt,
                closedAt: $0.closedAt, reopens: $0.reopens)
        }
    }
}
