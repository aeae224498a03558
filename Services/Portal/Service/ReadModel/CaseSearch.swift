import Contracts
import GRDB

/// Finds the places of the cases that fit a filter.
///
/// Which index is walked is said here and not left to SQLite, which knows nothing of how cases are spread.
struct CaseSearch {
    private let filter: CaseFilter
    /// Nil where no text is looked for.
    private let text: CaseTextSearch?
    /// Nil where nothing can fit.
    private let conditions: Conditions?

    init(_ filter: CaseFilter) throws {
        self.filter = filter
        text = filter.text.flatMap(SearchTerms.init).map { CaseTextSearch($0, filter) }
        conditions = filter.text != nil && text == nil ? nil : try filter.facetConditions()
    }

    func places(after last: CasePlace?, limit: Int, in db: Database) throws -> [Int64] {
        guard let conditions else { return [] }
        let behind = try last.map { try place(of: $0, in: db) }
        guard filter.order == .deadline else { return try newest(conditions, behind: behind, limit: limit, in: db) }
        // Those with a deadline, and behind the last of them those without.
        var places: [Int64] = []
        if last == nil || last?.due != nil {
            places = try soonest(conditions, due: last?.due, behind: behind, limit: limit, in: db)
        }
        guard places.count < limit, filter.dueBefore == nil else { return places }
        var rest = conditions
        rest.append(sql: "due IS NULL")
        return places
            + (try newest(rest, behind: last?.due == nil ? behind : nil, limit: limit - places.count, in: db))
    }

    func count(atMost most: Int, in db: Database) throws -> Int {
        guard let conditions else { return 0 }
        guard text == nil else { return try newest(conditions, behind: nil, limit: most, in: db).count }
        return try Int.fetchOne(
            db,
            sql: "SELECT COUNT(*) FROM (SELECT 1 FROM caseFacet \(filter.index) \(conditions.whereClause) LIMIT ?)",
            arguments: conditions.arguments + [most]) ?? 0
    }

    private func newest(
        _ conditions: Conditions, behind: Int64?, limit: Int, in db: Database
    ) throws -> [Int64] {
        var conditions = conditions
        if let behind { conditions.append(sql: "place < ?", arguments: [behind]) }
        let walk = CaseWalk(index: filter.index, conditions: conditions, order: "place DESC")
        return try text?.places(walk, limit: limit, in: db) ?? walk.places(limit: limit, in: db)
    }

    private func soonest(
        _ conditions: Conditions, due: Int64?, behind: Int64?, limit: Int, in db: Database
    ) throws -> [Int64] {
        var conditions = conditions
        if let due, let behind {
            conditions.append(sql: "due >= ? AND (due > ? OR place < ?)", arguments: [due, due, behind])
        } else {
            conditions.append(sql: "due IS NOT NULL")
        }
        let walk = CaseWalk(index: filter.indexByDeadline, conditions: conditions, order: "due, place DESC")
        return try text?.places(walk, limit: limit, in: db) ?? walk.places(limit: limit, in: db)
    }

    /// Where the case at the end of a page lies here.
    private func place(of last: CasePlace, in db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT place FROM caseState WHERE caseId = ?", arguments: [last.caseId])
            ?? CasePlaces.first(at: Timestamp(milliseconds: last.openedAt))
    }
}

/// One way through the rows of cases.
struct CaseWalk {
    /// `INDEXED BY …`, or empty.
    let index: String
    var conditions: Conditions
    let order: String

    var sql: String { "SELECT place FROM caseFacet \(index) \(conditions.whereClause) ORDER BY \(order) LIMIT ?" }

    func places(limit: Int, in db: Database) throws -> [Int64] {
        try Int64.fetchAll(db, sql: sql, arguments: conditions.arguments + [limit])
    }
}

extension CaseFilter {
    /// Whether a few cases are named by their places, and no index leads to fewer.
    fileprivate var isNarrow: Bool { !reporter.isEmpty || asksForTime == true }

    /// The index of what fits the fewest cases, as a rule.
    fileprivate var index: String {
        guard !isNarrow else { return "" }
        let standings = fittingStages.map { Set($0.map(CaseStanding.init)) }
        let names: [(Bool, String)] = [
            (handlerId != nil, "caseByHandler"), (gridId != nil, "caseByGrid"),
            (standings == [.open] || dueBefore != nil, "caseOpen"), (standings == [.aside], "caseAside"),
            (isFlagged == true, "caseFlagged"), (ownerUnitId != nil, "caseByUnit"),
            (category != nil, "caseByCategory"), (kind == .request, "caseRequest"),
            (isOverdue == true, "caseOverdue"), (communityId != nil, "caseByCommunity"),
        ]
        return names.first { $0.0 }.map { "INDEXED BY \($0.1)" } ?? "NOT INDEXED"
    }

    /// A handler's or a grid's few cases are sorted, all others come in order.
    fileprivate var indexByDeadline: String {
        handlerId == nil && gridId == nil && !isNarrow ? "INDEXED BY caseDue" : index
    }

    /// What must hold of a row of `caseFacet`; nil where nothing can fit.
    fileprivate func facetConditions() throws -> Conditions? {
        var conditions = Conditions()
        if let stages = fittingStages {
            guard !stages.isEmpty else { return nil }
            conditions.append(sql: "stage IN (\(stages.map { "'\($0.rawValue)'" }.joined(separator: ", ")))")
            let standings = Set(stages.map(CaseStanding.init))
            if let only = standings.first, standings.count == 1 {
                conditions.append(sql: "standing = \(only.rawValue)")
            }
        }
        conditions.append(column: "communityId", equals: communityId)
        conditions.append(column: "gridId", equals: gridId)
        conditions.append(column: "category", equals: category)
        conditions.append(column: "ownerUnitId", equals: ownerUnitId)
        conditions.append(column: "handlerId", equals: handlerId)
        // As words of the query, since an index over some rows is only taken where SQLite sees that it has them all.
        if let kind { conditions.append(sql: "kind = '\(kind.rawValue)'") }
        if let isOverdue { conditions.append(sql: "isOverdue = \(isOverdue ? 1 : 0)") }
        if let isFlagged { conditions.append(sql: "isFlagged = \(isFlagged ? 1 : 0)") }
        if let dueBefore {
            conditions.append(sql: "standing = \(CaseStanding.open.rawValue)")
            conditions.append(sql: "due < ?", arguments: [dueBefore.milliseconds])
        }
        if let openedFrom { conditions.append(sql: "place >= ?", arguments: [CasePlaces.first(at: openedFrom)]) }
        if let openedBefore { conditions.append(sql: "place < ?", arguments: [CasePlaces.first(at: openedBefore)]) }
        if let asksForTime {
            let asking = "SELECT place FROM caseState WHERE json_extract(body, '$.course.extensionAsked') IS NOT NULL"
            conditions.append(sql: "place \(asksForTime ? "IN" : "NOT IN") (\(asking))")
        }
        if !reporter.isEmpty {
            conditions.append(
                sql: """
                    place IN (SELECT place FROM caseReporter JOIN caseState USING (caseId)
                        WHERE personId IN (SELECT value FROM json_each(?)))
                    """,
                arguments: [try ContractCoding.text(reporter)])
        }
        return conditions
    }
}
