import GRDB

/// The tables that every processor's store has besides its own.
enum MachineTables {
    /// The machine: whoever applies the same log has the same rows.
    static let names = [
        "inbox", "timer", "delivery", "deliveryLane", "packPart", "packInForce", "machineClock", "machineLogic",
        "outboxStream", "outbox",
    ]

    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("runtime 1: the machine") { db in
            try db.execute(
                sql: """
                    CREATE TABLE inbox (id BLOB NOT NULL PRIMARY KEY) WITHOUT ROWID;
                    CREATE TABLE timer (
                        id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, about TEXT NOT NULL, dueAt INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE INDEX timerByDue ON timer (dueAt, id);
                    CREATE TABLE delivery (
                        id TEXT NOT NULL PRIMARY KEY, lane TEXT NOT NULL, state TEXT NOT NULL,
                        attempt INTEGER NOT NULL, uncounted INTEGER NOT NULL, plannedAt INTEGER NOT NULL,
                        notBefore INTEGER NOT NULL, notAfter INTEGER, ownerId TEXT, reason TEXT,
                        payload BLOB NOT NULL
                    ) WITHOUT ROWID;
                    CREATE INDEX deliveryPlanned ON delivery (lane, notBefore, id) WHERE state = 'planned';
                    CREATE INDEX deliveryStarted ON delivery (lane, id) WHERE state = 'started';
                    CREATE INDEX deliveryLate ON delivery (notAfter, id)
                        WHERE state = 'planned' AND notAfter IS NOT NULL;
                    CREATE TABLE deliveryLane (
                        lane TEXT NOT NULL PRIMARY KEY, nextAt INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE INDEX deliveryLaneByNext ON deliveryLane (nextAt, lane);
                    CREATE TABLE packPart (
                        hash TEXT NOT NULL, part INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (hash, part)
                    ) WITHOUT ROWID;
                    CREATE TABLE packInForce (
                        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), hash TEXT NOT NULL, partCount INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE machineClock (
                        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), milliseconds INTEGER NOT NULL,
                        applied INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE outboxStream (
                        topic TEXT NOT NULL, partition INTEGER NOT NULL, lastRow INTEGER NOT NULL,
                        PRIMARY KEY (topic, partition)
                    ) WITHOUT ROWID;
                    CREATE TABLE outbox (
                        number INTEGER NOT NULL PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL,
                        "row" INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, headers TEXT
                    );
                    CREATE UNIQUE INDEX outboxByRow ON outbox (topic, partition, "row");
                    """)
        }
        migrator.registerMigration("runtime 2: what only this copy knows") { db in
            try db.execute(
                sql: """
                    CREATE TABLE localInput (
                        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), log TEXT NOT NULL, offset INTEGER NOT NULL,
                        partitions INTEGER NOT NULL, published INTEGER NOT NULL, logic INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE localSourceRow (source TEXT NOT NULL PRIMARY KEY, "row" INTEGER NOT NULL) WITHOUT ROWID;
                    CREATE TABLE localApplied (
                        number INTEGER NOT NULL PRIMARY KEY, log TEXT NOT NULL, offset INTEGER NOT NULL,
                        stamp INTEGER NOT NULL, value BLOB
                    );
                    """)
        }
        migrator.registerMigration("runtime 3: the logic in force") { db in
            try db.execute(
                sql: """
                    CREATE TABLE machineLogic (
                        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("runtime 4: what an operator skipped") { db in
            try db.execute(sql: "ALTER TABLE localApplied ADD COLUMN skipped BOOLEAN NOT NULL DEFAULT FALSE")
        }
        migrator.registerMigration("runtime 5: when states were published once more") { db in
            try db.execute(
                sql: """
                    CREATE TABLE localStatesSaid (
                        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    """)
        }
    }
}
