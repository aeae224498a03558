import Contracts
import Foundation
import GRDB

/// A case as this door knows it.
struct KnownCase: Equatable, Sendable {
    let id: CaseID
    let version: Int
    let number: String
    let communityId: CommunityID
    let category: CategoryCode
    let kind: ReportKind
    let stage: CaseStage
    let description: String
    let address: String?
    let location: Location
    let submittedAt: Timestamp
    let deadline: Timestamp?
    let closedAt: Timestamp?
    let updatedAt: Timestamp
    let ownerUnitId: UnitID?
    let reporterIds: [PersonID]
    let photoIds: [PhotoID]
    /// Of the work, as its handlers showed it.
    let workPhotoIds: [PhotoID]
    /// What its reporter was asked, while it waits for the answer.
    let question: String?
    /// When it goes on by itself, where it rests.
    let restsUntil: Timestamp?
}

/// A change of a case's stage.
struct CaseUpdate: Equatable, Sendable {
    let caseId: CaseID
    let version: Int
    let stage: CaseStage
    let at: Timestamp
    /// What the case's handlers showed of the work last.
    let workPhotoId: PhotoID?
}

/// Which cases are asked for; nil and empty lists fit everything.
struct CaseFilter: Equatable, Sendable {
    /// When the first report of it was sent: from here on, and before that.
    var submitted: Range<Timestamp>
    var isOpen: Bool?
    var categories: [String] = []
    var box: CaseBox?
    var page: CasePage
    /// Whether the exact place is looked at; else the rounded one, since a box drawn ever smaller would find it out.
    var isExact: Bool
}

/// Which part of a list, whose order is always the same, is asked for.
struct CasePage: Equatable, Sendable {
    let limit: Int
    let offset: Int
}

/// An area between two latitudes and two longitudes, in 1e-7 degrees; it may lie across the date line.
struct CaseBox: Equatable, Sendable {
    let southWest: Location
    let northEast: Location
}

extension IntakeStore {
    /// The cases of these ids, newest first; unknown ones are left out.
    func cases(_ ids: [String]) async throws -> [KnownCase] {
        try await pool.read { db in
            try KnownCase.fetch(
                db, "WHERE caseId IN (\(places(ids.count))) ORDER BY submittedAt DESC, caseId DESC",
                StatementArguments(ids))
        }
    }

    /// The cases that fit, newest first.
    func cases(_ filter: CaseFilter) async throws -> [KnownCase] {
        try await pool.read { db in
            var arguments = StatementArguments()
            let conditions = filter.conditions(&arguments)
            return try KnownCase.fetch(
                db, "WHERE \(conditions) ORDER BY submittedAt DESC, caseId DESC LIMIT ? OFFSET ?",
                arguments + [filter.page.limit, filter.page.offset])
        }
    }

    /// The case that a report is in; nil while there is none, or its state has not come here.
    ///
    /// A report that was transferred is in two: then where it went counts.
    func caseId(of report: MessageID) async throws -> CaseID? {
        try await pool.read { db in
            try String.fetchOne(
                db,
                sql: """
                    SELECT caseId FROM reportCase JOIN caseState USING (caseId) WHERE reportId = ?
                    ORDER BY stage = 'transferred', openedAt DESC, caseId LIMIT 1
                    """,
                arguments: [report.description]
            ).map(CaseID.init(rawValue:))
        }
    }

    /// The reports in a case, those that this instance took first, then in the order of their ids.
    func reports(in id: CaseID) async throws -> [MessageID] {
        try await pool.read { db in
            try String.fetchAll(
                db, sql: "SELECT reportId FROM reportCase WHERE caseId = ? ORDER BY reportId", arguments: [id.rawValue]
            ).compactMap { MessageID($0) }.map { report in
                (
                    report,
                    try Bool.fetchOne(
                        db, sql: "SELECT EXISTS (SELECT 1 FROM report WHERE id = ?)", arguments: [report.data]) ?? false
                )
            }.sorted { $0.1 && !$1.1 }.map(\.0)
        }
    }

    /// What was answered to the pack's questions about each of these cases, in the first report of it that has answers.
    ///
    /// Of the reports that this instance took: answers travel no further than routing.
    func answers(about ids: [CaseID]) async throws -> [CaseID: [ReportAnswer]] {
        try await pool.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT caseId, reportId FROM reportCase WHERE caseId IN (\(places(ids.count))) ORDER BY reportId",
                arguments: StatementArguments(ids.map(\.rawValue)))
            let select = try db.cachedStatement(sql: "SELECT answers FROM report WHERE id = ? AND answers IS NOT NULL")
            var found: [CaseID: [ReportAnswer]] = [:]
            for row in rows {
                let id = CaseID(row["caseId"] as String)
                guard found[id] == nil, let report = MessageID(row["reportId"] as String),
                    let text = try String.fetchOne(select, arguments: [report.data])
                else { continue }
                found[id] = try ContractCoding.decode([ReportAnswer].self, from: Data(text.utf8))
            }
            return found
        }
    }

    /// How stages changed within a span of time, oldest first.
    func caseUpdates(in span: Range<Timestamp>, page: CasePage) async throws -> [CaseUpdate] {
        try await pool.read { db in
            try CaseUpdate.fetch(
                db, "WHERE at >= ? AND at < ? ORDER BY at, caseId, version LIMIT ? OFFSET ?",
                [span.lowerBound.milliseconds, span.upperBound.milliseconds, page.limit, page.offset])
        }
    }

    /// How the stages of these cases changed, oldest first.
    func caseUpdates(of ids: [CaseID]) async throws -> [CaseID: [CaseUpdate]] {
        let updates = try await pool.read { db in
            try CaseUpdate.fetch(
                db, "WHERE caseId IN (\(places(ids.count))) ORDER BY caseId, version",
                StatementArguments(ids.map(\.rawValue)))
        }
        return Dictionary(grouping: updates, by: \.caseId)
    }

    /// The open cases 随手拍 between two latitudes, in no order.
    func openSnapshots(latitudesE7: ClosedRange<Int>, category: CategoryCode?) async throws -> [KnownCase] {
        try await pool.read { db in
            var arguments: StatementArguments = [
                ReportKind.snapshot.rawValue, latitudesE7.lowerBound, latitudesE7.upperBound,
            ]
            if let category { arguments += [category.rawValue] }
            return try KnownCase.fetch(
                db,
                """
                WHERE isOpen = 1 AND kind = ? AND latitudeE7 BETWEEN ? AND ?\(category == nil ? "" : " AND category = ?")
                """, arguments)
        }
    }
}

/// So many question marks.
private func places(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }

extension CaseFilter {
    fileprivate func conditions(_ arguments: inout StatementArguments) -> String {
        var parts = ["submittedAt >= ? AND submittedAt < ?"]
        arguments += [submitted.lowerBound.milliseconds, submitted.upperBound.milliseconds]
        if let isOpen {
            parts.append("isOpen = ?")
            arguments += [isOpen]
        }
        if !categories.isEmpty {
            parts.append("category IN (\(places(categories.count)))")
            arguments += StatementArguments(categories)
        }
        if let box {
            let (latitude, longitude) =
                isExact ? ("latitudeE7", "longitudeE7") : ("roundedLatitudeE7", "roundedLongitudeE7")
            let joint = box.southWest.longitudeE7 <= box.northEast.longitudeE7 ? "AND" : "OR"
            parts.append("\(latitude) BETWEEN ? AND ? AND (\(longitude) >= ? \(joint) \(longitude) <= ?)")
            arguments += [
                box.southWest.latitudeE7, box.northEast.latitudeE7,
                box.southWest.longitudeE7, box.northEast.longitudeE7,
            ]
        }
        return parts.joined(separator: " AND ")
    }
}

extension KnownCase {
    fileprivate static func fetch(
        _ db: Database, _ clause: String, _ arguments: StatementArguments
    ) throws -> [KnownCase] {
        try Row.fetchAll(db, sql: "SELECT * FROM caseState \(clause)", arguments: arguments).map(KnownCase.init)
    }

    private init(_ row: Row) throws {
        id = CaseID(row["caseId"])
        version = row["version"]
        number = row["caseNumber"]
        communityId = CommunityID(row["communityId"])
        category = CategoryCode(row["category"])
        kind = try word(row["kind"])
        stage = try word(row["stage"])
        description = row["description"]
        address = row["address"]
        location = Location(latitudeE7: row["latitudeE7"], longitudeE7: row["longitudeE7"])
        submittedAt = Timestamp(milliseconds: row["submittedAt"])
        deadline = (row["deadline"] as Int64?).map(Timestamp.init(milliseconds:))
        closedAt = (row["closedAt"] as Int64?).map(Timestamp.init(milliseconds:))
        updatedAt = Timestamp(milliseconds: row["updatedAt"])
        ownerUnitId = (row["ownerUnitId"] as String?).map(UnitID.init(rawValue:))
        reporterIds = (row["reporterIds"] as String).split(separator: " ").map { PersonID(String($0)) }
        photoIds = (row["photoIds"] as String).split(separator: " ").map { PhotoID(String($0)) }
        workPhotoIds = (row["workPhotoIds"] as String).split(separator: " ").map { PhotoID(String($0)) }
        question = row["question"]
        restsUntil = (row["restsUntil"] as Int64?).map(Timestamp.init(milliseconds:))
    }
}

extension CaseUpdate {
    fileprivate static func fetch(
        _ db: Database, _ clause: String, _ arguments: StatementArguments
    ) throws -> [CaseUpdate] {
        let photos = "SELECT workPhotoIds FROM caseState WHERE caseState.caseId = caseUpdate.caseId"
        return try Row.fetchAll(
            db, sql: "SELECT *, (\(photos)) AS workPhotoIds FROM caseUpdate \(clause)", arguments: arguments
        ).map { row in
            CaseUpdate(
                caseId: CaseID(row["caseId"]), version: row["version"], stage: try word(row["stage"]),
                at: Timestamp(milliseconds: row["at"]),
                workPhotoId: (row["workPhotoIds"] as String?)?.split(separator: " ").last.map { PhotoID(String($0)) })
        }
    }
}

/// A word of ours as it was stored.
private func word<Word: RawRepresentable>(_ text: String) throws -> Word where Word.RawValue == String {
    guard let word = Word(rawValue: text) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "'\(text)' is no \(Word.self)")
    }
    return word
}
