import Contracts
import Foundation
import Hummingbird
import ServiceKit
import WorkingTime

/// Statistics by period: `/open/statistics.json` and `.csv`.
struct OpenStatisticsRoutes: Sendable {
    let routes: PageRoutes
    let answer: OpenAnswer

    func json(_ request: Request) async throws -> Response {
        let figures = try await figures(request).map(\.object)
        let body: JSONValue = [
            "license": .string(answer.license), "smallestSample": .integer(Int64(OpenFigures.smallestSample)),
            "items": .array(figures),
        ]
        return answer.response(body.text(), "application/json; charset=utf-8")
    }

    func csv(_ request: Request) async throws -> Response {
        let lines = [OpenFigures.names] + (try await figures(request).map(\.cells))
        return answer.response(
            lines.map { CSVLine.text($0, lineEnd: "\r\n") }.joined(), "text/csv; charset=utf-8")
    }

    private func figures(_ request: Request) async throws -> [OpenFigures] {
        let pack = try await routes.pack()
        let offset = pack?.calendar.utcOffsetMinutes ?? 480
        let wanted = try OpenStatisticsRequest(request, now: routes.now(), utcOffsetMinutes: offset)
        let rows = try await routes.readModel.openCounts(wanted, utcOffsetMinutes: offset)
        let names = ReferenceNames(pack)
        var sums: [OpenKey: OpenFigures.Counts] = [:]
        for row in rows {
            let day = CivilDay(dayNumber: row.day)
            let key = OpenKey(
                start: wanted.period.start(of: day), community: wanted.byCommunity ? row.community : nil,
                category: wanted.byCategory ? row.category : nil)
            sums[key, default: OpenFigures.Counts()] += row.counts
        }
        return sums.sorted { $0.key < $1.key }.map { key, counts in
            OpenFigures(
                period: wanted.period.name(of: key.start), community: key.community,
                communityName: key.community.map { names.community(CommunityID($0)) }, category: key.category,
                categoryName: key.category.flatMap { names.category(CategoryCode($0))?.name }, counts: counts)
        }
    }
}

/// What is counted together.
private struct OpenKey: Hashable, Comparable {
    let start: CivilDay
    let community: String?
    let category: String?

    static func < (left: OpenKey, right: OpenKey) -> Bool {
        (left.start.dayNumber, left.community ?? "", left.category ?? "")
            < (right.start.dayNumber, right.community ?? "", right.category ?? "")
    }
}

/// Which statistics are asked for: `period`, `from` and `before` as days, and `by`.
struct OpenStatisticsRequest: Sendable {
    let period: OpenPeriod
    let start: CivilDay
    /// The first day behind the last period.
    let end: CivilDay
    let byCommunity: Bool
    let byCategory: Bool

    private enum Part: String, CaseIterable {
        case none
        case community
        case category
    }

    /// - Throws: ``ProblemDetails`` 400 that names every wrong parameter.
    init(_ request: Request, now: Timestamp, utcOffsetMinutes: Int) throws(ProblemDetails) {
        var query = FilterQuery(request)
        period = query.one("period") ?? .month
        let parts: [Part] = query.list("by")
        byCommunity = parts.contains(.community) || parts.isEmpty
        byCategory = parts.contains(.category)
        let today = CivilDay(milliseconds: now.milliseconds, utcOffsetMinutes: utcOffsetMinutes)
        end = query.day("before") ?? today.adding(days: 1)
        start = period.start(of: query.day("from") ?? period.start(11, before: end.adding(days: -1)))
        let days = [OpenPeriod.day: 1, .week: 7, .month: 28][period] ?? 1
        if end <= start || (end.dayNumber - start.dayNumber) / days > OpenPeriod.most {
            query.errors.append(
                .init(field: "from", message: "must be before `before`, at most \(OpenPeriod.most) periods"))
        }
        guard query.errors.isEmpty else { throw .badRequest(errors: query.errors) }
    }
}

extension FilterQuery {
    fileprivate mutating func day(_ name: String) -> CivilDay? {
        guard let text = text(name) else { return nil }
        let day = CivilDay(text)
        if day == nil { errors.append(.init(field: name, message: "must be a day such as 2026-11-23")) }
        return day
    }
}
