import Contracts
import GRDB

/// What cases are filtered and ordered by: one short row for each, apart from its long body.
///
/// A row's key is its place in time, so that the table itself is the newest-first order. Every index has all that may be
/// asked for behind what it is sorted by: a filter that fits few of a million rows reads only the index.
enum CaseFacets {
    static let schema = """
        ALTER TABLE caseState ADD COLUMN place INTEGER;
        CREATE UNIQUE INDEX caseStatePlace ON caseState (place);
        ALTER TABLE caseState ADD COLUMN caseNumber TEXT;
        CREATE INDEX caseStateNumber ON caseState (caseNumber);
        DROP INDEX caseStateUnit;
        DROP INDEX caseStateHandler;
        DROP INDEX caseStateGrid;
        CREATE TABLE caseFacet (
            place INTEGER NOT NULL PRIMARY KEY, standing INTEGER NOT NULL, stage TEXT NOT NULL,
            communityId TEXT NOT NULL, gridId TEXT, category TEXT NOT NULL, ownerUnitId TEXT, handlerId TEXT,
            kind TEXT NOT NULL, isOverdue INTEGER NOT NULL, isFlagged INTEGER NOT NULL, due INTEGER,
            closedAt INTEGER
        );
        CREATE INDEX caseClosed ON caseFacet (closedAt, communityId, category, isOverdue, standing)
            WHERE standing = 1;
        CREATE INDEX caseByHandler ON caseFacet (handlerId, place, \(others)) WHERE handlerId IS NOT NULL;
        CREATE INDEX caseByGrid ON caseFacet (gridId, place, \(others)) WHERE gridId IS NOT NULL;
        CREATE INDEX caseByUnit ON caseFacet (ownerUnitId, place, \(others)) WHERE ownerUnitId IS NOT NULL;
        CREATE INDEX caseByCategory ON caseFacet (category, place, \(others));
        CREATE INDEX caseByCommunity ON caseFacet (communityId, place, \(others));
        CREATE INDEX caseOpen ON caseFacet (place, \(others)) WHERE standing = 0;
        CREATE INDEX caseAside ON caseFacet (place, \(others)) WHERE standing = 2;
        CREATE INDEX caseFlagged ON caseFacet (place, \(others)) WHERE isFlagged = 1;
        CREATE INDEX caseRequest ON caseFacet (place, \(others)) WHERE kind = 'request';
        CREATE INDEX caseOverdue ON caseFacet (place, \(others)) WHERE isOverdue = 1;
        CREATE INDEX caseDue ON caseFacet (due, place DESC, \(others)) WHERE due IS NOT NULL;
        ALTER TABLE caseReporter ADD COLUMN isOpener INTEGER NOT NULL DEFAULT 0;
        """

    private static let others =
        "stage, standing, communityId, category, ownerUnitId, kind, isOverdue, isFlagged, due"

    static func keep(_ state: CaseState, at place: Int64, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO caseFacet (place, standing, stage, communityId, gridId, category, ownerUnitId,
                    handlerId, kind, isOverdue, isFlagged, due, closedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            place, CaseStanding(state.stage).rawValue, state.stage.rawValue, state.communityId.rawValue,
            state.gridId?.rawValue, state.category.rawValue, state.ownerUnitId?.rawValue, state.handlerId?.rawValue,
            state.kind.rawValue, state.isOverdue,
            state.flagged != nil, state.due?.milliseconds, state.closedAt?.milliseconds,
        ])
    }

    /// Takes away what is known of a case at a place that is no longer its own.
    static func forget(_ place: Int64, in db: Database) throws {
        try db.execute(sql: "DELETE FROM caseFacet WHERE place = ?", arguments: [place])
        try db.execute(sql: "DELETE FROM caseWords WHERE place = ?", arguments: [place])
    }

    /// A place that no other case has, for one that was opened then.
    static func freePlace(of id: CaseID, openedAt: Timestamp, in db: Database) throws -> Int64 {
        let taken = try db.cachedStatement(sql: "SELECT 1 FROM caseState WHERE place = ?")
        let wanted = CasePlaces.tie(id.rawValue)
        for step in 0...CasePlaces.ties {
            let place = CasePlaces.first(at: openedAt) | (wanted &+ step) & CasePlaces.ties
            if try Int.fetchOne(taken, arguments: [place]) == nil { return place }
        }
        throw DatabaseError(message: "more than \(CasePlaces.ties) cases were opened in one millisecond")
    }

    /// Fills the tables from the cases that an older program kept.
    static func fill(_ db: Database) throws {
        var last = ""
        while true {
            let rows = try Row.fetchAll(
                db, sql: "SELECT caseId, body FROM caseState WHERE caseId > ? ORDER BY caseId LIMIT 500",
                arguments: [last])
            guard let end = rows.last else { return }
            last = end["caseId"]
            for row in rows {
                let state = try CaseTables.state(row["body"])
                let place = try freePlace(of: state.caseId, openedAt: state.openedAt, in: db)
                try db.cachedStatement(sql: "UPDATE caseState SET place = ?, caseNumber = ? WHERE caseId = ?")
                    .execute(arguments: [place, state.caseNumber, state.caseId.rawValue])
                try db.cachedStatement(
                    sql: "UPDATE caseReporter SET isOpener = 1 WHERE caseId = ? AND personId = ?"
                ).execute(arguments: [state.caseId.rawValue, state.reporterIds.first?.rawValue])
                try keep(state, at: place, in: db)
                try CaseWords.keep(state, at: place, in: db)
            }
        }
    }
}

/// How a case stands, more coarsely than its stage: as rows are kept.
enum CaseStanding: Int {
    case open = 0
    case closed = 1
    /// Ended otherwise: refused, transferred, cancelled or merged.
    case aside = 2

    init(_ stage: CaseStage) {
        self = stage.isOpen ? .open : stage == .closed ? .closed : .aside
    }
}

/// Places of cases in time: the millisecond of the opening, and twenty bits that tell cases of one millisecond apart.
enum CasePlaces {
    static let ties: Int64 = (1 << 20) - 1

    /// The place before which everything that was opened earlier lies.
    static func first(at moment: Timestamp) -> Int64 {
        // Moments that no clock of ours shows must not overflow.
        min(max(moment.milliseconds, 0), Int64.max >> 21) << 20
    }

    /// The same for an id everywhere, so that instances agree on the order: FNV-1a.
    static func tie(_ id: String) -> Int64 {
        let hash = id.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return Int64(truncatingIfNeeded: hash ^ hash >> 32) & ties
    }
}
