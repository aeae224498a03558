import Foundation
import GRDB

/// Every row that booking wrote, in the order in which it came, to be inserted once more.
struct WrittenRows: Sendable {
    private struct Table: Sendable {
        let insert: String
        let rows: [[DatabaseValue]]

        func repeated(_ times: Int) -> Table {
            Table(insert: insert, rows: Array(repeating: rows, count: times).flatMap(\.self))
        }
    }

    private let tables: [Table]
    let postings: Int

    /// - Parameter transactions: how many wrote the store.
    init(_ db: Database, transactions: Int) throws {
        func table(_ name: String, orderedBy order: String) throws -> Table {
            try Self.table(db, "INSERT INTO \(name)", "SELECT * FROM \(name) ORDER BY \(order)")
        }
        let booked = "(SELECT bookedAt FROM transfer WHERE transfer.id = transferId)"
        let posting = try table("posting", orderedBy: "\(booked), n")
        tables = [
            // Ids of messages come in no order.
            try table("inbox", orderedBy: "substr(id, 9)"),
            try table("transfer", orderedBy: "bookedAt"),
            posting,
            try table("outbox", orderedBy: "number"),
            // An account is written once more by each of its postings.
            try Self.table(
                db, "INSERT OR REPLACE INTO account",
                """
                SELECT account.id, account.ledgerId, account.kind, account.balance, account.version, account.hash
                FROM posting JOIN account ON account.id = posting.accountId ORDER BY \(booked), n
                """),
            // So is a lot by each posting that opens it or takes from it.
            try Self.table(
                db, "INSERT OR REPLACE INTO lot",
                """
                SELECT accountId, part.value ->> 'number', part.value ->> 'points', 1
                FROM posting JOIN json_each(lots) AS part ORDER BY \(booked), n
                """),
            try Self.table(db, "INSERT OR REPLACE INTO timer", "SELECT * FROM timer ORDER BY id"),
            try Self.table(
                db, "INSERT OR REPLACE INTO outboxStream",
                "SELECT topic, partition, \"row\" FROM outbox ORDER BY number"),
            // Each transaction says how far it came.
            try Self.table(db, "INSERT OR REPLACE INTO localInput", "SELECT * FROM localInput")
                .repeated(transactions),
            try Self.table(db, "INSERT OR REPLACE INTO machineClock", "SELECT * FROM machineClock")
                .repeated(transactions),
        ]
        postings = posting.rows.count
    }

    private static func table(_ db: Database, _ insert: String, _ select: String) throws -> Table {
        let rows = try Row.fetchAll(db, sql: select).map { Array($0.databaseValues) }
        let places = (rows.first ?? []).map { _ in "?" }.joined(separator: ", ")
        return Table(insert: "\(insert) VALUES (\(places))", rows: rows)
    }

    /// Returns how many seconds it took.
    func insert(into queue: DatabaseQueue, transactions: Int) throws -> Double {
        let start = ContinuousClock.now
        for number in 0..<transactions {
            try queue.write { db in
                for table in tables {
                    let insert = try db.cachedStatement(sql: table.insert)
                    for row in Self.share(table.rows, number, of: transactions) {
                        try insert.execute(arguments: StatementArguments(row))
                    }
                }
            }
        }
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private static func share(
        _ rows: [[DatabaseValue]], _ number: Int, of transactions: Int
    ) -> ArraySlice<[DatabaseValue]> {
        rows[(rows.count * number / transactions)..<(rows.count * (number + 1) / transactions)]
    }
}
