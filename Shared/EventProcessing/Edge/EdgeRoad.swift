import GRDB

/// How much of an edge's outbox waits and how much is on the road, counted by key as the rows move.
struct EdgeRoad {
    /// The rows of one key.
    struct Lane {
        let topic: String
        let key: String
        let partition: Int32
        let sent: Int
    }

    /// The rows of one partition of a topic that are on the road.
    private struct Load {
        var rows = 0
        var bytes = 0

        mutating func add(rows: Int, bytes: Int) {
            self.rows += rows
            self.bytes += bytes
        }
    }

    private struct Place: Hashable {
        let topic: String
        let partition: Int32
    }

    private let limits: EdgeLimits
    private var loads: [Place: Load] = [:]
    private var taken: [String: Int] = [:]
    /// The keys that have something waiting, the one whose oldest row is the oldest first.
    private(set) var waitingLanes: [Lane] = []

    init(limits: EdgeLimits, in db: Database) throws {
        self.limits = limits
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT topic, key, partition, waiting, sent, bytes, (
                        SELECT MIN(number) FROM edgeOutbox AS kept
                        WHERE kept.state = 0 AND kept.topic = edgeRoad.topic AND kept.key = edgeRoad.key
                    ) AS oldest
                    FROM edgeRoad ORDER BY oldest, topic, key
                    """))
        while let row = try rows.next() {
            let lane = Lane(topic: row["topic"], key: row["key"], partition: row["partition"], sent: row["sent"])
            loads[Place(topic: lane.topic, partition: lane.partition), default: Load()].add(
                rows: lane.sent, bytes: row["bytes"])
            if row["waiting"] as Int > 0 { waitingLanes.append(lane) }
        }
    }

    func hasRoom(on lane: Lane) -> Bool {
        let load = loads[Place(topic: lane.topic, partition: lane.partition)] ?? Load()
        return lane.sent < limits.perKey && load.rows < limits.perPartition && load.bytes < limits.bytesPerPartition
    }

    /// Whether one more row fits; it is counted if so.
    mutating func admits(_ bytes: Int, on lane: Lane) -> Bool {
        let id = "\(lane.topic)\n\(lane.key)"
        guard hasRoom(on: lane), lane.sent + taken[id, default: 0] < limits.perKey else { return false }
        taken[id, default: 0] += 1
        loads[Place(topic: lane.topic, partition: lane.partition), default: Load()].add(
            rows: 1, bytes: bytes)
        return true
    }

    /// The counts, and the triggers that keep them true whoever moves a row.
    static let tables = """
        CREATE TABLE edgeRoad (
            topic TEXT NOT NULL, key TEXT NOT NULL, partition INTEGER NOT NULL, waiting INTEGER NOT NULL,
            sent INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (topic, key)
        ) WITHOUT ROWID;
        INSERT INTO edgeRoad
            SELECT topic, key, partition, SUM(state = 0), SUM(state = 1), SUM(bytes * (state = 1)) FROM edgeOutbox
            WHERE state < 2 GROUP BY topic, key;
        ALTER TABLE edgeOutbox ADD COLUMN dueAt INTEGER NOT NULL DEFAULT 0;
        DROP INDEX edgeOutboxOpen;
        CREATE INDEX edgeOutboxWaiting ON edgeOutbox (topic, key, number) WHERE state = 0;
        CREATE INDEX edgeOutboxOldest ON edgeOutbox (number) WHERE state = 0;
        CREATE INDEX edgeOutboxDue ON edgeOutbox (dueAt, number) WHERE state = 1;
        CREATE TRIGGER edgeOutboxAdded AFTER INSERT ON edgeOutbox WHEN NEW.state < 2 BEGIN
            INSERT INTO edgeRoad (topic, key, partition, waiting, sent, bytes)
                SELECT NEW.topic, NEW.key, NEW.partition, 0, 0, 0
                WHERE NOT EXISTS (SELECT 1 FROM edgeRoad WHERE topic = NEW.topic AND key = NEW.key);
            UPDATE edgeRoad SET waiting = waiting + (NEW.state = 0), sent = sent + (NEW.state = 1),
                bytes = bytes + NEW.bytes * (NEW.state = 1) WHERE topic = NEW.topic AND key = NEW.key;
        END;
        CREATE TRIGGER edgeOutboxMoved AFTER UPDATE OF state ON edgeOutbox WHEN NEW.state <> OLD.state BEGIN
            INSERT INTO edgeRoad (topic, key, partition, waiting, sent, bytes)
                SELECT NEW.topic, NEW.key, NEW.partition, 0, 0, 0
                WHERE NOT EXISTS (SELECT 1 FROM edgeRoad WHERE topic = NEW.topic AND key = NEW.key);
            UPDATE edgeRoad SET waiting = waiting + (NEW.state = 0) - (OLD.state = 0),
                sent = sent + (NEW.state = 1) - (OLD.state = 1),
                bytes = bytes + NEW.bytes * ((NEW.state = 1) - (OLD.state = 1))
                WHERE topic = NEW.topic AND key = NEW.key;
            DELETE FROM edgeRoad WHERE topic = NEW.topic AND key = NEW.key AND waiting = 0 AND sent = 0;
        END;
        """
}
