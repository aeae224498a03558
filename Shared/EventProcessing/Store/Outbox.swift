import Contracts
import Foundation
import GRDB

/// What a store says to the world: rows written with the decision that caused them, published later, kept.
///
/// Each row has a number within its store, and a row number within its topic and partition, counted without gaps:
/// a reader sees from it whether something is missing.
enum Outbox {
    struct Row: Sendable, Equatable {
        let number: Int64
        let topic: String
        let partition: Int32
        let row: Int64
        let key: String
        let value: Data
        /// Further headers as a JSON object; only dead letters have some.
        let headers: [String: String]
    }

    static func append(
        _ outputs: [Output], headers: [String: String] = [:], to streams: inout OutboxStreams, in db: Database
    ) throws {
        let headerText = headers.isEmpty ? nil : try ContractCoding.text(headers)
        for output in outputs {
            let row = try streams.nextRow(topic: output.topic, partition: output.partition, in: db)
            try db.cachedStatement(
                sql: """
                    INSERT INTO outbox (topic, partition, "row", key, value, headers) VALUES (?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [output.topic, output.partition, row, output.key, output.value, headerText])
        }
    }

    /// The rows behind `number`, in the order in which they were written.
    static func rows(after number: Int64, limit: Int, bytes: Int, in db: Database) throws -> [Row] {
        try take(
            GRDB.Row.fetchCursor(
                db.cachedStatement(sql: "SELECT * FROM outbox WHERE number > ? ORDER BY number LIMIT ?"),
                arguments: [number, limit]),
            bytes: bytes)
    }

    /// The rows of one stream from `row` on that were published before: what a reader asks for again.
    static func rows(
        topic: String, partition: Int32, from row: Int64, publishedUpTo number: Int64, bytes: Int, in db: Database
    ) throws -> [Row] {
        try take(
            GRDB.Row.fetchCursor(
                db.cachedStatement(
                    sql: """
                        SELECT * FROM outbox WHERE topic = ? AND partition = ? AND "row" >= ? AND number <= ?
                        ORDER BY "row" LIMIT 5000
                        """),
                arguments: [topic, partition, row, number]),
            bytes: bytes)
    }

    static func take(_ cursor: RowCursor, bytes: Int) throws -> [Row] {
        var rows: [Row] = []
        var total = 0
        while total < bytes, let row = try cursor.next() {
            let headers: String? = row["headers"]
            let value: Data = row["value"]
            total += value.count
            rows.append(
                Row(
                    number: row["number"], topic: row["topic"], partition: row["partition"], row: row["row"],
                    key: row["key"], value: value,
                    headers: try headers.map { try ContractCoding.decode([String: String].self, from: Data($0.utf8)) }
                        ?? [:]))
        }
        return rows
    }

    /// How far each stream was published when row `number` was the last.
    static func streams(publishedUpTo number: Int64, in db: Database) throws -> [RowsAnnounced.Stream] {
        try GRDB.Row.fetchAll(
            db,
            sql: """
                SELECT topic, partition, MAX("row") AS lastRow FROM outbox WHERE number <= ?
                GROUP BY topic, partition ORDER BY topic, partition
                """,
            arguments: [number]
        ).map { RowsAnnounced.Stream(topic: $0["topic"], partition: $0["partition"], lastRow: $0["lastRow"]) }
    }

    static func lastRow(topic: String, partition: Int32, publishedUpTo number: Int64, in db: Database) throws -> Int64?
    {
        try Int64.fetchOne(
            db,
            sql: """
                SELECT "row" FROM outbox WHERE topic = ? AND partition = ? AND number <= ?
                ORDER BY "row" DESC LIMIT 1
                """,
            arguments: [topic, partition, number])
    }

    static func lastNumber(in db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT MAX(number) FROM outbox") ?? 0
    }
}
