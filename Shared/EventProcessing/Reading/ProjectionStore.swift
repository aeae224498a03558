import Contracts
import Foundation
import GRDB

/// Where a projection stands, in the store that it fills.
struct ProjectionStore: Sendable {
    let projection: String

    static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("projection 1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE projectionPosition (
                        projection TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL, log TEXT NOT NULL,
                        offset INTEGER NOT NULL, PRIMARY KEY (projection, topic, partition)
                    ) WITHOUT ROWID;
                    CREATE TABLE projectionRow (
                        projection TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL, source TEXT NOT NULL,
                        "row" INTEGER NOT NULL, PRIMARY KEY (projection, topic, partition, source)
                    ) WITHOUT ROWID;
                    CREATE TABLE projectionFailure (
                        projection TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL, log TEXT NOT NULL,
                        offset INTEGER NOT NULL, reason TEXT NOT NULL,
                        PRIMARY KEY (projection, topic, partition, log, offset)
                    ) WITHOUT ROWID;
                    """)
        }
    }

    struct Place: Hashable, Sendable {
        let topic: String
        let partition: Int32
    }

    func offsets(log: String, in db: Database) throws -> [Place: Int64] {
        try Row.fetchAll(
            db, sql: "SELECT topic, partition, offset FROM projectionPosition WHERE projection = ? AND log = ?",
            arguments: [projection, log]
        ).reduce(into: [:]) { $0[Place(topic: $1["topic"], partition: $1["partition"])] = $1["offset"] }
    }

    func rows(in db: Database) throws -> [StreamTracker.Stream: Int64] {
        try Row.fetchAll(
            db, sql: "SELECT topic, partition, source, \"row\" FROM projectionRow WHERE projection = ?",
            arguments: [projection]
        ).reduce(into: [:]) {
            $0[StreamTracker.Stream(topic: $1["topic"], partition: $1["partition"], source: $1["source"])] = $1["row"]
        }
    }

    func save(
        offsets: [Place: Int64], log: String, rows: [(stream: StreamTracker.Stream, row: Int64)], in db: Database
    ) throws {
        let position = try db.cachedStatement(
            sql:
                "INSERT OR REPLACE INTO projectionPosition (projection, topic, partition, log, offset) VALUES (?, ?, ?, ?, ?)"
        )
        for (place, offset) in offsets {
            try position.execute(arguments: [projection, place.topic, place.partition, log, offset])
        }
        let row = try db.cachedStatement(
            sql:
                "INSERT OR REPLACE INTO projectionRow (projection, topic, partition, source, \"row\") VALUES (?, ?, ?, ?, ?)"
        )
        for change in rows {
            try row.execute(arguments: [
                projection, change.stream.topic, change.stream.partition, change.stream.source, change.row,
            ])
        }
    }

    func note(failure reason: String, at place: Place, log: String, offset: Int64, in db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO projectionFailure VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [projection, place.topic, place.partition, log, offset, reason])
    }
}
