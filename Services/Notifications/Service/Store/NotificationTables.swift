import GRDB

/// What was told to whom, how people are reached, what waits, and how each sending ended.
enum NotificationTables {
    static let names = ["told", "inboxMessage", "person", "contact", "consent", "held", "endpoint", "sending"]

    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("notifications 1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE told (
                        eventId BLOB NOT NULL, recipientId TEXT NOT NULL, channel TEXT NOT NULL,
                        PRIMARY KEY (eventId, recipientId, channel)
                    ) WITHOUT ROWID;
                    CREATE TABLE inboxMessage (
                        id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, recipientId TEXT NOT NULL,
                        title TEXT NOT NULL, body TEXT NOT NULL, language TEXT NOT NULL, aboutEventId BLOB NOT NULL,
                        aboutType TEXT NOT NULL, caseId TEXT, points INTEGER, writtenAt INTEGER NOT NULL,
                        readAt INTEGER, archivedAt INTEGER
                    ) WITHOUT ROWID;
                    CREATE INDEX inboxMessageOfPerson ON inboxMessage (recipientId, writtenAt, id);
                    CREATE TABLE person (
                        id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, preferences TEXT, erasedAt INTEGER,
                        digestFrom INTEGER
                    ) WITHOUT ROWID;
                    CREATE TABLE contact (
                        personId TEXT NOT NULL, channel TEXT NOT NULL, id TEXT NOT NULL, sealed TEXT NOT NULL,
                        PRIMARY KEY (personId, channel)
                    ) WITHOUT ROWID;
                    CREATE TABLE consent (
                        personId TEXT NOT NULL, id TEXT NOT NULL, template TEXT NOT NULL, givenAt INTEGER NOT NULL,
                        spentBy TEXT, PRIMARY KEY (personId, id)
                    ) WITHOUT ROWID;
                    CREATE TABLE held (
                        eventId BLOB NOT NULL, personId TEXT NOT NULL, channel TEXT NOT NULL, matter TEXT NOT NULL,
                        kind TEXT NOT NULL, aboutType TEXT NOT NULL, caseId TEXT, wording TEXT NOT NULL,
                        template TEXT, heldAt INTEGER NOT NULL, notBefore INTEGER NOT NULL,
                        PRIMARY KEY (eventId, personId, channel)
                    ) WITHOUT ROWID;
                    CREATE INDEX heldOfPerson ON held (personId, channel, matter, heldAt, eventId);
                    CREATE TABLE endpoint (
                        id TEXT NOT NULL PRIMARY KEY, ended INTEGER NOT NULL, state TEXT NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE sending (
                        id TEXT NOT NULL PRIMARY KEY, lane TEXT NOT NULL, recipientId TEXT NOT NULL,
                        channel TEXT NOT NULL, endpointId TEXT, aboutEventId BLOB NOT NULL, aboutType TEXT NOT NULL,
                        merged INTEGER NOT NULL, plannedAt INTEGER NOT NULL, endedAt INTEGER, outcome TEXT,
                        attempts INTEGER, reason TEXT
                    ) WITHOUT ROWID;
                    CREATE INDEX sendingInLane ON sending (lane, plannedAt, id);
                    CREATE INDEX sendingOfRecipient ON sending (recipientId, plannedAt, id);
                    """)
        }
        migrator.registerMigration("notifications 2") { db in
            try db.execute(
                sql: """
                    CREATE TABLE newContact (
                        personId TEXT NOT NULL, channel TEXT NOT NULL, id TEXT NOT NULL, place INTEGER NOT NULL,
                        sealed TEXT NOT NULL, PRIMARY KEY (personId, channel, id)
                    ) WITHOUT ROWID;
                    INSERT INTO newContact SELECT personId, channel, id, 0, sealed FROM contact;
                    DROP TABLE contact;
                    ALTER TABLE newContact RENAME TO contact;
                    ALTER TABLE person ADD COLUMN lost TEXT;
                    ALTER TABLE held ADD COLUMN link TEXT;
                    """)
        }
    }
}
