import GRDB

/// Whether the cases that a report may come to can be found by where they are.
///
/// The tree that finds them is no part of what a replay compares, since its inner order hangs on its past: so its content
/// is held against the table that it follows from, and that against the cases.
struct CasePlaces {
    let shelf: StoreShelf

    func finding() throws -> AuditFinding {
        var checked = 0
        var broken: [String] = []
        for store in shelf.routing {
            // All at one moment, since their owner goes on; a store of an earlier version has no tree yet.
            let found: (checked: Int, broken: [String]) = try store.database.read { db in
                guard try db.tableExists("casePlace") else { return (0, []) }
                let count = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM casePlace") ?? 0
                return (count, try Self.faults(in: db).map { "\(store.name): \($0)" })
            }
            checked += found.checked
            broken += found.broken
        }
        return AuditFinding("every open case is found by its place", checked: checked, broken: broken)
    }

    private static func faults(in db: Database) throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                SELECT 'case ' || id || ' takes reports and has no place' FROM caseFile
                WHERE takesReports = 1 AND id NOT IN (SELECT caseId FROM casePlace)
                UNION ALL
                SELECT 'case ' || caseId || ' stands in the tree elsewhere, or not at all' FROM casePlace
                LEFT JOIN casePlaceTree AS tree ON tree.number = casePlace.number
                WHERE tree.number IS NULL OR minLatitude <> latitudeE7 OR maxLatitude <> latitudeE7
                    OR minLongitude <> longitudeE7 OR maxLongitude <> longitudeE7
                UNION ALL
                SELECT 'the tree has a place no. ' || number || ' of no case' FROM casePlaceTree
                WHERE number NOT IN (SELECT number FROM casePlace)
                ORDER BY 1
                """)
    }
}
