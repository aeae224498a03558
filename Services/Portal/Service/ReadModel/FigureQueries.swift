import Contracts
import Foundation
import GRDB
import WorkingTime

/// What figures are asked for: a place, a unit, and days; nil for all.
struct FigureScope: Sendable, Equatable {
    var communityId: String?
    var unitId: String?
    /// The first and the last day, as `2026-11-23`.
    var first: String
    var last: String
}

/// How a district, a community or a unit does.
struct Figures: Sendable {
    /// A community and a unit of it; empty where no unit answers.
    struct Place: Hashable, Sendable {
        let communityId: String
        let unitId: String
    }

    struct Day: Sendable, Equatable {
        let day: String
        var opened = 0
        var closed = 0
    }

    /// How old open cases are, the youngest first; each up to so many days, the last without end.
    enum Age: Int, CaseIterable, Sendable {
        case day = 1
        case threeDays = 3
        case week = 7
        case month = 30
        case older = 0
    }

    struct Backlog: Sendable, Equatable {
        var cases = 0
        var overdue = 0
    }

    /// What was counted in the days.
    var counts: [Place: RateCounts] = [:]
    /// The same of as many days before; empty where nothing was.
    var before = RateCounts()
    /// Every day of the span.
    var days: [Day] = []
    /// Opened cases by weekday, Monday first, and hour.
    var hours = Array(repeating: Array(repeating: 0, count: 24), count: 7)
    /// The most frequent first.
    var categories: [(code: CategoryCode, opened: Int)] = []
    var opened: [Place: Int] = [:]
    /// Open cases as they stand now.
    var backlog: [Place: [Age: Backlog]] = [:]
    var pack: Pack?

    var minimumSample: Int { pack?.rates?.minimumSample ?? PackRates.usualSample }

    /// Sums over the places that fit.
    func counts(where fits: (Place) -> Bool = { _ in true }) -> RateCounts {
        counts.filter { fits($0.key) }.values.reduce(into: RateCounts()) { $0 += $1 }
    }

    func opened(where fits: (Place) -> Bool = { _ in true }) -> Int {
        opened.filter { fits($0.key) }.values.reduce(0, +)
    }

    func backlog(where fits: (Place) -> Bool = { _ in true }) -> [Age: Backlog] {
        backlog.filter { fits($0.key) }.values.reduce(into: [:]) { sums, ages in
            for (age, more) in ages {
                sums[age, default: Backlog()].cases += more.cases
                sums[age, default: Backlog()].overdue += more.overdue
            }
        }
    }
}

extension ReadModel {
    /// One consistent look at the figures.
    func figures(_ scope: FigureScope, at now: Timestamp) async throws -> Figures {
        try await read { db in
            var figures = Figures()
            figures.pack = try pack(in: db)
            for (place, counted) in try Self.counts(scope, in: db) {
                if !counted.counts.isEmpty { figures.counts[place] = counted.counts }
                if counted.opened > 0 { figures.opened[place] = counted.opened }
            }
            if let earlier = scope.before {
                figures.before = try Self.counts(earlier, in: db).values.reduce(into: RateCounts()) { $0 += $1.counts }
            }
            try Self.readDays(scope, into: &figures, in: db)
            try Self.readHours(scope, into: &figures, in: db)
            try Self.readCategories(scope, into: &figures, in: db)
            try Self.readBacklog(scope, at: now, into: &figures, in: db)
            return figures
        }
    }

    private struct Counted {
        var counts = RateCounts()
        var opened = 0
    }

    /// Sums by place; of what stands overdue, what does at the end of the span: what does now, without what came later.
    private static func counts(_ scope: FigureScope, in db: Database) throws -> [Figures.Place: Counted] {
        let summed = RateCount.allCases.filter { $0 != .openOverdue }
        var found: [Figures.Place: Counted] = [:]
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT communityId, unitId, SUM(opened), \(summed.map { "SUM(\($0.rawValue))" }.joined(separator: ", "))
                FROM figureDay WHERE day BETWEEN ?1 AND ?2 AND \(place) GROUP BY communityId, unitId
                """, arguments: scope.arguments)
        while let row = try rows.next() {
            var counted = Counted(opened: row[2])
            for (index, count) in summed.enumerated() { counted.counts[count] = row[3 + index] }
            found[Figures.Place(row)] = counted
        }
        let overdue = try Row.fetchCursor(
            db,
            sql: """
                SELECT communityId, unitId, SUM(value) AS value FROM (
                    SELECT communityId, unitId, value FROM overdueNow UNION ALL
                    SELECT communityId, unitId, -openOverdue FROM figureDay WHERE day > ?2)
                WHERE \(place) GROUP BY communityId, unitId HAVING SUM(value) <> 0
                """, arguments: scope.arguments)
        while let row = try overdue.next() {
            found[Figures.Place(row), default: Counted()].counts[.openOverdue] = row["value"]
        }
        return found
    }

    private static func readDays(_ scope: FigureScope, into figures: inout Figures, in db: Database) throws {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT day, SUM(opened) AS opened, SUM(closed) AS closed FROM figureDay
                WHERE day BETWEEN ?1 AND ?2 AND \(place) GROUP BY day
                """, arguments: scope.arguments)
        let known = rows.reduce(into: [String: Figures.Day]()) {
            let day: String = $1["day"]
            $0[day] = Figures.Day(day: day, opened: $1["opened"], closed: $1["closed"])
        }
        figures.days = scope.days.map { known[$0] ?? Figures.Day(day: $0) }
    }

    private static func readHours(_ scope: FigureScope, into figures: inout Figures, in db: Database) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT day, hour, value FROM openedHour
                WHERE communityId = ?3 AND unitId = ?4 AND day BETWEEN ?1 AND ?2
                """, arguments: scope.argumentsOrAll)
        while let row = try rows.next() {
            let hour: Int = row["hour"]
            guard let day = CivilDay(row["day"]), (0..<24).contains(hour) else { continue }
            let value: Int = row["value"]
            figures.hours[Weekday.allCases.firstIndex(of: day.weekday) ?? 0][hour] += value
        }
    }

    private static func readCategories(_ scope: FigureScope, into figures: inout Figures, in db: Database) throws {
        figures.categories = try Row.fetchAll(
            db,
            sql: """
                SELECT category, SUM(value) AS value FROM openedCategory
                WHERE communityId = ?3 AND unitId = ?4 AND day BETWEEN ?1 AND ?2 GROUP BY category
                HAVING SUM(value) > 0 ORDER BY value DESC, category
                """, arguments: scope.argumentsOrAll
        ).map { (CategoryCode($0["category"]), $0["value"]) }
    }

    private static func readBacklog(
        _ scope: FigureScope, at now: Timestamp, into figures: inout Figures, in db: Database
    ) throws {
        let ages = Figures.Age.allCases.filter { $0 != .older }
        let bounds = ages.map {
            "WHEN openedAt > \(now.milliseconds - Int64($0.rawValue) * 86_400_000) THEN \($0.rawValue)"
        }
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT communityId, COALESCE(ownerUnitId, '') AS unitId, CASE \(bounds.joined(separator: " ")) ELSE 0 END AS age,
                    COUNT(*) AS cases, SUM(isOverdue) AS overdue
                FROM caseState
                WHERE stage IN ('opened', 'filed', 'dispatched', 'handled', 'parked', 'waiting', 'referred')
                    AND (?1 IS NULL OR communityId = ?1) AND (?2 IS NULL OR COALESCE(ownerUnitId, '') = ?2)
                GROUP BY 1, 2, 3
                """, arguments: [scope.communityId, scope.unitId])
        while let row = try rows.next() {
            guard let age = Figures.Age(rawValue: row["age"]) else { continue }
            figures.backlog[Figures.Place(row), default: [:]][age] = Figures.Backlog(
                cases: row["cases"], overdue: row["overdue"])
        }
    }

    private static let place = "(?3 IS NULL OR communityId = ?3) AND (?4 IS NULL OR unitId = ?4)"
}

extension Figures.Place {
    fileprivate init(_ row: Row) { self.init(communityId: row["communityId"], unitId: row["unitId"]) }
}

extension FigureScope {
    fileprivate var arguments: StatementArguments { [first, last, communityId, unitId] }

    /// For tables that have rows for all places.
    fileprivate var argumentsOrAll: StatementArguments {
        [first, last, communityId ?? FigureTables.all, unitId ?? FigureTables.all]
    }

    /// Every day, in order.
    var days: [String] {
        guard let from = CivilDay(first), let until = CivilDay(last), from <= until else { return [] }
        return (0...(until.dayNumber - from.dayNumber)).map { from.adding(days: $0).isoText }
    }

    /// As many days before.
    var before: FigureScope? {
        guard let from = CivilDay(first), let until = CivilDay(last) else { return nil }
        var earlier = self
        earlier.first = from.adding(days: from.dayNumber - until.dayNumber - 1).isoText
        earlier.last = from.adding(days: -1).isoText
        return earlier
    }
}
