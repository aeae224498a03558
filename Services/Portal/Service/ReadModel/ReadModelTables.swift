import GRDB

/// The tables of the read model.
///
/// Moments are milliseconds since 1970; `body` is the JSON that came on the topic.
enum ReadModelTables {
    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("portal 1") { db in
            try db.execute(sql: cases)
            try db.execute(sql: people)
            try db.execute(sql: packs)
            try db.execute(sql: commands)
        }
        migrator.registerMigration("portal 2: old outcomes are found") { db in
            try db.execute(sql: "CREATE INDEX commandOutcomeByTime ON commandOutcome (at, commandId)")
        }
        migrator.registerMigration("portal 3: links of outside parties") { db in
            try db.execute(
                sql: """
                    CREATE TABLE outsideLink (
                        caseId TEXT NOT NULL PRIMARY KEY, linkHash TEXT NOT NULL UNIQUE
                    ) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("portal 4: campaigns") { db in
            try db.execute(sql: CampaignTables.schema)
        }
        migrator.registerMigration("portal 5: postings, months and stations") { db in
            try db.execute(sql: BooksTables.schema)
        }
        migrator.registerMigration("portal: orders and what lies at the stations") { db in
            try db.execute(sql: OrderTables.schema)
        }
        migrator.registerMigration("portal: hours, notices and signals") { db in
            try db.execute(sql: FairnessTables.schema)
        }
        migrator.registerMigration("portal: cases by grid") { db in
            try db.execute(
                sql: """
                    ALTER TABLE caseState ADD COLUMN gridId TEXT;
                    CREATE INDEX caseStateGrid ON caseState (gridId, openedAt) WHERE gridId IS NOT NULL;
                    """)
        }
        migrator.registerMigration("portal: cases are filtered and searched") { db in
            try db.execute(sql: CaseFacets.schema)
            try db.execute(sql: CaseWords.schema)
            try CaseFacets.fill(db)
        }
        migrator.registerMigration("portal: who looked at whom") { db in
            try db.execute(sql: AccessTables.schema)
        }
        migrator.registerMigration("portal: cases that want more time") { db in
            try db.execute(
                sql: """
                    CREATE INDEX caseStateAsking ON caseState (place)
                        WHERE json_extract(body, '$.course.extensionAsked') IS NOT NULL
                    """)
        }
        migrator.registerMigration("portal: cases on the map") { db in
            // The map asks for a box and any filter at once: of a million cases it must not read a single row.
            try db.execute(
                sql: """
                    CREATE INDEX caseStateMap ON caseState (
                        stage, latitudeE7, longitudeE7, isOverdue, communityId, gridId, category, kind, ownerUnitId,
                        handlerId, place)
                    """)
        }
        migrator.registerMigration("portal: figures") { db in
            try db.execute(sql: FigureTables.schema)
        }
        migrator.registerMigration("portal: keys and endpoints") { db in
            try db.execute(sql: AdminTables.schema)
        }
    }

    private static let cases = """
        CREATE TABLE caseState (
            caseId TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, communityId TEXT NOT NULL,
            stage TEXT NOT NULL, category TEXT NOT NULL, kind TEXT NOT NULL, ownerUnitId TEXT, handlerId TEXT,
            isOverdue INTEGER NOT NULL, latitudeE7 INTEGER NOT NULL, longitudeE7 INTEGER NOT NULL,
            openedAt INTEGER NOT NULL, updated INTEGER NOT NULL, closedAt INTEGER, body TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX caseStateNewest ON caseState (openedAt, caseId);
        CREATE INDEX caseStateCommunity ON caseState (communityId, stage, openedAt);
        CREATE INDEX caseStateStage ON caseState (stage, updated);
        CREATE INDEX caseStateUnit ON caseState (ownerUnitId, openedAt);
        CREATE INDEX caseStateHandler ON caseState (handlerId, openedAt);
        CREATE TABLE caseReporter (
            personId TEXT NOT NULL, caseId TEXT NOT NULL, PRIMARY KEY (personId, caseId)
        ) WITHOUT ROWID;
        CREATE INDEX caseReporterCase ON caseReporter (caseId);
        CREATE TABLE caseEvent (
            sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, caseId TEXT NOT NULL,
            at INTEGER NOT NULL, type TEXT NOT NULL, causationId TEXT, body TEXT NOT NULL
        );
        CREATE INDEX caseEventCase ON caseEvent (caseId, at, sequence);
        CREATE INDEX caseEventCause ON caseEvent (causationId) WHERE causationId IS NOT NULL;
        """

    private static let people = """
        CREATE TABLE pointsEvent (
            id TEXT NOT NULL PRIMARY KEY, personId TEXT, at INTEGER NOT NULL, type TEXT NOT NULL,
            points INTEGER NOT NULL, caseId TEXT, body TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX pointsEventPerson ON pointsEvent (personId, at, id);
        CREATE INDEX pointsEventType ON pointsEvent (type, points);
        CREATE TABLE account (
            accountId TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, ledgerId TEXT NOT NULL, kind TEXT NOT NULL,
            personId TEXT, balance INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX accountPerson ON account (personId);
        CREATE TABLE inboxMessage (
            messageId TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, recipientId TEXT NOT NULL,
            writtenAt INTEGER NOT NULL, readAt INTEGER, archivedAt INTEGER, ended INTEGER NOT NULL,
            aboutType TEXT NOT NULL, caseId TEXT, body TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX inboxMessageRecipient ON inboxMessage (recipientId, writtenAt, messageId) WHERE ended = 0;
        CREATE INDEX inboxMessageUnread ON inboxMessage (recipientId)
            WHERE readAt IS NULL AND archivedAt IS NULL AND ended = 0;
        CREATE INDEX inboxMessageAbout ON inboxMessage (aboutType, writtenAt);
        CREATE TABLE personSettings (
            personId TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL
        ) WITHOUT ROWID;
        """

    private static let packs = """
        CREATE TABLE packPart (
            hash TEXT NOT NULL, part INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (hash, part)
        );
        CREATE TABLE packActivation (
            hash TEXT NOT NULL PRIMARY KEY, partCount INTEGER NOT NULL, activatedAt INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE pack (hash TEXT NOT NULL PRIMARY KEY, body BLOB NOT NULL);
        """

    private static let commands = """
        CREATE TABLE command (
            id TEXT NOT NULL PRIMARY KEY, subject TEXT NOT NULL, action TEXT NOT NULL, about TEXT NOT NULL,
            fingerprint TEXT NOT NULL, takenAt INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE commandOutcome (
            commandId TEXT NOT NULL PRIMARY KEY, type TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL
        ) WITHOUT ROWID;
        """
}
