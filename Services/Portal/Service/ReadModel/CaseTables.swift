import Contracts
import GRDB

/// Rows about cases.
enum CaseTables {
    static func keep(_ envelope: Envelope<CaseState>, in db: Database) throws {
        let state = envelope.data
        let before = try FigureTables.opening(of: state.caseId, in: db)
        try db.cachedStatement(
            sql: """
                INSERT INTO caseState (caseId, version, communityId, stage, category, kind, ownerUnitId, handlerId,
                    isOverdue, latitudeE7, longitudeE7, openedAt, updated, closedAt, gridId, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (caseId) DO UPDATE SET version = excluded.version, communityId = excluded.communityId,
                    stage = excluded.stage, category = excluded.category, kind = excluded.kind,
                    ownerUnitId = excluded.ownerUnitId, handlerId = excluded.handlerId,
                    isOverdue = excluded.isOverdue, latitudeE7 = excluded.latitudeE7,
                    longitudeE7 = excluded.longitudeE7, openedAt = excluded.openedAt, updated = excluded.updated,
                    closedAt = excluded.closedAt, gridId = excluded.gridId, body = excluded.body
                WHERE excluded.version > version
                """
        ).execute(arguments: [
            state.caseId.rawValue, state.version, state.communityId.rawValue, state.stage.rawValue,
            state.category.rawValue, state.kind.rawValue, state.ownerUnitId?.rawValue, state.handlerId?.rawValue,
            state.isOverdue, state.location.latitudeE7, state.location.longitudeE7, state.openedAt.milliseconds,
            envelope.time.milliseconds, state.closedAt?.milliseconds, state.gridId?.rawValue,
            try ContractCoding.text(state),
        ])
        guard db.changesCount > 0 else { return }
        try FigureTables.move(from: before, to: FigureTables.Opening(state), in: db)
        try OutsideLinks.keep(state, in: db)
        try db.cachedStatement(sql: "DELETE FROM caseReporter WHERE caseId = ?")
            .execute(arguments: [state.caseId.rawValue])
        let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO caseReporter (caseId, personId) VALUES (?, ?)")
        for person in state.reporterIds { try insert.execute(arguments: [state.caseId.rawValue, person.rawValue]) }
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
