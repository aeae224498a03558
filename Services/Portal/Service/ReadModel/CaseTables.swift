package import Contracts
import Foundation
package import GRDB

/// Rows about cases.
package enum CaseTables {
    package static func keep(_ envelope: Envelope<CaseState>, in db: Database) throws {
        let state = envelope.data
        let known = try Row.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT version, openedAt, place,
                        (caseNumber, kind, body ->> 'description', body ->> 'address') IS (?, ?, ?, ?) AS saysTheSame
                    FROM caseState WHERE caseId = ?
                    """),
            arguments: [
                state.caseNumber, state.kind.rawValue, state.description, state.address, state.caseId.rawValue,
            ])
        guard known.map({ $0["version"] < state.version }) ?? true else { return }
        let place = try place(of: state, known: known, in: db)
        let before = try FigureTables.opening(of: state.caseId, in: db)
        try db.cachedStatement(
            sql: """
                INSERT INTO caseState (caseId, version, communityId, stage, category, kind, ownerUnitId, handlerId,
                    isOverdue, latitudeE7, longitudeE7, openedAt, updated, closedAt, gridId, place, caseNumber, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (caseId) DO UPDATE SET version = excluded.version, communityId = excluded.communityId,
                    stage = excluded.stage, category = excluded.category, kind = excluded.kind,
                    ownerUnitId = excluded.ownerUnitId, handlerId = excluded.handlerId,
                    isOverdue = excluded.isOverdue, latitudeE7 = excluded.latitudeE7,
                    longitudeE7 = excluded.longitudeE7, openedAt = excluded.openedAt, updated = excluded.updated,
                    closedAt = excluded.closedAt, gridId = excluded.gridId, place = excluded.place,
                    caseNumber = excluded.caseNumber, body = excluded.body
                """
        ).execute(arguments: [
            state.caseId.rawValue, state.version, state.communityId.rawValue, state.stage.rawValue,
            state.category.rawValue, state.kind.rawValue, state.ownerUnitId?.rawValue, state.handlerId?.rawValue,
            state.isOverdue, state.location.latitudeE7, state.location.longitudeE7, state.openedAt.milliseconds,
            envelope.time.milliseconds, state.closedAt?.milliseconds, state.gridId?.rawValue,
            place, state.caseNumber, try ContractCoding.text(state),
        ])
        try CaseFacets.keep(state, at: place, in: db)
        // A case moves on many times, its words hardly ever change.
        let saysTheSame: Bool = known?["saysTheSame"] ?? false
        let placeBefore: Int64? = known?["place"]
        if !saysTheSame || placeBefore != place { try CaseWords.keep(state, at: place, in: db) }
        try FigureTables.move(from: before, to: FigureTables.Opening(state), in: db)
        try OutsideLinks.keep(state, in: db)
        try db.cachedStatement(sql: "DELETE FROM caseReporter WHERE caseId = ?")
            .execute(arguments: [state.caseId.rawValue])
        let insert = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO caseReporter (caseId, personId, isOpener) VALUES (?, ?, ?)")
        for (number, person) in state.reporterIds.enumerated() {
            try insert.execute(arguments: [state.caseId.rawValue, person.rawValue, number == 0])
        }
    }

    static func state(_ body: String) throws -> CaseState {
        try ContractCoding.decode(CaseState.self, from: Data(body.utf8))
    }

    /// Its place in time; another one where a later version tells another moment.
    private static func place(of state: CaseState, known: Row?, in db: Database) throws -> Int64 {
        guard let known, let place: Int64 = known["place"] else {
            return try CaseFacets.freePlace(of: state.caseId, openedAt: state.openedAt, in: db)
        }
        guard known["openedAt"] != state.openedAt.milliseconds else { return place }
        try CaseFacets.forget(place, in: db)
        return try CaseFacets.freePlace(of: state.caseId, openedAt: state.openedAt, in: db)
    }

    static func keep(_ envelope: Envelope<CaseEvent>, body: String, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO caseEvent (id, caseId, at, type, causationId, body) VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            envelope.id.description, envelope.data.reference.caseId.rawValue, envelope.time.milliseconds,
            envelope.attributes.type, envelope.attributes.causationID?.description, body,
        ])
        if db.changesCount > 0 { try FigureTables.count(envelope, in: db) }
    }
}
