import Contracts
import EventProcessing
import Foundation
import GRDB
import Points

/// How many postings a second the ledger books, beside bare inserts of the same rows in transactions of the same size, and
/// how long a balance takes to find among ever more accounts.
///
/// Everything runs one after the other on one thread at a time. Both sides write into the ledger's own tables, with their
/// keys and indices, and both are durable (`synchronous=FULL`). The ledger besides reads each command's JSON, decides,
/// chains and writes the JSON of its events and states.
struct PointsBenchmark {
    let commands: Int
    let rounds: Int

    /// How many commands are one transaction.
    let sizes: [Int]
    private static let accounts = [1_000, 10_000, 100_000, 1_000_000]

    func measure() async throws {
        try await withFolder { folder in
            write(
                "| commands a transaction | points | bare inserts of the same rows | points ÷ bare |\n|---|---|---|---|"
            )
            for size in sizes {
                var booked: [Double] = []
                var bare: [Double] = []
                for round in 0..<rounds {
                    let speeds = try await self.round(size, in: folder.appending(path: "\(size)-\(round)"))
                    booked.append(speeds.booked)
                    bare.append(speeds.bare)
                }
                let share = Int((booked.middle / bare.middle * 100).rounded())
                write("| \(size) | \(Int(booked.middle)) postings/s | \(Int(bare.middle)) postings/s | \(share) % |")
            }
            write("\n| accounts | a balance by its id |\n|---|---|")
            for count in Self.accounts {
                let time = try await lookUp(among: count, in: folder.appending(path: "accounts-\(count)"))
                write("| \(count) | \((time * 100).rounded() / 100) µs |")
            }
        }
    }

    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "points-benchmark-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        do {
            try await body(folder)
        } catch {
            try FileManager.default.removeItem(at: folder)
            throw error
        }
        try FileManager.default.removeItem(at: folder)
    }

    private func store(in folder: URL) async throws -> PartitionStore {
        let store = try PartitionStore(
            PointsProcessor(), partition: 0, at: folder.appending(path: "0.sqlite"), keepsAppliedRecords: false)
        _ = try await store.enter(log: PointsCommands.log)
        return store
    }

    /// Books the same commands anew, and inserts what that wrote once more without thinking: postings a second of each.
    private func round(_ size: Int, in folder: URL) async throws -> (booked: Double, bare: Double) {
        let records = try PointsCommands.records(commands)
        let store = try await store(in: folder)
        // The pack first, so that what is measured is nothing but postings.
        _ = try await store.apply(Array(records.prefix(PointsCommands.preparation)))
        let before = try await store.queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM posting") ?? 0 }
        let work = Array(records.dropFirst(PointsCommands.preparation))
        let start = ContinuousClock.now
        for first in stride(from: 0, to: work.count, by: size) {
            _ = try await store.apply(Array(work[first..<min(first + size, work.count)]))
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let transactions = (work.count + size - 1) / size
        let rows = try await store.queue.read { try WrittenRows($0, transactions: transactions) }
        try await store.close()
        guard rows.postings - before == 2 * work.count else {
            throw BenchmarkError.answered(rows.postings - before, "postings of \(work.count) transfers")
        }
        let bareStore = try await self.store(in: folder.appending(path: "bare"))
        let bare = try rows.insert(into: bareStore.queue, transactions: transactions)
        try await bareStore.close()
        return (Double(2 * work.count) / seconds, Double(rows.postings) / bare)
    }

    /// Microseconds that one look at a balance takes.
    private func lookUp(among count: Int, in folder: URL) async throws -> Double {
        let store = try await store(in: folder)
        let hash = ContentHash.sha256(Data("an account's newest link".utf8))
        try await store.queue.write { db in
            for number in 0..<count {
                try db.cachedStatement(sql: "INSERT INTO account VALUES (?, 'nanchang', 'available', ?, 1, ?)")
                    .execute(arguments: [Self.account(number), number, hash])
            }
        }
        let time = try await store.queue.read { db in
            let find = try db.cachedStatement(sql: "SELECT balance, version, hash FROM account WHERE id = ?")
            var number = 1
            func look(_ times: Int) throws {
                for _ in 0..<times {
                    number = (number &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF
                    guard try Row.fetchOne(find, arguments: [Self.account(number % count)]) != nil else {
                        throw BenchmarkError.answered(0, "balances")
                    }
                }
            }
            try look(20_000)
            let start = ContinuousClock.now
            try look(50_000)
            return (ContinuousClock.now - start) / .microseconds(50_000)
        }
        try await store.close()
        return time
    }

    private static func account(_ number: Int) -> String { "available:nanchang:rider-\(number)" }

    private func write(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
