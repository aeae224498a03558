import GRDB

/// What was told to whom, and the inboxes that it lies in.
enum InboxTables {
    static let names = ["told", "inboxMessage"]

    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("notifications 1: inboxes") { db in
            try db.execute(
                sql: """
                    CREATE TABLE told (
                        eventId BLOB NOT NULL, recipientId TEXT NOT NULL, channel TEXT NOT NULL,
                        PRIMARY KEY (eventId, recipientId, channel)
                    ) WITHOUT ROWID;
                    CREATE TABLE inboxMessage (
                        id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, recipientId TEXT NOT NULL,
                        title TEXT NOT NULL, body TEXT NOT NULL, aboutEventId BLOB NOT NULL, aboutType TEXT NOT NULL,
                        caseId TEXT, points INTEGER, writtenAt INTEGER NOT NULL, readAt INTEGER
                    ) WITHOUT ROWID;
                    """)
        }
    }
}
