import CaseRoutingDomain
import Contracts
import EventProcessing
import Foundation
import GRDB

/// The cases of one partition, as one command sees and changes them.
struct CaseStore {
    private let transaction: Transaction
    private var db: Database { transaction.database }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Loads a case; nil where there is none of that id.
    func find(_ id: CaseID) throws -> Case? {
        let statement = try db.cachedStatement(sql: "SELECT body FROM caseFile WHERE id = ?")
        return try Data.fetchOne(statement, arguments: [id.rawValue]).map {
            try ContractCoding.decode(Case.self, from: $0)
        }
    }

    /// The open cases of a category and community in a rectangle that take another report, by id.
    func neighbours(of category: CategoryCode, in communityId: CommunityID, within box: SearchBox) throws -> [Neighbour]
    {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, latitudeE7, longitudeE7, openedAt FROM caseFile
                WHERE takesReports = 1 AND communityId = ? AND category = ?
                    AND latitudeE7 BETWEEN ? AND ? AND longitudeE7 BETWEEN ? AND ?
                ORDER BY id
                """)
        return try Row.fetchAll(
            statement,
            arguments: [
                communityId.rawValue, category.rawValue, box.latitudes.lowerBound, box.latitudes.upperBound,
                box.longitudes.lowerBound, box.longitudes.upperBound,
            ]
        ).map { row in
            Neighbour(
                id: CaseID(row["id"] as String),
                location: Location(latitudeE7: row["latitudeE7"], longitudeE7: row["longitudeE7"]),
                openedAt: Timestamp(milliseconds: row["openedAt"]))
        }
    }

    /// How many open cases a worker has.
    func openCases(of handler: PersonID) throws -> Int {
        let statement = try db.cachedStatement(sql: "SELECT openCases FROM handlerLoad WHERE handlerId = ?")
        return try Int.fetchOne(statement, arguments: [handler.rawValue]) ?? 0
    }

    /// The next ordinal of a community's day, from 1.
    func nextOrdinal(in communityId: CommunityID, day: String) throws -> Int {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO caseNumber (communityId, day, last) VALUES (?, ?, 1)
                ON CONFLICT (communityId, day) DO UPDATE SET last = last + 1 RETURNING last
                """)
        guard let ordinal = try Int.fetchOne(statement, arguments: [communityId.rawValue, day]) else {
            throw DatabaseError(message: "no case number for \(communityId) on \(day)")
        }
        return ordinal
    }

    /// Writes down what was decided, and says it: the events in order, then the case as it stands.
    func carryOut(_ decision: CaseDecision, replacing old: Case?) throws {
        let decided = decision.case
        try save(decided, isNew: old == nil)
        try moveLoad(from: old?.busyHandler, to: decided.busyHandler)
        try watch(decided, insteadOf: old)
        for event in decision.events {
            try transaction.emit(event, to: TopicCatalogue.caseEvents, key: decided.communityId.rawValue)
        }
        try transaction.emit(decided.state, to: TopicCatalogue.cases, key: decided.id.rawValue)
        try CampaignStore(transaction).follow(decided, insteadOf: old)
    }

    private func save(_ saved: Case, isNew: Bool) throws {
        let body = try ContractCoding.encode(saved)
        guard isNew else {
            try db.cachedStatement(
                sql: "UPDATE caseFile SET category = ?, takesReports = ?, version = ?, body = ? WHERE id = ?"
            ).execute(arguments: [
                saved.category.rawValue, saved.takesReports, saved.version, body, saved.id.rawValue,
            ])
            return
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO caseFile (
                    id, communityId, category, number, takesReports, latitudeE7, longitudeE7, openedAt, version, body
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            saved.id.rawValue, saved.communityId.rawValue, saved.category.rawValue, saved.number, saved.takesReports,
            saved.location.latitudeE7, saved.location.longitudeE7, saved.openedAt.milliseconds, saved.version, body,
        ])
    }

    private func moveLoad(from old: PersonID?, to new: PersonID?) throws {
        guard old != new else { return }
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO handlerLoad (handlerId, openCases) VALUES (?1, ?2)
                ON CONFLICT (handlerId) DO UPDATE SET openCases = openCases + ?2
                """)
        if let new { try statement.execute(arguments: [new.rawValue, 1]) }
        if let old {
            try db.cachedStatement(sql: "UPDATE handlerLoad SET openCases = openCases - 1 WHERE handlerId = ?")
                .execute(arguments: [old.rawValue])
        }
    }

    /// Keeps the timers as the case's alarms need them.
    private func watch(_ watched: Case, insteadOf old: Case?) throws {
        let before = old?.alarms ?? [:]
        let after = watched.alarms
        for alarm in Set(before.keys).union(after.keys).sorted(by: { $0.name < $1.name }) {
            guard before[alarm] != after[alarm] else { continue }
            let timer = "\(alarm.name)|\(watched.id)"
            if let due = after[alarm] {
                try transaction.setTimer(timer, kind: alarm.name, about: watched.id.rawValue, due: due)
            } else {
                try transaction.cancelTimer(timer)
            }
        }
    }
}

extension Case {
    /// Whom the case keeps busy: its handler, proposed or assigned, for as long as it is open.
    fileprivate var busyHandler: PersonID? { isOpen ? stage.owner?.handlerId : nil }
}
