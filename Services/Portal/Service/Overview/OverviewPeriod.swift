import Contracts
import WorkingTime

/// A week or a month that a report is about: `2026-W47` (ISO 8601) or `2026-11`.
struct OverviewPeriod: Sendable, Hashable {
    /// `week` or `month`.
    let kind: OpenPeriod
    let first: CivilDay

    /// The period of a kind with a day in it.
    init(_ kind: OpenPeriod, around day: CivilDay) {
        self.kind = kind
        first = kind.start(of: day)
    }

    /// Nil for what is written otherwise, or is no week or month: 2026 has 53 weeks, 2025 has 52.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 4 else { return nil }
        let day: CivilDay?
        if parts[1].hasPrefix("W"), let number = Int(parts[1].dropFirst()) {
            kind = .week
            // The fourth of January always lies in the first week.
            day = CivilDay("\(parts[0])-01-04")?.adding(days: (number - 1) * 7)
        } else {
            kind = .month
            day = CivilDay("\(text)-01")
        }
        guard let day else { return nil }
        first = kind.start(of: day)
        guard name == text else { return nil }
    }

    var name: String { kind.name(of: first) }

    var last: CivilDay { next.first.adding(days: -1) }

    var next: OverviewPeriod { OverviewPeriod(kind, around: first.adding(days: kind == .week ? 7 : 31)) }

    var previous: OverviewPeriod { OverviewPeriod(kind, around: first.adding(days: -1)) }

    var span: OverviewSpan { OverviewSpan(first: first, last: last) }
}

/// Days, from the first to the last.
struct OverviewSpan: Sendable, Hashable {
    let first: CivilDay
    let last: CivilDay

    /// The first moment, and the first that is no longer in it, in milliseconds.
    func bounds(_ utcOffsetMinutes: Int) -> (start: Int64, end: Int64) {
        (
            first.start(utcOffsetMinutes: utcOffsetMinutes),
            last.adding(days: 1).start(utcOffsetMinutes: utcOffsetMinutes)
        )
    }

    /// As many days before.
    var before: OverviewSpan {
        let days = last.dayNumber - first.dayNumber + 1
        return OverviewSpan(first: first.adding(days: -days), last: first.adding(days: -1))
    }
}
