import CaseRoutingDomain
import Contracts
import EventProcessing
import Foundation
import GRDB

/// The cases of one partition, as one command sees and changes them.
struct CaseStore {
    private let transaction: Transaction
    private let known: KnownBodies
    private var db: Database { transaction.database }

    init(_ transaction: Transaction, known: KnownBodies) {
        self.transaction = transaction
        self.known = known
    }

    /// Loads a case; nil where there is none of that id.
    func find(_ id: CaseID) throws -> Case? {
        let statement = try db.cachedStatement(sql: "SELECT body FROM caseFile WHERE id = ?")
        return try Data.fetchOne(statement, arguments: [id.rawValue]).map { try known.read($0, of: id) }
    }

    /// Where a report goes among the cases of this store.
    func place(_ arriving: ArrivingReport, as category: CategoryCode, by rules: MatchRules) throws -> Placement {
        let now = transaction.clock
        var search = PlaceSearch(
            db, in: arriving.communityId, around: arriving.report.location, reach: rules.reach)
        let neighbours = try search.find(category, andAlike: rules.weighsAll, andClosed: rules.closed != nil)
        let samePhoto = try rules.span.map {
            try PhotoLooks(db: db).cases(
                with: arriving.looks, in: arriving.communityId, since: now.adding(milliseconds: -$0))
        }
        return try CaseRoutingDomain.place(
            arriving, as: category, among: neighbours, samePhoto: samePhoto ?? [], by: rules, at: now, finding: find)
    }

    /// What a decision about several cases asks for.
    func others(opening: @escaping () throws -> (id: CaseID, number: String)) -> OtherCases {
        let ties = CaseTies(db: db)
        return OtherCases(
            find: find, openParts: ties.openParts(of:), hasParts: ties.hasParts,
            report: { [db = self.db] part, caseId in try CaseReportRow.find(part, of: caseId, in: db).report().data },
            newCase: opening)
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
        var decided = decision.case
        let entries = try decided.log(decision.events, at: transaction.clock)
        try RateStore(transaction).count(decision.events, of: &decided)
        try save(decided, isNew: old == nil)
        try moveLoad(from: old?.busyHandler, to: decided.busyHandler)
        try watch(decided, insteadOf: old)
        try findable(decided, insteadOf: old)
        for entry in entries {
            try transaction.emit(entry, to: TopicCatalogue.caseEvents, key: decided.communityId.rawValue)
        }
        try transaction.emit(decided.state, to: TopicCatalogue.cases, key: decided.id.rawValue)
        try tellEverybody(of: decided, insteadOf: old)
        for other in decision.others {
            let before = try find(other.case.id)
            try carryOut(other, replacing: before)
            for part in other.case.reports where before?.reports.contains(part) != true {
                try CaseReportRow.move(part, to: other.case.id, in: db)
            }
        }
        try CampaignStore(transaction).follow(decided, insteadOf: old)
    }

    /// Says what everybody may know of it, where that has changed.
    private func tellEverybody(of decided: Case, insteadOf old: Case?) throws {
        let open = OpenCaseState(decided.state)
        if let old, open.tellsSame(as: OpenCaseState(old.state)) { return }
        try transaction.emit(open, to: TopicCatalogue.openCases, key: decided.id.rawValue)
    }

    /// Keeps what finds the case again: its place, its photos and what it is a part of.
    private func findable(_ decided: Case, insteadOf old: Case?) throws {
        let places = PlaceIndex(db: db)
        try places.keep(decided, insteadOf: old)
        try CaseTies(db: db).keep(decided, insteadOf: old)
        guard let rules = try transaction.pack().map(MatchRules.init) else { return }
        if old == nil {
            try places.clear(closedBefore: transaction.clock.adding(milliseconds: -rules.closedWindow))
        }
        if let span = rules.span {
            try PhotoLooks(db: db).keep(decided, insteadOf: old, at: transaction.clock, span: span)
        }
    }

    private func save(_ saved: Case, isNew: Bool) throws {
        let body = try known.write(saved)
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
