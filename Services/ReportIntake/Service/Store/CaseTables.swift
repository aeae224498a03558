import Contracts
import GRDB

/// Rows about cases, for those who ask at this door: each case as it stands, its reports, and when its stage changed.
enum CaseTables {
    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("report intake 5: cases as they stand") { db in
            try db.execute(
                sql: """
                    CREATE TABLE caseState (
                        caseId TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, caseNumber TEXT NOT NULL,
                        communityId TEXT NOT NULL, category TEXT NOT NULL, kind TEXT NOT NULL, stage TEXT NOT NULL,
                        isOpen INTEGER NOT NULL, description TEXT NOT NULL, address TEXT, latitudeE7 INTEGER NOT NULL,
                        longitudeE7 INTEGER NOT NULL, roundedLatitudeE7 INTEGER NOT NULL,
                        roundedLongitudeE7 INTEGER NOT NULL, submittedAt INTEGER NOT NULL, openedAt INTEGER NOT NULL,
                        deadline INTEGER, closedAt INTEGER, updatedAt INTEGER NOT NULL, ownerUnitId TEXT
                    ) WITHOUT ROWID;
                    CREATE INDEX caseStateNewest ON caseState (submittedAt, caseId);
                    CREATE INDEX caseStateOpen ON caseState (kind, latitudeE7) WHERE isOpen = 1;
                    CREATE TABLE reportCase (
                        reportId TEXT NOT NULL, caseId TEXT NOT NULL, PRIMARY KEY (reportId, caseId)
                    ) WITHOUT ROWID;
                    CREATE INDEX reportCaseCase ON reportCase (caseId);
                    CREATE TABLE caseUpdate (
                        caseId TEXT NOT NULL, version INTEGER NOT NULL, stage TEXT NOT NULL, at INTEGER NOT NULL,
                        PRIMARY KEY (caseId, version)
                    ) WITHOUT ROWID;
                    CREATE INDEX caseUpdateByTime ON caseUpdate (at, caseId, version);
                    """)
        }
    }

    static func migrateCourse(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("report intake 10: the course of cases") { db in
            try db.execute(
                sql: """
                    ALTER TABLE caseState ADD COLUMN question TEXT;
                    ALTER TABLE caseState ADD COLUMN restsUntil INTEGER;
                    ALTER TABLE caseState ADD COLUMN workPhotoIds TEXT NOT NULL DEFAULT '';
                    """)
        }
    }

    /// Takes in a state; one that is not newer than what stands here changes nothing.
    static func keep(_ envelope: Envelope<CaseState>, in db: Database) throws {
        let state = envelope.data
        let known = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT version FROM caseState WHERE caseId = ?"),
            arguments: [state.caseId.rawValue])
        if let version: Int = known?["version"], version >= state.version { return }
        try replace(state, at: envelope.time, in: db)
        try replaceReports(of: state, in: db)
        // The state itself says which change brought it to its stage, so that an instance that sees only the newest state
        // calls it the same as one that saw all of them.
        guard let change = state.stageChange else { return }
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO caseUpdate (caseId, version, stage, at) VALUES (?, ?, ?, ?)")
            .execute(arguments: [
                state.caseId.rawValue, change.version, state.stage.rawValue, change.at.milliseconds,
            ])
    }

    private static func replace(_ state: CaseState, at moment: Timestamp, in db: Database) throws {
        let rounded = state.location.rounded
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO caseState (caseId, version, caseNumber, communityId, category, kind, stage, isOpen,
                    description, address, latitudeE7, longitudeE7, roundedLatitudeE7, roundedLongitudeE7, submittedAt,
                    openedAt, deadline, closedAt, updatedAt, ownerUnitId, reporterIds, photoIds, question, restsUntil,
                    workPhotoIds)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            state.caseId.rawValue, state.version, state.caseNumber, state.communityId.rawValue, state.category.rawValue,
            state.kind.rawValue, state.stage.rawValue, state.stage.isOpen, state.description, state.address,
            state.location.latitudeE7, state.location.longitudeE7, rounded.latitudeE7, rounded.longitudeE7,
            state.submittedAt.milliseconds, state.openedAt.milliseconds, state.deadline?.milliseconds,
            state.closedAt?.milliseconds, moment.milliseconds, state.ownerUnitId?.rawValue,
            // Ids hold no blanks.
            state.reporterIds.map(\.rawValue).joined(separator: " "),
            (state.photos ?? []).map(\.rawValue).joined(separator: " "),
            state.course?.question, state.course?.restsUntil?.milliseconds,
            (state.course?.workPhotos ?? []).map(\.rawValue).joined(separator: " "),
        ])
    }

    private static func replaceReports(of state: CaseState, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM reportCase WHERE caseId = ?")
            .execute(arguments: [state.caseId.rawValue])
        let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO reportCase (reportId, caseId) VALUES (?, ?)")
        for report in state.reportIds { try insert.execute(arguments: [report.rawValue, state.caseId.rawValue]) }
    }
}
