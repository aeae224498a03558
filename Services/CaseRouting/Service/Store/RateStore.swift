import CaseRates
import CaseRoutingDomain
import Contracts
import EventProcessing
import GRDB

/// The counts behind the rates of one partition, by day, and which days and months are to be published.
struct RateStore {
    static let timerKind = "rates"

    private let transaction: Transaction
    private var db: Database { transaction.database }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Counts the events of a case in the transaction that tells of them.
    func count(_ events: [CaseEvent], of counted: inout Case) throws {
        let calendar = try RateCalendar(transaction.pack())
        let today = calendar.day(at: transaction.clock)
        let changes = counted.count(events, at: transaction.clock, on: today)
        guard !changes.isEmpty else { return }
        let place = counted.communityId.rawValue
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO caseRate (communityId, count, day, unitId, value) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (communityId, count, day, unitId) DO UPDATE SET value = value + ?5
                """)
        for change in changes {
            try statement.execute(arguments: [
                place, change.count.rawValue, change.day, change.unitId?.rawValue ?? "", change.by,
            ])
        }
        let changed = Set(changes.map(\.day)).sorted()
        for period in Set(changed.flatMap(RateCalendar.periods)).sorted() { try mark(period, of: place, calendar) }
        // What happened today may change only earlier days: they are published once more when today is over.
        if !changed.contains(today) { try mark(today, of: place, calendar, isDirty: false) }
    }

    /// Notes that a period is to be published, and sees to it that somebody wakes when it is over.
    private func mark(_ period: String, of place: String, _ calendar: RateCalendar, isDirty: Bool = true) throws {
        try db.cachedStatement(
            sql: "UPDATE ratePeriod SET isDirty = MAX(isDirty, ?) WHERE communityId = ? AND period = ?"
        ).execute(arguments: [isDirty, place, period])
        guard db.changesCount == 0, let end = calendar.end(of: period) else { return }
        try db.cachedStatement(
            sql: "INSERT INTO ratePeriod (communityId, period, endsAt, revision, isDirty) VALUES (?, ?, ?, 0, ?)"
        ).execute(arguments: [place, period, end.milliseconds, isDirty])
        guard end > transaction.clock else { return }
        let about = "\(place)|\(period)"
        try transaction.setTimer("\(Self.timerKind)|\(about)", kind: Self.timerKind, about: about, due: end)
    }

    /// A period of a community is over: publishes it and whatever of earlier ones has changed since.
    func publish(_ about: String) throws {
        guard let bar = about.lastIndex(of: "|") else { return }
        let place = String(about[..<bar])
        let pack = try transaction.pack()
        let calendar = RateCalendar(pack)
        // Publishing may call for the next period, which may be over as well.
        while true {
            let due = try Row.fetchAll(
                db,
                sql: """
                    SELECT period, endsAt, revision FROM ratePeriod
                    WHERE communityId = ? AND isDirty = 1 AND endsAt <= ? ORDER BY endsAt, period
                    """, arguments: [place, transaction.clock.milliseconds])
            guard !due.isEmpty else { return }
            for row in due { try publish(row, of: place, calendar, minimumSample: pack?.rates?.minimumSample) }
        }
    }

    private func publish(_ row: Row, of place: String, _ calendar: RateCalendar, minimumSample: Int?) throws {
        let period: String = row["period"]
        let revision: Int = row["revision"]
        let units = try counts(of: place, in: period)
        let published = RatesPublished(
            communityId: CommunityID(place), period: period, endsAt: Timestamp(milliseconds: row["endsAt"]),
            utcOffsetMinutes: calendar.utcOffsetMinutes, revision: revision + 1,
            minimumSample: minimumSample ?? PackRates.usualSample, units: units)
        try transaction.emit(published, to: TopicCatalogue.caseRates, key: place)
        try db.cachedStatement(
            sql: "UPDATE ratePeriod SET revision = revision + 1, isDirty = 0 WHERE communityId = ? AND period = ?"
        ).execute(arguments: [place, period])
        // Nobody gets away with doing nothing: as long as something is overdue, the next period is published, too.
        if published.units.contains(where: { $0.counts[.openOverdue] > 0 }), revision == 0,
            let next = calendar.period(after: period)
        {
            try mark(next, of: place, calendar)
        }
    }

    /// What was counted in the period; of overdue cases those that stood open at its end.
    private func counts(of place: String, in period: String) throws -> [RatesPublished.UnitRates] {
        let days = RateCalendar.days(of: period)
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT unitId, count, SUM(value) AS value FROM caseRate
                WHERE communityId = ?1 AND count = ?2 AND day <= ?4 GROUP BY unitId HAVING SUM(value) <> 0
                UNION ALL
                SELECT unitId, count, SUM(value) AS value FROM caseRate
                WHERE communityId = ?1 AND count IN (SELECT value FROM json_each(?5)) AND day BETWEEN ?3 AND ?4
                GROUP BY unitId, count HAVING SUM(value) <> 0
                ORDER BY unitId, count
                """,
            arguments: [
                place, RateCount.openOverdue.rawValue, days.first, days.last,
                try ContractCoding.text(RateCount.allCases.filter { $0 != .openOverdue }.map(\.rawValue)),
            ])
        var units: [(id: String, counts: RateCounts)] = []
        for row in rows {
            guard let count = RateCount(rawValue: row["count"]) else { continue }
            let unit: String = row["unitId"]
            if units.last?.id != unit { units.append((unit, RateCounts())) }
            units[units.count - 1].counts[count] = row["value"]
        }
        return units.map { unit in
            RatesPublished.UnitRates(unitId: unit.id.isEmpty ? nil : UnitID(unit.id), counts: unit.counts)
        }
    }
}
