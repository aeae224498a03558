import Contracts
import Foundation
import GRDB

/// What the wall board shows, as the tables have it: counts, and cases and steps without people or exact places.
struct BoardFigures: Sendable {
    struct Card: Sendable {
        let state: CaseState
        let updated: Timestamp
    }

    struct Dot: Sendable {
        let location: Location
        let stage: CaseStage
        let isOverdue: Bool
    }

    var openByStage: [CaseStage: Int] = [:]
    var openByCommunity: [CommunityID: Int] = [:]
    var overdue = 0
    var closedToday = 0
    var openedToday = 0
    var pointsPaid = 0
    var cards: [CaseStage: [Card]] = [:]
    var steps: [CaseStep] = []
    var dots: [Dot] = []
    var pack: Pack?
    /// The start of the day that "today" means, by the pack's calendar.
    var dayStart = Timestamp(milliseconds: 0)
}

extension ReadModel {
    static let cardsPerStage = 8
    static let stepsOnBoard = 30
    private static let mostDots = 500

    /// One consistent look at everything that the board shows.
    func boardFigures(at now: Timestamp) async throws -> BoardFigures {
        try await read { db in
            var figures = BoardFigures()
            figures.pack = try pack(in: db)
            let offset = Int64(figures.pack?.calendar.utcOffsetMinutes ?? 480) * 60_000
            let local = now.milliseconds + offset
            figures.dayStart = Timestamp(milliseconds: local - local % 86_400_000 - offset)
            try Self.count(into: &figures, in: db)
            for stage in BoardStages.shown { figures.cards[stage] = try Self.cards(stage, figures.dayStart, in: db) }
            figures.steps = try Self.steps(
                in: db, "ORDER BY sequence DESC LIMIT ?", arguments: [Self.stepsOnBoard])
            figures.dots = try Self.dots(in: db)
            return figures
        }
    }

    private static func count(into figures: inout BoardFigures, in db: Database) throws {
        let open = CaseStage.allCases.filter(\.isOpen).map { "'\($0.rawValue)'" }.joined(separator: ", ")
        // Of the open ones alone, by an index that has both: closed ones may be a million.
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT communityId, stage, COUNT(*) AS cases FROM caseState INDEXED BY caseStateMap
                WHERE stage IN (\(open)) GROUP BY communityId, stage
                """)
        for row in rows {
            guard let stage = CaseStage(rawValue: row["stage"]) else { continue }
            let count: Int = row["cases"]
            figures.openByStage[stage, default: 0] += count
            figures.openByCommunity[CommunityID(row["communityId"]), default: 0] += count
        }
        let day = figures.dayStart.milliseconds
        figures.overdue = try number(
            "SELECT COUNT(*) FROM caseState WHERE stage IN ('opened', 'filed', 'dispatched', 'handled') AND isOverdue",
            in: db)
        figures.closedToday = try number(
            "SELECT COUNT(*) FROM caseState WHERE stage = 'closed' AND updated >= ? AND closedAt >= ?",
            [day, day], in: db)
        figures.openedToday = try number("SELECT COUNT(*) FROM caseState WHERE openedAt >= ?", [day], in: db)
        figures.pointsPaid = try number(
            "SELECT COALESCE(SUM(points), 0) FROM pointsEvent WHERE type = ?", [PointsMoved.Step.released.rawValue],
            in: db)
    }

    private static func number(_ sql: String, _ arguments: StatementArguments = [], in db: Database) throws -> Int {
        try Int.fetchOne(db, sql: sql, arguments: arguments) ?? 0
    }

    /// The cases of a stage that moved last; of the closed ones only today's.
    private static func cards(
        _ stage: CaseStage, _ dayStart: Timestamp, in db: Database
    ) throws -> [BoardFigures.Card] {
        let since = stage == .closed ? dayStart.milliseconds : Int64.min
        return try Row.fetchAll(
            db,
            sql: """
                SELECT body, updated FROM caseState WHERE stage = ? AND updated >= ?
                ORDER BY updated DESC, caseId LIMIT ?
                """,
            arguments: [stage.rawValue, since, cardsPerStage]
        ).map { row in
            let body: String = row["body"]
            return BoardFigures.Card(
                state: try ContractCoding.decode(CaseState.self, from: Data(body.utf8)),
                updated: Timestamp(milliseconds: row["updated"]))
        }
    }

    /// Where open problems lie, to about a hundred metres.
    ///
    /// Requests are left out: they are mostly made from home.
    private static func dots(in db: Database) throws -> [BoardFigures.Dot] {
        // The newest of each stage by its index, and of those the newest.
        let newest = BoardStages.shown.filter(\.isOpen).map { stage in
            """
            SELECT * FROM (SELECT latitudeE7, longitudeE7, stage, isOverdue, updated, caseId FROM caseState
                WHERE stage = '\(stage.rawValue)' AND kind = '\(ReportKind.snapshot.rawValue)'
                ORDER BY updated DESC, caseId LIMIT \(mostDots))
            """
        }
        return try Row.fetchAll(
            db,
            sql: "\(newest.joined(separator: "\nUNION ALL\n")) ORDER BY updated DESC, caseId LIMIT \(mostDots)"
        ).compactMap { row in
            guard let stage = CaseStage(rawValue: row["stage"]) else { return nil }
            let place = Location(latitudeE7: row["latitudeE7"], longitudeE7: row["longitudeE7"])
            return BoardFigures.Dot(location: place.rounded, stage: stage, isOverdue: row["isOverdue"])
        }
    }
}

/// The stages that the board has a column for, in the order of the loop.
enum BoardStages {
    static let shown: [CaseStage] = [.opened, .filed, .dispatched, .handled, .closed]
}
