import Contracts
import GRDB
import WorkingTime

/// Cases of one day, community and category.
struct OpenCount: Sendable {
    let day: Int
    let community: String
    let category: String
    let counts: OpenFigures.Counts
}

extension ReadModel {
    func caseState(numbered number: String) async throws -> CaseState? {
        try await read { db in
            try String.fetchOne(
                db, sql: "SELECT body FROM caseState WHERE caseNumber = ? ORDER BY place LIMIT 1", arguments: [number]
            ).map(CaseTables.state)
        }
    }

    /// What was opened and what was closed on each day of a span; cases that were taken back count nowhere.
    func openCounts(_ wanted: OpenStatisticsRequest, utcOffsetMinutes offset: Int) async throws -> [OpenCount] {
        let (start, end) = (wanted.start.start(utcOffsetMinutes: offset), wanted.end.start(utcOffsetMinutes: offset))
        return try await read { db in
            let opened = try Row.fetchAll(
                db,
                sql: """
                    SELECT ((place >> 20) + ?) / 86400000 AS day, communityId, category, COUNT(*) AS opened,
                        SUM(standing = 0) AS open, SUM(standing = 0 AND isOverdue) AS openOverdue
                    FROM caseFacet NOT INDEXED WHERE place >= ? AND place < ? AND stage != 'cancelled'
                    GROUP BY day, communityId, category
                    """,
                arguments: [
                    offset * 60_000, CasePlaces.first(at: Timestamp(milliseconds: start)),
                    CasePlaces.first(at: Timestamp(milliseconds: end)),
                ]
            ).map { row in
                OpenCount(
                    day: row["day"], community: row["communityId"], category: row["category"],
                    counts: .init(opened: row["opened"], open: row["open"], openOverdue: row["openOverdue"]))
            }
            let closed = try Row.fetchAll(
                db,
                sql: """
                    SELECT (closedAt + ?) / 86400000 AS day, communityId, category, COUNT(*) AS closed,
                        SUM(isOverdue) AS late
                    FROM caseFacet INDEXED BY caseClosed WHERE standing = 1 AND closedAt >= ? AND closedAt < ?
                    GROUP BY day, communityId, category
                    """,
                arguments: [offset * 60_000, start, end]
            ).map { row in
                let (closed, late): (Int, Int) = (row["closed"], row["late"])
                return OpenCount(
                    day: row["day"], community: row["communityId"], category: row["category"],
                    counts: .init(closed: closed, closedOnTime: closed - late, closedLate: late))
            }
            return opened + closed
        }
    }
}
