import Contracts
import Foundation
import GRDB

/// One stream of an outbox, as far as it was published: rows 1, 2, 3 … whose times never go back, since they are the
/// partition's clock.
struct OutboxWindow {
    let topic: String
    let partition: Int32
    let publishedUpTo: Int64

    /// The rows said at `from` or later and before `to`.
    func rows(from: Timestamp?, to: Timestamp?, in db: Database) throws -> Range<Int64> {
        let end = try lastRow(in: db) + 1
        let first = try from.map { try firstRow(since: $0, before: end, in: db) } ?? 1
        let behind = try to.map { try firstRow(since: $0, before: end, in: db) } ?? end
        return first..<max(first, behind)
    }

    /// Of these rows those after which nothing more was said under their key.
    func lastOfEachKey(in rows: Range<Int64>, in db: Database) throws -> [Int64] {
        try Int64.fetchAll(
            db,
            sql: """
                SELECT MAX("row") AS last FROM outbox WHERE topic = ? AND partition = ? AND "row" >= ? AND number <= ?
                GROUP BY key HAVING last < ? ORDER BY last
                """,
            arguments: [topic, partition, rows.lowerBound, publishedUpTo, rows.upperBound])
    }

    /// The first of these rows, as many as fit into so many bytes; at least one.
    static func rows(
        _ wanted: ArraySlice<Int64>, topic: String, partition: Int32, bytes: Int, in db: Database
    ) throws -> [Outbox.Row] {
        let statement = try db.cachedStatement(
            sql: #"SELECT * FROM outbox WHERE topic = ? AND partition = ? AND "row" = ?"#)
        var rows: [Outbox.Row] = []
        var total = 0
        for number in wanted {
            guard total < bytes else { break }
            let cursor = try GRDB.Row.fetchCursor(statement, arguments: [topic, partition, number])
            for row in try Outbox.take(cursor, bytes: 1) {
                total += row.value.count
                rows.append(row)
            }
        }
        return rows
    }

    private func lastRow(in db: Database) throws -> Int64 {
        try Int64.fetchOne(
            db,
            sql:
                #"SELECT "row" FROM outbox WHERE topic = ? AND partition = ? AND number <= ? ORDER BY "row" DESC LIMIT 1"#,
            arguments: [topic, partition, publishedUpTo]) ?? 0
    }

    /// The first row that was said at `moment` or later, found by halving; `end` where there is none.
    private func firstRow(since moment: Timestamp, before end: Int64, in db: Database) throws -> Int64 {
        var low: Int64 = 1
        var high = end
        while low < high {
            let middle = (low + high) / 2
            if try time(of: middle, in: db) < moment { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func time(of row: Int64, in db: Database) throws -> Timestamp {
        let value = try Data.fetchOne(
            db.cachedStatement(sql: #"SELECT value FROM outbox WHERE topic = ? AND partition = ? AND "row" = ?"#),
            arguments: [topic, partition, row])
        guard let value else { throw DatabaseError(message: "no row \(row) on \(topic)/\(partition)") }
        return try MessageAttributes(value: value).time
    }
}
