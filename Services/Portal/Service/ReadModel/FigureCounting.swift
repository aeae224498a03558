import CaseRates
import Contracts
import Foundation
import GRDB

/// The counts of docs/routing-rates.md, kept as events come: the rules are `RateCounting`, by which case-routing publishes.
extension FigureTables {
    /// Counts an event that came for the first time and is kept.
    ///
    /// Of one that came behind a later one its case is counted anew.
    static func count(_ envelope: Envelope<CaseEvent>, in db: Database) throws {
        guard envelope.data.canCount else { return }
        let reference = envelope.data.reference
        let known = try tally(of: reference.caseId, in: db)
        let calendar = try calendar(in: db)
        guard let known, known.at > envelope.time.milliseconds else {
            var counting = CaseCounting(known?.tally ?? RateTally(), calendar)
            counting.count(envelope)
            try add(counting.changes, of: reference.communityId, in: db)
            return try keep(counting.tally, of: reference.caseId, at: envelope.time.milliseconds, in: db)
        }
        let all = try ReadModel.steps(
            in: db, "WHERE caseId = ? ORDER BY at, sequence", arguments: [reference.caseId.rawValue]
        ).map(\.event)
        let before = CaseCounting(of: all.filter { $0.id != envelope.id }, calendar)
        let after = CaseCounting(of: all, calendar)
        try add(before.changes, of: reference.communityId, times: -1, in: db)
        try add(after.changes, of: reference.communityId, in: db)
        try keep(after.tally, of: reference.caseId, at: known.at, in: db)
    }

    /// Counts all events that are kept, case by case.
    static func countEvents(in db: Database) throws {
        let calendar = try calendar(in: db)
        let rows = try Row.fetchCursor(db, sql: "SELECT body FROM caseEvent ORDER BY caseId, at, sequence")
        var counting = CaseCounting(RateTally(), calendar)
        var last: Envelope<CaseEvent>?
        func end() throws {
            guard let last else { return }
            let reference = last.data.reference
            try add(counting.changes, of: reference.communityId, in: db)
            try keep(counting.tally, of: reference.caseId, at: last.time.milliseconds, in: db)
        }
        while let row = try rows.next() {
            let body: String = row["body"]
            let event = try Envelope<CaseEvent>(value: Data(body.utf8))
            guard event.data.canCount else { continue }
            if let known = last, known.data.reference.caseId != event.data.reference.caseId {
                try end()
                counting = CaseCounting(RateTally(), calendar)
            }
            counting.count(event)
            last = event
        }
        try end()
    }

    private static func tally(of id: CaseID, in db: Database) throws -> (at: Int64, tally: RateTally)? {
        let statement = try db.cachedStatement(sql: "SELECT at, body FROM rateTally WHERE caseId = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id.rawValue]) else { return nil }
        let body: String = row["body"]
        return (row["at"], try ContractCoding.decode(RateTally.self, from: Data(body.utf8)))
    }

    private static func keep(_ tally: RateTally, of id: CaseID, at moment: Int64, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO rateTally (caseId, at, body) VALUES (?, ?, ?)")
            .execute(arguments: [id.rawValue, moment, try ContractCoding.text(tally)])
    }

    private static func add(
        _ changes: [RateChange], of community: CommunityID, times factor: Int = 1, in db: Database
    ) throws {
        for change in changes {
            let unit = change.unitId?.rawValue ?? ""
            let count = change.count.rawValue
            try db.cachedStatement(
                sql: """
                    INSERT INTO figureDay (day, communityId, unitId, \(count)) VALUES (?1, ?2, ?3, ?4)
                    ON CONFLICT DO UPDATE SET \(count) = \(count) + ?4
                    """
            ).execute(arguments: [change.day, community.rawValue, unit, change.by * factor])
            guard change.count == .openOverdue else { continue }
            try db.cachedStatement(
                sql: """
                    INSERT INTO overdueNow (communityId, unitId, value) VALUES (?1, ?2, ?3)
                    ON CONFLICT DO UPDATE SET value = value + ?3
                    """
            ).execute(arguments: [community.rawValue, unit, change.by * factor])
        }
    }
}

extension CaseEvent {
    /// Whether it can change a count.
    fileprivate var canCount: Bool {
        switch self {
        case .opened, .reportJoined, .reportAmended: false
        case .changed, .transferred, .reclassified: true
        }
    }
}

/// Counts the events of one case, each at its own time.
private struct CaseCounting {
    private(set) var tally: RateTally
    private(set) var changes: [RateChange] = []
    private let calendar: RateCalendar

    init(_ tally: RateTally, _ calendar: RateCalendar) {
        self.tally = tally
        self.calendar = calendar
    }

    init(of events: [Envelope<CaseEvent>], _ calendar: RateCalendar) {
        self.init(RateTally(), calendar)
        for event in events { count(event) }
    }

    mutating func count(_ envelope: Envelope<CaseEvent>) {
        var counting = RateCounting(tally, at: envelope.time, on: calendar.day(at: envelope.time))
        counting.count(envelope.data)
        tally = counting.tally
        changes += counting.changes
    }
}
