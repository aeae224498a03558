import GRDB

/// The tables of case-routing's part of the machine.
enum CaseTables {
    static let names = ["caseFile", "caseReport", "caseNumber", "handlerLoad", "withdrawnReport", "campaign"]

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
                    CREATE INDEX caseFileNearby ON caseFile (communityId, category, latitudeE7, longitudeE7)
                        WHERE takesReports = 1;
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
    }
}
