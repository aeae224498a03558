package import Contracts
package import Foundation
package import GRDB

/// What an edge has promised to bring to a topic: rows in its own store, written in the transaction that answers a caller,
/// and kept until the answer from the other side has come back.
///
/// Unlike a processor's outbox its rows are independent of one another: they are sent again as long as nobody answers,
/// so they need no numbers without gaps.
package struct EdgeOutbox: Sendable {
    package init() {}

    /// Where a row stands.
    enum State: Int, Sendable {
        case waiting = 0
        case onTheRoad = 1
        case answered = 2
    }

    struct Row: Sendable {
        let number: Int64
        let id: Data
        let topic: String
        let partition: Int32
        let key: String
        let value: Data
        let sends: Int
    }

    package static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("edge outbox 1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE edgeOutbox (
                        number INTEGER NOT NULL PRIMARY KEY, id BLOB NOT NULL UNIQUE, topic TEXT NOT NULL,
                        partition INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, bytes INTEGER NOT NULL,
                        writtenAt INTEGER NOT NULL, state INTEGER NOT NULL, sends INTEGER NOT NULL,
                        sentAt INTEGER NOT NULL, answeredAt INTEGER
                    );
                    CREATE INDEX edgeOutboxOpen ON edgeOutbox (state, number) WHERE state < 2;
                    CREATE TABLE edgeLog (one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), log TEXT NOT NULL);
                    """)
        }
        migrator.registerMigration("edge outbox 2: answers to what another instance sent") { db in
            try db.execute(sql: "CREATE TABLE edgeAnswered (id BLOB NOT NULL PRIMARY KEY) WITHOUT ROWID")
        }
        migrator.registerMigration("edge outbox 3: what waits and what is on the road, by key") { db in
            try db.execute(sql: EdgeRoad.tables)
        }
    }

    /// Adds a row; a row of the same id stands already and is left alone.
    ///
    /// A row whose answer was read before has nothing to wait for: its owner knows it and would say nothing any more.
    package func append(
        id: MessageID, topic: Topic, key: String, value: Data, at moment: Timestamp, in db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO edgeOutbox
                    (id, topic, partition, key, value, bytes, writtenAt, state, sends, sentAt)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, CASE WHEN EXISTS (SELECT 1 FROM edgeAnswered WHERE id = ?1) THEN 2 ELSE 0 END,
                    0, 0)
                """
        ).execute(arguments: [
            id.data, topic.name, topic.partition(forKey: key), key, value, value.count, moment.milliseconds,
        ])
    }

    /// Ends a row: the other side has answered.
    ///
    /// The answer to a row that is not here is remembered: another instance sent it, or this one before its file was
    /// lost, and its sender may come again here.
    package func markAnswered(_ id: MessageID, at moment: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: "UPDATE edgeOutbox SET state = 2, answeredAt = ? WHERE id = ? AND state < 2"
        ).execute(arguments: [moment.milliseconds, id.data])
        guard db.changesCount == 0 else { return }
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO edgeAnswered (id)
                SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM edgeOutbox WHERE id = ?1)
                """
        ).execute(arguments: [id.data])
    }

    /// When the oldest row was written that was never sent.
    package func oldestUnpublished(in db: Database) throws -> Timestamp? {
        try Int64.fetchOne(
            db, sql: "SELECT writtenAt FROM edgeOutbox WHERE state = 0 ORDER BY number LIMIT 1"
        ).map(Timestamp.init(milliseconds:))
    }

    package func unansweredCount(in db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT SUM(waiting + sent) FROM edgeRoad") ?? 0
    }

    package func waitingCount(in db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT SUM(waiting) FROM edgeRoad") ?? 0
    }

    /// On a log that it does not know everything unanswered has to be sent once more.
    func enter(log: String, in db: Database) throws {
        guard try String.fetchOne(db, sql: "SELECT log FROM edgeLog") != log else { return }
        try db.execute(sql: "INSERT OR REPLACE INTO edgeLog (one, log) VALUES (1, ?)", arguments: [log])
        try db.execute(sql: "UPDATE edgeOutbox SET state = 0 WHERE state = 1")
    }

    /// The rows to send next: those that nobody answered in time, then new ones, within the limits on the road.
    ///
    /// Of the new ones those keys go first whose oldest row waits longest. However many rows wait, only those that are
    /// sent are looked at.
    func next(at moment: Timestamp, limits: EdgeLimits, in db: Database) throws -> [Row] {
        var rows = try GRDB.Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT * FROM edgeOutbox WHERE state = 1 AND dueAt <= ? ORDER BY dueAt, number LIMIT ?"),
            arguments: [moment.milliseconds, limits.batch]
        ).map(Self.row)
        var road = try EdgeRoad(limits: limits, in: db)
        let ofKey = try db.cachedStatement(
            sql: "SELECT * FROM edgeOutbox WHERE state = 0 AND topic = ? AND key = ? ORDER BY number")
        for lane in road.waitingLanes where rows.count < limits.batch && road.hasRoom(on: lane) {
            let waiting = try GRDB.Row.fetchCursor(ofKey, arguments: [lane.topic, lane.key])
            while rows.count < limits.batch, let row = try waiting.next(), road.admits(row["bytes"], on: lane) {
                rows.append(Self.row(row))
            }
        }
        return rows.sorted { $0.number < $1.number }
    }

    /// Notes that rows lie on the broker, and when they are late.
    ///
    /// One that was answered meanwhile stays answered.
    func markSent(_ numbers: [Int64], at moment: Timestamp, limits: EdgeLimits, in db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                UPDATE edgeOutbox SET state = 1, sends = sends + 1, sentAt = ?1, dueAt = ?1 + (?2 << min(sends, 5))
                WHERE number = ?3 AND state < 2
                """)
        for number in numbers {
            try statement.execute(arguments: [moment.milliseconds, limits.resendAfter, number])
        }
    }

    private static func row(_ row: GRDB.Row) -> Row {
        Row(
            number: row["number"], id: row["id"], topic: row["topic"], partition: row["partition"], key: row["key"],
            value: row["value"], sends: row["sends"])
    }
}

/// How much of an edge's may be on the road: published, and not answered.
package struct EdgeLimits: Sendable {
    /// Rows of one key.
    package var perKey: Int
    /// Rows and bytes of one partition: an embedded broker forgets beyond a few megabytes.
    package var perPartition: Int
    package var bytesPerPartition: Int
    /// Rows in one sending.
    package var batch: Int
    /// After so many milliseconds without an answer a row is sent again; the wait doubles with each sending.
    package var resendAfter: Int64

    package init(
        perKey: Int = 400, perPartition: Int = 1_000, bytesPerPartition: Int = 1_000_000, batch: Int = 500,
        resendAfter: Int64 = 10_000
    ) {
        self.perKey = perKey
        self.perPartition = perPartition
        self.bytesPerPartition = bytesPerPartition
        self.batch = batch
        self.resendAfter = resendAfter
    }
}
