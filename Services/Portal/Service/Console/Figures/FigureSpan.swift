import Contracts
import Foundation
import Hummingbird
import ServiceKit
import WorkingTime

/// For which days figures are shown: `?period=7`, `30`, `90`, or a month such as `2026-11`.
enum FigureSpan: Sendable, Equatable {
    case days(Int)
    case month(String)

    /// Days up to today that can be chosen.
    static let choices = [7, 30, 90]
    /// How many months back can be chosen from.
    static let months = 12

    init?(_ text: String) {
        if let days = Int(text), Self.choices.contains(days) {
            self = .days(days)
        } else if text.utf8.count == 7, CivilDay(text + "-01") != nil {
            self = .month(text)
        } else {
            return nil
        }
    }

    var text: String {
        switch self {
        case .days(let days): String(days)
        case .month(let month): month
        }
    }

    /// The first and the last day, of a month that is not over up to today.
    func bounds(today: CivilDay) -> (first: CivilDay, last: CivilDay) {
        switch self {
        case .days(let days): return (today.adding(days: 1 - days), today)
        case .month(let text):
            let first = CivilDay(text + "-01") ?? today
            let next =
                first.month == 12
                ? CivilDay(year: first.year + 1, month: 1, day: 1)
                : CivilDay(year: first.year, month: first.month + 1, day: 1)
            let end = next?.adding(days: -1) ?? first
            return (first, first <= today ? min(end, today) : end)
        }
    }

    /// The newest months, this one first.
    static func months(upTo today: CivilDay) -> [String] {
        (0..<months).map { back in
            let number = today.year * 12 + today.month - 1 - back
            let month = number % 12 + 1
            return "\(number / 12)-\(month < 10 ? "0" : "")\(month)"
        }
    }
}

/// What a visitor of the figures wants to see.
struct FigureWish: Sendable {
    let span: FigureSpan
    let communityId: String?
    let unitId: String?
    let today: CivilDay

    /// - Throws: ``ProblemDetails`` 400 that names every wrong parameter.
    init(_ request: Request, _ pack: Pack?, at now: Timestamp) throws {
        let query = request.uri.queryParameters
        var wrong: [ProblemDetails.FieldError] = []
        let period = query["period"].map(String.init) ?? "30"
        let span = FigureSpan(period)
        if span == nil {
            wrong.append(.init(field: "period", message: "must be 7, 30, 90, or a month such as 2026-11"))
        }
        func chosen(_ name: String, _ known: [String]) -> String? {
            guard let text = query[name[...]].map(String.init), !text.isEmpty else { return nil }
            if !known.contains(text) {
                wrong.append(.init(field: name, message: "must be one of \(known.joined(separator: ", "))"))
            }
            return text
        }
        communityId = chosen("community", pack?.communities.map(\.id.rawValue) ?? [])
        unitId = chosen("unit", pack?.units.map(\.id.rawValue) ?? [])
        guard let span, wrong.isEmpty else { throw ProblemDetails.badRequest(errors: wrong) }
        self.span = span
        today = CivilDay(
            milliseconds: now.milliseconds, utcOffsetMinutes: pack?.calendar.utcOffsetMinutes ?? 480)
    }

    var scope: FigureScope {
        let bounds = span.bounds(today: today)
        return FigureScope(
            communityId: communityId, unitId: unitId, first: bounds.first.isoText, last: bounds.last.isoText)
    }
}
