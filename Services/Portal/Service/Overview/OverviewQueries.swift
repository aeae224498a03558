import CaseRates
import Contracts
import Foundation
import GRDB
import WorkingTime

/// What of the figures is read: repeats and days cost more than counts.
struct OverviewParts: OptionSet, Sendable {
    let rawValue: Int

    static let days = OverviewParts(rawValue: 1)
    static let categories = OverviewParts(rawValue: 2)
    static let repeats = OverviewParts(rawValue: 4)
    static let rates = OverviewParts(rawValue: 8)
    static let all: OverviewParts = [.days, .categories, .repeats, .rates]
}

extension OverviewStore {
    /// One consistent look at a week or a month, or at the last thirty days; nil where there is no such report.
    func report(_ period: OverviewPeriod?, at now: Timestamp) async throws -> OverviewReport? {
        try await read { db in
            let frame = try Self.frame(at: now, in: db)
            if let period, !frame.has(period) { return nil }
            let offset = frame.utcOffsetMinutes
            let span = period?.span ?? frame.recent
            return OverviewReport(
                frame: frame, reference: try Self.reference(in: db), period: period,
                figures: try Self.figures(span, offset: offset, .all, in: db),
                before: try Self.figures(
                    period.map(frame.before) ?? span.before, offset: offset, [.rates], in: db),
                whole: try Self.figures(frame.whole, offset: offset, [], in: db),
                weeks: period == nil
                    ? try Self.figures(frame.weeks, offset: offset, [.days], in: db).weeks : [])
        }
    }

    private static func reference(in db: Database) throws -> OpenReferenceState? {
        try Data.fetchOne(db, sql: "SELECT state FROM publicReference").map {
            try ContractCoding.decode(OpenReferenceState.self, from: $0)
        }
    }

    private static func frame(at now: Timestamp, in db: Database) throws -> OverviewFrame {
        let published = try Int.fetchOne(
            db, sql: "SELECT utcOffsetMinutes FROM publishedDay ORDER BY day DESC, communityId LIMIT 1")
        let offset = published ?? RateCalendar.usualOffset
        let today = CivilDay(milliseconds: now.milliseconds, utcOffsetMinutes: offset)
        let first = try Int64.fetchOne(db, sql: "SELECT MIN(openedAt) FROM publicCase WHERE stage != 'cancelled'")
        return OverviewFrame(
            utcOffsetMinutes: offset, today: today,
            first: first.map { CivilDay(milliseconds: $0, utcOffsetMinutes: offset) } ?? today)
    }

    private static func figures(
        _ span: OverviewSpan, offset: Int, _ parts: OverviewParts, in db: Database
    ) throws -> OverviewFigures {
        var figures = OverviewFigures(span: span)
        figures.minimumSample = try minimumSample(in: db)
        let bounds = span.bounds(offset)
        let counts = try counts(bounds, in: db)
        let rates = parts.contains(.rates) ? try rates(span, in: db) : [:]
        figures.communities = Set(counts.keys).union(rates.keys).map { id in
            OverviewFigures.Community(
                id: CommunityID(id), counts: counts[id] ?? OverviewFigures.Counts(),
                rates: rates[id] ?? RateCounts())
        }.sorted { one, other in
            let ranks = [one, other].map {
                Rate.onTime.permille(of: $0.rates, minimumSample: figures.minimumSample) ?? -1
            }
            return ranks[0] == ranks[1] ? one.id.rawValue < other.id.rawValue : ranks[0] > ranks[1]
        }
        if parts.contains(.days) { figures.days = try days(span, offset: offset, in: db) }
        if parts.contains(.categories) { figures.categories = try categories(bounds, in: db) }
        if parts.contains(.repeats) { figures.repeats = RepeatProblem.clusters(of: try repeatable(bounds, in: db)) }
        return figures
    }

    private static let openStages =
        "(" + CaseStage.allCases.filter(\.isOpen).map { "'\($0.rawValue)'" }.joined(separator: ", ") + ")"

    private static func counts(
        _ bounds: (start: Int64, end: Int64), in db: Database
    ) throws -> [String: OverviewFigures.Counts] {
        var counts: [String: OverviewFigures.Counts] = [:]
        let opened = try Row.fetchCursor(
            db,
            sql: """
                SELECT communityId, COUNT(*) AS opened, SUM(kind = 'request') AS requests,
                    SUM(stage IN \(openStages)) AS open, SUM(stage IN \(openStages) AND isOverdue) AS openOverdue,
                    SUM(stage IN ('handled', 'closed')) AS handled, SUM(reopens > 0) AS reopened
                FROM publicCase WHERE openedAt >= ? AND openedAt < ? AND stage != 'cancelled' GROUP BY communityId
                """, arguments: [bounds.start, bounds.end])
        while let row = try opened.next() {
            counts[row["communityId"]] = OverviewFigures.Counts(
                opened: row["opened"], requests: row["requests"], open: row["open"], openOverdue: row["openOverdue"],
                handled: row["handled"], reopened: row["reopened"])
        }
        let closed = try Row.fetchCursor(
            db,
            sql: """
                SELECT communityId, COUNT(*) AS closed, SUM(NOT isOverdue) AS onTime FROM publicCase
                WHERE stage = 'closed' AND closedAt >= ? AND closedAt < ? GROUP BY communityId
                """, arguments: [bounds.start, bounds.end])
        while let row = try closed.next() {
            let id: String = row["communityId"]
            counts[id, default: OverviewFigures.Counts()].closed = row["closed"]
            counts[id, default: OverviewFigures.Counts()].closedOnTime = row["onTime"]
        }
        return counts
    }

    /// Sums of the published days; of what stands overdue, what does at the end of the newest of them.
    private static func rates(_ span: OverviewSpan, in db: Database) throws -> [String: RateCounts] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT communityId, count, SUM(value) AS value FROM publishedCount
                WHERE day BETWEEN ?1 AND ?2 AND count != ?3 GROUP BY communityId, count
                UNION ALL
                SELECT p.communityId, p.count, p.value FROM publishedCount p
                WHERE p.count = ?3 AND p.day =
                    (SELECT MAX(day) FROM publishedDay d WHERE d.communityId = p.communityId AND d.day <= ?2)
                """,
            arguments: [span.first.isoText, span.last.isoText, RateCount.openOverdue.rawValue])
        var rates: [String: RateCounts] = [:]
        while let row = try rows.next() {
            guard let count = RateCount(rawValue: row["count"]) else { continue }
            rates[row["communityId"], default: RateCounts()][count] = row["value"]
        }
        return rates
    }

    /// What the newest published day goes by.
    private static func minimumSample(in db: Database) throws -> Int {
        try Int.fetchOne(
            db,
            sql: """
                SELECT MAX(minimumSample) FROM publishedDay WHERE day = (SELECT MAX(day) FROM publishedDay)
                """) ?? PackRates.usualSample
    }

    private static func days(
        _ span: OverviewSpan, offset: Int, in db: Database
    ) throws -> [OverviewFigures.Day] {
        let bounds = span.bounds(offset)
        func counted(_ moment: String, _ which: String) throws -> [Int: Int] {
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT (\(moment) + ?1) / 86400000 AS day, COUNT(*) AS cases FROM publicCase
                    WHERE \(moment) >= ?2 AND \(moment) < ?3 AND \(which) GROUP BY day
                    """, arguments: [offset * 60_000, bounds.start, bounds.end])
            return rows.reduce(into: [:]) { $0[$1["day"]] = $1["cases"] }
        }
        let opened = try counted("openedAt", "stage != 'cancelled'")
        let closed = try counted("closedAt", "stage = 'closed'")
        return (span.first.dayNumber...max(span.last.dayNumber, span.first.dayNumber)).map { number in
            OverviewFigures.Day(
                day: CivilDay(dayNumber: number), opened: opened[number] ?? 0, closed: closed[number] ?? 0)
        }
    }

    private static func categories(
        _ bounds: (start: Int64, end: Int64), in db: Database
    ) throws -> [OverviewFigures.Category] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT category, COUNT(*) AS opened FROM publicCase
                WHERE openedAt >= ? AND openedAt < ? AND stage != 'cancelled'
                GROUP BY category ORDER BY opened DESC, category
                """, arguments: [bounds.start, bounds.end]
        ).map { OverviewFigures.Category(code: CategoryCode($0["category"]), opened: $0["opened"]) }
    }

    /// Cases with a place, each a problem of its own: none that was refused, given to another community, or joined to
    /// another case.
    private static func repeatable(
        _ bounds: (start: Int64, end: Int64), in db: Database
    ) throws -> [RepeatProblem.Case] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT caseNumber, communityId, category, stage, latitudeE7, longitudeE7, openedAt, closedAt, reopens,
                    reporters
                FROM publicCase
                WHERE openedAt >= ? AND openedAt < ? AND latitudeE7 IS NOT NULL AND longitudeE7 IS NOT NULL
                    AND stage NOT IN ('cancelled', 'refused', 'transferred', 'merged')
                """, arguments: [bounds.start, bounds.end])
        var cases: [RepeatProblem.Case] = []
        while let row = try rows.next() {
            let closedAt: Int64? = row["stage"] == CaseStage.closed.rawValue ? row["closedAt"] : nil
            cases.append(
                RepeatProblem.Case(
                    number: row["caseNumber"], communityId: CommunityID(row["communityId"]),
                    category: CategoryCode(row["category"]),
                    location: Location(latitudeE7: row["latitudeE7"], longitudeE7: row["longitudeE7"]),
                    openedAt: Timestamp(milliseconds: row["openedAt"]),
                    closedAt: closedAt.map(Timestamp.init(milliseconds:)), reopens: row["reopens"],
                    reporters: row["reporters"]))
        }
        return cases
    }
}
