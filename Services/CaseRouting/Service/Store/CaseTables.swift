import CaseRoutingDomain
import Contracts
import EventProcessing
import Foundation
import GRDB

/// The tables of case-routing's part of the machine.
enum CaseTables {
    static let names = [
        "caseFile", "caseReport", "caseNumber", "handlerLoad", "withdrawnReport", "caseRate", "ratePeriod", "casePlace",
        "casePart", "casePhotoLook", "campaign",
    ]

    /// Open cases, and those among them of which a unit is known to have missed its time limit.
    static let figures = [
        StoreFigure("cases_open", sql: "SELECT COUNT(*) FROM casePlace WHERE closedAt IS NULL"),
        StoreFigure(
            "cases_overdue",
            sql: """
                SELECT COUNT(*) FROM caseFile INDEXED BY caseFileLate CROSS JOIN casePlace ON caseId = id
                WHERE instr(body, '"isOverdue":true') > 0 AND closedAt IS NULL
                """),
    ]

    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("case-routing 1: cases") { db in
            try db.execute(
                sql: """
                    CREATE TABLE caseFile (
                        id TEXT NOT NULL PRIMARY KEY, communityId TEXT NOT NULL, category TEXT NOT NULL,
                        number TEXT NOT NULL, takesReports INTEGER NOT NULL, latitudeE7 INTEGER NOT NULL,
                        longitudeE7 INTEGER NOT NULL, openedAt INTEGER NOT NULL, version INTEGER NOT NULL,
                        body BLOB NOT NULL, UNIQUE (communityId, number)
                    );
                    CREATE TABLE caseReport (
                        reportId TEXT NOT NULL, hop INTEGER NOT NULL, caseId TEXT NOT NULL REFERENCES caseFile (id),
                        firstStamp INTEGER NOT NULL, command BLOB NOT NULL, PRIMARY KEY (reportId, hop)
                    );
                    CREATE TABLE caseNumber (
                        communityId TEXT NOT NULL, day TEXT NOT NULL, last INTEGER NOT NULL,
                        PRIMARY KEY (communityId, day)
                    ) WITHOUT ROWID;
                    CREATE TABLE handlerLoad (
                        handlerId TEXT NOT NULL PRIMARY KEY, openCases INTEGER NOT NULL CHECK (openCases >= 0)
                    ) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("case-routing 2: reports that were taken back") { db in
            try db.execute(
                sql: """
                    CREATE TABLE withdrawnReport (
                        reportId TEXT NOT NULL, hop INTEGER NOT NULL, caseId TEXT NOT NULL,
                        withdrawnAt INTEGER NOT NULL, PRIMARY KEY (reportId, hop)
                    ) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("case-routing 3: campaigns") { db in
            try db.execute(
                sql: """
                    CREATE TABLE campaign (
                        id TEXT NOT NULL PRIMARY KEY, communityId TEXT NOT NULL, version INTEGER NOT NULL,
                        body BLOB NOT NULL
                    );
                    """)
        }
        migrator.registerMigration("case-routing 4: rates") { db in
            try db.execute(
                sql: """
                    CREATE TABLE caseRate (
                        communityId TEXT NOT NULL, count TEXT NOT NULL, day TEXT NOT NULL, unitId TEXT NOT NULL,
                        value INTEGER NOT NULL, PRIMARY KEY (communityId, count, day, unitId)
                    ) WITHOUT ROWID;
                    CREATE TABLE ratePeriod (
                        communityId TEXT NOT NULL, period TEXT NOT NULL, endsAt INTEGER NOT NULL,
                        revision INTEGER NOT NULL, isDirty INTEGER NOT NULL, PRIMARY KEY (communityId, period)
                    ) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("case-routing 5: one problem, one case") { db in
            // The tree follows from casePlace and is no part of the machine: see docs/decisions/0016.
            try db.execute(
                sql: """
                    CREATE TABLE casePlace (
                        number INTEGER NOT NULL PRIMARY KEY CHECK (number < 2147483648), caseId TEXT NOT NULL UNIQUE,
                        communityId TEXT NOT NULL, category TEXT NOT NULL, latitudeE7 INTEGER NOT NULL,
                        longitudeE7 INTEGER NOT NULL, openedAt INTEGER NOT NULL, closedAt INTEGER
                    );
                    CREATE INDEX casePlaceClosed ON casePlace (closedAt, number) WHERE closedAt IS NOT NULL;
                    CREATE VIRTUAL TABLE casePlaceTree USING rtree_i32 (
                        number, minLatitude, maxLatitude, minLongitude, maxLongitude, minKind, maxKind, minNumber,
                        maxNumber
                    );
                    CREATE TABLE casePart (
                        caseId TEXT NOT NULL PRIMARY KEY, parentId TEXT NOT NULL, number TEXT NOT NULL,
                        isOpen INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE INDEX casePartOf ON casePart (parentId, isOpen, number, caseId);
                    CREATE TABLE casePhotoLook (
                        communityId TEXT NOT NULL, piece INTEGER NOT NULL, at INTEGER NOT NULL, caseId TEXT NOT NULL,
                        look INTEGER NOT NULL, PRIMARY KEY (communityId, piece, at, caseId, look)
                    ) WITHOUT ROWID;
                    CREATE INDEX casePhotoLookByAge ON casePhotoLook (at);
                    """)
        }
        migrator.registerMigration("case-routing 6: how many are open, and late") { db in
            // The body says it of a unit's time; in a person's text the quotation marks would be written otherwise.
            try db.execute(
                sql: """
                    CREATE INDEX casePlaceOpen ON casePlace (number) WHERE closedAt IS NULL;
                    CREATE INDEX caseFileLate ON caseFile (id) WHERE instr(body, '"isOverdue":true') > 0;
                    """)
        }
    }
}
