import Contracts
import EventProcessing
import Foundation
import GRDB
import Points

/// How many postings a second one core books, beside bare inserts of the same rows in transactions of the same size, and
/// how long a balance takes to find among ever more accounts.
struct PointsBenchmark {
    let commands: Int
    let rounds: Int
    /// How many commands are one transaction.
    var sizes = [1, 16, 128]
    var accounts = [1_000, 10_000, 100_000, 1_000_000]

    private struct Speeds {
        var booked: Double
        var bare: Double
    }

    func measure() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "points-benchmark-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        write("| commands a transaction | points | bare inserts of the same rows | points ÷ bare |\n|---|---|---|---|")
        for size in sizes {
            var speeds: [Speeds] = []
            for round in 0..<rounds {
                speeds.append(try await self.round(size, in: folder.appending(path: "\(size)-\(round)")))
            }
            let booked = speeds.map(\.booked).middle
            let bare = speeds.map(\.bare).middle
            write(
                "| \(size) | \(Int(booked)) postings/s | \(Int(bare)) postings/s | \(Int((booked / bare * 100).rounded())) % |"
            )
        }
        write("\n| accounts | a balance by its id |\n|---|---|")
        for count in accounts {
            let time = try lookUp(among: count, at: folder.appending(path: "accounts-\(count).sqlite"))
            write("| \(count) | \(String(format: "%.2f", time)) µs |")
        }
    }

    /// Books the same commands anew, and inserts what that wrote once more without thinking.
    private func round(_ size: Int, in folder: URL) async throws -> Speeds {
        let records = try PointsCommands.records(commands)
        let store = try PartitionStore(
            PointsProcessor(), partition: 0, at: folder.appending(path: "0.sqlite"), keepsAppliedRecords: false)
        _ = try await store.enter(log: "log-1")
        // The pack, so that what is measured is nothing but postings.
        _ = try await store.apply(Array(records.prefix(PointsCommands.preparation)))
        let work = Array(records.dropFirst(PointsCommands.preparation))
        let start = ContinuousClock.now
        for first in stride(from: 0, to: work.count, by: size) {
            _ = try await store.apply(Array(work[first..<min(first + size, work.count)]))
        }
        let seconds = start.duration(to: .now).seconds
        let rows = try await store.queue.read { try WrittenRows($0) }
        try await store.close()
        let bare = try rows.insert(
            into: folder.appending(path: "bare.sqlite"), transactions: (work.count + size - 1) / size)
        return Speeds(booked: Double(rows.postings) / seconds, bare: Double(rows.postings) / bare)
    }

    private func lookUp(among count: Int, at file: URL) throws -> Double {
        let queue = try WrittenRows.open(file)
        try queue.write { db in
            try db.execute(
                sql:
                    "CREATE TABLE account (id TEXT NOT NULL PRIMARY KEY, balance INTEGER, version INTEGER, hash TEXT) WITHOUT ROWID"
            )
            let insert = try db.makeStatement(sql: "INSERT INTO account VALUES (?, ?, 1, ?)")
            for number in 0..<count {
                try insert.execute(arguments: [
                    Self.account(number), number, ContentHash.sha256(Data("\(number)".utf8)),
                ])
            }
        }
        var number = 1
        return try queue.read { db in
            let find = try db.cachedStatement(sql: "SELECT balance, version, hash FROM account WHERE id = ?")
            func once() throws -> Int? {
                number = (number &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF
                return try Row.fetchOne(find, arguments: [Self.account(number % count)]).map { $0["balance"] }
            }
            for _ in 0..<2_000 { _ = try once() }
            let start = ContinuousClock.now
            for _ in 0..<20_000 { guard try once() != nil else { throw BenchmarkError.answered(0, "balances") } }
            return start.duration(to: .now).seconds / 20_000 * 1_000_000
        }
    }

    private static func account(_ number: Int) -> String { "available:nanchang:rider-\(number)" }

    private func write(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

/// Every row that booking wrote, to be inserted once more.
private struct WrittenRows {
    private static let tables = ["inbox", "transfer", "posting", "outbox"]
    private let rows: [[Row]]
    private let columns: [[String]]
    /// The accounts' rows as they were written, one for each posting.
    private let accounts: [Row]
    let postings: Int

    init(_ db: Database) throws {
        rows = try Self.tables.map { try Row.fetchAll(db, sql: "SELECT * FROM \"\($0)\"") }
        columns = try Self.tables.map { try db.columns(in: $0).map(\.name) }
        accounts = try Row.fetchAll(
            db,
            sql: """
                SELECT posting.accountId AS id, posting.amount AS balance, posting.n AS version, transfer.id AS hash
                FROM posting JOIN transfer ON transfer.id = posting.transferId
                """)
        postings = accounts.count
    }

    static func open(_ file: URL) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA cache_size = -16384")
        }
        let queue = try DatabaseQueue(path: file.path(percentEncoded: false), configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return queue
    }

    /// Returns how many seconds it took.
    func insert(into file: URL, transactions: Int) throws -> Double {
        let queue = try Self.open(file)
        try queue.write { db in
            for (table, columns) in zip(Self.tables, columns) {
                try db.execute(
                    sql:
                        "CREATE TABLE \"\(table)\" (\(columns.map { "\"\($0)\"" }.joined(separator: ", ")), PRIMARY KEY (\"\(columns[0])\"\(table == "posting" ? ", \"\(columns[1])\"" : ""))) WITHOUT ROWID"
                )
            }
            try db.execute(
                sql: "CREATE TABLE account (id TEXT NOT NULL PRIMARY KEY, balance, version, hash) WITHOUT ROWID")
        }
        let start = ContinuousClock.now
        for number in 0..<transactions {
            try queue.write { db in
                for (table, (rows, columns)) in zip(Self.tables, zip(rows, columns)) {
                    let places = columns.map { _ in "?" }.joined(separator: ", ")
                    let insert = try db.cachedStatement(sql: "INSERT INTO \"\(table)\" VALUES (\(places))")
                    for row in Self.share(rows, number, of: transactions) {
                        try insert.execute(arguments: StatementArguments(columns.map { row[$0] as DatabaseValue }))
                    }
                }
                let upsert = try db.cachedStatement(
                    sql:
                        "INSERT INTO account VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE SET balance = ?2, version = ?3, hash = ?4"
                )
                for row in Self.share(accounts, number, of: transactions) {
                    try upsert.execute(
                        arguments: StatementArguments(
                            ["id", "balance", "version", "hash"].map { row[$0] as DatabaseValue }))
                }
            }
        }
        return start.duration(to: .now).seconds
    }

    private static func share(_ rows: [Row], _ number: Int, of transactions: Int) -> ArraySlice<Row> {
        rows[(rows.count * number / transactions)..<(rows.count * (number + 1) / transactions)]
    }
}
